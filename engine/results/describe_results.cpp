#include "describe_results.hpp"

#include <fmt/format.h>

#include "result_variables.hpp"

namespace entrepot {

namespace {

template <typename Variables>
std::string table(const std::string& heading, const Variables& variables, bool with_base = false) {
  std::string text = "\n## " + heading + "\n\n| variable | units | what it is |\n| --- | --- | --- |\n";
  for (const auto& variable : variables)
    text +=
        fmt::format("| `{}`{} | {} | {} |\n", variable.name, with_base ? fmt::format(", `{}_base`", variable.name) : "",
                    variable.units, variable.description);
  return text;
}

}  // namespace

std::string describe_result_variables() {
  std::string text =
      "# Variables of a run\n\nThis page is written by the program from the list that its files are written from; it "
      "is "
      "not edited by hand. Dimensions,\nattributes, decompositions and what conditions came to are in "
      "[result-files.md](result-files.md).\n\n`percent` is a change against the base; `million USD` is at the "
      "numeraire, "
      "world factor income as in the base year. `X_base` is `X` in\nthe reference world, and `The same in the base` "
      "means "
      "the line above.\n";
  text += table("By country", country_variables());
  text += table("By country and sector", sector_variables());
  text += table("By sector, exporter and importer", trade_variables());
  text += table("By zone", zone_variables(), true);
  text += table("By zone, changes", zone_changes());
  text += table("By zone and sector", zone_sector_variables(), true);
  return text;
}

}  // namespace entrepot
