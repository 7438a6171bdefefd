#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>

#include "checksum.hpp"
#include "hdf5/handle.hpp"
#include "hdf5/rows.hpp"
#include "netcdf_file.hpp"
#include "text/file_error.hpp"

namespace entrepot {

using hdf5::check;
using hdf5::checked;
using hdf5::Handle;

namespace {

constexpr std::array<char, 8> kSignature = {'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};

/// Says what can be said of a file before HDF5 looks at it.
void expect_hdf5(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) throw FileError(path, "there is no such file");
  if (std::filesystem::is_directory(path, error)) throw FileError(path, "this is a folder, not a file");
  if (!std::filesystem::is_regular_file(path, error)) throw FileError(path, "this is a pipe or device, not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw FileError(path, "this file can't be opened; you may have no right to read it");
  std::array<char, kSignature.size()> start{};
  file.read(start.data(), start.size());
  const auto length = static_cast<std::size_t>(file.gcount());
  if (length == 0) throw FileError(path, "this file is empty");
  if (std::memcmp(start.data(), kSignature.data(), length) != 0) {
    throw FileError(path, "this is not a netCDF-4 (HDF5) file, so it holds no results");
  }
  if (!fits_checksum(file)) throw FileError(path, "this file was cut short or is damaged: its checksum does not fit");
}

/// An attribute of text, or nothing.
std::optional<std::string> read_text(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) <= 0) return std::nullopt;
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute.get()), H5Tclose), space(H5Aget_space(attribute.get()), H5Sclose);
  if (H5Tis_variable_str(type.get()) <= 0 || H5Sget_simple_extent_npoints(space.get()) != 1) return std::nullopt;
  char* start = nullptr;
  const Handle memory = hdf5::text_type();
  if (H5Aread(attribute.get(), memory.get(), &start) < 0 || start == nullptr) return std::nullopt;
  std::string text = start;
  H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, &start);
  return text;
}

std::optional<double> read_number(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) <= 0) return std::nullopt;
  const Handle attribute(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose);
  const Handle type(H5Aget_type(attribute.get()), H5Tclose), space(H5Aget_space(attribute.get()), H5Sclose);
  const H5T_class_t kind = H5Tget_class(type.get());
  if ((kind != H5T_FLOAT && kind != H5T_INTEGER) || H5Sget_simple_extent_npoints(space.get()) != 1) return std::nullopt;
  double value = 0.0;
  if (H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &value) < 0) return std::nullopt;
  return value;
}

std::string name_of(hid_t object) {
  const ssize_t length = H5Iget_name(object, nullptr, 0);
  if (length <= 0) return {};
  std::string name(static_cast<std::size_t>(length), '\0');
  H5Iget_name(object, name.data(), name.size() + 1);
  return name.substr(name.rfind('/') + 1);
}

herr_t keep_scale_name(hid_t /*dataset*/, unsigned /*dimension*/, hid_t scale, void* name) {
  *static_cast<std::string*>(name) = name_of(scale);
  return 1;  // the first is enough
}

herr_t keep_member_name(hid_t /*group*/, const char* name, const H5L_info_t* /*info*/, void* names) {
  static_cast<std::vector<std::string>*>(names)->push_back(name);
  return 0;
}

std::vector<std::string> dimensions_of(hid_t dataset, const std::string& name, std::size_t rank) {
  if (H5DSis_scale(dataset) > 0) return {name};
  std::vector<std::string> dimensions(rank);
  for (unsigned k = 0; k < rank; ++k) H5DSiterate_scales(dataset, k, nullptr, keep_scale_name, &dimensions[k]);
  return dimensions;
}

std::string unreadable(const std::string& name) {
  return fmt::format("the values of '{}' can't be read: the file is damaged", name);
}

}  // namespace

struct NetcdfReader::Implementation {
  std::filesystem::path path;
  Handle file;
  std::vector<StoredVariable> variables;

  Handle open(const std::string& name) const {
    return Handle(checked(H5Dopen2(file.get(), name.c_str(), H5P_DEFAULT), path,
                          fmt::format("the variable '{}' can't be read", name)),
                  H5Dclose);
  }
  StoredVariable describe(const std::string& name) const;
  std::size_t size_of(const std::string& name, bool is_text) const;
  void expect_finite(const std::string& name, const std::vector<double>& values) const;
};

StoredVariable NetcdfReader::Implementation::describe(const std::string& name) const {
  const std::string sentence = fmt::format("the variable '{}' can't be read", name);
  const Handle dataset = open(name);
  const Handle space(checked(H5Dget_space(dataset.get()), path, sentence), H5Sclose);
  const Handle type(checked(H5Dget_type(dataset.get()), path, sentence), H5Tclose);
  StoredVariable variable;
  std::vector<hsize_t> shape(static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.get()))));
  H5Sget_simple_extent_dims(space.get(), shape.data(), nullptr);
  variable.shape.assign(shape.begin(), shape.end());
  variable.is_text = H5Tis_variable_str(type.get()) > 0;
  variable.info = {name, dimensions_of(dataset.get(), name, shape.size()),
                   read_text(dataset.get(), "units").value_or(""), read_text(dataset.get(), "long_name").value_or(""),
                   read_text(dataset.get(), "description").value_or("")};
  return variable;
}

