#include "by_sector.hpp"

namespace entrepot {

namespace {

Effect compile_embargo(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect;
  const std::vector<Index> senders = resolve_countries(policy, context, "senders", effect);
  const std::vector<Index> targets = resolve_countries(policy, context, "targets", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  FlowSet flows(context.world);
  const std::string& direction = policy.arguments.text("direction");
  if (direction != "imports") flows.add(targets, senders, sectors);
  if (direction != "exports") flows.add(senders, targets, sectors);
  expect_flows(policy, context, effect, flows);
  const Vector covered = numbers_by_sector(policy, context, "coverage", sectors, flows);
  allocate(shock.open_share, context.world, 1.0);
  const double enforced = policy.arguments.number("enforcement");
  flows.for_each(context.world,
                 [&](Index m, Index i, Index j) { shock.open_share(m, i, j) *= 1.0 - enforced * covered(j); });
  effect.changes.push_back({Channel::kOpenShare, std::move(flows)});
  return effect;
}

}  // namespace

/// s = 1 − b (model, wedges), b = coverage × enforcement: s is multiplied by 1 − b, once on every flow between a sender
/// and a target. A country on both lists is not embargoed against itself.
const Instrument kEmbargoInstrument{
    .name = "embargo",
    .meaning = "Outlaws a share of the varieties traded between senders and targets.",
    .compiles_to = "s × (1 − coverage × enforcement)",
    .parameters = {country_list("senders", "who imposes it"),
                   country_list("targets", "whom it is imposed on"),
                   sector_list(),
                   country_exclusions("senders and targets"),
                   sector_exclusions(),
                   {.name = "direction",
                    .meaning = "the senders' exports to the targets, their imports from them, or both",
                    .fallback = "both",
                    .choices = {"exports", "imports", "both"}},
                   by_sector(fraction("coverage",
                                      "share of each flow's varieties outlawed, in all sectors or by sector; 1 is a "
                                      "full ban",
                                      "1")),
                   fraction("enforcement",
                            "share of what is outlawed that is really stopped; the rest is traded as before, at no "
                            "extra cost",
                            "1")},
    .example = R"([[policy]]
name = "embargo"
instrument = "embargo"
senders = ["USA", "EU"]
targets = ["IRN"]
direction = "both"
coverage = { mining = 1, machinery = 0.8, all = 0.5 }
enforcement = 0.9
)",
    .compile = compile_embargo};

}  // namespace entrepot
