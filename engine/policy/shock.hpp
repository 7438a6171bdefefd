#pragma once

#include "world/world.hpp"

namespace entrepot {

/// How deficits D' follow the world (model, point 8).
enum class Closure {
  kFixed,         ///< D' = D in units of world GDP (the numeraire)
  kBalanced,      ///< D' = 0
  kProportional,  ///< D'_n = (D_n/V_n − shift)·ŵ_n V_n, the shift common to all countries so that ΣD' = 0
};

/// What a scenario changes, flow by flow: the one thing every instrument compiles to. An empty array means "as in the
/// base world" (tariff, export tax) or "no change" (all others), so that a shock costs memory only for what it uses.
struct Shock {
  Bilateral tariff;      ///< τ', fraction, > −1
  Bilateral export_tax;  ///< e', fraction, > −1
  Bilateral iceberg;     ///< d̂, ratio, > 0: what is shipped for one unit to arrive, against the base
  Bilateral open_share;  ///< s = 1 − b, share of varieties still allowed, in [0, 1]
  Bilateral rent;        ///< r, fraction of the price after tariff, > −1
  std::vector<Index>
      rent_beneficiary;  ///< country that receives each flow's rent, as Bilateral::values(); −1: importer
  Matrix productivity;   ///< Â, location × sector, ratio, > 0, of value added (model eq. 1)
  Vector transfer;       ///< added to D', country, million USD at base-year world GDP; sums to zero
  Closure closure = Closure::kFixed;
};

/// The shock a fraction t of the way from the base world (t = 0) to `shock` (t = 1): rates, shares and transfers move
/// linearly, iceberg costs and productivity in logs. Used as a path for the exact decomposition and for continuation.
Shock part_way(const World& world, const Shock& shock, double t);

/// Problems that make a shock impossible (shapes, rates ≤ −1, shares outside [0,1], transfers that do not sum to zero).
std::vector<std::string> check_values(const World& world, const Shock& shock);

}  // namespace entrepot
