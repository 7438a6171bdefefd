#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "text/input_error.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// A country or region of the base year and the ISO 3166 alpha-3 codes it stands for (its own where it stands for
/// itself). `rest`: everything that no other region names; its members are not listed.
struct RecipeCountry {
  std::string code;
  std::string name;
  std::vector<std::string> members;
  bool rest = false;
};

/// A sector and where its figures come from. Goods have a WITS stage of processing; services have none.
struct RecipeSector {
  std::string code;
  std::string name;
  std::vector<std::string> industries;    ///< of the world input–output table
  std::vector<std::string> elasticities;  ///< GTAP sectors whose θ are averaged
  std::string stage;                      ///< raw | intermediate | consumer | capital; empty: a service
  bool is_good() const noexcept { return !stage.empty(); }
};

/// What a recipe file says (data/…/recipe.toml): sources, parameters, sectors and countries of a base year.
struct Recipe {
  std::filesystem::path file;
  BaselineInfo info;
  std::map<std::string, std::string> raw;     ///< role → file name in the folder of raw tables
  std::map<std::string, std::string> tables;  ///< role → file name beside the recipe
  std::string reference_date;                 ///< ISO date at which membership of blocs is read
  double cif_fob_factor = 1.0;                ///< imports (cif) over exports (fob) of one flow, ratio ≥ 1
  double drop_below = 0.0;                    ///< flows between countries below this are dropped, million USD
  double least_home_share = 0.0;              ///< of a sector's use, before balancing, fraction
  Index uses = 1;                             ///< 2: trade shares of intermediate and final use apart
  std::vector<std::string> importer_figures;  ///< ISO codes whose own import figures replace the exporters'
  std::vector<std::string> wits_exporters;    ///< countries whose products come from WITS although the table has them
  std::vector<std::string> plain_importers;   ///< countries whose goods by origin follow the origin's exports to all
  std::vector<std::string> no_trade;          ///< sectors without trade between countries
  std::vector<RecipeSector> sectors;
  std::vector<RecipeCountry> countries;

  Index country_count() const noexcept { return static_cast<Index>(countries.size()); }
  Index sector_count() const noexcept { return static_cast<Index>(sectors.size()); }
  std::vector<std::string> country_codes() const;
  std::vector<std::string> sector_codes() const;
  /// Position of a code, or −1.
  Index find_country(const std::string& code) const noexcept;
  Index find_sector(const std::string& code) const noexcept;
  /// The region that an ISO code belongs to: the one that lists it, or else the rest of the world.
  Index region_of(const std::string& iso3) const noexcept;
  Index rest() const noexcept;
  std::filesystem::path table(const std::string& role) const;
};

/// Reads a recipe file. Throws InputError with every unknown or missing key, wrong type, repeated code or member.
Recipe read_recipe(const std::filesystem::path& file);

}  // namespace entrepot
