#include "by_sector.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entrepot {

Parameter by_sector(Parameter number) {
  number.type = ValueType::kNumberOrTable;
  return number;
}

Vector numbers_by_sector(const Policy& policy, const Context& context, const std::string& parameter,
                         const std::vector<Index>& covered, FlowSet& flows) {
  const TomlValue& given = policy.arguments.at(parameter);
  if (given.kind != TomlValue::Kind::kTable) return Vector::Constant(context.world.sector_count(), given.number);
  const TomlValue* others = given.find("all");
  Vector numbers = Vector::Constant(context.world.sector_count(), others == nullptr ? 0.0 : others->number);
  for (const TomlValue& value : given.children) {
    if (value.key == "all") continue;
    const std::string key = policy.arguments.key(parameter) + "." + value.key;
    const Selection sector = context.selector.sectors_named({value.key, value.key_where}, key, context.problems);
    for (const Index j : sector.members) {
      numbers(j) = value.number;
      if (std::find(covered.begin(), covered.end(), j) != covered.end()) continue;
      context.problems.add(value.key_where, key,
                           fmt::format("'{}' is not among the sectors that this policy covers", value.key));
    }
  }
  for (Index j = 0; j < numbers.size(); ++j)
    if (numbers(j) == 0.0) flows.remove_sector(j);
  return numbers;
}

}  // namespace entrepot
