#pragma once

#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/structure.hpp"

namespace entrepot {

/// The part of purchases of one good by origin that one use makes: nearest in relative entropy to `share` of each, with
/// the total that this use needs, x_i = X_i p_i r / (p_i r + 1 − p_i) with one r for all origins (a biproportional fit
/// of two columns). purchases: X, origin, million USD, ≥ 0. share: p, origin, within (0, 1). needed: Σ_i x_i, million
/// USD, between 0 and ΣX. Returns x, origin, million USD.
Vector split_purchases(const Vector& purchases, const Vector& share, double needed);

/// Fractions of each country's purchases by origin and sector that producers buy as inputs (importer × exporter ×
/// sector), within [kLeastUse, 1 − kLeastUse]. The table's for a pair in it; a country outside the table buys from each
/// origin as its donors do, an origin outside it sells as the rest of the world does. Where the table has no flow of
/// the pair, the share of all the importer's imports of the sector, or else a half.
Bilateral intermediate_shares(const Recipe& recipe, const RecipeTables& tables, const Structure& structure);

/// The table's shares of 0 and 1 are rounding, and a split must stay possible.
inline constexpr double kLeastUse = 1e-3;

/// The same accounts with purchases by use (AC18): inputs and final use keep their levels, each flow is split so that
/// both balance. world: one use, balanced. Figures have 12 significant digits.
World split_uses(const World& world, const Bilateral& share);

}  // namespace entrepot
