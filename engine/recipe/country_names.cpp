#include "recipe/country_names.hpp"

namespace entrepot {

CountryNames CountryNames::read(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t source = table.column("source"), name = table.column("name"), code = table.column("code");
  CountryNames names;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto [at, added] =
        names.codes_[table.text(row, source)].emplace(table.text(row, name), table.text(row, code));
    if (!added) problems.add(table.where(row), at->first, "this name stands twice under one source");
  }
  problems.throw_if_any();
  return names;
}

std::string CountryNames::code(const std::string& source, const std::string& name, const SourceLocation& where,
                               Problems& problems) const {
  const auto of_source = codes_.find(source);
  std::vector<std::string> known;
  if (of_source != codes_.end()) {
    const auto found = of_source->second.find(name);
    if (found != of_source->second.end()) return found->second;
    for (const auto& entry : of_source->second) known.push_back(entry.first);
  }
  problems.add(where, name, "no country of this name is known in " + source + suggestion(name, known));
  return {};
}

}  // namespace entrepot
