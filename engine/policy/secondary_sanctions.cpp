#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "by_sector.hpp"

namespace entrepot {

namespace {

using Countries = std::vector<Index>;

void check_sanctions(const Policy& policy, Problems& problems) {
  const Arguments& arguments = policy.arguments;
  if (arguments.written("third_countries") == arguments.written("threshold"))
    problems.add(arguments.where("threshold"), arguments.key("threshold"),
                 "name the third_countries or give a threshold that finds them, one of the two");
  if (!arguments.has("response")) return;
  const bool defy = arguments.text("response") == "defy";
  if (!defy && arguments.written("cost"))
    problems.add(arguments.where("cost"), arguments.key("cost"),
                 "only those who defy bear a cost; response is 'comply'");
  if (!arguments.written("coverage") && !(defy && arguments.written("cost")))
    problems.add(arguments.where(), arguments.key("coverage"),
                 defy ? "response 'defy' needs a coverage, a cost or both" : "response 'comply' needs a coverage");
}

Countries united(const Countries& one, const Countries& other) {
  Countries both;
  std::set_union(one.begin(), one.end(), other.begin(), other.end(), std::back_inserter(both));
  return both;
}

/// Trade between those who impose a measure and those whom it hits, in the direction the imposers see.
FlowSet between(const World& world, const Countries& imposers, const Countries& hit, const std::string& direction,
                const std::vector<Index>& sectors) {
  FlowSet flows(world);
  if (direction != "imports") flows.add(hit, imposers, sectors);
  if (direction != "exports") flows.add(imposers, hit, sectors);
  return flows;
}

/// Each country's share of the targets' trade with all others in these sectors and this direction, before duty.
Vector shares_of_trade(const World& world, const Countries& targets, const std::string& direction,
                       const std::vector<Index>& sectors) {
  Countries others;
  for (Index n = 0; n < world.country_count(); ++n)
    if (!holds(targets, n)) others.push_back(n);
  Vector trade = Vector::Zero(world.country_count());
  between(world, others, targets, direction, sectors).for_each(world, [&](Index m, Index i, Index j) {
    const Index importer = world.country_of_market(m);
    trade(holds(targets, importer) ? world.country_of_location(i) : importer) += world.before_duty(m, i, j);
  });
  const double all = trade.sum();
  return all > 0.0 ? Vector(trade / all) : trade;
}

/// The countries named, less those that are part of the quarrel already.
Countries named_third_countries(const Policy& policy, const Context& context, const Countries& parties,
                                Effect& effect) {
  const Countries named = resolve_countries(policy, context, "third_countries", effect);
  Countries third, dropped;
  for (const Index n : named) (holds(parties, n) ? dropped : third).push_back(n);
  effect.resolved.back().members = third;
  if (!dropped.empty())
    effect.notes.push_back(fmt::format("{}: sender or target, so no third country", listed(context.world, dropped)));
  if (third.empty() && !named.empty())
    context.problems.add(policy.arguments.where("third_countries"), policy.arguments.key("third_countries"),
                         "all of these are senders or targets; nobody is left to be threatened");
  return third;
}

/// The countries whose share of the targets' trade is above the threshold, the largest noted first.
Countries found_third_countries(const Policy& policy, const Context& context, const Countries& parties,
                                const Vector& share, Effect& effect) {
  Countries spared;
  for (const LocatedText& name : policy.arguments.list("exclude")) {
    Problems reported_already;
    spared = united(spared, context.selector.countries_named(name, "", reported_already).members);
  }
  const double threshold = policy.arguments.number("threshold");
  Countries third;
  for (Index n = 0; n < share.size(); ++n)
    if (share(n) > threshold && !holds(parties, n) && !holds(spared, n)) third.push_back(n);
  if (!third.empty()) effect.resolved.push_back({"third_countries", false, third});
  Countries by_share = third;
  std::stable_sort(by_share.begin(), by_share.end(), [&](Index a, Index b) { return share(a) > share(b); });
  std::string list;
  for (const Index n : by_share)
    list +=
        fmt::format("{}{} {:.2f} %", list.empty() ? "" : ", ", context.world.countries[at(n)].code, 100.0 * share(n));
  effect.notes.push_back(
      third.empty() ? fmt::format("no third country has more than {:.2f} % of the targets' trade", 100.0 * threshold)
                    : fmt::format("shares of the targets' trade above {:.2f} %: {}", 100.0 * threshold, list));
  return third;
}

/// Outlaws what `coverage` says of these flows, where it is given.
void outlaw(const Policy& policy, const Context& context, const std::vector<Index>& sectors, FlowSet flows,
            Shock& shock, Effect& effect) {
  if (!policy.arguments.has("coverage")) return;
  const Vector covered = numbers_by_sector(policy, context, "coverage", sectors, flows);
  allocate(shock.open_share, context.world, 1.0);
  flows.for_each(context.world, [&](Index m, Index i, Index j) { shock.open_share(m, i, j) *= 1.0 - covered(j); });
  effect.changes.push_back({Channel::kOpenShare, std::move(flows)});
}

/// Makes these flows dearer by `cost`, where it is given.
void make_dearer(const Policy& policy, const Context& context, const std::vector<Index>& sectors, FlowSet flows,
                 Shock& shock, Effect& effect) {
  if (!policy.arguments.has("cost")) return;
  const Vector cost = numbers_by_sector(policy, context, "cost", sectors, flows);
  allocate(shock.iceberg, context.world, 1.0);
  flows.for_each(context.world, [&](Index m, Index i, Index j) { shock.iceberg(m, i, j) *= 1.0 + cost(j); });
  effect.changes.push_back({Channel::kIceberg, std::move(flows)});
}

Effect compile_sanctions(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const Countries senders = resolve_countries(policy, context, "senders", effect);
  const Countries targets = resolve_countries(policy, context, "targets", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  const std::string& direction = policy.arguments.text("direction");
  expect_opponents(policy, context, senders, targets, effect);
  const Countries parties = united(senders, targets);
  const Countries third =
      policy.arguments.has("threshold")
          ? found_third_countries(policy, context, parties, shares_of_trade(world, targets, direction, sectors), effect)
          : named_third_countries(policy, context, parties, effect);
  // Whoever complies is cut off from the targets, whoever defies from the senders.
  if (policy.arguments.text("response") == "comply") {
    outlaw(policy, context, sectors, between(world, third, targets, direction, sectors), shock, effect);
  } else {
    const FlowSet flows = between(world, senders, third, direction, sectors);
    outlaw(policy, context, sectors, flows, shock, effect);
    make_dearer(policy, context, sectors, flows, shock, effect);
  }
  return effect;
}

}  // namespace

/// s and d̂ (model, wedges). Comply: s × (1 − coverage) between each third country and each target. Defy: s × (1 −
/// coverage) and d̂ × (1 + cost) between each third country and each sender. A country is found by the threshold where
/// its trade with all targets together, over the targets' trade with all who are no target, is above it: values before
/// duty, in the sectors and the direction of the policy, of the world the policies are compared with.
const Instrument kSecondarySanctionsInstrument{
    .name = "secondary_sanctions",
    .meaning =
        "Threatens third countries that go on trading with the targets: they comply and join the embargo, or "
        "defy it and lose access to the senders.",
    .compiles_to =
        "comply: s × (1 − coverage) between third countries and targets; defy: s × (1 − coverage) and d̂ × "
        "(1 + cost) between third countries and senders",
    .parameters =
        {country_list("senders", "who threatens"),
         country_list("targets", "with whom trade is threatened"),
         {.name = "third_countries",
          .type = ValueType::kTextList,
          .meaning = "who is threatened; senders and targets never are",
          .unit = "country codes, blocs or \"all\""},
         fraction(
             "threshold",
             "in place of names: everybody whose share of the targets' trade in the reference world, in these sectors "
             "and this direction, is above this; a region of the baseline counts as one. `check` names those found, "
             "as far as it can be seen before the reference world is solved",
             ""),
         sector_list(),
         country_exclusions("senders, targets and third countries, as by a waiver"),
         sector_exclusions(),
         {.name = "direction",
          .meaning = "comply: the third countries' exports to the targets, their imports from them, or both; defy: the "
                     "senders' exports to the third countries, their imports, or both",
          .fallback = "both",
          .choices = {"exports", "imports", "both"}},
         {.name = "response",
          .meaning = "what the third countries do, all of them the same: comply or defy",
          .required = true,
          .choices = {"comply", "defy"}},
         by_sector(fraction("coverage",
                            "share of each flow's varieties outlawed, in all sectors or by sector; 1 is a full ban; "
                            "with defy it may be left out",
                            "")),
         by_sector({.name = "cost",
                    .type = ValueType::kNumber,
                    .meaning = "with defy: what trade with the senders costs more, ad valorem, in all sectors or by "
                               "sector, such as dearer payments and insurance",
                    .unit = "fraction",
                    .range = {.lower = 0.0, .upper = 100.0}})},
    .example = R"([[policy]]
name = "oil-waivers-end"
instrument = "secondary_sanctions"
senders = ["USA"]
targets = ["IRN"]
threshold = 0.05
sectors = ["mining"]
direction = "imports"
response = "comply"
coverage = 0.8
)",
    .check = check_sanctions,
    .compile = compile_sanctions};

}  // namespace entrepot
