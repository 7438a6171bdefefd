#pragma once

#include "solve.hpp"

namespace entrepot {

/// P̂_n = Π_lj P̂_lj^(F_lj/F_n), the Cobb–Douglas index of final use, country, ratio; 1 for a country that buys nothing.
/// price: market × sector, ratio.
Vector consumer_price_index(const World& world, const Matrix& price);

/// ∂ ln P̂_n / ∂ ln P̂ of that index for one country, market × sector.
Matrix consumer_price_weights(const World& world, Index country);

/// Î_n / P̂_n, country, ratio: real income against the base, of which welfare is the change.
Vector real_income_change(const World& world, const Equilibrium& equilibrium);

}  // namespace entrepot
