#include "by_sector.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entrepot {

Parameter by_sector(Parameter number) {
  number.type = ValueType::kNumberOrTable;
  return number;
}

std::vector<const TomlValue*> values_by_sector(const Policy& policy, const Context& context,
                                               const std::string& parameter, const std::vector<Index>& covered) {
  const TomlValue& given = policy.arguments.at(parameter);
  const bool table = given.kind == TomlValue::Kind::kTable;
  std::vector<const TomlValue*> values(at(context.world.sector_count()), table ? given.find("all") : &given);
  if (!table) return values;
  const auto is_covered = [&](Index j) { return std::find(covered.begin(), covered.end(), j) != covered.end(); };
  for (const bool groups : {true, false})  // a sector by its name stands above its group
    for (const TomlValue& value : given.children) {
      if (value.key == "all" || context.selector.is_sector_group(value.key) != groups) continue;
      const std::string key = policy.arguments.key(parameter) + "." + value.key;
      const Selection named = context.selector.sectors_named({value.key, value.key_where}, key, context.problems);
      for (const Index j : named.members) values[at(j)] = &value;
      if (named.members.empty() || std::any_of(named.members.begin(), named.members.end(), is_covered)) continue;
      context.problems.add(value.key_where, key,
                           fmt::format("'{}' is not among the sectors that this policy covers", value.key));
    }
  return values;
}

Vector numbers_by_sector(const Policy& policy, const Context& context, const std::string& parameter,
                         const std::vector<Index>& covered, FlowSet& flows) {
  const std::vector<const TomlValue*> values = values_by_sector(policy, context, parameter, covered);
  const bool table = policy.arguments.at(parameter).kind == TomlValue::Kind::kTable;
  Vector numbers = Vector::Zero(context.world.sector_count());
  for (Index j = 0; j < numbers.size(); ++j) {
    if (values[at(j)] != nullptr) numbers(j) = values[at(j)]->number;
    if (table && numbers(j) == 0.0) flows.remove_sector(j);
  }
  return numbers;
}

}  // namespace entrepot
