#pragma once

#include <map>
#include <string>
#include <vector>

#include "recipe/recipe.hpp"
#include "world/blocs.hpp"

namespace entrepot {

/// Whose structure stands in for a country that the world table lacks (donors.csv).
struct Donor {
  std::string country;  ///< as the world table spells it
  double weight = 0.0;  ///< weights of a country sum to one
  SourceLocation where;
};

/// A figure that no raw table holds (estimates.csv).
struct Estimate {
  std::string quantity;  ///< gdp | exports | undisclosed_exports | services_exports | export_share | pair_share |
                         ///< re_export_share | theta | theta_NAME
  std::string country, partner, item;
  double value = 0.0;  ///< million USD, fraction or elasticity
  SourceLocation where;
};

/// A rule of the tariff schedule, which holds unless a later one says otherwise (tariffs.csv, agreements.csv).
struct TariffRule {
  std::string importer, exporter, item;
  double rate = 0.0;            ///< fraction; with from_profile the part of what partners without a preference pay
  bool from_profile = false;    ///< the rate follows from WITS's average for the sector's stage …
  std::string profile_country;  ///< … of this country; empty: the importer's own
  std::string from, until;      ///< days from which and until which (not included) it holds; empty: always
  SourceLocation where;

  /// Whether it holds on a day YYYY-MM-DD.
  bool holds(const std::string& day) const { return (from.empty() || from <= day) && (until.empty() || day < until); }
};

/// The tables beside a recipe, checked against its countries and sectors.
struct RecipeTables {
  std::map<std::string, std::vector<Donor>> donors;  ///< by country of the recipe
  /// Product group → sector → share, by country; "*" is general. A country's own group replaces the general one.
  std::map<std::string, std::map<std::string, std::map<std::string, double>>> product_groups;
  std::vector<Estimate> estimates;
  std::vector<TariffRule> tariffs;     ///< to all partners, and special duties
  std::vector<TariffRule> agreements;  ///< preferences, whenever in force
  BlocTable blocs;
};

/// Reads them all. Throws InputError: unknown countries, sectors and quantities (with the nearest name), shares and
/// weights that do not sum to one, rates at or below −1, bad dates, marks other than measured, proxy and estimate.
RecipeTables read_recipe_tables(const Recipe& recipe);

}  // namespace entrepot
