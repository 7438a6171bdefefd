#include "time_cost.hpp"

namespace entrepot {

namespace {

Effect compile_corridor(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect;
  const std::vector<Index> here = resolve_countries(policy, context, "from", effect);
  const std::vector<Index> there = resolve_countries(policy, context, "to", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  FlowSet flows(context.world);
  flows.add_both_ways(here, there, sectors);
  expect_flows(policy, context, effect, flows);
  TimeSaved saved{.days = policy.arguments.number("days_now") - policy.arguments.number("days_corridor"),
                  .used = policy.arguments.number("use_rate"),
                  .fee = policy.arguments.number("fee")};
  if (saved.days <= 0.0) {
    saved.used = 0.0;
    effect.notes.push_back("it is no faster than the way goods take now, so that nobody uses it");
  }
  effect.changes.push_back(save_time(policy, context, sectors, std::move(flows), saved, shock));
  return effect;
}

}  // namespace

/// d̂ × (1 − u (1 − (1 + cost_of_day)^−(days_now − days_corridor))) (1 + u·fee), u the use rate (Hummels and Schaur
/// 2013), on every flow between the two ends, either way.
const Instrument kCorridorInstrument{
    .name = "corridor",
    .meaning = "Opens a faster way for the trade between two ends, such as the International North-South Corridor.",
    .compiles_to =
        "d̂ × (1 − use_rate (1 − (1 + cost_of_day)^−days)) × (1 + use_rate × fee), days = days_now − "
        "days_corridor",
    .parameters = {country_list("from", "the countries at one end"),
                   country_list("to", "the countries at the other; goods go either way"),
                   country_exclusions("both ends"),
                   goods_list(),
                   sector_exclusions(),
                   days("days_now", "time of the way that goods take now"),
                   days("days_corridor", "time through the corridor"),
                   fraction("use_rate", "share of the trade that goes through it; 1 is the most it can do", "1"),
                   {.name = "fee",
                    .type = ValueType::kNumber,
                    .meaning = "what the corridor costs more than the way now, ad valorem, such as transshipment",
                    .unit = "fraction",
                    .fallback = "0",
                    .range = {.lower = -0.5, .upper = 10.0}},
                   cost_of_day()},
    .example = R"([[policy]]
name = "north-south"
instrument = "corridor"
from = ["IND"]
to = ["RUS", "BLR"]
sectors = ["food", "textiles", "machinery"]
days_now = 40
days_corridor = 25
use_rate = 0.3
fee = 0.01
)",
    .compile = compile_corridor};

}  // namespace entrepot
