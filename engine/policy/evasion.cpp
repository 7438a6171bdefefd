#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "instrument.hpp"

namespace entrepot {

namespace {

constexpr double kNoRoute = std::numeric_limits<double>::infinity();
constexpr double kHighestPremium = 10.0;  // 1000 %: beyond it a percentage was written for a fraction

Parameter premium_parameter() {
  return {.name = "premium",
          .type = ValueType::kNumberOrTable,
          .meaning =
              "what a detour costs more than the outlawed direct way, ad valorem, through every hub or by hub; "
              "inf closes the way",
          .unit = "fraction",
          .required = true,
          .range = {.lower = 0.0, .upper = kHighestPremium, .infinite = true}};
}

/// μ by country: what the policy gives each hub; infinite for those that are none.
Vector premiums(const Policy& policy, const Context& context, const std::vector<Index>& hubs) {
  // A bloc of the scenario's own may have these members or others: each may have its premium written.
  const std::vector<LocatedText> named_hubs = policy.arguments.list("hubs");
  const bool fixed = std::ranges::none_of(
      named_hubs, [&](const LocatedText& name) { return context.selector.is_own_bloc(name.text); });
  Vector premium = Vector::Constant(context.world.country_count(), kNoRoute);
  const TomlValue& given = policy.arguments.at("premium");
  const auto is_hub = [&](Index n) { return holds(hubs, n); };
  if (given.kind != TomlValue::Kind::kTable) {
    for (const Index h : hubs) premium(h) = given.number;
    return premium;
  }
  const TomlValue* otherwise = given.find("all");
  std::vector<bool> has_one(at(context.world.country_count()), otherwise != nullptr);
  if (otherwise != nullptr)
    for (const Index h : hubs) premium(h) = otherwise->number;
  for (const bool blocs : {true, false})  // a country by its code stands above its bloc
    for (const TomlValue& value : given.children) {
      const bool country = position_of(context.world.countries, value.key) >= 0;
      if (value.key == "all" || country == blocs) continue;
      const std::string key = policy.arguments.key("premium") + "." + value.key;
      const std::vector<Index> named =
          context.selector.countries_named({value.key, value.key_where}, key, context.problems).members;
      if (fixed && !named.empty() && !std::any_of(named.begin(), named.end(), is_hub))
        context.problems.add(value.key_where, key, fmt::format("'{}' is not among the hubs", value.key));
      for (const Index n : named) {
        if (!is_hub(n)) continue;
        premium(n) = value.number;
        has_one[at(n)] = true;
      }
    }
  for (const Index h : hubs)
    if (!has_one[at(h)])
      context.problems.add(
          given.where, policy.arguments.key("premium"),
          fmt::format("{} is a hub and has no premium here; 'all' gives one to those that are not named",
                      context.world.countries[at(h)].code));
  return premium;
}

/// ϑ by sector: the policy's number, which must not be below θ of a sector that it touches, else θ.
Vector route_elasticities(const Policy& policy, const Context& context, const std::vector<Index>& sectors) {
  const World& world = context.world;
  Vector elasticity = world.theta;
  if (!policy.arguments.has("route_elasticity") || sectors.empty()) return elasticity;
  const double given = policy.arguments.number("route_elasticity");
  const Index highest = *std::max_element(sectors.begin(), sectors.end(),
                                          [&](Index a, Index b) { return world.theta(a) < world.theta(b); });
  if (given < world.theta(highest))
    context.problems.add(policy.arguments.where("route_elasticity"), policy.arguments.key("route_elasticity"),
                         fmt::format("{} is below the trade elasticity of {}, {}; routes are closer substitutes than "
                                     "sources, so it must be at least that",
                                     given, world.sectors[at(highest)].code, world.theta(highest)));
  elasticity.setConstant(given);
  return elasticity;
}

/// A way round and its weight against a direct one, (1+μ)^−ϑ × what is allowed of its two legs.
struct Route {
  Index hub;
  double weight;
};

/// Values in the base year of what is outlawed and of what gets through at unchanged prices, million USD before duty.
struct Passage {
  double outlawed = 0.0, passed = 0.0;
  Vector by_hub;
};

std::string sentence_of(const World& world, const Passage& passage) {
  if (passage.outlawed == 0.0)
    return "nothing that is traded in the base year is outlawed on these flows by the policies before this one, so "
           "there is nothing to evade";
  std::vector<Index> order;
  for (Index n = 0; n < passage.by_hub.size(); ++n)
    if (passage.by_hub(n) > 0.0) order.push_back(n);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return passage.by_hub(a) > passage.by_hub(b); });
  std::string hubs;
  for (const Index n : order)
    hubs += fmt::format("{} {} {:.2f} %", hubs.empty() ? ":" : ",", world.countries[at(n)].code,
                        100.0 * passage.by_hub(n) / passage.outlawed);
  return fmt::format("of {:.1f} million USD of trade outlawed, {:.2f} % finds a detour at unchanged prices{}",
                     passage.outlawed, 100.0 * passage.passed / passage.outlawed, hubs);
}

/// Adds detours to those there are, which carry less of their flows now that more is allowed than `before`.
void add_detours(const World& world, const Bilateral& before, std::vector<Detour> added, Shock& shock) {
  if (added.empty()) return;
  const auto diluted = [&](Index m, Index i, Index j) {
    const double now = shock.open_share(m, i, j);
    return now > 0.0 ? before(m, i, j) / now : 1.0;
  };
  for (Detour& old : shock.detours) old.share *= diluted(old.market, old.origin, old.sector);
  shock.detours.insert(shock.detours.end(), added.begin(), added.end());
  shock.hub_margin = Bilateral(world.market_count(), world.location_count(), world.sector_count());
  for (const Detour& detour : shock.detours)
    shock.hub_margin(detour.market, detour.origin, detour.sector) += detour.share * detour.margin;
}

