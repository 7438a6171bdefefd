#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "by_sector.hpp"

namespace entrepot {

namespace {

void check_cap(const Policy& policy, Problems& problems) {
  const Arguments& arguments = policy.arguments;
  const bool price = arguments.written("price_cap"), base = arguments.written("base_price"),
             limit = arguments.written("limit");
  if (price != base)
    problems.add(arguments.where(), arguments.key(price ? "base_price" : "price_cap"),
                 "a cap in money needs both: price_cap and, in the same unit, the base_price that it is read against");
  if (arguments.has("price_cap") && arguments.has("base_price")) {
    constexpr double kHighestLimit = 10.0;  // as for `limit`
    const double ratio = arguments.number("price_cap") / arguments.number("base_price");
    if (!(ratio > 0.0 && ratio <= kHighestLimit))
      problems.add(arguments.where("price_cap"), arguments.key("price_cap"),
                   fmt::format("this is {:.3g} times the base_price; above 0 and at most {} times is expected", ratio,
                               kHighestLimit));
  }
  if (limit == (price || base))
    problems.add(arguments.where("limit"), arguments.key("limit"),
                 "give the cap as price_cap and base_price, or as their ratio limit, one of the two");
}

/// Puts a cap on the flows of one producer; where some are capped already, the lower cap stands.
void add_cap(PriceCap cap, std::vector<PriceCap>& caps) {
  PriceCap* same = nullptr;
  for (PriceCap& other : caps) {
    if (other.origin != cap.origin || other.sector != cap.sector) continue;
    if (other.limit == cap.limit) {
      same = &other;
      continue;
    }
    std::vector<Index>& loser = other.limit < cap.limit ? cap.markets : other.markets;
    const std::vector<Index>& winner = other.limit < cap.limit ? other.markets : cap.markets;
    std::erase_if(loser, [&](Index m) { return std::binary_search(winner.begin(), winner.end(), m); });
  }
  if (same != nullptr) {
    std::vector<Index> both;
    std::set_union(same->markets.begin(), same->markets.end(), cap.markets.begin(), cap.markets.end(),
                   std::back_inserter(both));
    same->markets = std::move(both);
  } else {
    caps.push_back(std::move(cap));
  }
  std::erase_if(caps, [](const PriceCap& one) { return one.markets.empty(); });
}

Effect compile_cap(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const std::vector<Index> exporters = resolve_countries(policy, context, "exporters", effect);
  const std::vector<Index> buyers = resolve_countries(policy, context, "buyers", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  std::vector<Index> both;
  std::set_intersection(exporters.begin(), exporters.end(), buyers.begin(), buyers.end(), std::back_inserter(both));
  if (!both.empty())
    context.problems.add(
        policy.arguments.where("buyers"), policy.arguments.key("buyers"),
        fmt::format("{} is an exporter under this cap and can't be a buyer that imposes it; name the buyers without it",
                    world.countries[at(both[0])].code));
  FlowSet flows(world);
  flows.add(buyers, exporters, sectors);
  expect_flows(policy, context, effect, flows);
  const bool in_money = policy.arguments.has("price_cap");
  const Vector limits = in_money ? Vector::Constant(world.sector_count(), policy.arguments.number("price_cap") /
                                                                              policy.arguments.number("base_price"))
                                 : numbers_by_sector(policy, context, "limit", sectors, flows);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i) {
      PriceCap cap{i, j, limits(j), {}};
      for (Index m = 0; m < world.market_count(); ++m)
        if (flows.has(world.country_of_market(m), world.country_of_location(i), j)) cap.markets.push_back(m);
      if (!cap.markets.empty()) add_cap(std::move(cap), shock.price_caps);
    }
  for (const Index j : sectors)
    if (limits(j) > 0.0)
      effect.notes.push_back(
          fmt::format("{}: at most {:.2f} % of the price in the reference world; the rent is found "
                      "when the scenario is solved",
                      world.sectors[at(j)].code, 100.0 * limits(j)));
  effect.changes.push_back({Channel::kPriceCap, std::move(flows)});
  return effect;
}

}  // namespace

/// r with beneficiary (model, policy instruments): 0 ≤ r ⟂ ĉ(1+e')/(1+e) ≤ limit, found with the equilibrium by
/// settle() and kept by the buying country of each flow.
const Instrument kPriceCapInstrument{
    .name = "price_cap",
    .meaning =
        "Lets an exporter have no more than a highest price from the buyers who agree on it; where it binds, these "
        "buyers keep the difference to what the goods are worth to them as a rent. A cap needs a price that can fall: "
        "where labour "
        "is as mobile as it is by default, hardly any can, and a cap much below the price chokes the trade instead, "
        "which is reported as an embargo; set the exporter's labour_mobility under [model] to a number near 1.",
    .compiles_to =
        "the condition 0 ≤ r ⟂ ĉ(1+e')/(1+e) ≤ limit, where r goes to the buying country: solved together with the "
        "equilibrium, and without effect to the last bit where the price keeps below the cap by itself",
    .parameters = {country_list("exporters", "whose goods are under the cap"),
                   country_list("buyers", "who imposes it"),
                   {.name = "sectors",
                    .type = ValueType::kTextList,
                    .meaning = "the sectors it covers, each with one price; a good that is a part of its sector moves "
                               "that price by its share, so a limit nearer to 1 stands for it",
                    .unit = "sector codes, \"goods\", \"services\" or \"all\"",
                    .required = true},
                   country_exclusions("exporters and buyers"),
                   sector_exclusions(),
                   {.name = "price_cap",
                    .type = ValueType::kNumber,
                    .meaning = "the highest price at the exporter's border",
                    .unit = "USD a unit, such as a barrel",
                    .range = {.lower = 0.0, .above_lower = true}},
                   {.name = "base_price",
                    .type = ValueType::kNumber,
                    .meaning = "the exporter's price at its border in the reference world (the base year unless the "
                               "scenario makes another), which the cap is read against",
                    .unit = "USD a unit, the same as price_cap's",
                    .range = {.lower = 0.0, .above_lower = true}},
                   by_sector({.name = "limit",
                              .type = ValueType::kNumber,
                              .meaning = "in place of the two: their ratio, in all sectors or by sector; 0.85 lets the "
                                         "exporter have 85 % of its price in the reference world, both in units of "
                                         "world factor income",
                              .unit = "ratio to the price in the reference world",
                              .range = {.lower = 0.0, .upper = 10.0, .above_lower = true}})},
    .example = R"([[policy]]
name = "oil-cap"
instrument = "price_cap"
exporters = ["RUS"]
buyers = ["EU", "USA", "JPN"]
sectors = ["mining"]
price_cap = 60
base_price = 70
)",
    .check = check_cap,
    .compile = compile_cap,
    .in_reference = false};

}  // namespace entrepot
