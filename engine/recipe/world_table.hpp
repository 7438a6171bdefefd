#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "world/arrays.hpp"

namespace entrepot {

/// A world input–output table as published: country-industries in the order country first, then industry.
struct WorldTable {
  std::vector<std::string> countries;   ///< as the table spells them (WIOD: ROM, RoW)
  std::vector<std::string> industries;  ///< codes
  Matrix flow;       ///< Z, origin country-industry × using country-industry, million USD, basic prices
  Matrix final_use;  ///< origin country-industry × using country, all categories together, million USD, any sign
  Vector output;     ///< country-industry, million USD
};

/// Reads the HDF5 file of the World Input-Output Table (datasets Z, F, output, countries, industries). Throws
/// InputError where the file or a dataset is missing, the shapes do not fit each other or a value is not finite.
WorldTable read_world_table(const std::filesystem::path& file);

}  // namespace entrepot
