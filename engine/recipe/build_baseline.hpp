#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "recipe/block_change.hpp"
#include "world/balance.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// One country, as built and as published. Million USD; a published figure that does not exist is negative.
struct CountrySize {
  std::string code;
  double gdp = 0.0;  ///< value added and tariff revenue
  double gdp_published = -1.0;
  double goods_exports = 0.0;  ///< fob, without trade inside a region
  double goods_exports_published = -1.0;
  double goods_imports = 0.0;             ///< fob
  double goods_imports_published = -1.0;  ///< cif
  double services_exports = 0.0;
  double services_imports = 0.0;
  double deficit = 0.0;
  double home_share = 0.0;  ///< of all that the country buys, fraction
};

/// Goods trade between countries by where the figure comes from, million USD.
struct TradeSources {
  double reported = 0.0;
  double undisclosed = 0.0;  ///< part of the reported whose partners are inferred
  double unplaced = 0.0;     ///< part of that which no partner reports, booked with the rest of the world
  double mirrored = 0.0;
  double earlier = 0.0;    ///< from earlier years
  double estimated = 0.0;  ///< estimates.csv
  double growth = 1.0;     ///< applied to the earlier years
};

struct BuildReport {
  std::vector<BlockChange> blocks;
  std::vector<CountrySize> countries;
  TradeSources goods;
  double services_published = 0.0;  ///< exports of countries with published totals, million USD
  double services_total = 0.0;
  double services_growth = 1.0;     ///< since the table's year, applied to countries without published totals
  double negative_final_use = 0.0;  ///< set to zero when the table was aggregated, million USD
  double dropped = 0.0;             ///< flows below the recipe's threshold, million USD
  BalanceReport balance;            ///< of the result
};

/// The report as Markdown tables.
std::string describe(const BuildReport& report);

/// Builds a base year from a recipe and the raw tables it names.
///
/// Trade between countries is taken as published and kept; per country the accounts nearest to its cost and final
/// shares are found that balance with that trade and with GDP (country_balance.hpp). Value added is GDP less tariff
/// revenue, since GDP is at market prices; a deficit is imports less exports, both at fob. Figures have 12 significant
/// digits. The result has one location a country, one use or two (use_split.hpp) and no export taxes; its sha256 is
/// empty, for it is no folder yet. Deterministic: single-threaded, fixed order. Throws InputError with every problem of
/// a file, located, and where the accounts can't be balanced.
Baseline build_baseline(const std::filesystem::path& recipe_file, const std::filesystem::path& raw_folder,
                        BuildReport& report);

}  // namespace entrepot
