#pragma once

#include <filesystem>

#include "import/import_report.hpp"

namespace entrepot {

/// Reads a world input–output table of WIOD (2016 release, as exported from its Stata or R file to CSV or .csv.gz;
/// million USD, basic prices): columns IndustryCode, IndustryDescription (may be absent), Country, RNr, Year (may be
/// absent), then vAUS1 … vROW56 for industries and vAUS57 … vROW61 for final demand (with or without the v), TOT; rows
/// of industries, then those of country TOT: II_fob, TXSP, EXP_adj, PURR, PURNR, VA, IntTTM, GO. Or the same in a long
/// form: the labels, then destination, use (the number) and flow, or variable (vAUS1) and value. Value added is GO less
/// II_fob: VA with taxes, adjustments and international margins. `year`: 0 takes it from the column Year or the file's
/// name; of a file of several years it is the one that is read. Throws InputError with every mistake located.
Imported read_wiod(const std::filesystem::path& file, int year);

}  // namespace entrepot
