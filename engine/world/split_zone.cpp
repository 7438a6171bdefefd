#include "split_zone.hpp"

#include <algorithm>
#include <cassert>

namespace entrepot {

namespace {

/// A world's flows with one more location, which has none yet.
Bilateral with_one_more(const World& world, const Bilateral& array) {
  if (array.empty()) return array;
  const Index locations = world.location_count();
  Bilateral larger(world.uses * (locations + 1), locations + 1, world.sector_count());
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < locations; ++i)
      for (Index m = 0; m < world.market_count(); ++m)
        larger(m / locations * (locations + 1) + m % locations, i, j) = array(m, i, j);
  return larger;
}

/// The new location, the last one, pays and charges what its host does.
void copy_rates(const World& world, Index host, Bilateral& rates) {
  if (rates.empty()) return;
  const Index zone = world.location_count() - 1;
  for (Index j = 0; j < world.sector_count(); ++j) {
    for (Index m = 0; m < world.market_count(); ++m) rates(m, zone, j) = rates(m, host, j);
    for (Index use = 0; use < world.uses; ++use)
      for (Index i = 0; i <= zone; ++i) rates(world.market(use, zone), i, j) = rates(world.market(use, host), i, j);
  }
}

/// Moves the part of an amount from one place to another.
void move_part(double part, double& from, double& to) {
  to = part * from;
  from -= to;
}

}  // namespace

bool is_zone(const World& world, Index location) {
  return std::any_of(world.zones.begin(), world.zones.end(), [&](const Zone& z) { return z.location == location; });
}

const Zone* find_zone(const World& world, const std::string& code) {
  for (const Zone& zone : world.zones)
    if (world.locations[at(zone.location)].code == code) return &zone;
  return nullptr;
}

Vector unzoned_share(const World& world, Index location) {
  Vector left = Vector::Ones(world.sector_count());
  for (const Zone& zone : world.zones)
    if (zone.host == location) left -= zone.share;
  return left;
}

World split_zone(const World& world, Index country, const std::string& code, const Vector& share) {
  const Index host = home_locations(world)[at(country)], zone = world.location_count(), sectors = world.sector_count();
  const Vector part = share.cwiseQuotient(unzoned_share(world, host));  // of what other zones have left
  assert((part.array() >= 0.0).all() && (part.array() < 1.0).all());
  World split = world;
  split.locations.push_back({code, country});
  split.zones.push_back({zone, host, share});
  for (Bilateral* array : {&split.expenditure, &split.tariff, &split.export_tax}) *array = with_one_more(world, *array);
  copy_rates(split, host, split.tariff);
  copy_rates(split, host, split.export_tax);

  split.input.push_back(Matrix::Zero(sectors, sectors));
  split.value_added.conservativeResize(zone + 1, sectors);
  split.final_use.conservativeResize(zone + 1, sectors);
  split.final_use.row(zone).setZero();
  for (Index j = 0; j < sectors; ++j) {
    for (Index k = 0; k < sectors; ++k) move_part(part(j), split.input[at(host)](k, j), split.input[at(zone)](k, j));
    move_part(part(j), split.value_added(host, j), split.value_added(zone, j));
    for (Index m = 0; m < split.market_count(); ++m)
      move_part(part(j), split.expenditure(m, host, j), split.expenditure(m, zone, j));
  }
  // The zone buys for its producers alone, from every source the share that its inputs are of the host's spending.
  const Index there = split.market(split.intermediate_use(), host), here = split.market(split.intermediate_use(), zone);
  for (Index k = 0; k < sectors; ++k) {
    auto flows = split.expenditure.sector(k);
    const double spent = flows.row(there).sum();
    if (spent <= 0.0) continue;
    const double bought = std::min(1.0, split.input[at(zone)].row(k).sum() / spent);
    for (Index i = 0; i <= zone; ++i) move_part(bought, flows(there, i), flows(here, i));
  }
  return split;
}

}  // namespace entrepot
