#pragma once

#include <map>

#include "recipe/published_tables.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"

namespace entrepot {

/// Applied tariffs by importer × exporter × sector, fraction: the rules of tariffs.csv, then the agreements in force on
/// the recipe's reference date, in order, each overriding those before it. A bloc stands for the recipe's countries all
/// of whose members belong to it.
///
/// WITS's averages are weighted by trade and hold preferences, so that partners without one pay more: for each stage of
/// processing t = (t̄ Σ M − Σ_P r M) / Σ_{not P} M, where t̄ is the average, M the base year's trade (`receipts`,
/// importer × exporter × sector) and P the flows that an agreement of the average's own year set at r; at most
/// kMostOverAverage times t̄, for where nearly all trade is preferential the rest says little. The average of a code
/// that is no country of the recipe (the European Union's) is that of the importers of the first rule that names it,
/// without their trade with each other. A region's average is its members' mean, weighted by GDP (by ISO code, million
/// USD); the rest of the world's is that of every country with an average that no other region lists.
///
/// Throws InputError where a rule asks for an average that WITS does not have.
Bilateral tariff_rates(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                       const std::map<std::string, double>& gdp, const Bilateral& receipts);

inline constexpr double kMostOverAverage = 3.0;

}  // namespace entrepot
