#include "instrument.hpp"

namespace entrepot {

/// s = 1 − b (model, wedges): s is multiplied by 1 − coverage, once on every flow between a sender and a target. A
/// country on both lists is not embargoed against itself.
const Instrument kEmbargoInstrument{
    .name = "embargo",
    .meaning = "Outlaws a share of the varieties traded between senders and targets.",
    .compiles_to = "s × (1 − coverage)",
    .parameters = {country_list("senders", "who imposes it"),
                   country_list("targets", "whom it is imposed on"),
                   sector_list(),
                   country_exclusions("senders and targets"),
                   sector_exclusions(),
                   {.name = "direction",
                    .meaning = "the senders' exports to the targets, their imports from them, or both",
                    .fallback = "both",
                    .choices = {"exports", "imports", "both"}},
                   {.name = "coverage",
                    .type = ValueType::kNumber,
                    .meaning = "share of each flow's varieties outlawed (the model's b); 1 is a full ban",
                    .unit = "fraction",
                    .fallback = "1",
                    .range = {.lower = 0.0, .upper = 1.0}}},
    .example = R"([[policy]]
name = "embargo"
instrument = "embargo"
senders = ["USA", "EU"]
targets = ["IRN"]
direction = "both"
coverage = 0.5
)",
    .compile = [](const Policy& policy, const Context& context, Shock& shock) {
      Effect effect{.channel = Channel::kOpenShare, .flows = FlowSet(context.world)};
      const std::vector<Index> senders = resolve_countries(policy, context, "senders", effect);
      const std::vector<Index> targets = resolve_countries(policy, context, "targets", effect);
      const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
      const std::string& direction = policy.arguments.text("direction");
      if (direction != "imports") effect.flows.add(targets, senders, sectors);
      if (direction != "exports") effect.flows.add(senders, targets, sectors);
      expect_flows(policy, context, effect);
      allocate(shock.open_share, context.world, 1.0);
      const double open = 1.0 - policy.arguments.number("coverage");
      effect.flows.for_each(context.world, [&](Index m, Index i, Index j) { shock.open_share(m, i, j) *= open; });
      return effect;
    }};

}  // namespace entrepot
