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
  const TimeSaved saved{.days = policy.arguments.number("days_saved")};
  effect.changes.push_back(save_time(policy, context, sectors, std::move(flows), saved, shock));
  return effect;
}

}  // namespace

/// d̂ × (1 + cost_of_day)^−days_saved (Hummels and Schaur 2013) on every flow between two members.
const Instrument kCustomsCooperationInstrument{
    .name = "customs_cooperation",
    .meaning = "Saves days at the borders between its members: papers recognised, one inspection, green lanes.",
    .compiles_to = "d̂ × (1 + cost_of_day)^−days_saved",
    .parameters = {country_list("members", "between whose borders time is saved"), country_exclusions("members"),
                   goods_list(), sector_exclusions(), days("days_saved", "time saved on each shipment"), cost_of_day()},
    .example = R"([[policy]]
name = "green-lane"
instrument = "customs_cooperation"
members = ["IRN", "EAEU"]
sectors = ["food", "machinery"]
days_saved = 2
)",
    .compile = compile_cooperation};

}  // namespace entrepot
