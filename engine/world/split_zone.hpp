#pragma once

#include <optional>
#include <string>

#include "world.hpp"

namespace entrepot {

/// Splits a zone off a country: its producers of sector j are the share z_j of the country's. What they sell is that
/// share of each of the country's flows; they use the same inputs for the same value added, bought from the same
/// sources at the same duties; nobody consumes there. The rest of the country keeps the rest. As long as zone and host
/// face the same prices, duties and wages, their costs move together, so that no flow between countries, price or
/// income of any world that follows is changed: with costs alike, π_m,zone = z/(1−z) π_m,host in every market m and
/// the zone's market has its host's shares, hence its price index (model eq. 2).
///
/// share: sector, in [0, 1), of the country's producers before any zone; with the zones there are already it must stay
/// below 1. The zone becomes the last location. The balance of the world is kept to round-off.
World split_zone(const World& world, Index country, const std::string& code, const Vector& share);

bool is_zone(const World& world, Index location);

/// The zone of that code; nullptr where there is none.
const Zone* find_zone(const World& world, const std::string& code);

/// What zones have left of a location's producers, sector, fraction: 1 − Σ z.
Vector unzoned_share(const World& world, Index location);

}  // namespace entrepot
