#pragma once

#include "equilibrium/solve.hpp"

namespace entrepot {

/// What a zone is in one world. Vectors are by zone, in the order of World::zones, million USD a year; its foreign
/// trade is with other countries. Nothing here is NaN or infinite.
struct ZoneFigures {
  Vector output;            ///< Y at producer prices
  Vector value_added;       ///< V, waived taxes included
  Vector exports, imports;  ///< at border prices: with export tax, before tariff and rent
  Vector home_sales;        ///< to the rest of its country, before duty
  Vector home_purchases;    ///< from the rest of its country
  Vector duties_suspended;  ///< what its imports would have paid more at its host's rates
  Vector home_duties;       ///< levied on its sales above what its host's goods pay
  Vector taxes_waived;      ///< paid by its host's budget
  /// Zone × sector, per cent of the host's: how much cheaper a unit is made in the zone, waived taxes counted; 0 in
  /// sectors it has no producers of.
  Matrix saving;
  Matrix saving_at_home;  ///< the same for a unit sold to the host, with the duty on it
};

struct ZoneMeasures {
  ZoneFigures after, base;
  Vector employment;  ///< %: labour in the zone, V̂/Φ̂ − 1; empty without an equilibrium
};

/// The reference world's side; `after` is empty.
ZoneMeasures base_zone_measures(const World& world);

/// Both sides. world: the reference; equilibrium: a solved one of `shock` in that world.
ZoneMeasures measure_zones(const World& world, const Shock& shock, const Equilibrium& equilibrium);

/// Unit cost in a zone over that in its host, sector, ratio; 1 where there are no producers of the two to compare. All
/// varieties of a sector cost the same before the split, so that the ratio of their sales tells (model eq. 3):
/// X_zone/X_host = z/(1 − Σz) (c_zone κ_zone / (c_host κ_host))^−θ in any market, the z's those of World::zones.
Vector cost_against_host(const World& world, const Zone& zone);

}  // namespace entrepot
