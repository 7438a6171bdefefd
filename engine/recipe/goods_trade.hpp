#pragma once

#include <map>
#include <string>

#include "recipe/published_tables.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"

namespace entrepot {

/// Where a bilateral total comes from.
enum class Origin {
  kReported,  ///< the exporter's own figure (and the partner's, for what the exporter does not disclose)
  kMirrored,  ///< the importer's figure, cif to fob
  kEarlier,   ///< an earlier year, carried forward
};

/// Goods trade of the base year between the recipe's countries.
struct GoodsTrade {
  Matrix total;  ///< exporter × importer, fob, million USD; the diagonal (within a region) is zero
  double by_origin[3] = {0.0, 0.0, 0.0};  ///< million USD between the recipe's countries, by Origin
  double undisclosed = 0.0;               ///< part of the reported: partners inferred, million USD
  double unplaced = 0.0;  ///< part of that which no partner reports: booked with the rest of the world, million USD
  std::map<std::string, double> unplaced_of;  ///< the same by exporter's ISO code
  double growth = 1.0;                        ///< of trade since the earlier years, from the pairs known in both, ratio
};

/// Exports as reported; what an exporter keeps undisclosed goes to the partners whose imports (at fob) exceed what it
/// discloses, in proportion to the excess, and what is left then to the rest of the world. Importers named in the
/// recipe's `importer_figures` are taken as they report, fob, in the same way. A pair whose exporter does not report is
/// its importer's figure over the cif–fob factor, or else the earlier figure times the growth of trade.
GoodsTrade bilateral_goods_trade(const Recipe& recipe, const ReportedTrade& exports, const ReportedTrade& imports,
                                 const PairFigures& earlier);

/// Moves what an exporter does not disclose and no partner reports from the rest of the world to where the estimates
/// (undisclosed_exports, million USD) say it went. Throws InputError where they say more than there is.
void place_undisclosed_exports(const Recipe& recipe, const RecipeTables& tables, GoodsTrade& goods);

}  // namespace entrepot