std::size_t NetcdfReader::Implementation::size_of(const std::string& name, bool is_text) const {
  const auto variable = std::ranges::find(variables, name, [](const StoredVariable& v) { return v.info.name; });
  if (variable == variables.end()) throw FileError(path, fmt::format("there is no variable '{}'", name));
  if (variable->is_text != is_text) {
    throw FileError(path, fmt::format("the variable '{}' should hold {}", name, is_text ? "text" : "numbers"));
  }
  std::size_t size = 1;
  for (const std::size_t extent : variable->shape) size *= extent;
  return size;
}

NetcdfReader::NetcdfReader(std::filesystem::path file) : implementation_(std::make_unique<Implementation>()) {
  hdf5::silence();
  Implementation& self = *implementation_;
  self.path = std::move(file);
  expect_hdf5(self.path);
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_file_locking(access.get(), false, true);  // files are replaced whole: none is read while it is written
  self.file = Handle(checked(H5Fopen(self.path.c_str(), H5F_ACC_RDONLY, access.get()), self.path,
                             "this file was cut short or is damaged"),
                     H5Fclose);
  std::vector<std::string> names;
  if (H5Literate(self.file.get(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, keep_member_name, &names) < 0) {
    names.clear();
    check(H5Literate(self.file.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, keep_member_name, &names), self.path,
          "the list of variables can't be read");
  }
  for (const std::string& name : names) {
    H5O_info_t member;
    check(H5Oget_info_by_name2(self.file.get(), name.c_str(), &member, H5O_INFO_BASIC, H5P_DEFAULT), self.path,
          fmt::format("'{}' can't be read", name));
    if (member.type == H5O_TYPE_DATASET) self.variables.push_back(self.describe(name));
  }
}

NetcdfReader::~NetcdfReader() = default;
NetcdfReader::NetcdfReader(NetcdfReader&&) noexcept = default;
NetcdfReader& NetcdfReader::operator=(NetcdfReader&&) noexcept = default;

const std::filesystem::path& NetcdfReader::file() const noexcept { return implementation_->path; }

const std::vector<StoredVariable>& NetcdfReader::variables() const noexcept { return implementation_->variables; }

void NetcdfReader::Implementation::expect_finite(const std::string& name, const std::vector<double>& values) const {
  const auto odd = [](double value) { return !std::isfinite(value); };
  if (std::ranges::any_of(values, odd))
    throw FileError(path, fmt::format("'{}' holds values that are not finite numbers: the file is damaged", name));
}

std::vector<double> NetcdfReader::numbers(const std::string& name) const {
  const Implementation& self = *implementation_;
  std::vector<double> values(self.size_of(name, false));
  const Handle dataset = self.open(name);
  check(H5Dread(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), self.path,
        unreadable(name));
  self.expect_finite(name, values);
  return values;
}

std::vector<double> NetcdfReader::rows(const std::string& name, std::size_t first, std::size_t count) const {
  const Implementation& self = *implementation_;
  self.size_of(name, false);
  std::vector<double> values = hdf5::read_rows(self.open(name).get(), first, count, self.path, unreadable(name));
  self.expect_finite(name, values);
  return values;
}

std::vector<double> NetcdfReader::columns(const std::string& name, std::size_t first, std::size_t count) const {
  const Implementation& self = *implementation_;
  self.size_of(name, false);
  std::vector<double> values =
      hdf5::read_columns(self.open(name).get(), find(name)->shape.front(), first, count, self.path, unreadable(name));
  self.expect_finite(name, values);
  return values;
}

std::vector<std::string> NetcdfReader::texts(const std::string& name) const {
  const Implementation& self = *implementation_;
  std::vector<char*> starts(self.size_of(name, true), nullptr);
  const Handle dataset = self.open(name), space(H5Dget_space(dataset.get()), H5Sclose), memory = hdf5::text_type();
  check(H5Dread(dataset.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, starts.data()), self.path,
        fmt::format("the texts of '{}' can't be read: the file is damaged", name));
  std::vector<std::string> values;
  values.reserve(starts.size());
  for (const char* start : starts) values.emplace_back(start != nullptr ? start : "");
  H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, starts.data());
  return values;
}

std::optional<std::string> NetcdfReader::text_attribute(const std::string& name) const {
  return read_text(implementation_->file.get(), name);
}

std::optional<double> NetcdfReader::number_attribute(const std::string& name) const {
  return read_number(implementation_->file.get(), name);
}

}  // namespace entrepot
