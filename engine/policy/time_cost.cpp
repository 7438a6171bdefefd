#include "time_cost.hpp"

#include <cmath>

#include "by_sector.hpp"

namespace entrepot {

Parameter sectors_moved() {
  Parameter parameter = sector_list();
  parameter.meaning = "the sectors whose goods it moves";
  parameter.fallback.clear();
  parameter.required = true;
  return parameter;
}

Parameter cost_of_day() {
  return {.name = "cost_of_day",
          .type = ValueType::kNumber,
          .meaning =
              "what a day costs, ad valorem, in all sectors or by sector; Hummels and Schaur (2013) find 0.006 to "
              "0.021, and the default is the least of it",
          .unit = "fraction",
          .fallback = "0.006",
          .range = {.lower = 0.0, .upper = 0.2}};
}

double cost_after_saving(double days, double cost, double used) {
  return 1.0 - used * (1.0 - std::pow(1.0 + cost, -days));
}

Change save_days(const Policy& policy, const Context& context, const std::vector<Index>& sectors, FlowSet flows,
                 double days, double used, double fee, Shock& shock) {
  const Vector cost = numbers_by_sector(policy, context, "cost_of_day", sectors);
  allocate(shock.iceberg, context.world, 1.0);
  flows.for_each(context.world, [&](Index m, Index i, Index j) {
    shock.iceberg(m, i, j) *= cost_after_saving(days, cost(j), used) * (1.0 + used * fee);
  });
  return {Channel::kIceberg, std::move(flows)};
}

}  // namespace entrepot
