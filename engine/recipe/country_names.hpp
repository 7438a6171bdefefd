#pragma once

#include <map>
#include <string>
#include <vector>

#include "text/csv.hpp"

namespace entrepot {

/// Names of countries as each source spells them → ISO 3166 alpha-3 code, or one of the words "world" (the source's
/// total), "aggregate" (a group of countries, not used) and "undisclosed" (partner not stated).
class CountryNames {
 public:
  /// Table with columns source, name, code. Throws InputError.
  static CountryNames read(const std::filesystem::path& file);

  /// Code of a name in a source. An unknown name is added to `problems` with the nearest known one and answers "".
  std::string code(const std::string& source, const std::string& name, const SourceLocation& where,
                   Problems& problems) const;

  static bool is_country(const std::string& code) noexcept { return code.size() == 3; }

 private:
  std::map<std::string, std::map<std::string, std::string>> codes_;  // source → name → code
};

}  // namespace entrepot
