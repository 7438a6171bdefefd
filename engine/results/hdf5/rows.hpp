#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "handle.hpp"

// Datasets as rows (along their first dimension) of numbers.
namespace entrepot::hdf5 {

/// The dataspace of a dataset with the rows first … first + count − 1 selected.
Handle rows_of(hid_t dataset, std::size_t first, std::size_t count);

/// The numbers of rows first … first + count − 1. Throws FileError(file, sentence).
std::vector<double> read_rows(hid_t dataset, std::size_t first, std::size_t count, const std::filesystem::path& file,
                              const std::string& sentence);

/// Some columns (counted through all dimensions but the first) of the rows 0 … rows − 1, row by row; no more in memory
/// at a time than these and some megabytes.
std::vector<double> read_columns(hid_t dataset, std::size_t rows, std::size_t first_column, std::size_t columns,
                                 const std::filesystem::path& file, const std::string& sentence);

}  // namespace entrepot::hdf5
