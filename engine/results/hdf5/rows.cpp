#include "rows.hpp"

#include <algorithm>

namespace entrepot::hdf5 {

Handle rows_of(hid_t dataset, std::size_t first, std::size_t count) {
  Handle space(H5Dget_space(dataset), H5Sclose);
  std::vector<hsize_t> length(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.get())));
  H5Sget_simple_extent_dims(space.get(), length.data(), nullptr);
  std::vector<hsize_t> start(length.size(), 0);
  start.front() = first;
  length.front() = count;
  H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, length.data(), nullptr);
  return space;
}

std::vector<double> read_rows(hid_t dataset, std::size_t first, std::size_t count, const std::filesystem::path& file,
                              const std::string& sentence) {
  const Handle source = rows_of(dataset, first, count);
  const hssize_t selected = H5Sget_select_npoints(source.get());
  if (selected < 0 || H5Sselect_valid(source.get()) <= 0) fail(file, sentence);
  const auto size = static_cast<hsize_t>(selected);
  std::vector<double> values(static_cast<std::size_t>(size));
  const Handle memory(H5Screate_simple(1, &size, nullptr), H5Sclose);
  check(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory.get(), source.get(), H5P_DEFAULT, values.data()), file, sentence);
  return values;
}

std::vector<double> read_columns(hid_t dataset, std::size_t rows, std::size_t first_column, std::size_t columns,
                                 const std::filesystem::path& file, const std::string& sentence) {
  constexpr std::size_t kNumbersAtOnce = std::size_t{1} << 20;
  const Handle one_row = rows_of(dataset, 0, 1);
  const auto width = static_cast<std::size_t>(std::max<hssize_t>(1, H5Sget_select_npoints(one_row.get())));
  const std::size_t together = std::max<std::size_t>(1, kNumbersAtOnce / width);
  std::vector<double> result;
  result.reserve(rows * columns);
  for (std::size_t first = 0; first < rows; first += together) {
    const std::size_t count = std::min(together, rows - first);
    const std::vector<double> block = read_rows(dataset, first, count, file, sentence);
    for (std::size_t row = 0; row < count; ++row) {
      const auto start = block.begin() + static_cast<std::ptrdiff_t>(row * width + first_column);
      result.insert(result.end(), start, start + static_cast<std::ptrdiff_t>(columns));
    }
  }
  return result;
}

}  // namespace entrepot::hdf5
