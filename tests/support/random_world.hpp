#pragma once

#include <cstdint>

#include "policy/shock.hpp"
#include "world/world.hpp"

namespace entrepot::testing {

/// What a random world is like.
struct WorldShape {
  Index countries = 5;
  Index sectors = 4;
  Index uses = 1;
  double home_share = 0.8;      ///< of spending, on average
  double untraded = 0.25;       ///< share of sectors that are not traded
  double missing = 0.1;         ///< share of flows between countries that are zero
  double highest_tariff = 0.3;  ///< rates are uniform below it; domestic flows pay none
  double highest_export_tax = 0.0;
  double lowest_theta = 1.0, highest_theta = 12.0;
  double input_share = 0.5;  ///< of cost, on average
};

/// A balanced world (to round-off) drawn from a seed, the same on every machine.
World random_world(const WorldShape& shape, std::uint32_t seed);

/// A shock that uses every part of the model: tariffs, export taxes, iceberg costs, partial bans, rents (some with a
/// third country as beneficiary), detours, productivity, transfers, closed deficits. size 1: rates up to about 50 %.
Shock random_shock(const World& world, std::uint32_t seed, double size = 1.0);

/// Takes rents, detours and hubs' margins out of a shock.
void without_rents(Shock& shock);

/// The same world with countries or sectors in another order: entry k of the result is entry order[k] of the world.
World permute_countries(const World& world, const std::vector<Index>& order);
World permute_sectors(const World& world, const std::vector<Index>& order);

}  // namespace entrepot::testing
