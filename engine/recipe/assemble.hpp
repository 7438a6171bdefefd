#pragma once

#include "recipe/build_baseline.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/structure.hpp"

namespace entrepot {

/// The same value with 12 significant digits, as base years are written.
double twelve_digits(double value);

/// What a base year's accounts are made of, in the order of the recipe's countries and sectors.
struct Ingredients {
  Bilateral receipts;  ///< trade between countries without tariffs, importer × exporter × sector, million USD
  Bilateral tariff;    ///< importer × exporter × sector, fraction
  Vector gdp;          ///< at market prices, country, million USD
  Vector theta;        ///< sector
};

/// The balanced world with this trade and GDP, figures at 12 significant digits; fills the report's blocks. Throws
/// InputError naming each country whose accounts can't be balanced.
World assemble(const Recipe& recipe, const RecipeTables& tables, const Structure& structure,
               const Ingredients& ingredients, BuildReport& report);

}  // namespace entrepot
