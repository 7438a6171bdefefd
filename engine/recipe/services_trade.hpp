#pragma once

#include "recipe/published_tables.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/structure.hpp"

namespace entrepot {

/// Services trade (and electricity, construction): importer × exporter × sector, million USD.
struct ServicesFlows {
  Bilateral flow;
  double growth = 1.0;     ///< of services exports since the table's year, from exporters with published totals, ratio
  double published = 0.0;  ///< million USD exported by countries with published totals
  double total = 0.0;      ///< million USD exported by all
};

/// Sectors and partners as in the world table; a country outside it gets the part of the rest of the world's exports
/// and imports that its GDP is of the rest's, and buys from each origin the sectors that its donors buy there. An
/// exporter with a published total exports that much, to each country with a published figure exactly that; the others
/// export the table's value times the growth of those with totals. An estimate of an exporter's total or of what
/// it sells to one partner (estimates.csv) takes the place of a published one. gdp: base year, country, million USD.
ServicesFlows services_by_sector(const Recipe& recipe, const RecipeTables& tables, const ServicesTrade& published,
                                 const Structure& structure, const Vector& gdp);

}  // namespace entrepot
