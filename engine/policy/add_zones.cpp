#include <fmt/format.h>

#include <algorithm>

#include "by_sector.hpp"
#include "economic_zone.hpp"
#include "scenario.hpp"
#include "world/split_zone.hpp"

namespace entrepot {

namespace {

/// A zone is called by its policy's name, which must not stand for anything else where countries are named.
void expect_free_name(const Policy& policy, const World& world, const BlocTable& blocs, Problems& problems) {
  const std::string& name = policy.name;
  const bool country = std::any_of(world.countries.begin(), world.countries.end(), [&](const Country& one) {
    return one.code == name || std::find(one.members.begin(), one.members.end(), name) != one.members.end();
  });
  const char* taken = country ? "a country" : blocs.has(name) ? "a bloc" : name == "all" ? "all countries" : nullptr;
  if (taken == nullptr) return;
  problems.add(
      policy.arguments.where("name"), policy.arguments.key("name"),
      fmt::format("a zone is called by the policy's name, and '{0}' is {1}; '{0}-zone' would do", name, taken));
}

/// z by sector, 0 outside the zone. Shares that leave the host nothing, together with its other zones, and sectors that
/// it does not produce in are added to the problems.
Vector shares(const Policy& policy, const Context& context, Index host, const std::vector<Index>& sectors) {
  const World& world = context.world;
  const std::vector<const TomlValue*> given = values_by_sector(policy, context, "share", sectors);
  const Index home = home_locations(world)[at(host)];
  const Vector left = unzoned_share(world, home);
  const Matrix made = output(world);
  Vector share = Vector::Zero(world.sector_count());
  for (const Index j : sectors) {
    if (given[at(j)] == nullptr) continue;
    share(j) = given[at(j)]->number;
    const std::string &country = world.countries[at(host)].code, &sector = world.sectors[at(j)].code;
    if (made(home, j) <= 0.0)
      context.problems.add(
          policy.arguments.where("sectors"), policy.arguments.key("sectors"),
          fmt::format("{} makes nothing in {} in the base year, so that nothing can be split off", country, sector));
    else if (share(j) >= left(j))
      context.problems.add(given[at(j)]->where, policy.arguments.key("share"),
                           fmt::format("with its other zones this takes {:.4g} of {}'s {}; together they stay below 1",
                                       1.0 - left(j) + share(j), country, sector));
  }
  return share;
}

}  // namespace

World add_zones(World world, const Scenario& scenario, const BlocTable& blocs) {
  Problems problems;
  for (const std::vector<Policy>* list : {&scenario.reference_policies, &scenario.policies})
    for (const Policy& policy : *list) {
      if (policy.instrument != &kEconomicZoneInstrument || policy.standing) continue;
      Problems found;
      const Selector selector(world, blocs, scenario.date);
      const Context context{world, selector, found};
      Effect effect;
      expect_free_name(policy, world, blocs, found);
      const std::optional<Index> host = resolve_country(policy, context, "host");
      const std::vector<Index> sectors = resolve_sectors(policy, context, effect);
      Vector share;
      if (host) share = shares(policy, context, *host, sectors);
      if (found.empty()) world = split_zone(world, *host, policy.name, share);
      problems.add(found.all());
    }
  problems.throw_if_any();
  return world;
}

void order_zones(std::vector<Policy>& reference, std::vector<Policy>& policies) {
  const auto is_other = [](const Policy& policy) { return policy.instrument != &kEconomicZoneInstrument; };
  const auto standing = std::stable_partition(reference.begin(), reference.end(), is_other);
  const auto zones = std::stable_partition(policies.begin(), policies.end(), is_other);
  const auto first = policies.insert(zones, standing, reference.end());
  for (auto policy = first; policy != first + (reference.end() - standing); ++policy) policy->standing = true;
}

}  // namespace entrepot
