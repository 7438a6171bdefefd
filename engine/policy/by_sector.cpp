#include "by_sector.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace entrepot {

namespace {

constexpr const char* kOthers = "all";

}  // namespace

Parameter by_sector(Parameter number) {
  number.type = ValueType::kNumberOrTable;
  return number;
}

void check_by_sector(const Policy& policy, const Parameter& number, Problems& problems) {
  if (!policy.arguments.has(number.name)) return;
  Parameter each = number;
  each.type = ValueType::kNumber;
  const TomlValue& given = policy.arguments.at(number.name);
  for (const TomlValue& value : given.children)
    check_value(value, each, policy.arguments.key(number.name) + "." + value.key, problems);
}

Vector numbers_by_sector(const Policy& policy, const Context& context, const std::string& parameter,
                         const std::vector<Index>& covered) {
  const TomlValue& given = policy.arguments.at(parameter);
  if (given.kind != TomlValue::Kind::kTable) return Vector::Constant(context.world.sector_count(), given.number);
  const TomlValue* others = given.find(kOthers);
  Vector numbers = Vector::Constant(context.world.sector_count(), others == nullptr ? 0.0 : others->number);
  for (const TomlValue& value : given.children) {
    if (value.key == kOthers) continue;
    const std::string key = policy.arguments.key(parameter) + "." + value.key;
    const Selection sector = context.selector.sectors_named({value.key, value.key_where}, key, context.problems);
    for (const Index j : sector.members) {
      numbers(j) = value.number;
      if (std::find(covered.begin(), covered.end(), j) != covered.end()) continue;
      context.problems.add(value.key_where, key,
                           fmt::format("'{}' is not among the sectors that this policy covers", value.key));
    }
  }
  return numbers;
}

}  // namespace entrepot
