#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <stdexcept>

#include "checksum.hpp"
#include "hdf5/handle.hpp"
#include "hdf5/rows.hpp"
#include "netcdf_file.hpp"
#include "text/file_error.hpp"
#include "version.hpp"

namespace entrepot {

using hdf5::check;
using hdf5::checked;
using hdf5::Handle;

namespace {

constexpr std::size_t kMemoryStep = 1 << 20;  // bytes by which the image grows
constexpr unsigned kDeflateLevel = 4;
constexpr std::size_t kCompressedFrom = 3;  // dimensions

/// A property list that records the order in which members were created, as netCDF asks.
Handle ordered(hid_t kind, herr_t (*set_order)(hid_t, unsigned)) {
  Handle list(H5Pcreate(kind), H5Pclose);
  set_order(list.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  return list;
}

std::size_t product(const std::vector<hsize_t>& shape) {
  std::size_t size = 1;
  for (const hsize_t extent : shape) size *= static_cast<std::size_t>(extent);
  return size;
}

}  // namespace

struct NetcdfWriter::Implementation {
  struct Dimension {
    Handle scale;
    std::vector<std::string> labels;  ///< none where they are numbers
    std::size_t size = 0;
    int number = 0;
  };

  std::filesystem::path file;
  Handle image;
  std::filesystem::path on_disk;
  std::map<std::string, Dimension> dimensions;
  std::vector<Handle> row_variables;

