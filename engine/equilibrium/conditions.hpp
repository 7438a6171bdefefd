#pragma once

#include <vector>

#include "solve.hpp"

namespace entrepot {

/// What came of a price cap: of all its flows that are traded in the base year, bear the same change of export tax and
/// are not outlawed.
struct CapOutcome {
  enum class State {
    kSlack,    ///< the price keeps below the limit by itself: no rent
    kBinding,  ///< the price is the limit, and the buyers keep a rent
    kEmbargo,  ///< no rent brings the price down to the limit: these buyers end up buying nothing
  };
  PriceCap cap;
  State state = State::kSlack;
  double price = 1.0;  ///< ĉ(1+e')/(1+e), what the exporter gets at its border, ratio to the base
  double rent = 0.0;   ///< r, fraction of the price after tariff
  Vector kept;         ///< the rent by country that keeps it, million USD
};

/// What came of a group that shares its burden.
struct BurdenOutcome {
  std::vector<Index> countries;
  Vector transfer;       ///< received, by member, million USD; sums to zero
  double welfare = 0.0;  ///< equivalent variation, the same for every member, %
};

struct Settlement {
  Solution solution;
  Shock shock;  ///< the shock with rents and transfers in place of its conditions: what `solution` is the answer to
  std::vector<CapOutcome> caps;
  std::vector<BurdenOutcome> burdens;
};

/// Solves the model for a shock with conditions (Shock::price_caps, burden_groups) and finds the rents r and transfers
/// T at which they hold:
///   0 ≤ r ⟂ ĉ(1+e')/(1+e) ≤ limit          for each cap, r kept by the buyers (model, price cap)
///   Î_n/P̂_n the same for all n of a group,  Σ T_n = 0         (CHKW24)
/// each to options.tolerance, in logs. The equilibrium is solved ten times closer than that (to 1e-12 at most), once
/// without rents and transfers, and if the conditions hold there, that is the answer, to the bit what solve() gives.
/// Rents at which less than 1e-8 of a flow's weight would be left are an embargo: the flow is banned. A cap or a group
/// without an answer is kNoConvergence with the reason; never thrown. world and shock: as for solve().
[[nodiscard]] Settlement settle(const World& world, Shock shock, const SolveOptions& options = {});

}  // namespace entrepot
