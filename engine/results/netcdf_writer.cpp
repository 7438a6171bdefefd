#include <fmt/format.h>

#include <cmath>
#include <map>
#include <stdexcept>

#include "checksum.hpp"
#include "hdf5/handle.hpp"
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
    std::vector<std::string> labels;
    int number = 0;
  };

  std::filesystem::path file;
  Handle image;
  std::map<std::string, Dimension> dimensions;

  void attribute(hid_t object, const Attribute& attribute);
  std::vector<hsize_t> shape_of(const VariableInfo& info) const;
  Handle create(const VariableInfo& info, hid_t type, const std::vector<hsize_t>& shape);
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
    shape.push_back(dimension->second.labels.size());
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
      const std::vector<std::string>& labels = dimensions.at(info.dimensions[d]).labels;
      cell = labels[rest % labels.size()] + (cell.empty() ? "" : ", ") + cell;
      rest /= labels.size();
    }
    throw FileError(file, fmt::format("not written: '{}' is not a finite number at ({})", info.name, cell));
  }
}

NetcdfWriter::NetcdfWriter(std::filesystem::path file) : implementation_(std::make_unique<Implementation>()) {
  hdf5::silence();
  implementation_->file = std::move(file);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(access.get(), kMemoryStep, false);
  // HDF5 1.10 gives a wrong checksum to the image of a file with a newer head (superblock 2). Everything else is of
  // version 1.8 for the sake of order, and so has checksums.
  H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V18);
  const Handle creation = ordered(H5P_FILE_CREATE, H5Pset_link_creation_order);
  H5Pset_attr_creation_order(creation.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  H5Pset_obj_track_times(creation.get(), false);
  // In memory the name stands for nothing, but HDF5 knows open files by it.
  const std::string name = fmt::format("image {}", static_cast<const void*>(implementation_.get()));
  implementation_->image = Handle(checked(H5Fcreate(name.c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
                                          implementation_->file, "no room in memory to build this file"),
                                  H5Fclose);
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  attribute(
      {"_NCProperties", fmt::format("version=2,entrepot={},hdf5={}.{}.{}", program_version(), major, minor, release)});
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
  dimension.number = static_cast<int>(self.dimensions.size());
  const VariableInfo info{name, {name}, "1", long_name, fmt::format("Labels of the dimension '{}'.", name)};
  dimension.scale = self.create(info, hdf5::text_type().get(), {labels.size()});
  check(H5DSset_scale(dimension.scale.get(), name.c_str()), self.file,
        fmt::format("'{}' can't be made a dimension", name));
  self.attribute(dimension.scale.get(), {"_Netcdf4Dimid", dimension.number});
  self.describe(dimension.scale.get(), info);
  self.write_texts(dimension.scale.get(), labels, name);
  self.dimensions.emplace(name, std::move(dimension));
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