  void create_file(const std::string& name, const Handle& access);
  void add_dimension(const std::string& name, Dimension dimension, const VariableInfo& info);
  void attribute(hid_t object, const Attribute& attribute);
  std::vector<hsize_t> shape_of(const VariableInfo& info) const;
  Handle create(const VariableInfo& info, hid_t type, const std::vector<hsize_t>& shape);
  /// Numbers that may be missing.
  Handle create_rows(const VariableInfo& info, const Handle& space, const Handle& layout);
  void describe(hid_t dataset, const VariableInfo& info);
  void attach(hid_t dataset, const VariableInfo& info);
  void write_texts(hid_t dataset, std::span<const std::string> values, const std::string& name);
  void refuse_unfinite(const VariableInfo& info, std::span<const double> values) const;
};

void NetcdfWriter::Implementation::attribute(hid_t object, const Attribute& attribute) {
  const std::string sentence = fmt::format("the attribute '{}' can't be stored", attribute.name);
  const Handle scalar(H5Screate(H5S_SCALAR), H5Sclose);
  const auto write = [&](hid_t type, const void* value) {
    const Handle stored(
        checked(H5Acreate2(object, attribute.name.c_str(), type, scalar.get(), H5P_DEFAULT, H5P_DEFAULT), file,
                sentence),
        H5Aclose);
    check(H5Awrite(stored.get(), type, value), file, sentence);
  };
  if (const auto* text = std::get_if<std::string>(&attribute.value)) {
    const char* start = text->c_str();
    write(hdf5::text_type().get(), &start);
  } else if (const auto* real = std::get_if<double>(&attribute.value)) {
    if (!std::isfinite(*real)) throw FileError(file, sentence + ": it is not a finite number");
    write(H5T_NATIVE_DOUBLE, real);
  } else {
    write(H5T_NATIVE_INT, &std::get<int>(attribute.value));
  }
}

std::vector<hsize_t> NetcdfWriter::Implementation::shape_of(const VariableInfo& info) const {
  std::vector<hsize_t> shape;
  for (const std::string& name : info.dimensions) {
    const auto dimension = dimensions.find(name);
    if (dimension == dimensions.end()) {
      throw std::logic_error(fmt::format("variable '{}': no dimension '{}'", info.name, name));
    }
    shape.push_back(dimension->second.size);
  }
  return shape;
}

Handle NetcdfWriter::Implementation::create(const VariableInfo& info, hid_t type, const std::vector<hsize_t>& shape) {
  const int rank = static_cast<int>(shape.size());
  const Handle space(rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, shape.data(), nullptr), H5Sclose);
  const Handle layout = ordered(H5P_DATASET_CREATE, H5Pset_attr_creation_order);
  H5Pset_obj_track_times(layout.get(), false);  // the same run gives the same bytes
  if (shape.size() >= kCompressedFrom) {
    std::vector<hsize_t> chunk = shape;
    chunk.front() = 1;  // readers ask for one sector at a time
    H5Pset_chunk(layout.get(), rank, chunk.data());
    H5Pset_shuffle(layout.get());
    H5Pset_deflate(layout.get(), kDeflateLevel);
  }
  return Handle(
      checked(H5Dcreate2(image.get(), info.name.c_str(), type, space.get(), H5P_DEFAULT, layout.get(), H5P_DEFAULT),
              file, fmt::format("the variable '{}' can't be stored", info.name)),
      H5Dclose);
}

Handle NetcdfWriter::Implementation::create_rows(const VariableInfo& info, const Handle& space, const Handle& layout) {
  H5Pset_fill_value(layout.get(), H5T_NATIVE_DOUBLE, &kMissing);
  Handle dataset(checked(H5Dcreate2(image.get(), info.name.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT,
                                    layout.get(), H5P_DEFAULT),
                         file, fmt::format("the variable '{}' can't be stored", info.name)),
                 H5Dclose);
  attribute(dataset.get(), {"_FillValue", kMissing});
  attach(dataset.get(), info);
  describe(dataset.get(), info);
  return dataset;
}

void NetcdfWriter::Implementation::describe(hid_t dataset, const VariableInfo& info) {
  attribute(dataset, {"units", info.units});
  attribute(dataset, {"long_name", info.long_name});
  attribute(dataset, {"description", info.description});
}

void NetcdfWriter::Implementation::attach(hid_t dataset, const VariableInfo& info) {
  for (unsigned k = 0; k < info.dimensions.size(); ++k) {
    check(H5DSattach_scale(dataset, dimensions.at(info.dimensions[k]).scale.get(), k), file,
          fmt::format("the variable '{}' can't be tied to its dimension '{}'", info.name, info.dimensions[k]));
  }
}

void NetcdfWriter::Implementation::write_texts(hid_t dataset, std::span<const std::string> values,
                                               const std::string& name) {
  std::vector<const char*> starts;
  for (const std::string& value : values) starts.push_back(value.c_str());
  check(H5Dwrite(dataset, hdf5::text_type().get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, starts.data()), file,
        fmt::format("the values of '{}' can't be stored", name));
}

void NetcdfWriter::Implementation::refuse_unfinite(const VariableInfo& info, std::span<const double> values) const {
  for (std::size_t k = 0; k < values.size(); ++k) {
    if (std::isfinite(values[k])) continue;
    std::string cell;
    std::size_t rest = k;
    for (std::size_t d = info.dimensions.size(); d-- > 0;) {
      const Dimension& dimension = dimensions.at(info.dimensions[d]);
      const std::size_t place = rest % dimension.size;
      cell = (dimension.labels.empty() ? fmt::format("{}", place) : dimension.labels[place]) +
             (cell.empty() ? "" : ", ") + cell;
      rest /= dimension.size;
    }
    throw FileError(file, fmt::format("not written: '{}' is not a finite number at ({})", info.name, cell));
  }
}

void NetcdfWriter::Implementation::create_file(const std::string& name, const Handle& access) {
  // HDF5 1.10 gives a wrong checksum to the image of a file with a newer head (superblock 2). Everything else is of
  // version 1.8 for the sake of order, and so has checksums; rows in other files need 1.10.
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, on_disk.empty() ? H5F_LIBVER_V18 : H5F_LIBVER_V110);
  const Handle creation = ordered(H5P_FILE_CREATE, H5Pset_link_creation_order);
  H5Pset_attr_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(creation.get(), false);
  image = Handle(checked(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()), file,
                         "there is no room to build this file"),
                 H5Fclose);
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  attribute(image.get(), {"_NCProperties", fmt::format("version=2,entrepot={},hdf5={}.{}.{}", program_version(), major,
                                                       minor, release)});
}

NetcdfWriter::NetcdfWriter(std::filesystem::path file) : implementation_(std::make_unique<Implementation>()) {
  hdf5::silence();
  implementation_->file = std::move(file);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(access.get(), kMemoryStep, false);
  // In memory the name stands for nothing, but HDF5 knows open files by it.
  implementation_->create_file(fmt::format("image {}", static_cast<const void*>(implementation_.get())), access);
}

NetcdfWriter::NetcdfWriter(std::filesystem::path file, const std::filesystem::path& on_disk)
    : implementation_(std::make_unique<Implementation>()) {
  hdf5::silence();
  implementation_->file = std::move(file);
  implementation_->on_disk = on_disk;
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  implementation_->create_file(on_disk.string(), access);
}

