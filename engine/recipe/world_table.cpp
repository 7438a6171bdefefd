#include "recipe/world_table.hpp"

#include <hdf5.h>

#include <cmath>
#include <utility>

#include "text/input_error.hpp"

namespace entrepot {

namespace {

/// An HDF5 identifier that closes itself.
class Handle {
 public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const noexcept { return id_; }
  bool valid() const noexcept { return id_ >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

class TableFile {
 public:
  explicit TableFile(const std::filesystem::path& path)
      : path_(path.string()), file_(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose) {
    if (!file_.valid()) throw InputError({path_, 0, 0}, "", "this file can't be read as HDF5");
  }

  /// A dataset of numbers, row by row, and its shape.
  std::pair<std::vector<double>, std::vector<hsize_t>> numbers(const char* name) const {
    const Handle data = open(name);
    const std::vector<hsize_t> shape = shape_of(data, name);
    std::vector<double> values(count(shape));
    if (H5Dread(data.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
      fail(name, "this dataset can't be read as numbers");
    }
    for (const double value : values) {
      if (!std::isfinite(value)) fail(name, "this dataset holds a value that is not finite");
    }
    return {std::move(values), shape};
  }

  /// A dataset of texts of fixed length.
  std::vector<std::string> texts(const char* name) const {
    const Handle data = open(name);
    const std::vector<hsize_t> shape = shape_of(data, name);
    const Handle type(H5Dget_type(data.get()), H5Tclose);
    if (H5Tget_class(type.get()) != H5T_STRING || H5Tis_variable_str(type.get()) > 0) {
      fail(name, "this dataset must hold texts of fixed length");
    }
    const std::size_t length = H5Tget_size(type.get());
    std::string buffer(count(shape) * length, '\0');
    if (H5Dread(data.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer.data()) < 0) {
      fail(name, "this dataset can't be read as texts");
    }
    std::vector<std::string> result;
    for (std::size_t k = 0; k < count(shape); ++k) {
      const std::string cell = buffer.substr(k * length, length);
      result.push_back(cell.substr(0, cell.find('\0')));
    }
    return result;
  }

  [[noreturn]] void fail(const char* name, const std::string& sentence) const {
    throw InputError({path_, 0, 0}, name, sentence);
  }

 private:
  Handle open(const char* name) const {
    if (H5Lexists(file_.get(), name, H5P_DEFAULT) <= 0) fail(name, "this dataset is missing");
    return Handle(H5Dopen2(file_.get(), name, H5P_DEFAULT), H5Dclose);
  }
  std::vector<hsize_t> shape_of(const Handle& data, const char* name) const {
    const Handle space(H5Dget_space(data.get()), H5Sclose);
    const int rank = H5Sget_simple_extent_ndims(space.get());
    if (rank < 1) fail(name, "this dataset must be a vector or a matrix");
    std::vector<hsize_t> shape(static_cast<std::size_t>(rank));
    H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
    return shape;
  }
  static std::size_t count(const std::vector<hsize_t>& shape) {
    std::size_t result = 1;
    for (const hsize_t size : shape) result *= size;
    return result;
  }

  std::string path_;
  Handle file_;
};

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

WorldTable read_world_table(const std::filesystem::path& file) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // problems are reported as InputError, not printed
  const TableFile source(file);
  WorldTable table;
  table.countries = source.texts("countries");
  table.industries = source.texts("industries");
  const Index countries = static_cast<Index>(table.countries.size());
  const Index rows = countries * static_cast<Index>(table.industries.size());
  const auto expect = [&](const std::vector<hsize_t>& shape, std::vector<Index> wanted, const char* name) {
    bool fits = shape.size() == wanted.size();
    for (std::size_t k = 0; fits && k < wanted.size(); ++k) fits = static_cast<Index>(shape[k]) == wanted[k];
    if (!fits) source.fail(name, "the shape of this dataset does not fit the countries and industries");
  };
  {
    const auto [values, shape] = source.numbers("Z");
    expect(shape, {rows, rows}, "Z");
    table.flow = Eigen::Map<const RowMajor>(values.data(), rows, rows);
  }
  {
    const auto [values, shape] = source.numbers("F");
    const Index categories = shape.size() == 2 ? static_cast<Index>(shape[1]) / countries : 0;
    expect(shape, {rows, categories * countries}, "F");
    const Eigen::Map<const RowMajor> all(values.data(), rows, categories * countries);
    table.final_use = Matrix::Zero(rows, countries);
    for (Index n = 0; n < countries; ++n)
      table.final_use.col(n) = all.middleCols(n * categories, categories).rowwise().sum();
  }
  const auto [values, shape] = source.numbers("output");
  expect(shape, {rows}, "output");
  table.output = Eigen::Map<const Vector>(values.data(), rows);
  return table;
}

}  // namespace entrepot
