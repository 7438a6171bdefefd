#include "instrument.hpp"

namespace entrepot {

/// d̂ (model, wedges): d̂ is multiplied by 1 + cost on every flow selected. The cost melts; nobody receives it.
const Instrument kNtbInstrument{
    .name = "ntb",
    .meaning =
        "Makes trade dearer (or, negative, cheaper) by a non-tariff cost that nobody receives: a barrier, "
        "paperwork, a corridor.",
    .compiles_to = "d̂ × (1 + cost)",
    .parameters = {country_list("importers", "who buys"),
                   country_list("exporters", "who sells"),
                   sector_list(),
                   country_exclusions("importers and exporters"),
                   sector_exclusions(),
                   {.name = "cost",
                    .type = ValueType::kNumber,
                    .meaning = "ad valorem equivalent of the change in trade cost",
                    .unit = "fraction",
                    .required = true,
                    .range = {.lower = -1.0, .upper = 100.0, .above_lower = true}}},
    .example = R"([[policy]]
name = "corridor"
instrument = "ntb"
importers = ["IND", "RUS"]
exporters = ["IND", "RUS"]
cost = -0.03
)",
    .compile = [](const Policy& policy, const Context& context, Shock& shock) {
      Effect effect;
      FlowSet flows(context.world);
      const std::vector<Index> importers = resolve_countries(policy, context, "importers", effect);
      const std::vector<Index> exporters = resolve_countries(policy, context, "exporters", effect);
      flows.add(importers, exporters, resolve_sectors(policy, context, effect));
      expect_flows(policy, context, effect, flows);
      allocate(shock.iceberg, context.world, 1.0);
      doubt_rate("cost", policy.arguments.number("cost"), effect);
      const double factor = 1.0 + policy.arguments.number("cost");
      flows.for_each(context.world, [&](Index m, Index i, Index j) { shock.iceberg(m, i, j) *= factor; });
      effect.changes.push_back({Channel::kIceberg, std::move(flows)});
      return effect;
    }};

}  // namespace entrepot