NetcdfWriter::~NetcdfWriter() = default;

void NetcdfWriter::attribute(const Attribute& attribute) {
  implementation_->attribute(implementation_->image.get(), attribute);
}

void NetcdfWriter::dimension(const std::string& name, std::span<const std::string> labels,
                             const std::string& long_name) {
  Implementation& self = *implementation_;
  if (labels.empty()) throw std::logic_error(fmt::format("dimension '{}' has no labels", name));
  Implementation::Dimension dimension;
  dimension.labels.assign(labels.begin(), labels.end());
  dimension.size = labels.size();
  const VariableInfo info = label_info(name, long_name);
  dimension.scale = self.create(info, hdf5::text_type().get(), {labels.size()});
  self.write_texts(dimension.scale.get(), labels, name);
  self.add_dimension(name, std::move(dimension), info);
}

void NetcdfWriter::numbered_dimension(const std::string& name, std::size_t size, const std::string& long_name) {
  std::vector<std::int64_t> numbers(size);
  std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
  numbered_dimension(name, numbers, long_name);
}

void NetcdfWriter::numbered_dimension(const std::string& name, std::span<const std::int64_t> numbers,
                                      const std::string& long_name) {
  Implementation& self = *implementation_;
  const std::size_t size = numbers.size();
  if (size == 0) throw std::logic_error(fmt::format("dimension '{}' has no size", name));
  Implementation::Dimension dimension;
  dimension.size = size;
  const VariableInfo info{name, {name}, "1", long_name, fmt::format("Numbers along the dimension '{}'.", name)};
  dimension.scale = self.create(info, H5T_STD_I64LE, {size});
  check(H5Dwrite(dimension.scale.get(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers.data()), self.file,
        fmt::format("the values of '{}' can't be stored", name));
  self.add_dimension(name, std::move(dimension), info);
}

void NetcdfWriter::Implementation::add_dimension(const std::string& name, Dimension dimension,
                                                 const VariableInfo& info) {
  dimension.number = static_cast<int>(dimensions.size());
  check(H5DSset_scale(dimension.scale.get(), name.c_str()), file, fmt::format("'{}' can't be made a dimension", name));
  attribute(dimension.scale.get(), {"_Netcdf4Dimid", dimension.number});
  describe(dimension.scale.get(), info);
  dimensions.emplace(name, std::move(dimension));
}

NetcdfWriter::Rows NetcdfWriter::row_variable(const VariableInfo& info, std::size_t rows_together) {
  Implementation& self = *implementation_;
  const std::vector<hsize_t> shape = self.shape_of(info);
  const int rank = static_cast<int>(shape.size());
  const Handle space(H5Screate_simple(rank, shape.data(), nullptr), H5Sclose);
  const Handle layout = ordered(H5P_DATASET_CREATE, H5Pset_attr_creation_order);
  H5Pset_obj_track_times(layout.get(), false);
  std::vector<hsize_t> chunk = shape;
  chunk.front() = std::min<hsize_t>(shape.front(), rows_together);
  H5Pset_chunk(layout.get(), rank, chunk.data());
  H5Pset_shuffle(layout.get());
  H5Pset_deflate(layout.get(), kDeflateLevel);
  self.row_variables.push_back(self.create_rows(info, space, layout));
  return {self.row_variables.size() - 1, product(shape) / static_cast<std::size_t>(shape.front())};
}

void NetcdfWriter::write_rows(const Rows& variable, std::size_t first, std::span<const double> values) {
  Implementation& self = *implementation_;
  if (values.empty()) return;
  const std::size_t rows = values.size() / variable.columns;
  const hid_t dataset = self.row_variables.at(variable.number).get();
  for (const double value : values)
    if (!std::isfinite(value)) throw FileError(self.file, "not written: a result is not a finite number");
  const Handle target = hdf5::rows_of(dataset, first, rows);
  const hsize_t size = values.size();
  const Handle memory(H5Screate_simple(1, &size, nullptr), H5Sclose);
  check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, memory.get(), target.get(), H5P_DEFAULT, values.data()), self.file,
        "results can't be stored: the disk may be full");
}

