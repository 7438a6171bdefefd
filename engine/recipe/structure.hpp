#pragma once

#include <string>
#include <vector>

#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/world_table.hpp"

namespace entrepot {

/// How a country spends, as shares of the base table.
struct CostStructure {
  Matrix input_share;        ///< γ, input sector k × using sector j; with value_added_share each column sums to 1
  Vector value_added_share;  ///< γ^V, sector
  Vector final_share;        ///< α, sector, sums to 1
};

/// What the world table of an earlier year says in the recipe's sectors and countries.
struct Structure {
  std::vector<CostStructure> cost;  ///< by country of the recipe
  std::vector<bool> in_table;       ///< country of the recipe: has its own rows in the table
  Bilateral trade;            ///< importer × exporter × sector, million USD, only rows and columns in the table;
                              ///< the table's own rest of the world stands at the recipe's
  Bilateral inputs;           ///< part of it that producers buy, million USD
  Bilateral final_purchases;  ///< part of it that is final use, without what is negative (inventories), million USD
  Matrix value_added;         ///< country × sector, million USD, as trade
  double folded = 0.0;        ///< negative final use set to zero (inventories), million USD, > 0
};

/// ISO 3166 code of a country as the world table spells it (WIOD's ROM is ROU).
std::string iso_of(const std::string& table_code);

/// Aggregates the table and gives each country that it lacks its donors' weighted shares. A
/// sector that a country does not produce gets the table's world shares. Throws InputError where an industry or a
/// donor does not exist in the table or a country has neither rows nor donors.
Structure read_structure(const Recipe& recipe, const RecipeTables& tables, const WorldTable& table,
                         const std::string& table_name);

}  // namespace entrepot
