#include "attribution.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "shapley.hpp"

namespace entrepot {

using Kind = TomlValue::Kind;

namespace {

/// Adds what a study draws, and how.
void draw_as(const AttributionOver& over, const std::filesystem::path& scenario_file,
             const std::vector<Policy>& policies, TomlValue& document, TomlValue& sample, TomlValue& factors) {
  const Study study = read_study(over.study);
  if (study.players)
    throw InputError({over.study.string(), 0, 0}, "",
                     "draws are expected; this study goes through what its players do");
  const TomlValue written = parse_toml(read_text(over.study), over.study.string());
  if (const TomlValue* own = written.find("sample"); own != nullptr)
    for (const TomlValue& value : own->children)
      if (value.key == "method" || value.key == "seed" || value.key == "quantiles" ||
          (value.key == "draws" && !over.draws))
        sample.children.push_back(value);
  if (over.draws) sample.children.push_back(toml_value("draws", static_cast<double>(*over.draws)));
  for (TomlValue factor : written.find("vary")->children) {
    const TomlValue* values = factor.find("values");
    if (values != nullptr && values->children.size() == 2)
      throw InputError(factor.where, "vary",
                       "two values are taken for what results are shared out among; here something is to be drawn");
    const TomlValue* name = factor.find("name");
    if (name != nullptr && std::ranges::find(policies, name->text, &Policy::name) != policies.end())
      throw InputError(name->where, "vary." + name->text,
                       fmt::format("a policy of {} has this name, by which its share goes; give what is drawn another",
                                   scenario_file.string()));
    // A file is named as seen from the scenario, in whose folder the new study stands.
    if (TomlValue* file = factor.find("draws"); file != nullptr)
      file->text = (std::filesystem::absolute(over.study).parent_path() / file->text)
                       .lexically_relative(std::filesystem::absolute(scenario_file).parent_path())
                       .string();
    factors.children.push_back(std::move(factor));
  }
  if (const TomlValue* correlations = written.find("correlation"); correlations != nullptr)
    document.children.push_back(*correlations);
}

}  // namespace

Study attribution_study(const std::filesystem::path& scenario_file, const std::vector<std::string>& overrides,
                        const std::vector<std::string>& measures, const AttributionOver& over) {
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
  document.children = {toml_value("title", scenario.title + ": what each policy does"),
                       toml_value("question", scenario.question),
                       toml_value("scenario", scenario_file.filename().string())};
  TomlValue asked = toml_list("measures", measures);
  for (TomlValue& measure : asked.children) measure.where = {"--of " + measure.text, 0, 0};
  document.children.push_back(std::move(asked));
  TomlValue sample{.key = "sample", .children = {toml_value("shapley", true)}};
  if (over.study.empty()) sample.children.push_back({.kind = Kind::kList, .key = "quantiles"});
  TomlValue settings{.key = "set"};
  for (const std::string& assignment : overrides) {
    const std::size_t equals = assignment.find('=');
    TomlValue value = parse_toml_value(assignment.substr(equals + 1), "--set " + assignment);
    value.key = assignment.substr(0, equals);
    settings.children.push_back(std::move(value));
  }
  if (!settings.children.empty()) document.children.push_back(settings);
  TomlValue factors{.kind = Kind::kList, .key = "vary"};
  if (!over.study.empty()) draw_as(over, scenario_file, scenario.policies, document, sample, factors);
  for (const Policy& policy : scenario.policies) {
    if (policy.standing) continue;
    TomlValue factor;
    factor.children = {
        toml_value("name", policy.name),
        toml_value("path", "policy." + policy.name + ".enabled"),
        {.kind = Kind::kList, .key = "values", .children = {toml_value("", false), toml_value("", true)}}};
    factors.children.push_back(std::move(factor));
  }
  document.children.push_back(sample);
  document.children.push_back(factors);
  return make_study(document, scenario_file);
}

}  // namespace entrepot
