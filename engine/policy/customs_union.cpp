#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "by_sector.hpp"
#include "phase_in.hpp"

namespace entrepot {

namespace {

constexpr const char* kExternal = "external_tariff";

/// Where "lead" stands as the external tariff, for all sectors or for one.
bool follows_a_lead(const Policy& policy) {
  const auto is_lead = [](const TomlValue& value) { return value.text == "lead"; };
  const TomlValue& given = policy.arguments.at(kExternal);
  return is_lead(given) || std::any_of(given.children.begin(), given.children.end(), is_lead);
}

void check_union(const Policy& policy, Problems& problems) {
  check_phase_in(policy, problems);
  if (!policy.arguments.has(kExternal)) return;
  const bool follows = follows_a_lead(policy), named = policy.arguments.written("lead");
  if (follows && !named)
    problems.add(policy.arguments.where(kExternal), policy.arguments.key("lead"),
                 "external_tariff 'lead' needs the member whose tariff it is");
  if (named && !follows)
    problems.add(policy.arguments.where("lead"), policy.arguments.key("lead"),
                 "nobody follows it; external_tariff = \"lead\" would");
}

/// The mean of the rates on these flows by sector, weighted by value before duty; none for a sector without trade. It
/// is written as a distance from one of them so that the mean of equal rates is that rate, to the last bit.
std::vector<std::optional<double>> mean_rates(const World& world, const Bilateral& rates, const FlowSet& flows) {
  std::vector<std::optional<double>> mean(at(world.sector_count()));
  Vector weights = Vector::Zero(world.sector_count()), distance = weights;
  flows.for_each(world, [&](Index m, Index i, Index j) {
    const double weight = world.before_duty(m, i, j);
    if (weight == 0.0) return;
    if (!mean[at(j)]) mean[at(j)] = rates(m, i, j);
    weights(j) += weight;
    distance(j) += weight * (rates(m, i, j) - *mean[at(j)]);
  });
  for (Index j = 0; j < world.sector_count(); ++j)
    if (mean[at(j)]) *mean[at(j)] += distance(j) / weights(j);
  return mean;
}

/// The member whose tariff the others take; none where nobody does or the name is a mistake.
std::optional<Index> lead_of(const Policy& policy, const Context& context, const std::vector<Index>& members) {
  if (!follows_a_lead(policy)) return std::nullopt;
  const std::optional<Index> lead = resolve_country(policy, context, "lead");
  if (!lead || std::binary_search(members.begin(), members.end(), *lead)) return lead;
  context.problems.add(policy.arguments.where("lead"), policy.arguments.key("lead"),
                       fmt::format("'{}' is not a member of this union", policy.arguments.text("lead")));
  return std::nullopt;
}

/// Everybody who is neither a member nor among those whose agreements are kept.
std::vector<Index> outsiders(const Policy& policy, const Context& context, const std::vector<Index>& members) {
  std::vector<Index> inside = members;
  if (policy.arguments.has("exclude_partners")) {
    const Selection kept = context.selector.countries(policy.arguments, "exclude_partners", "", context.problems);
    inside.insert(inside.end(), kept.members.begin(), kept.members.end());
  }
  std::vector<Index> outside;
  for (Index n = 0; n < context.world.country_count(); ++n)
    if (std::find(inside.begin(), inside.end(), n) == inside.end()) outside.push_back(n);
  return outside;
}

/// Brings the members' duties on outsiders to the common ones, `part` of the way.
void apply_external_tariff(const Policy& policy, const Context& context, const std::vector<Index>& members, double part,
                           const std::vector<const TomlValue*>& rules, const FlowSet& flows, Bilateral& tariff,
                           Effect& effect) {
  const World& world = context.world;
  const std::optional<Index> lead = lead_of(policy, context, members);
  Index lead_location = 0;
  while (lead && world.country_of_location(lead_location) != *lead) ++lead_location;
  const std::vector<std::optional<double>> mean = mean_rates(world, tariff, flows);
  FlowSet of_lead(world);
  if (lead)
    for (Index j = 0; j < world.sector_count(); ++j)
      for (Index i = 0; i < world.country_count(); ++i)
        if (flows.has(*lead, i, j)) of_lead.add(*lead, i, j);
  const std::vector<std::optional<double>> lead_mean = mean_rates(world, tariff, of_lead);
  // A duty that stands nowhere because nothing is bought is not a duty of zero: the lead's mean takes its place.
  const auto lead_rate = [&](Index m, Index i, Index j) -> std::optional<double> {
    if (!lead || world.country_of_market(m) == *lead) return std::nullopt;
    const Index there = world.market(m / world.location_count(), lead_location);
    if (world.expenditure(there, i, j) > 0.0 || tariff(there, i, j) != 0.0) return tariff(there, i, j);
    return lead_mean[at(j)];
  };
  flows.for_each(world, [&](Index m, Index i, Index j) {
    const TomlValue& rule = *rules[at(j)];
    const std::optional<double> common = rule.kind == TomlValue::Kind::kNumber ? std::optional(rule.number)
                                         : rule.text == "average"              ? mean[at(j)]
                                                                               : lead_rate(m, i, j);
    if (common) tariff(m, i, j) = std::lerp(tariff(m, i, j), *common, part);
  });
  std::string averages;
  for (Index j = 0; j < world.sector_count(); ++j)
    if (rules[at(j)] != nullptr && rules[at(j)]->text == "average" && mean[at(j)])
      averages +=
          fmt::format("{}{} {:.2f} %", averages.empty() ? "" : ", ", world.sectors[at(j)].code, 100.0 * *mean[at(j)]);
  if (!averages.empty()) effect.notes.push_back("the members' average tariff: " + averages);
}

Effect compile_union(const Policy& policy, const Context& context, Shock& shock) {
  const World& world = context.world;
  Effect effect;
  const std::vector<Index> members = resolve_countries(policy, context, "members", effect);
  const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
  FlowSet inside(world), outside(world);
  inside.add(members, members, sectors);
  expect_flows(policy, context, effect, inside);
  const std::vector<Index> others = outsiders(policy, context, members);
  if (!others.empty()) effect.resolved.push_back({"partners", false, others});
  outside.add(members, others, sectors);
  const Vector cut = numbers_by_sector(policy, context, "cut", sectors, inside);
  const std::vector<const TomlValue*> rules = values_by_sector(policy, context, kExternal, sectors);
  for (Index j = 0; j < world.sector_count(); ++j)
    if (rules[at(j)] == nullptr) outside.remove_sector(j);
  const double part = part_in_force(policy, context, "the changes", effect);
  if (shock.tariff.empty()) shock.tariff = world.tariff;
  allocate(shock.tariff, world, 0.0);
  inside.for_each(world, [&](Index m, Index i, Index j) {
    double& tariff = shock.tariff(m, i, j);
    tariff = std::lerp(tariff, tariff * (1.0 - cut(j)), part);
  });
  apply_external_tariff(policy, context, members, part, rules, outside, shock.tariff, effect);
  effect.changes.push_back({Channel::kTariff, std::move(inside), false, "between members"});
  effect.changes.push_back({Channel::kTariff, std::move(outside), part == 1.0, "from outside"});
  return effect;
}

}  // namespace

/// τ' (model, wedges): τ(1 − cut) between members, the common tariff on what they buy elsewhere; with a phase-in,
/// `part` of the way there from the duty in force. No origin is proved inside a customs union: goods that entered once
/// are free. "average": Σ w τ / Σ w by sector over all members and outsiders, w the value before duty; no partner is
/// told apart.
const Instrument kCustomsUnionInstrument{
    .name = "customs_union",
    .meaning = "Ends duties between its members and gives them one tariff towards everybody else.",
    .compiles_to =
        "τ' = τ (1 − cut) between members, τ' = external_tariff towards others; before it is all phased in, that "
        "part of the way",
    .parameters = {country_list("members", "who forms it"),
                   {.name = "exclude_partners",
                    .type = ValueType::kTextList,
                    .meaning = "outsiders towards whom members keep the duties they have, such as partners of a "
                               "free-trade area",
                    .unit = "country codes or blocs"},
                   goods_list(),
                   country_exclusions("members"),
                   sector_exclusions(),
                   {.name = kExternal,
                    .type = ValueType::kNumberOrTable,
                    .meaning = "duty towards outsiders, in all sectors or by sector: a rate; \"average\", the members' "
                               "average in the sector, weighted by imports before duty; \"lead\", what the lead levies "
                               "on each outsider, or on average where it buys nothing. In sectors that a table leaves "
                               "out members keep their own",
                    .unit = "fraction",
                    .required = true,
                    .choices = {"average", "lead"},
                    .range = {.lower = 0.0, .upper = 10.0}},
                   {.name = "lead", .meaning = "the member whose tariff the others take"},
                   by_sector(fraction("cut",
                                      "share of the duties between members that ends, in all sectors or by "
                                      "sector",
                                      "1")),
                   phase_in("the changes")},
    .example = R"([[policy]]
name = "union"
instrument = "customs_union"
members = ["EAEU"]
exclude_partners = ["IRN"]
external_tariff = { machinery = 0.05, food = "average", all = "lead" }
lead = "RUS"
)",
    .check = check_union,
    .compile = compile_union};

}  // namespace entrepot
