#pragma once

#include "equilibrium/decomposition.hpp"

namespace entrepot {

/// The literature's first-order decomposition (CP15), evaluated at base tariffs; its parts do not add up to the exact
/// change. M_ni^j: base imports at border prices; p̂ = ĉ(1+e')/(1+e), which is ĉ where there are no export taxes.
///   terms_of_trade  = [Σ_ij (M_in^j (p̂_nj − 1) − M_ni^j (p̂_ij − 1))] / I_n
///   volume_of_trade = [Σ_ij τ_ni^j (M'_ni^j − M_ni^j p̂_ij)] / I_n, plus e_in^j (Y'_in^j − Y_in^j ĉ_nj) on receipts Y
///                     of flows whose export tax n collects
/// The other parts are theirs to first order too, over I_n, with X base spending of the importer and V value added:
///   iceberg = −Σ X (d̂ − 1), ban = Σ X (s − 1)/θ, productivity = Σ V (Â − 1), rent = received less paid X r,
///   transfer = D' − D
/// Returns 7 × country, % of base income; 0 for a country without income.
Decomposition first_order(const World& world, const Shock& shock, const Equilibrium& equilibrium);

}  // namespace entrepot
