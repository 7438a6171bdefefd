#pragma once

#include "recipe/goods_trade.hpp"
#include "recipe/published_tables.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/structure.hpp"

namespace entrepot {

/// Shares of an exporter's goods by sector from its WITS profile (or the estimates that replace it): product groups
/// spread by product_groups.csv, then normalised. Sector, fraction; zero for services. Throws InputError where the
/// country has no profile or a group has no sectors.
Vector export_mix(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile, Index country);

/// Goods trade by sector: exporter × importer totals split so that they are kept exactly.
/// Pairs in the world table start from its flows; an exporter outside it from the table's rest of the world, moved to
/// its own mix and fitted to it (biproportionally, importers × sectors); an importer outside it from flows to the rest
/// of the world, moved by its WITS import shares by stage. Importer × exporter × sector, million USD fob.
Bilateral goods_by_sector(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                          const Structure& structure, const Matrix& total);

}  // namespace entrepot
