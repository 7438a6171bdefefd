#include "describe.hpp"

#include <fmt/format.h>

#include "instrument.hpp"
#include "scenario_schema.hpp"

namespace entrepot {

namespace {

std::string cell(std::string text) {
  for (std::size_t k = text.find('|'); k != std::string::npos; k = text.find('|', k + 2)) text.insert(k, "\\");
  return text;
}

}  // namespace

std::string schema_table(const Schema& schema) {
  std::string text = "| key | value | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const Parameter& parameter : schema) {
    const std::string fallback = parameter.required           ? "required"
                                 : parameter.fallback.empty() ? ""
                                                              : "`" + parameter.fallback + "`";
    std::string value = expectation(parameter);
    if (value.back() == ',') value.pop_back();
    text += fmt::format("| `{}` | {} | {} | {} |\n", parameter.name, cell(value), fallback, cell(parameter.meaning));
  }
  return text;
}

namespace {

constexpr const char* kGenerated =
    "This page is written by the program from the tables it checks scenario files "
    "against; it is not edited by hand.\n";

}  // namespace

std::string describe_instruments() {
  std::string text = "# Policy instruments\n\n";
  text += kGenerated;
  text +=
      "\nA scenario file holds policies, each under `[[policy]]`, applied in the order of the file. Rates are "
      "fractions "
      "(0.1 is\n10 %). A list may be one name or several; a bloc stands for its members on the scenario's `date`, and "
      "a "
      "region of the\nbaseline belongs to a bloc only if all its members do. \"goods\" and \"services\" stand for the "
      "sectors "
      "that the baseline\nmarks so, also in a table by sector. Nothing here but an `economic_zone` touches a country's "
      "trade "
      "with "
      "itself. Several\npolicies on the same flow compose: `set` and `table` take the place of earlier rates, "
      "everything "
      "else builds on them.\n\nEvery policy has\n\n";
  text += schema_table(common_parameters());
  for (const Instrument* instrument : instruments()) {
    text += fmt::format("\n## {}\n\n{} Compiles to {}.\n\n{}\n```toml\n{}```\n", instrument->name, instrument->meaning,
                        instrument->compiles_to, schema_table(instrument->parameters), instrument->example);
  }
  return text;
}

std::string describe_scenario_file() {
  std::string text = "# The scenario file\n\n";
  text += kGenerated;
  text +=
      "\nA scenario is a TOML file. Any value can be overridden on the command line: `--set path=value`, where the "
      "path "
      "is the\nkeys with dots between them and a policy is named by its `name`: `--set policy.embargo.coverage=0.8`, "
      "`--set\nreference.closure=balanced`, `--set theta.food=4`. Unknown keys are errors.\n\n";
  text += schema_table(scenario_schema());
  text += "\n## [reference]\n\n" + schema_table(reference_schema());
  text +=
      "\nA policy here is written as `[[reference.policy]]`. The instruments are in "
      "[instruments.md](instruments.md).";
  std::string refused;
  for (const Instrument* instrument : instruments())
    if (!instrument->in_reference) refused += (refused.empty() ? "`" : ", `") + instrument->name + "`";
  text += " Those that can't stand here: " + refused + ".\n";
  text +=
      "\n## [bloc.NAME]\n\nCountries of the baseline, or ISO codes inside one of its regions, each `true` (a member in "
      "this scenario) or "
      "`false` (none), whatever\nthe bloc's membership on the scenario's `date`: `[bloc.BRICS]` and `TUR = true`, or "
      "`--set bloc.BRICS.TUR=true`. A region stands\nfor all "
      "its members. It holds in both worlds and wherever the bloc is named. With `new = true` NAME is a bloc of "
      "the\nscenario's "
      "own; as long as it has no members, policies on it touch nothing.\n";
  text +=
      "\n## [theta]\n\nSector codes, `all` or `scale`, each " + expectation(theta_value()) +
      "; and `set`, the name of elasticities of another source that the baseline holds beside its own (columns "
      "theta_NAME of its\nsectors.csv): `set = \"cp2015\"` on `eurasia-2021`. They apply in the order `set`, `all`, "
      "sectors, `scale`.\n";
  text += "\n## [model]\n\n" + schema_table(model_schema());
  text += "\n## [solver]\n\n" + schema_table(solver_schema());
  return text;
}

}  // namespace entrepot
