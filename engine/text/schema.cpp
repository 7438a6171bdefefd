#include "schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <unordered_map>

#include "iso_date.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

bool finite_bound(double bound) { return std::isfinite(bound); }

bool kind_fits(const TomlValue& value, const Parameter& parameter) {
  const auto all = [&](Kind kind) {
    return std::all_of(value.children.begin(), value.children.end(),
                       [&](const TomlValue& child) { return child.kind == kind; });
  };
  const bool number = value.kind == Kind::kNumber || (value.kind == Kind::kText && !parameter.choices.empty());
  switch (parameter.type) {
    case ValueType::kText:
      return value.kind == Kind::kText;
    case ValueType::kTextList:
      return value.kind == Kind::kText || (value.kind == Kind::kList && all(Kind::kText));
    case ValueType::kNumber:
      return number;
    case ValueType::kNumberList:
      return value.kind == Kind::kList && all(Kind::kNumber);
    case ValueType::kValueList:
      return value.kind == Kind::kList && (all(Kind::kNumber) || all(Kind::kText) || all(Kind::kBoolean));
    case ValueType::kInteger:
      return value.kind == Kind::kNumber && value.whole;
    case ValueType::kSwitch:
      return value.kind == Kind::kBoolean;
    case ValueType::kDate:
      return (value.kind == Kind::kDate || value.kind == Kind::kText) && is_iso_date(value.text);
    case ValueType::kTable:
      return value.kind == Kind::kTable;
    case ValueType::kTableList:
      return value.kind == Kind::kList && all(Kind::kTable);
    case ValueType::kNumberOrTable:
      return number || value.kind == Kind::kTable;
  }
  return false;
}

std::string shown(const TomlValue& value) {
  if (value.kind == Kind::kText || value.kind == Kind::kDate) return "'" + value.text + "'";
  if (value.kind == Kind::kNumber) return fmt::format("{}", value.number);
  return kind_name(value);
}

std::string range_text(const Range& range) {
  if (finite_bound(range.lower) && finite_bound(range.upper)) {
    return fmt::format("{} {} {} {}{}", range.above_lower ? "above" : "between", range.lower,
                       range.above_lower ? "and at most" : "and", range.upper, range.infinite ? ", or inf" : "");
  }
  if (finite_bound(range.lower)) return fmt::format("{} {}", range.above_lower ? "above" : "at least", range.lower);
  if (finite_bound(range.upper)) return fmt::format("at most {}", range.upper);
  return {};
}

bool in_range(double number, const Range& range) {
  if (std::isnan(number)) return false;
  if (std::isinf(number)) return range.infinite && number > 0.0;
  return (range.above_lower ? number > range.lower : number >= range.lower) && number <= range.upper;
}

/// A fraction written as a percentage is the likeliest slip: offers the hundredth if that would do.
std::string percent_hint(double number, const Parameter& parameter) {
  if (parameter.unit != "fraction" || number < 2.0 || !in_range(number / 100.0, parameter.range)) return {};
  return fmt::format("; is {} ({} %) meant?", number / 100.0, number);
}

/// The parameter of one number: whoever wrote a number need not hear of tables or lists.
Parameter one_number(Parameter parameter) {
  if (parameter.type == ValueType::kNumberOrTable || parameter.type == ValueType::kNumberList)
    parameter.type = ValueType::kNumber;
  return parameter;
}

/// A parameter's fallback as a value. Parsed once a thread: sweeps read thousands of tables.
const TomlValue& fallback_of(const Parameter& parameter) {
  thread_local std::unordered_map<std::string, TomlValue> parsed;
  const auto found = parsed.find(parameter.fallback);
  if (found != parsed.end()) return found->second;
  return parsed.emplace(parameter.fallback, parse_toml_value(parameter.fallback, "")).first->second;
}

bool check_number(const TomlValue& value, const Parameter& parameter, const std::string& key, Problems& problems) {
  if (in_range(value.number, parameter.range)) return true;
  const bool odd = !std::isfinite(value.number) && !(std::isinf(value.number) && parameter.range.infinite);
  problems.add(value.where, key,
               fmt::format("this is {}; {} is expected{}", odd ? "not a finite number" : shown(value),
                           expectation(one_number(parameter)), percent_hint(value.number, parameter)));
  return false;
}

}  // namespace

std::string expectation(const Parameter& parameter) {
  const std::string range = range_text(parameter.range);
  const std::string unit = parameter.unit.empty() ? "" : " (" + parameter.unit + ")";
  const std::string bounded = (range.empty() ? "" : " " + range) + unit;
  std::string choices;
  for (const std::string& choice : parameter.choices) choices += (choices.empty() ? "'" : ", '") + choice + "'";
  const std::string number = "a number" + bounded + (choices.empty() ? "" : " or " + choices);
  switch (parameter.type) {
    case ValueType::kText:
      return choices.empty() ? "text" : "one of " + choices;
    case ValueType::kTextList:
      return "a list of " + (parameter.unit.empty() ? "texts" : parameter.unit);
    case ValueType::kNumber:
      return number;
    case ValueType::kNumberList:
      return "a list of numbers" + bounded;
    case ValueType::kValueList:
      return "a list of numbers, of texts or of true and false";
    case ValueType::kInteger:
      return "a whole number" + bounded;
    case ValueType::kSwitch:
      return "true or false";
    case ValueType::kDate:
      return "a date YYYY-MM-DD";
    case ValueType::kTable:
      return "a table" + (parameter.unit.empty() ? "" : " of " + parameter.unit);
    case ValueType::kTableList:
      return "a list of tables, each under [[" + (parameter.unit.empty() ? parameter.name : parameter.unit) + "]],";
    case ValueType::kNumberOrTable:
      return number + ", or a table of them";
  }
  return {};
}

