#include "by_sector.hpp"

namespace entrepot {

namespace {

Parameter coverage() {
  return {.name = "coverage",
          .type = ValueType::kNumber,
          .meaning = "share of each flow's varieties outlawed, in all sectors or by sector; 1 is a full ban",
          .unit = "fraction",
          .fallback = "1",
          .range = {.lower = 0.0, .upper = 1.0}};
}

Effect compile_embargo(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect;
  const std::vector<Index> senders = resolve_countries(policy, context, "senders", effect);
  const std::vector<Index> targets = resolve_countries(policy, context, "targets", effect);
  std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  const Vector covered = numbers_by_sector(policy, context, "coverage", sectors);
  if (policy.arguments.at("coverage").kind == TomlValue::Kind::kTable)
    std::erase_if(sectors, [&](Index j) { return covered(j) == 0.0; });
  FlowSet flows(context.world);
  const std::string& direction = policy.arguments.text("direction");
  if (direction != "imports") flows.add(targets, senders, sectors);
  if (direction != "exports") flows.add(senders, targets, sectors);
  if (!sectors.empty()) expect_flows(policy, context, effect, flows);
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
                   by_sector(coverage()),
                   {.name = "enforcement",
                    .type = ValueType::kNumber,
                    .meaning = "share of what is outlawed that is really stopped; the rest is traded as before, at no "
                               "extra cost",
                    .unit = "fraction",
                    .fallback = "1",
                    .range = {.lower = 0.0, .upper = 1.0}}},
    .example = R"([[policy]]
name = "embargo"
instrument = "embargo"
senders = ["USA", "EU"]
targets = ["IRN"]
direction = "both"
coverage = { mining = 1, machinery = 0.8, all = 0.5 }
enforcement = 0.9
)",
    .check = [](const Policy& policy, Problems& problems) { check_by_sector(policy, coverage(), problems); },
    .compile = compile_embargo};

}  // namespace entrepot
