#pragma once

#include <map>

#include "recipe/published_tables.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"

namespace entrepot {

/// Applied tariffs by importer × exporter × sector, fraction: the rules in order, each overriding those before it.
/// A bloc stands for the recipe's countries all of whose members belong to it. WITS's averages of a region are its
/// members' mean, weighted by GDP (by ISO code, million USD); the rest of the world's are those of every country with
/// an average that no other region lists. Throws InputError where a rule asks for an average that WITS does not have.
Bilateral tariff_rates(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                       const std::map<std::string, double>& gdp);

}  // namespace entrepot
