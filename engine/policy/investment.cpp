#include <fmt/format.h>

#include <cmath>

#include "transfer.hpp"

namespace entrepot {

namespace {

/// What new capital does to the sectors it is put in.
struct NewCapital {
  double productivity = 1.0;  ///< Â, ratio
  double profit = 0.0;        ///< what it earns a year, million USD
};

/// value_added: of the sectors before, million USD, > 0.
NewCapital put_in(const Policy& policy, double value_added, Effect& effect) {
  const double amount = policy.arguments.number("amount_million_usd"),
               earned = amount * policy.arguments.number("annual_return");
  if (policy.arguments.has("productivity")) return {1.0 + policy.arguments.number("productivity"), earned};
  const double share = policy.arguments.number("capital_share");
  const double capital = 1.0 + earned / (share * value_added);  // K'/K
  const NewCapital result{std::pow(capital, share), earned * std::pow(capital, share - 1.0)};
  effect.notes.push_back(fmt::format(
      "{:+.2f} % capital and, at base-year prices, {:+.1f} million USD of value added a year; the new capital earns "
      "{:.1f}",
      100.0 * (capital - 1.0), (result.productivity - 1.0) * value_added, result.profit));
  return result;
}

Effect compile_investment(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  std::vector<Index> hosts;
  if (const std::optional<Index> host = resolve_country(policy, context, "host")) hosts = {*host};
  effect.resolved.push_back({"host", false, hosts});
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  const std::vector<Index> investors = resolve_countries(policy, context, "investors", effect);
  expect_two_sides(policy, context, "investors", hosts, investors);
  if (hosts.empty() || sectors.empty() || investors.empty()) return effect;
  const std::string& split = policy.arguments.text("split");
  if (policy.arguments.text("stage") == "construction") {
    add_transfer(world, investors, hosts, policy.arguments.number("amount_million_usd"), split, shock);
    effect.changes.push_back({Channel::kTransfer});
    return effect;
  }
  double value_added = 0.0;
  for (Index l = 0; l < world.location_count(); ++l)
    for (const Index j : sectors)
      if (world.country_of_location(l) == hosts[0]) value_added += world.value_added(l, j);
  if (value_added <= 0.0) {
    context.problems.add(policy.arguments.where("sectors"), policy.arguments.key("sectors"),
                         fmt::format("{} makes nothing in these sectors in the base year, so that nothing can grow",
                                     world.countries[at(hosts[0])].code));
    return effect;
  }
  const NewCapital capital = put_in(policy, value_added, effect);
  if (shock.productivity.size() == 0) shock.productivity = Matrix::Ones(world.location_count(), world.sector_count());
  for (Index l = 0; l < world.location_count(); ++l)
    for (const Index j : sectors)
      if (world.country_of_location(l) == hosts[0]) shock.productivity(l, j) *= capital.productivity;
  add_transfer(world, hosts, investors, policy.arguments.number("repatriated") * capital.profit, split, shock);
  effect.changes.push_back({Channel::kProductivity});
  effect.changes.push_back({Channel::kTransfer});
  return effect;
}

}  // namespace

/// Â and D' (model eq. 1 and 5). Value added of a sector is Cobb–Douglas, V = A K^κ L^(1−κ), and a unit of capital
/// earns its marginal product r = κV/K. Capital ΔK = amount, spread over the sectors (and the host's locations) in
/// proportion to V, raises K by the same ratio k = 1 + ΔK/K = 1 + r·amount/(κ ΣV) everywhere. With the labour that is
/// there, value added grows by Â = k^κ; the new capital earns r k^(κ−1) a unit, less than r since capital is less
/// scarce. To first order in the amount Â = 1 + r·amount/ΣV, whatever κ: the sectors' value added at base-year prices
/// grows by what the capital earns; κ = 1 makes that exact. Then prices and labour adjust, as to any Â.
const Instrument kInvestmentInstrument{
    .name = "investment",
    .meaning =
        "Builds capacity in some sectors of a host with investors' money, as a joint venture does: the money goes in "
        "while it is built, output and profits come while it works.",
    .compiles_to =
        "in construction D' + amount for the host, − amount for the investors; in operation Â × k^capital_share, k = 1 "
        "+ amount × annual_return / (capital_share × value added of the sectors), and D' − repatriated × profits for "
        "the host, + the same for the investors, profits = amount × annual_return × k^(capital_share − 1)",
    .parameters =
        {{.name = "host", .meaning = "the country where it is built", .required = true},
         country_list("investors", "who pays and owns it"),
         sector_list(),
         country_exclusions("investors"),
         sector_exclusions(),
         {.name = "stage",
          .meaning =
              "construction: the whole amount moves within the year, nothing is made yet; operation: capacity is "
              "there and profits flow",
          .fallback = "operation",
          .choices = {"construction", "operation"}},
         {.name = "amount_million_usd",
          .type = ValueType::kNumber,
          .meaning = "what is invested, at base-year world GDP; spread over the sectors in proportion to their value "
                     "added",
          .unit = "million USD",
          .required = true,
          .range = {.lower = 0.0}},
         {.name = "annual_return",
          .type = ValueType::kNumber,
          .meaning = "what capital earns a year in these sectors before, depreciation included",
          .unit = "fraction",
          .required = true,
          .range = {.lower = 0.0, .upper = 1.0}},
         fraction("repatriated", "share of the profits that flows to the investors; the host keeps the rest", "1"),
         {.name = "capital_share",
          .type = ValueType::kNumber,
          .meaning = "capital's share of value added, how fast returns fall as capital is added; 1: not at all. Gollin "
                     "(2002) finds labour shares of 0.65 to 0.80, and the default is within what they leave",
          .unit = "fraction",
          .fallback = "0.3",
          .range = {.lower = 0.0, .upper = 1.0, .above_lower = true}},
         {.name = "productivity",
          .type = ValueType::kNumber,
          .meaning = "relative change of productivity in operation, where it is known, in place of what amount and "
                     "return imply; profits are then amount × annual_return",
          .unit = "fraction",
          .range = {.lower = -1.0, .upper = 100.0, .above_lower = true}},
         transfer_split()},
    .example = R"([[policy]]
name = "tractors"
instrument = "investment"
host = "IRN"
investors = ["BLR"]
sectors = ["machinery"]
amount_million_usd = 100
annual_return = 0.12
repatriated = 0.5
)",
    .compile = compile_investment};

}  // namespace entrepot