bool check_value(const TomlValue& value, const Parameter& parameter, const std::string& key, Problems& problems) {
  if (!kind_fits(value, parameter)) {
    const bool number_wanted = parameter.type == ValueType::kInteger && value.kind == Kind::kNumber;
    const bool date_wanted =
        parameter.type == ValueType::kDate && (value.kind == Kind::kText || value.kind == Kind::kDate);
    std::string what = number_wanted || date_wanted ? shown(value) : kind_name(value);
    const SourceLocation* where = &value.where;
    const bool texts = parameter.type == ValueType::kTextList;
    if ((texts || parameter.type == ValueType::kNumberList) && value.kind == Kind::kList) {
      const auto odd = std::find_if(value.children.begin(), value.children.end(), [&](const TomlValue& child) {
        return child.kind != (texts ? Kind::kText : Kind::kNumber);
      });
      what = kind_name(*odd) + " in a list";
      where = &odd->where;
    }
    problems.add(*where, key, fmt::format("this is {}; {} is expected", what, expectation(parameter)));
    return false;
  }
  if (value.kind == Kind::kNumber) return check_number(value, parameter, key, problems);
  if (parameter.type == ValueType::kNumberList) {
    bool all_fit = true;
    for (const TomlValue& child : value.children) all_fit = check_number(child, parameter, key, problems) && all_fit;
    return all_fit;
  }
  if (parameter.type == ValueType::kNumberOrTable && value.kind == Kind::kTable) {
    bool all_fit = true;
    for (const TomlValue& child : value.children)
      all_fit = check_value(child, one_number(parameter), key + "." + child.key, problems) && all_fit;
    return all_fit;
  }
  const bool chosen =
      value.kind != Kind::kText || parameter.choices.empty() ||
      std::find(parameter.choices.begin(), parameter.choices.end(), value.text) != parameter.choices.end();
  if (!chosen) {
    problems.add(value.where, key,
                 fmt::format("'{}' is not known here{}", value.text, suggestion(value.text, parameter.choices)));
  }
  return chosen;
}

Arguments read_table(const TomlValue& table, const Schema& schema, const std::string& path, Problems& problems) {
  assert(table.kind == Kind::kTable);
  Arguments arguments;
  arguments.where_ = table.where;
  arguments.path_ = path;
  for (const TomlValue& child : table.children) {
    arguments.written_.push_back(child.key);
    const auto parameter =
        std::find_if(schema.begin(), schema.end(), [&](const Parameter& p) { return p.name == child.key; });
    if (parameter == schema.end()) {
      std::vector<std::string> names;
      for (const Parameter& one : schema) names.push_back(one.name);
      problems.add(child.key_where, arguments.key(child.key), "there is no such key" + suggestion(child.key, names));
    } else if (check_value(child, *parameter, arguments.key(child.key), problems)) {
      arguments.values_.push_back(child);
    }
  }
  for (const Parameter& parameter : schema) {
    if (table.find(parameter.name) != nullptr) continue;
    if (parameter.required) {
      problems.add(table.where, arguments.key(parameter.name),
                   fmt::format("this key is missing; {} is expected{}", expectation(parameter),
                               parameter.meaning.empty() ? "" : ": " + parameter.meaning));
    } else if (!parameter.fallback.empty()) {
      arguments.values_.push_back(fallback_of(parameter));
      arguments.values_.back().key = parameter.name;
      relocate(arguments.values_.back(), table.where);
    }
  }
  return arguments;
}

std::vector<LocatedText> Arguments::list(std::string_view name) const {
  const TomlValue* value = find(name);
  if (value == nullptr) return {};
  if (value->kind == Kind::kText) return {{value->text, value->where}};
  std::vector<LocatedText> texts;
  for (const TomlValue& child : value->children) texts.push_back({child.text, child.where});
  return texts;
}

const TomlValue& Arguments::at(std::string_view name) const {
  const TomlValue* value = find(name);
  assert(value != nullptr);
  return *value;
}

const SourceLocation& Arguments::where(std::string_view name) const {
  const TomlValue* value = find(name);
  return value == nullptr ? where_ : value->where;
}

bool Arguments::written(std::string_view name) const {
  return std::find(written_.begin(), written_.end(), name) != written_.end();
}

std::string Arguments::key(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

const TomlValue* Arguments::find(std::string_view name) const {
  const auto found = std::find_if(values_.begin(), values_.end(), [&](const TomlValue& v) { return v.key == name; });
  return found == values_.end() ? nullptr : &*found;
}

}  // namespace entrepot
