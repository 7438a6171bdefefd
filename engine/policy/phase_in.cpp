#include "phase_in.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace entrepot {

namespace {

std::optional<int> year_of(const std::string& text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text.size() == 4;
  return whole ? std::optional(year) : std::nullopt;
}

}  // namespace

Parameter phase_in(const std::string& of) {
  return {.name = "phase_in",
          .type = ValueType::kTable,
          .meaning = "share of " + of +
                     " in force from each year on, { 2025 = 0.5, 2030 = 1 }, read at the scenario's `date`; by "
                     "default all of them"};
}

void check_phase_in(const Policy& policy, Problems& problems) {
  if (!policy.arguments.has("phase_in")) return;
  const std::string key = policy.arguments.key("phase_in");
  const TomlValue& steps = policy.arguments.at("phase_in");
  if (steps.children.empty())
    problems.add(steps.where, key, "no year is given; { 2025 = 0.5, 2030 = 1 } is an example");
  for (const TomlValue& step : steps.children) {
    if (!year_of(step.key))
      problems.add(step.key_where, key, fmt::format("'{}' is not a year; four digits are expected", step.key));
    check_value(step, fraction("phase_in", "", ""), key + "." + step.key, problems);
  }
}

double part_in_force(const Policy& policy, const Context& context, const std::string& of, Effect& effect) {
  if (!policy.arguments.has("phase_in")) return 1.0;
  const std::string& date = context.selector.date();
  const int today = date.empty() ? 9999 : year_of(date.substr(0, 4)).value_or(9999);
  int latest = 0;
  double part = 0.0;
  for (const TomlValue& step : policy.arguments.at("phase_in").children) {
    const int year = year_of(step.key).value_or(9999);
    if (year > today || year < latest) continue;
    latest = year;
    part = step.number;
  }
  if (part < 1.0)
    effect.notes.push_back(fmt::format("{:g} % of {} are in force in {}", 100.0 * part, of,
                                       date.empty() ? "the last step of its phase-in" : date.substr(0, 4)));
  return part;
}

}  // namespace entrepot
