#include "time_cost.hpp"

#include <cmath>

#include "by_sector.hpp"

namespace entrepot {

Parameter days(std::string name, std::string meaning) {
  return {.name = std::move(name),
          .type = ValueType::kNumber,
          .meaning = std::move(meaning),
          .unit = "days",
          .required = true,
          .range = {.lower = 0.0, .upper = 365.0}};
}

Parameter cost_of_day() {
  return by_sector({.name = "cost_of_day",
                    .type = ValueType::kNumber,
                    .meaning = "what a day costs, ad valorem, in all sectors or by sector; Hummels and Schaur (2013) "
                               "find 0.006 to 0.021, and the default is the least of it",
                    .unit = "fraction",
                    .fallback = "0.006",
                    .range = {.lower = 0.0, .upper = 0.2}});
}

Change save_time(const Policy& policy, const Context& context, const std::vector<Index>& sectors, FlowSet flows,
                 const TimeSaved& saved, Shock& shock) {
  const Vector cost = numbers_by_sector(policy, context, "cost_of_day", sectors, flows);
  allocate(shock.iceberg, context.world, 1.0);
  flows.for_each(context.world, [&](Index m, Index i, Index j) {
    const double in_time = 1.0 - saved.used * (1.0 - std::pow(1.0 + cost(j), -saved.days));
    shock.iceberg(m, i, j) *= in_time * (1.0 + saved.used * saved.fee);
  });
  return {Channel::kIceberg, std::move(flows)};
}

}  // namespace entrepot
