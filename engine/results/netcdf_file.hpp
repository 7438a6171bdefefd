#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace entrepot {

// NetCDF-4 files, which are HDF5 files with named dimensions: read by netCDF, xarray, h5py, R's ncdf4 and h5dump alike.
// HDF5 prints nothing and its failures become FileError. One thread at a time may use this part of the program, as the
// system's HDF5 is not safe for more.

/// What a file says of a variable beside its values.
struct VariableInfo {
  std::string name;
  std::vector<std::string> dimensions;  ///< slowest first; empty for a single value
  std::string units;                    ///< "percent", "million USD", "1"
  std::string long_name;                ///< a few words, for tables and axes
  std::string description;              ///< what it is exactly: a sentence
};

struct Attribute {
  std::string name;
  std::variant<std::string, double, int> value;
};

/// Builds a file in memory, so that the disk sees only finished files. Throws FileError (about `file`) where HDF5 fails
/// and std::logic_error for wrong use: a dimension not declared, a shape that does not fit.
class NetcdfWriter {
 public:
  /// file: for messages only.
  explicit NetcdfWriter(std::filesystem::path file);
  ~NetcdfWriter();
  NetcdfWriter(const NetcdfWriter&) = delete;
  NetcdfWriter& operator=(const NetcdfWriter&) = delete;

  void attribute(const Attribute& attribute);
  /// Declares a dimension with its labels, which become the text variable of the same name (netCDF's "coordinate
  /// variable"). The size is that of `labels`, ≥ 1.
  void dimension(const std::string& name, std::span<const std::string> labels, const std::string& long_name);
  /// Values in the order of the dimensions, last fastest. A NaN or an infinity is refused with FileError, which names
  /// the cell. Variables of three and more dimensions are compressed.
  void variable(const VariableInfo& info, std::span<const double> values);
  void variable(const VariableInfo& info, std::span<const std::string> values);
  /// The whole file, ended by a checksum that other readers don't mind. Nothing can be added afterwards.
  std::vector<std::byte> finish();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// A variable of a file: what it says of itself, and its size along each dimension.
struct StoredVariable {
  VariableInfo info;
  std::vector<std::size_t> shape;
  bool is_text = false;
};

/// Reads a file. Every method throws FileError where the file is not what it should be; the constructor does for one
/// that is missing, is not HDF5, or was cut short.
class NetcdfReader {
 public:
  explicit NetcdfReader(std::filesystem::path file);
  ~NetcdfReader();
  NetcdfReader(NetcdfReader&&) noexcept;
  NetcdfReader& operator=(NetcdfReader&&) noexcept;

  const std::filesystem::path& file() const noexcept;
  /// In the order in which they were written, dimensions included.
  const std::vector<StoredVariable>& variables() const noexcept;
  /// nullptr where there is none of this name.
  const StoredVariable* find(const std::string& name) const noexcept;
  /// All values of a number or text variable, last dimension fastest.
  std::vector<double> numbers(const std::string& name) const;
  std::vector<std::string> texts(const std::string& name) const;
  /// Attributes of the file itself; none where there is no such attribute or it is of another kind.
  std::optional<std::string> text_attribute(const std::string& name) const;
  std::optional<double> number_attribute(const std::string& name) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace entrepot
