#include "scenario_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "instrument.hpp"
#include "scenario_schema.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

/// The nearest of 1, 2, 5, 10, … not above it.
double round_step(double step) {
  const double power = std::pow(10.0, std::floor(std::log10(step)));
  for (const double digit : {5.0, 2.0})
    if (digit * power <= step * (1.0 + 1e-9)) return digit * power;
  return power;
}

/// From the ends of the range where these are near the value, else from 0 to some times the value.
void place_slider(Setting& setting, bool whole) {
  constexpr double kSteps = 200.0, kTimes = 4.0, kNear = 20.0, kSmallFraction = 0.05;
  const double value = setting.value.number, size = std::abs(value);
  const bool wide = size == 0.0 || (setting.unit == "fraction" && size >= kSmallFraction);
  const double scale = wide ? std::max(1.0, kTimes * size) : kTimes * size;
  setting.to = setting.range.upper <= kNear * scale ? setting.range.upper : value < 0.0 ? 0.0 : scale;
  setting.from = setting.range.lower >= -kNear * scale ? setting.range.lower : value < 0.0 ? -scale : 0.0;
  if (setting.to <= setting.from) setting.to = setting.from + scale;
  setting.step = whole ? 1.0 : round_step((setting.to - setting.from) / kSteps);
  if (setting.range.above_lower && setting.from == setting.range.lower)
    setting.from = std::min(value, setting.from + setting.step);
}

class Collector {
 public:
  std::vector<Setting> settings;

  void add(const std::string& group, const std::string& path, const std::string& label, const Parameter& parameter,
           const TomlValue& value, bool written) {
    if (value.kind == Kind::kTable) {  // by sector, or a schedule by year
      for (const TomlValue& child : value.children)
        if (child.key.find('.') == std::string::npos)
          add(group, path + "." + child.key, label + "." + child.key, parameter, child, written);
      return;
    }
    Setting setting{.path = path,
                    .group = group,
                    .label = label,
                    .meaning = parameter.meaning,
                    .unit = parameter.unit,
                    .written = written,
                    .value = value,
                    .range = parameter.range,
                    .choices = parameter.choices};
    if (value.kind == Kind::kNumber && std::isfinite(value.number)) {
      place_slider(setting, parameter.type == ValueType::kInteger);
    } else if (value.kind == Kind::kBoolean) {
      setting.kind = Setting::Kind::kSwitch;
    } else if (value.kind == Kind::kText && parameter.type == ValueType::kText && !parameter.choices.empty()) {
      setting.kind = Setting::Kind::kChoice;
    } else {
      return;
    }
    settings.push_back(std::move(setting));
  }

  /// What a table says of a parameter, else its default.
  void add(const std::string& group, const std::string& path, const Parameter& parameter, const TomlValue* table) {
    const TomlValue* value = table != nullptr ? table->find(parameter.name) : nullptr;
    if (value == nullptr && parameter.fallback.empty()) return;
    add(group, path + "." + parameter.name, parameter.name, parameter,
        value != nullptr ? *value : parse_toml_value(parameter.fallback, ""), value != nullptr);
  }

  void add_policies(const TomlValue& document, const std::string& list) {
    const TomlValue* policies = find_value(document, list);
    if (policies == nullptr) return;
    for (const TomlValue& policy : policies->children) {
      const std::string& name = policy.find("name")->text;
      if (name.find('.') != std::string::npos) continue;  // no path leads there
      const Instrument& instrument = *find_instrument(policy.find("instrument")->text);
      const std::string group =
          fmt::format("{} ({}{})", name, instrument.name, list == "policy" ? "" : ", in both worlds");
      for (const Parameter& parameter : common_parameters())
        if (parameter.type == ValueType::kSwitch) add(group, list + "." + name, parameter, &policy);
      for (const Parameter& parameter : instrument.parameters) add(group, list + "." + name, parameter, &policy);
    }
  }
};

}  // namespace

std::vector<Setting> scenario_settings(const TomlValue& document) {
  Collector all;
  all.add_policies(document, "policy");
  all.add_policies(document, "reference.policy");
  for (const Parameter& parameter : reference_schema())
    if (!parameter.choices.empty()) all.add("both worlds", "reference", parameter, document.find("reference"));
  const TomlValue* theta = document.find("theta");
  Parameter elasticity = theta_value();
  if (theta != nullptr) all.add("trade elasticities", "theta", "theta", elasticity, *theta, true);
  if (theta == nullptr || theta->find("scale") == nullptr) {
    elasticity.meaning = "all trade elasticities θ times this";
    TomlValue one{.kind = Kind::kNumber, .number = 1.0};
    all.add("trade elasticities", "theta.scale", "theta.scale", elasticity, one, false);
  }
  const TomlValue* model = document.find("model");
  for (const Parameter& parameter : model_schema())
    if (model != nullptr && model->find(parameter.name) != nullptr) all.add("model", "model", parameter, model);
  return std::move(all.settings);
}

}  // namespace entrepot
