#pragma once

#include <filesystem>

#include "import/import_report.hpp"

namespace entrepot {

/// Reads an inter-country input–output table of the OECD (ICIO, any edition, as CSV or .csv.gz; million USD, basic
/// prices). Columns and rows are COUNTRY_INDUSTRY (ARG_A01_02, ARG_01T02), final demand COUNTRY_CATEGORY (ARG_HFCE, …,
/// DPABR), then the rows of taxes less subsidies on products (TLS, TAXSUB, ARG_TAXSUB), of value added (VA, VALU) and
/// of output (OUT, OUTPUT, TOTAL). The parts of Mexico and China in the extended tables (MX1, CN2, …) are added to MEX
/// and CHN. Value added is the table's with the taxes less subsidies on inputs; those on final demand are left
/// out. `year`: of the table; 0 takes it from the file's name. Throws InputError with every mistake located.
Imported read_icio(const std::filesystem::path& file, int year);

/// The last number from 1900 to 2100 in a file's name ("ICIO2018_2015.CSV" is 2015); 0 where there is none.
int year_in_name(const std::filesystem::path& file);

}  // namespace entrepot
