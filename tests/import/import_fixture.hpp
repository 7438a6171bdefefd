#pragma once

#include "import/import_baseline.hpp"
#include "recipe/recipe_fixture.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot {

/// A table of tests/import/tables, whose numbers are invented.
inline std::filesystem::path table_file(const std::string& name) {
  return std::filesystem::path(ENTREPOT_SOURCE_DIR) / "tests" / "import" / "tables" / name;
}
inline std::string table_text(const std::string& name) { return test::content_of(table_file(name)); }

/// One line of the text, from 1, with a change.
inline std::string with_line(const std::string& text, int line, const std::string& from, const std::string& to) {
  std::size_t place = 0;
  for (int k = 1; k < line; ++k) place = text.find('\n', place) + 1;
  return text.substr(0, place) + replaced(text.substr(place), from, to);
}

/// The first `lines` lines of the text.
inline std::string first_lines(const std::string& text, int lines) {
  std::size_t place = 0;
  for (int k = 0; k < lines; ++k) place = text.find('\n', place) + 1;
  return text.substr(0, place);
}

}  // namespace entrepot