std::vector<double> NetcdfWriter::read_columns(const Rows& variable, std::size_t rows, std::size_t first_column,
                                               std::size_t columns) const {
  const Implementation& self = *implementation_;
  return hdf5::read_columns(self.row_variables.at(variable.number).get(), rows, first_column, columns, self.file,
                            "results can't be read back");
}

void NetcdfWriter::virtual_variable(const VariableInfo& info, std::span<const RowsElsewhere> sources) {
  Implementation& self = *implementation_;
  const std::string sentence = fmt::format("the variable '{}' can't be stored", info.name);
  const std::vector<hsize_t> shape = self.shape_of(info);
  const int rank = static_cast<int>(shape.size());
  const Handle space(H5Screate_simple(rank, shape.data(), nullptr), H5Sclose);
  const Handle layout = ordered(H5P_DATASET_CREATE, H5Pset_attr_creation_order);
  H5Pset_obj_track_times(layout.get(), false);
  std::vector<hsize_t> start(shape.size(), 0), length = shape, run = shape;
  for (const RowsElsewhere& source : sources) {
    if (source.rows.empty()) continue;
    H5Sselect_none(space.get());
    hsize_t mapped = 0;
    for (const auto& [first, count] : source.rows) {
      start.front() = first;
      run.front() = count;
      mapped += count;
      check(H5Sselect_hyperslab(space.get(), H5S_SELECT_OR, start.data(), nullptr, run.data(), nullptr), self.file,
            sentence);
    }
    length.front() = source.size;
    const Handle there(H5Screate_simple(rank, length.data(), nullptr), H5Sclose);
    start.front() = 0;
    run.front() = mapped;
    check(H5Sselect_hyperslab(there.get(), H5S_SELECT_SET, start.data(), nullptr, run.data(), nullptr), self.file,
          sentence);
    std::string name;  // in which HDF5 reads % as the start of a pattern
    for (const char letter : source.file) name += letter == '%' ? std::string("%%") : std::string(1, letter);
    check(H5Pset_virtual(layout.get(), space.get(), name.c_str(), info.name.c_str(), there.get()), self.file, sentence);
  }
  H5Sselect_all(space.get());
  self.create_rows(info, space, layout);
}

void NetcdfWriter::finish_on_disk() {
  Implementation& self = *implementation_;
  const std::string sentence = "this file can't be finished: the disk may be full";
  self.row_variables.clear();
  self.dimensions.clear();
  check(H5Fflush(self.image.get(), H5F_SCOPE_GLOBAL), self.file, sentence);
  check(H5Fclose(self.image.release()), self.file, sentence);
  if (!append_checksum(self.on_disk)) throw FileError(self.file, sentence);
}

void NetcdfWriter::variable(const VariableInfo& info, std::span<const double> values) {
  Implementation& self = *implementation_;
  const std::vector<hsize_t> shape = self.shape_of(info);
  if (product(shape) != values.size()) throw std::logic_error(fmt::format("variable '{}' has a wrong size", info.name));
  self.refuse_unfinite(info, values);
  const Handle dataset = self.create(info, H5T_IEEE_F64LE, shape);
  self.attach(dataset.get(), info);
  self.describe(dataset.get(), info);
  check(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), self.file,
        fmt::format("the values of '{}' can't be stored", info.name));
}

void NetcdfWriter::variable(const VariableInfo& info, std::span<const std::string> values) {
  Implementation& self = *implementation_;
  const std::vector<hsize_t> shape = self.shape_of(info);
  if (product(shape) != values.size()) throw std::logic_error(fmt::format("variable '{}' has a wrong size", info.name));
  const Handle dataset = self.create(info, hdf5::text_type().get(), shape);
  self.attach(dataset.get(), info);
  self.describe(dataset.get(), info);
  self.write_texts(dataset.get(), values, info.name);
}

std::vector<std::byte> NetcdfWriter::finish() {
  Implementation& self = *implementation_;
  const std::string sentence = "the finished file can't be taken from memory";
  check(H5Fflush(self.image.get(), H5F_SCOPE_GLOBAL), self.file, sentence);
  const ssize_t size = H5Fget_file_image(self.image.get(), nullptr, 0);
  if (size <= 0) hdf5::fail(self.file, sentence);
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  if (H5Fget_file_image(self.image.get(), bytes.data(), bytes.size()) != size) hdf5::fail(self.file, sentence);
  self.dimensions.clear();
  self.image = Handle();
  append_checksum(bytes);
  return bytes;
}

}  // namespace entrepot
