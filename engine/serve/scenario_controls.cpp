#include "scenario_controls.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "policy/instrument.hpp"
#include "policy/scenario_schema.hpp"

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
void place_slider(Control& control, bool whole) {
  constexpr double kSteps = 200.0, kTimes = 4.0, kNear = 20.0, kSmallFraction = 0.05;
  const double value = control.value.number, size = std::abs(value);
  const bool wide = size == 0.0 || (control.unit == "fraction" && size >= kSmallFraction);
  const double scale = wide ? std::max(1.0, kTimes * size) : kTimes * size;
  control.to = control.range.upper <= kNear * scale ? control.range.upper : value < 0.0 ? 0.0 : scale;
  control.from = control.range.lower >= -kNear * scale ? control.range.lower : value < 0.0 ? -scale : 0.0;
  if (control.to <= control.from) control.to = control.from + scale;
  control.step = whole ? 1.0 : round_step((control.to - control.from) / kSteps);
  if (control.range.above_lower && control.from == control.range.lower)
    control.from = std::min(value, control.from + control.step);
}

class Collector {
 public:
  std::vector<Control> controls;

  void add(const std::string& group, const std::string& path, const std::string& label, const Parameter& parameter,
           const TomlValue& value, bool written) {
    if (value.kind == Kind::kTable) {  // by sector, or a schedule by year
      for (const TomlValue& child : value.children)
        if (child.key.find('.') == std::string::npos)
          add(group, path + "." + child.key, label + "." + child.key, parameter, child, written);
      return;
    }
    Control control{.path = path,
                    .group = group,
                    .label = label,
                    .meaning = parameter.meaning,
                    .unit = parameter.unit,
                    .written = written,
                    .value = value,
                    .range = parameter.range,
                    .choices = parameter.choices};
    if (value.kind == Kind::kNumber && std::isfinite(value.number)) {
      place_slider(control, parameter.type == ValueType::kInteger);
    } else if (value.kind == Kind::kBoolean) {
      control.kind = Control::Kind::kSwitch;
    } else if (value.kind == Kind::kText && parameter.type == ValueType::kText && !parameter.choices.empty()) {
      control.kind = Control::Kind::kChoice;
    } else {
      return;
    }
    controls.push_back(std::move(control));
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

std::vector<Control> scenario_controls(const TomlValue& document) {
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
  return std::move(all.controls);
}

}  // namespace entrepot
