#pragma once

#include <map>
#include <string>
#include <vector>

#include "recipe/recipe.hpp"

namespace entrepot {

/// Whose structure stands in for a country that the world table lacks (donors.csv).
struct Donor {
  std::string country;  ///< as the world table spells it
  double weight = 0.0;  ///< weights of a country sum to one
  SourceLocation where;
};

/// A figure that no raw table holds (estimates.csv).
struct Estimate {
  std::string quantity;  ///< gdp | exports | services_exports | export_share | pair_share | re_export_share | theta
  std::string country, partner, item;
  double value = 0.0;  ///< million USD, fraction or elasticity
  SourceLocation where;
};

/// A rule of the tariff schedule, in force unless a later one says otherwise (tariffs.csv).
struct TariffRule {
  std::string importer, exporter, item;
  double rate = 0.0;            ///< fraction
  bool from_profile = false;    ///< rate is WITS's average for the sector's stage …
  std::string profile_country;  ///< … of this country; empty: the importer's own
  SourceLocation where;
};

/// The tables beside a recipe, checked against its countries and sectors.
struct RecipeTables {
  std::map<std::string, std::vector<Donor>> donors;  ///< by country of the recipe
  /// Product group → sector → share, by country; "*" is general. A country's own group replaces the general one.
  std::map<std::string, std::map<std::string, std::map<std::string, double>>> product_groups;
  std::vector<Estimate> estimates;
  std::vector<TariffRule> tariffs;
  std::map<std::string, std::vector<std::string>> blocs;  ///< bloc → members on the recipe's reference date
};

/// Reads them all. Throws InputError: unknown countries, sectors and quantities (with the nearest name), shares and
/// weights that do not sum to one, rates at or below −1, marks other than measured, proxy and estimate.
RecipeTables read_recipe_tables(const Recipe& recipe);

}  // namespace entrepot