Effect compile_evasion(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const std::vector<Index> hubs = resolve_countries(policy, context, "hubs", effect);
  const std::vector<Index> importers = resolve_countries(policy, context, "importers", effect);
  const std::vector<Index> exporters = resolve_countries(policy, context, "exporters", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  FlowSet flows(world);
  flows.add(importers, exporters, sectors);
  expect_flows(policy, context, effect, flows);
  const Vector premium = premiums(policy, context, hubs),
               route_elasticity = route_elasticities(policy, context, sectors);
  const double margin = policy.arguments.number("margin");
  const std::vector<Index> home = home_locations(world);

  allocate(shock.open_share, world, 1.0);
  const Bilateral before = shock.open_share;
  FlowSet opened(world);
  Passage passage{.by_hub = Vector::Zero(world.country_count())};
  std::vector<Detour> detours;
  std::vector<Route> routes;
  flows.for_each(world, [&](Index m, Index i, Index j) {
    const double open = before(m, i, j), banned = 1.0 - open;
    if (banned <= 0.0) return;
    const Index importer = world.country_of_market(m), exporter = world.country_of_location(i),
                use = m / world.location_count();
    const double value = world.before_duty(m, i, j);
    passage.outlawed += banned * value;
    opened.add(importer, exporter, j);
    routes.clear();
    double weights = 0.0;
    for (const Index h : hubs) {
      if (h == importer || h == exporter || premium(h) == kNoRoute) continue;
      const Index l = home[at(h)];
      const double legs = before(world.market(use, l), i, j) * before(m, l, j);
      routes.push_back({h, legs * std::pow(1.0 + premium(h), -route_elasticity(j))});
      weights += routes.back().weight;
    }
    // s = (1 − b) + b Q^(θ/ϑ), Q = Σ q_h
    const double passed = banned * std::pow(weights / (1.0 + weights), world.theta(j) / route_elasticity(j));
    const double open_after = open + passed;
    if (open_after == open) return;  // no way, or one too dear for the numbers to show
    shock.open_share(m, i, j) = open_after;
    passage.passed += passed * value;
    for (const Route& route : routes) {
      if (route.weight == 0.0) continue;
      const double part = route.weight / weights, dearer = premium(route.hub);
      passage.by_hub(route.hub) += passed * part * value;
      detours.push_back({m, i, j, route.hub, part * passed / open_after, margin * dearer / (1.0 + dearer)});
    }
  });
  std::vector<Index> idle, again;
  for (const Index h : hubs) {
    const auto through = [h](const Detour& one) { return one.hub == h; };
    const bool carries = std::ranges::any_of(detours, through);
    if (!carries && premium(h) != kNoRoute && passage.outlawed > 0.0) idle.push_back(h);
    if (carries && std::ranges::any_of(shock.detours, through)) again.push_back(h);
  }
  add_detours(world, before, std::move(detours), shock);
  effect.changes.push_back({Channel::kOpenShare, std::move(opened)});
  effect.notes.push_back(sentence_of(world, passage));
  if (!idle.empty())
    effect.notes.push_back(listed(world, idle) +
                           ": carries nothing, as it buys or sells itself, or its own trade is outlawed too");
  if (!again.empty())
    effect.notes.push_back(listed(world, again) +
                           ": carries for an earlier policy, too; what both take is counted for each");
  return effect;
}

}  // namespace

/// s and r (model, evasion). b is what the policies before this one have outlawed and no earlier detour carries. Q is
/// over the hubs that are neither buyer nor seller, each weight times the share allowed of its two legs, so that a hub
/// that joins the embargo is none. AA22: Allen & Arkolakis (2022), whose routes and sources have one elasticity; so has
/// the default.
const Instrument kEvasionInstrument{
    .name = "evasion",
    .meaning =
        "Outlawed trade goes on through hubs, at a premium. Covers what the policies before it in the file outlaw.",
    .compiles_to =
        "s = (1 − b) + b Q^(θ/ϑ); the evaded share of the flow e = b Q^(θ/ϑ)/s passes through the hubs in proportion "
        "to q_h = (1 + premium)^−ϑ / (1 + Σ (1 + premium)^−ϑ), Q = Σ q_h; of the value that passes, margin × premium / "
        "(1 + premium) is the hub's rent",
    .parameters = {country_list("hubs",
                                "through whom; a hub whose own trade with the buyer or the seller is outlawed too is "
                                "only as open as that trade"),
                   country_list("importers", "whose purchases", false),
                   country_list("exporters", "whose sales", false),
                   sector_list(),
                   country_exclusions("hubs, importers and exporters"),
                   sector_exclusions(),
                   premium_parameter(),
                   {.name = "route_elasticity",
                    .type = ValueType::kNumber,
                    .meaning =
                        "ϑ, how readily routes replace each other, at least the trade elasticity of every sector; by "
                        "default each sector's own, as in AA22",
                    .unit = "elasticity",
                    .range = {.lower = 0.0, .above_lower = true}},
                   fraction(
                       "margin",
                       "share of the premium that the hub keeps as a rent; the rest is a real cost, of longer ways and "
                       "hidden papers. Nobody has measured it, so that it is nothing unless given",
                       "0")},
    .example = R"([[policy]]
name = "through-the-gulf"
instrument = "evasion"
hubs = ["ARE", "TUR"]
importers = ["IRN"]
premium = { ARE = 0.15, TUR = 0.25 }
margin = 0.5
)",
    .compile = compile_evasion,
    .in_reference = false};

}  // namespace entrepot
