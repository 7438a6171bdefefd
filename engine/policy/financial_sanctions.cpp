#include <fmt/format.h>

#include <algorithm>

#include "by_sector.hpp"

namespace entrepot {

namespace {

/// Each country's share of its trade abroad that is with the senders, exports and imports before duty, all sectors.
Vector exposure_to(const World& world, const std::vector<Index>& senders) {
  Vector with_senders = Vector::Zero(world.country_count()), abroad = with_senders, sends = with_senders;
  for (const Index n : senders) sends(n) = 1.0;
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i) {
      const Index seller = world.country_of_location(i);
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index buyer = world.country_of_market(m);
        if (seller == buyer) continue;
        const double value = world.before_duty(m, i, j);
        abroad(seller) += value;
        abroad(buyer) += value;
        with_senders(seller) += value * sends(buyer);
        with_senders(buyer) += value * sends(seller);
      }
    }
  return with_senders.binaryExpr(abroad, [](double part, double whole) { return whole > 0.0 ? part / whole : 0.0; });
}

/// The most exposed third countries by name, for `entrepot check`.
std::string sentence_of(const World& world, std::vector<Index> third, const Vector& exposure) {
  constexpr std::size_t kNamed = 5;
  std::stable_sort(third.begin(), third.end(), [&](Index a, Index b) { return exposure(a) > exposure(b); });
  std::string list;
  for (std::size_t k = 0; k < std::min(kNamed, third.size()); ++k)
    list += fmt::format("{}{} {:.2f} %", k == 0 ? "" : ", ", world.countries[at(third[k])].code,
                        100.0 * exposure(third[k]));
  return fmt::format("third countries by their exposure to the senders: {}{}", list,
                     third.size() > kNamed ? fmt::format(" and {} more", third.size() - kNamed) : "");
}

void close_deficits(const Policy& policy, const World& world, const std::vector<Index>& targets, Shock& shock,
                    Effect& effect) {
  const double closed = policy.arguments.number("deficit_closed");
  if (closed == 0.0) return;
  if (shock.closed_deficit.size() == 0) shock.closed_deficit = Vector::Zero(world.country_count());
  std::vector<Index> without;
  for (const Index n : targets) {
    if (world.deficit(n) > 0.0)
      shock.closed_deficit(n) = 1.0 - (1.0 - shock.closed_deficit(n)) * (1.0 - closed);
    else
      without.push_back(n);
  }
  effect.changes.push_back({Channel::kClosedDeficit});
  if (!without.empty()) effect.notes.push_back(listed(world, without) + ": no deficit to close");
}

Effect compile_sanctions(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const std::vector<Index> senders = resolve_countries(policy, context, "senders", effect),
                           targets = resolve_countries(policy, context, "targets", effect),
                           sectors = resolve_sectors(policy, context, effect);
  expect_opponents(policy, context, senders, targets, effect);
  std::vector<Index> third;
  for (Index n = 0; n < world.country_count(); ++n)
    if (!holds(senders, n) && !holds(targets, n)) third.push_back(n);
  const double spillover = policy.arguments.number("spillover");
  FlowSet flows(world);
  flows.add_both_ways(senders, targets, sectors);
  expect_flows(policy, context, effect, flows);
  FlowSet elsewhere(world);
  if (spillover > 0.0) elsewhere.add_both_ways(third, targets, sectors);
  const Vector cost = numbers_by_sector(policy, context, "cost", sectors, flows);
  for (Index j = 0; j < world.sector_count(); ++j)
    if (cost(j) == 0.0) elsewhere.remove_sector(j);
  allocate(shock.iceberg, world, 1.0);
  flows.for_each(world, [&](Index m, Index i, Index j) { shock.iceberg(m, i, j) *= 1.0 + cost(j); });
  effect.changes.push_back({Channel::kIceberg, std::move(flows), false, "with the senders"});
  if (spillover > 0.0 && !third.empty()) {
    const Vector exposure = exposure_to(world, senders);
    elsewhere.for_each(world, [&](Index m, Index i, Index j) {
      const Index buyer = world.country_of_market(m), seller = world.country_of_location(i);
      const double exposed = exposure(holds(targets, buyer) ? seller : buyer);
      shock.iceberg(m, i, j) *= 1.0 + cost(j) * spillover * exposed;
    });
    effect.changes.push_back({Channel::kIceberg, std::move(elsewhere), false, "with third countries"});
    effect.notes.push_back(sentence_of(world, third, exposure));
  }
  close_deficits(policy, world, targets, shock, effect);
  return effect;
}

}  // namespace

/// d̂ and D' (model, financial sanctions). A country on both lists does not sanction itself; two targets trade with each
/// other as before. Exposure is the share of a third country's trade that is with the senders, in the world the
/// policies are compared with.
const Instrument kFinancialSanctionsInstrument{
    .name = "financial_sanctions",
    .meaning =
        "Cuts the targets off from the senders' banks and insurers: paying for their trade is dearer with everybody, "
        "and their deficits can no longer be financed.",
    .compiles_to =
        "d̂ × (1 + cost) between targets and senders; d̂ × (1 + cost × spillover × exposure) between targets and third "
        "countries, exposure the share of a third country's trade that is with the senders; of a target's D > 0 the "
        "share deficit_closed is taken over by all others in proportion to their factor income",
    .parameters =
        {country_list("senders", "whose banks refuse"), country_list("targets", "who is cut off"), sector_list(),
         country_exclusions("senders and targets"), sector_exclusions(),
         by_sector({.name = "cost",
                    .type = ValueType::kNumber,
                    .meaning = "what trade between a target and a sender costs more, ad valorem, in all sectors or by "
                               "sector: slower and dearer payments, insurance, no trade credit",
                    .unit = "fraction",
                    .required = true,
                    .range = {.lower = 0.0, .upper = 100.0}}),
         fraction("spillover",
                  "share of the cost that a third country all of whose trade is with the senders bears in its trade "
                  "with a target; others bear less in proportion. By default all of it, as a bank that needs the "
                  "senders' clearing is as wary as theirs",
                  "1"),
         fraction("deficit_closed",
                  "share of each target's trade deficit that nobody finances any more; a surplus stays as it is", "1")},
    .example = R"([[policy]]
name = "payments"
instrument = "financial_sanctions"
senders = ["USA", "EU"]
targets = ["IRN"]
cost = 0.15
spillover = 0.5
deficit_closed = 1
)",
    .compile = compile_sanctions};

}  // namespace entrepot
