#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "world.hpp"

namespace entrepot {

/// What baseline.toml says of a base year beside its accounts.
struct BaselineInfo {
  std::string name;  ///< the folder's name
  std::string title;
  int year = 0;
  std::vector<std::string> sources;  ///< where the figures come from, one line each
  std::string licence;
  std::vector<std::string> notes;  ///< what is measured, what is a proxy, what is imputed
};

struct Baseline {
  BaselineInfo info;
  World world;         ///< sound (check_values) and balanced (check_balance ≤ BalanceReport::kTolerance)
  std::string sha256;  ///< of the folder's accounts, hexadecimal; the same on every machine
};

/// The files of a baseline folder, in the order in which they are hashed. All CSV, million USD and fractions:
///   countries.csv     code,name,members        members: ISO 3166 alpha-3 codes separated by spaces, may be empty
///   sectors.csv       code,name,theta[,kind][,theta_NAME]...
///                     θ, trade elasticity, > 0; kind: goods | services | empty; theta_NAME: θ of another source
///   trade.csv         sector,exporter,importer,value,tariff[,export_tax][,use]
///                     value: purchasers' prices, tariff included; absent rows are zero; use: intermediate | final
///   input_output.csv  country,input,sector,value
///   accounts.csv      country,sector,value_added,final_use
///   deficits.csv      country,value            sums to zero
const std::vector<std::string>& baseline_file_names();

/// Reads a folder. Throws InputError listing every mistake with file, line and column name; an unbalanced folder is
/// one of them (the message gives the size and the worst account).
Baseline read_baseline(const std::filesystem::path& folder);

/// The same without refusing accounts that do not balance: for `baseline check`.
Baseline read_baseline_unchecked(const std::filesystem::path& folder);

/// Writes a folder that read_baseline reads back to the last bit (shortest round-trip decimals). Elasticities of the
/// nests and of labour mobility are the scenario's business and are not written. Throws InputError where the world has
/// zones and FileError where a file can't be written; all files are written before the first takes its place.
void write_baseline(const World& world, const BaselineInfo& info, const std::filesystem::path& folder);

/// The same base year with countries or sectors merged. `country_group` and `sector_group` name the group each code
/// belongs to (codes left out stay by themselves); a merged sector's θ is the trade-weighted mean of its members'.
struct Merge {
  std::vector<std::pair<std::string, std::string>> country_group;  ///< code, new code
  std::vector<std::pair<std::string, std::string>> sector_group;
};
World aggregate(const World& world, const Merge& merge);

}  // namespace entrepot
