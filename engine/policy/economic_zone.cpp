#include "economic_zone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "by_sector.hpp"
#include "world/split_zone.hpp"

namespace entrepot {

namespace {

constexpr const char *kHomeDuty = "home_duty", *kProduct = "product", *kInputs = "inputs";

/// A zone in its world, and the rates it is judged by.
struct Privileges {
  const World& world;
  const Zone& zone;
  double suspended;  ///< share of the duties on inputs

  bool foreign(Index origin) const {
    return world.country_of_location(origin) != world.country_of_location(zone.location);
  }
  Index inputs_of(Index location) const { return world.market(world.intermediate_use(), location); }

  /// What the host levies on foreign goods of a sector: the mean of its duties above zero, weighted by value before
  /// duty; 0 where it levies none.
  double duty_on_product(const Bilateral& tariff, Index j) const {
    double weights = 0.0, duties = 0.0;
    for (Index use = 0; use < world.uses; ++use)
      for (Index i = 0, m = world.market(use, zone.host); i < world.location_count(); ++i) {
        if (!foreign(i) || tariff(m, i, j) <= 0.0) continue;
        weights += world.before_duty(m, i, j);
        duties += world.before_duty(m, i, j) * tariff(m, i, j);
      }
    return weights > 0.0 ? duties / weights : 0.0;
  }
  /// The duties suspended on what the host's producers of a sector use at base prices, over their cost without them.
  double duty_on_inputs(const Bilateral& tariff, Index j) const {
    const Matrix& inputs = world.input[at(zone.host)];
    const Index m = inputs_of(zone.host);
    double duties = 0.0;
    for (Index k = 0; k < world.sector_count(); ++k) {
      const double spent = world.expenditure.sector(k).row(m).sum();
      if (inputs(k, j) == 0.0 || spent == 0.0) continue;
      for (Index i = 0; i < world.location_count(); ++i)
        if (foreign(i)) duties += suspended * tariff(m, i, k) * world.before_duty(m, i, k) * inputs(k, j) / spent;
    }
    return duties / (inputs.col(j).sum() + world.value_added(zone.host, j) - duties);
  }
  double duty(const std::string& on, const Bilateral& tariff, Index j) const {
    return on == kProduct ? duty_on_product(tariff, j) : duty_on_inputs(tariff, j);
  }
};

Bilateral rates_or_zero(const Bilateral& rates, const World& world) {
  Bilateral copy = rates;
  allocate(copy, world, 0.0);
  return copy;
}

/// τ' on what the zone buys abroad: the part of its host's that is not suspended. Returns what that saves it on base
/// trade, million USD.
double suspend_duties(const Privileges& zone, Bilateral& tariff) {
  const Index here = zone.inputs_of(zone.zone.location), there = zone.inputs_of(zone.zone.host);
  double saved = 0.0;
  for (Index j = 0; j < zone.world.sector_count(); ++j)
    for (Index i = 0; i < zone.world.location_count(); ++i) {
      if (!zone.foreign(i)) continue;
      tariff(here, i, j) = tariff(there, i, j) * (1.0 - zone.suspended);
      saved += zone.world.before_duty(here, i, j) * (tariff(there, i, j) - tariff(here, i, j));
    }
  return saved;
}

/// The countries that charge the zone's goods as goods from abroad: its host and those that share its customs.
std::vector<bool> customs_territory(const Policy& policy, const Context& context, Index host) {
  std::vector<bool> inside(at(context.world.country_count()), false);
  inside[at(host)] = true;
  if (policy.arguments.has("customs_territory"))
    for (const Index n :
         context.selector.countries(policy.arguments, "customs_territory", "", context.problems).members)
      inside[at(n)] = true;
  return inside;
}

/// τ' on what the zone sells to its customs territory, the same for each use. Returns it by sector, in words.
std::string charge_home_sales(const Policy& policy, const Context& context, const Privileges& zone,
                              const std::vector<Index>& sectors, Bilateral& tariff) {
  const World& world = context.world;
  const std::vector<const TomlValue*> rules = values_by_sector(policy, context, kHomeDuty, sectors);
  const Index host = zone.zone.host, here = zone.zone.location;
  const std::vector<bool> inside = customs_territory(policy, context, world.country_of_location(here));
  const Bilateral before = policy.standing ? rates_or_zero(world.tariff, world) : Bilateral{};
  std::string rates;
  for (const Index j : sectors) {
    const TomlValue* rule = rules[at(j)];
    if (rule == nullptr || zone.zone.share(j) == 0.0) continue;
    const bool number = rule->kind == TomlValue::Kind::kNumber;
    double rate = number ? rule->number : zone.duty(rule->text, tariff, j);
    if (policy.standing) {
      // What it was, in step with the duties it stands for.
      const double was = before(world.market(0, host), here, j);
      const double then = number ? rate : zone.duty(rule->text, before, j);
      if (then != 0.0) rate = was * (rate / then);
    }
    for (Index m = 0; m < world.market_count(); ++m)
      if (inside[at(world.country_of_market(m))] && !is_zone(world, world.location_of_market(m)))
        tariff(m, here, j) = std::max(rate, tariff(m, host, j));
    rates += fmt::format("{}{} {:.2f} %", rates.empty() ? "" : ", ", world.sectors[at(j)].code, 100.0 * rate);
  }
  return rates;
}

/// 1 + e' on the zone's sales: its host's times 1 − t γ^V, what is handed back to its producers. Returns that amount on
/// base trade, million USD.
double waive_taxes(const Policy& policy, const Privileges& zone, Bilateral& tax) {
  const World& world = zone.world;
  const Index host = zone.zone.host, here = zone.zone.location;
  double waived = 0.0;
  for (Index j = 0; j < world.sector_count(); ++j) {
    if (zone.zone.share(j) == 0.0) continue;
    const double cost = world.input[at(here)].col(j).sum() + world.value_added(here, j);
    const double part = cost > 0.0 ? policy.arguments.number("tax_advantage") * world.value_added(here, j) / cost : 0.0;
    for (Index m = 0; m < world.market_count(); ++m) {
      const double left = policy.standing
                              ? (1.0 + world.export_tax_at(m, here, j)) / (1.0 + world.export_tax_at(m, host, j))
                              : 1.0 - part;
      tax(m, here, j) = (1.0 + tax(m, host, j)) * left - 1.0;
      waived += world.receipts_at(m, here, j) * (tax(m, host, j) - tax(m, here, j));
    }
  }
  return waived;
}

Effect compile_zone(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const Zone* zone = find_zone(world, policy.name);
  const std::optional<Index> host = resolve_country(policy, context, "host");
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  if (zone == nullptr || !host) {
    if (host) context.problems.add(policy.arguments.where(), policy.arguments.path(), "this zone was not split off");
    return effect;
  }
  effect.resolved.insert(effect.resolved.begin(), {"host", false, {*host}});
  const Privileges privileges{world, *zone, policy.arguments.number("duty_suspension")};
  const TomlValue& home = policy.arguments.at(kHomeDuty);
  const bool free_at_home = home.kind == TomlValue::Kind::kNumber && home.number == 0.0;
  const bool new_duties = policy.standing ? !shock.tariff.empty() : privileges.suspended > 0.0 || !free_at_home;
  const bool new_taxes = policy.standing ? !shock.export_tax.empty() : policy.arguments.number("tax_advantage") > 0.0;
  if (policy.standing)
    effect.notes.push_back("in force in the reference world already; its privileges follow its host's new rates");
  else
    effect.notes.push_back(fmt::format("splits off {:.1f} million USD of output a year in the base year",
                                       output(world).row(zone->location).sum()));
  if (new_duties) {
    if (shock.tariff.empty()) shock.tariff = world.tariff;
    allocate(shock.tariff, world, 0.0);
    effect.notes.push_back(fmt::format("suspends duties of {:.2f} million USD a year on its inputs of the base year",
                                       suspend_duties(privileges, shock.tariff)));
    const std::string rates = charge_home_sales(policy, context, privileges, sectors, shock.tariff);
    if (!rates.empty()) effect.notes.push_back("duty on its sales home: " + rates);
  }
  if (new_taxes) {
    if (shock.export_tax.empty()) shock.export_tax = world.export_tax;
    allocate(shock.export_tax, world, 0.0);
    effect.notes.push_back(fmt::format("waives taxes of {:.2f} million USD a year on its sales of the base year",
                                       waive_taxes(policy, privileges, shock.export_tax)));
  }
  const double productivity = policy.arguments.number("productivity");
  if (productivity == 0.0 || policy.standing) return effect;
  if (shock.productivity.size() == 0) shock.productivity = Matrix::Ones(world.location_count(), world.sector_count());
  for (const Index j : sectors)
    if (zone->share(j) > 0.0) shock.productivity(zone->location, j) *= 1.0 + productivity;
  effect.changes.push_back({Channel::kProductivity});
  return effect;
}

void check_zone(const Policy& policy, Problems& problems) {
  const Arguments& arguments = policy.arguments;
  const auto below_one = [&](const TomlValue& value, const std::string& key, const char* why) {
    if (value.kind == TomlValue::Kind::kNumber && value.number >= 1.0)
      problems.add(value.where, key, fmt::format("{} is not below 1: {}", value.number, why));
  };
  if (arguments.has("share")) {
    const TomlValue& share = arguments.at("share");
    if (share.kind == TomlValue::Kind::kTable && share.children.empty())
      problems.add(share.where, arguments.key("share"),
                   "this table is empty; a share of one sector or more is expected");
    const char* why = "what is outside the zone must be left something";
    below_one(arguments.at("share"), arguments.key("share"), why);
    for (const TomlValue& value : arguments.at("share").children)
      below_one(value, arguments.key("share") + "." + value.key, why);
  }
  if (arguments.has("tax_advantage"))
    below_one(arguments.at("tax_advantage"), arguments.key("tax_advantage"), "the zone's firms would pay for nothing");
}

}  // namespace

/// Locations (world/split_zone.hpp), τ' and, for the options, e' and Â (model, wedges and eq. 1, 5).
/// Inputs: τ'_zone,i,k = (1 − duty_suspension) τ'_host,i,k on the zone's foreign purchases, all of which are inputs.
/// Sales home: τ'_n,zone,j for the host n and the rest of its customs territory; "product": the mean of the host's
/// duties above zero on sector j, a stand-in for its general rate; "inputs": the duties that were suspended, d_j/(1 −
/// d_j) of the sale with d_j their share of the host's cost, so that with fixed coefficients a sale home costs what it
/// did without the zone. Taxes: 1 + e' is multiplied by 1 − t γ^V_j on all sales, so that the host's budget pays the
/// zone's producers t of their value added (exactly, as long as γ^V stays: Cobb–Douglas), as if it waived taxes that
/// are part of it. What the customs and the budget lose is lost to the host's income (eq. 5).
const Instrument kEconomicZoneInstrument{
    .name = "economic_zone",
    .meaning =
        "Splits a share of some sectors off a country into a zone with suspended duties on its inputs, duties on "
        "its sales to the rest of the country and, where wanted, lower taxes and higher productivity.",
    .compiles_to =
        "one more location, called by the policy's name, with the share of the host's producers; on its "
        "inputs τ' = τ (1 − duty_suspension), on its sales to the host and its customs territory τ' = home_duty; 1 + "
        "e' is multiplied "
        "by 1 − tax_advantage × γ^V on all its sales; Â × (1 + productivity) there. Applied after all "
        "other policies, which reach a zone as they reach its host",
    .parameters =
        {{.name = "host", .meaning = "the country it lies in, whose workers and budget it shares", .required = true},
         {.name = "sectors",
          .type = ValueType::kTextList,
          .meaning = "the sectors it has producers of",
          .unit = "sector codes, \"goods\", \"services\" or \"all\"",
          .required = true},
         sector_exclusions(),
         by_sector({.name = "share",
                    .meaning = "share of the host's producers that are in the zone, in all its sectors or by sector; "
                               "below 1, also with the host's other zones. Sectors that a table leaves out have none",
                    .unit = "fraction",
                    .required = true,
                    .range = {.lower = 0.0, .upper = 1.0, .above_lower = true}}),
         fraction(
             "duty_suspension",
             "share of the host's duties on foreign goods that the zone's firms do not pay on their inputs; all of "
             "them in a customs-free zone",
             "1"),
         {.name = kHomeDuty,
          .type = ValueType::kNumberOrTable,
          .meaning = "duty on what the zone sells to its host, in all sectors or by sector: a rate on its value; "
                     "\"product\", what the host levies on foreign goods of the sector, on average where it levies any "
                     "(customs take the zone for abroad); \"inputs\", what was suspended on the inputs in them, at "
                     "base-year shares. Sectors that a table leaves out pay none",
          .unit = "fraction",
          .fallback = "product",
          .choices = {kProduct, kInputs},
          .range = {.lower = 0.0, .upper = 10.0}},
         {.name = "customs_territory",
          .type = ValueType::kTextList,
          .meaning = "who else charges home_duty on what the zone sells there, where the host's own goods do not pay "
                     "more: the other members of its customs union",
          .unit = "country codes or blocs"},
         fraction("tax_advantage",
                  "taxes that the host waives, as a share of the zone's value added, below 1; its budget pays. 0: "
                  "customs privileges only",
                  "0"),
         {.name = "productivity",
          .type = ValueType::kNumber,
          .meaning = "how much more productive value added is in the zone, by better roads or less paperwork; 0: as in "
                     "the host",
          .unit = "fraction",
          .fallback = "0",
          .range = {.lower = -1.0, .upper = 100.0, .above_lower = true}}},
    .example = R"([[policy]]
name = "great-stone"
instrument = "economic_zone"
host = "BLR"
sectors = ["machinery", "electrical"]
share = { machinery = 0.02, electrical = 0.05 }
home_duty = "inputs"
customs_territory = ["EAEU"]
tax_advantage = 0.03
)",
    .check = check_zone,
    .compile = compile_zone};

}  // namespace entrepot
