#include "attribution.hpp"

#include <fmt/format.h>

#include "shapley.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

TomlValue text(const std::string& key, const std::string& value) {
  return {.kind = Kind::kText, .key = key, .text = value};
}
TomlValue on(const std::string& key, bool value) { return {.kind = Kind::kBoolean, .key = key, .boolean = value}; }

}  // namespace

Study attribution_study(const std::filesystem::path& scenario_file, const std::vector<std::string>& overrides,
                        const std::vector<std::string>& measures) {
  const Scenario scenario = read_scenario(scenario_file, overrides);
  if (scenario.policies.empty())
    throw InputError({scenario_file.string(), 0, 0}, "policy", "there is no policy to share anything out among");
  if (scenario.policies.size() > at(kMostSharers))
    throw InputError(
        {scenario_file.string(), 0, 0}, "policy",
        fmt::format("results can be shared out among {} policies at most; there are {}. Leave some out of both "
                    "worlds (enabled = false), or write a study with [sample] shapley whose factors switch "
                    "several at once",
                    kMostSharers, scenario.policies.size()));
  TomlValue document;
  document.children = {text("title", scenario.title + ": what each policy does"), text("question", scenario.question),
                       text("scenario", scenario_file.filename().string())};
  TomlValue asked{.kind = Kind::kList, .key = "measures"};
  for (const std::string& measure : measures) asked.children.push_back(text("", measure));
  document.children.push_back(asked);
  document.children.push_back(
      {.key = "sample", .children = {on("shapley", true), {.kind = Kind::kList, .key = "quantiles"}}});
  TomlValue settings{.key = "set"};
  for (const std::string& assignment : overrides) {
    const std::size_t equals = assignment.find('=');
    TomlValue value = parse_toml_value(assignment.substr(equals + 1), "--set " + assignment);
    value.key = assignment.substr(0, equals);
    settings.children.push_back(std::move(value));
  }
  if (!settings.children.empty()) document.children.push_back(settings);
  TomlValue factors{.kind = Kind::kList, .key = "vary"};
  for (const Policy& policy : scenario.policies) {
    if (policy.standing) continue;
    TomlValue factor;
    factor.children = {text("name", policy.name),
                       text("path", "policy." + policy.name + ".enabled"),
                       {.kind = Kind::kList, .key = "values", .children = {on("", false), on("", true)}}};
    factors.children.push_back(std::move(factor));
  }
  document.children.push_back(factors);
  return parse_study(to_toml(document), scenario_file);
}

}  // namespace entrepot
