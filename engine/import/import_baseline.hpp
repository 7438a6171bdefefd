#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "import/import_report.hpp"

namespace entrepot {

/// What the user asks of an import beside its files. Empty paths and texts, zero: not given.
struct ImportOptions {
  std::string format;                        ///< icio | wiod | baci | gtap
  std::vector<std::filesystem::path> files;  ///< gtap: files or one folder
  int year = 0;
  std::string title;
  Index uses = 2;  ///< 1 merges intermediate and final use
  std::filesystem::path elasticities, tariffs;
  // baci only
  std::filesystem::path structure;      ///< folder of the baseline that supplies what BACI lacks
  std::filesystem::path country_codes;  ///< BACI code → country
  std::filesystem::path product_codes;  ///< product → sector
  std::string rest;                     ///< country of the baseline for all others
};

const std::vector<std::string>& import_formats();

/// Reads published data into a base year: the format's reader, tariffs, balance, elasticities. The result's
/// sha256 is empty, for it is no folder yet. Throws InputError with every mistake that can be found at once.
Baseline import_baseline(const ImportOptions& options, ImportReport& report);

}  // namespace entrepot
