#include "random_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/scenario.hpp"
#include "support/draw.hpp"

namespace entrepot::testing {

namespace {

/// Writes values of parameters for one world.
class Writer {
 public:
  Writer(const World& world, Draw& draw) : world_(world), draw_(draw) {}

  std::string policy(const Instrument& instrument, const std::string& name, bool reference) {
    std::string text = fmt::format("[[{}policy]]\nname = \"{}\"\ninstrument = \"{}\"\n", reference ? "reference." : "",
                                   name, instrument.name);
    for (const Parameter& parameter : instrument.parameters) {
      if (parameter.name == "file" || parameter.type == ValueType::kDate) continue;
      if (!parameter.required && draw_.with_chance(0.5)) continue;
      const std::string written = value(parameter);
      if (!written.empty()) text += fmt::format("{} = {}\n", parameter.name, written);
    }
    return text + "\n";
  }

 private:
  std::string value(const Parameter& parameter) {
    switch (parameter.type) {
      case ValueType::kText:
        if (parameter.choices.empty()) return country();
        return "\"" + parameter.choices[draw_.one_of(parameter.choices.size())] + "\"";
      case ValueType::kTextList:
        return list(parameter.unit.starts_with("sector"));
      case ValueType::kNumber:
        return number(parameter);
      case ValueType::kInteger:
        return fmt::format(
            "{}", static_cast<int>(std::clamp(draw_.between(0.0, 5.0), parameter.range.lower, parameter.range.upper)));
      case ValueType::kNumberOrTable:
        if (draw_.with_chance(0.7)) return number(parameter);
        return fmt::format("{{ {} = {}, all = {} }}", sector(), number(parameter), number(parameter));
      default:
        return {};
    }
  }

  /// The least there is, the most, or, nearly always, something of a size that policies have.
  std::string number(const Parameter& parameter) {
    const Range& range = parameter.range;
    const double low = std::isfinite(range.lower) ? range.lower : -1.0;
    if (range.infinite && draw_.with_chance(0.1)) return "inf";
    if (low >= 0.0 && !range.above_lower && draw_.with_chance(0.1)) return fmt::format("{}", low);
    if (std::isfinite(range.upper) && draw_.with_chance(0.05)) return fmt::format("{}", std::min(range.upper, 1.0));
    double usual = 1.0;
    if (parameter.unit == "million USD") usual = 50.0;
    if (parameter.unit == "days") usual = 30.0;
    if (parameter.name == "cost_of_day") usual = 0.02;
    if (parameter.name == "route_elasticity") return fmt::format("{}", draw_.between(10.0, 30.0));
    return fmt::format("{}", draw_.between(std::max(low, -0.5), std::min(range.upper, low < 0.0 ? 0.5 : usual)));
  }

  std::string list(bool sectors) {
    if (draw_.with_chance(0.2)) return "\"all\"";
    std::string text;
    const double more = draw_.between(0.0, 0.8);
    do {
      const std::string one = sectors ? "\"" + sector() + "\"" : country();
      if (text.find(one) == std::string::npos) text += (text.empty() ? "" : ", ") + one;
    } while (draw_.with_chance(more));
    return "[" + text + "]";
  }

  std::string country() { return "\"" + world_.countries[draw_.one_of(world_.countries.size())].code + "\""; }
  std::string sector() { return world_.sectors[draw_.one_of(world_.sectors.size())].code; }

  const World& world_;
  Draw& draw_;
};

bool is_accepted(const std::string& text, const World& world) {
  try {
    const Scenario scenario = parse_scenario(text, "random.toml");
    const World ready = add_zones(apply_model_options(world, scenario), scenario, {});
    compile_reference(ready, scenario, {});
    compile_policies(ready, scenario, {});
    return true;
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace

std::string random_scenario(const World& world, std::uint32_t seed) {
  Draw draw(seed);
  Writer writer(world, draw);
  const char* closures[] = {"fixed", "balanced", "proportional"};
  std::string text = fmt::format("title = \"random {}\"\nbaseline = \"random\"\n\n[reference]\nclosure = \"{}\"\n\n",
                                 seed, closures[draw.one_of(3)]);
  if (draw.with_chance(0.2))
    text += fmt::format("[model]\ninput_elasticity = {}\nvalue_added_elasticity = {}\n\n", draw.between(0.0, 2.0),
                        draw.between(0.0, 2.0));
  else if (draw.with_chance(0.2))
    text += fmt::format("[model]\nlabour_mobility = {}\n\n", draw.between(1.5, 10.0));
  const std::size_t wanted = 1 + draw.one_of(6);
  constexpr int kTries = 200;
  std::size_t count = 0;
  for (int attempt = 0; count < wanted && attempt < kTries; ++attempt) {
    const Instrument& instrument = *instruments()[draw.one_of(instruments().size())];
    const bool reference = draw.with_chance(0.1);
    const std::string longer = text + writer.policy(instrument, fmt::format("p{}", count), reference);
    if (!is_accepted(longer, world)) continue;
    text = longer;
    ++count;
  }
  return text;
}

}  // namespace entrepot::testing
