#include "by_sector.hpp"
#include "time_cost.hpp"

namespace entrepot {

namespace {

Effect compile_cooperation(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect;
  const std::vector<Index> members = resolve_countries(policy, context, "members", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  FlowSet flows(context.world);
  flows.add(members, members, sectors);
  expect_flows(policy, context, effect, flows);
  effect.changes.push_back(
      save_days(policy, context, sectors, std::move(flows), policy.arguments.number("days_saved"), 1.0, 0.0, shock));
  return effect;
}

}  // namespace

/// d̂ × (1 + cost_of_day)^−days_saved (Hummels and Schaur 2013) on every flow between two members.
const Instrument kCustomsCooperationInstrument{
    .name = "customs_cooperation",
    .meaning = "Saves days at the borders between its members: papers recognised, one inspection, green lanes.",
    .compiles_to = "d̂ × (1 + cost_of_day)^−days_saved",
    .parameters = {country_list("members", "between whose borders time is saved"),
                   country_exclusions("members"),
                   sectors_moved(),
                   sector_exclusions(),
                   {.name = "days_saved",
                    .type = ValueType::kNumber,
                    .meaning = "time saved on each shipment",
                    .unit = "days",
                    .required = true,
                    .range = {.lower = 0.0, .upper = 365.0}},
                   by_sector(cost_of_day())},
    .example = R"([[policy]]
name = "green-lane"
instrument = "customs_cooperation"
members = ["IRN", "EAEU"]
sectors = ["food", "machinery"]
days_saved = 2
)",
    .check = [](const Policy& policy, Problems& problems) { check_by_sector(policy, cost_of_day(), problems); },
    .compile = compile_cooperation};

}  // namespace entrepot
