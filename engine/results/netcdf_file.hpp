#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "dataset.hpp"

namespace entrepot {

// NetCDF-4 files, which are HDF5 files with named dimensions: read by netCDF, xarray, h5py, R's ncdf4 and h5dump alike.
// HDF5 prints nothing and its failures become FileError. One thread at a time may use this part of the program, as the
// system's HDF5 is not safe for more.

/// Builds a file in memory, so that the disk sees only finished files; or, where it may be larger than memory, on disk
/// under a name of its own, row by row. Throws FileError (about `file`) where HDF5 fails
/// and std::logic_error for wrong use: a dimension not declared, a shape that does not fit.
class NetcdfWriter : public DatasetSink {
 public:
  /// file: for messages only.
  explicit NetcdfWriter(std::filesystem::path file);
  /// on_disk: where it is built; what is there is lost.
  NetcdfWriter(std::filesystem::path file, const std::filesystem::path& on_disk);
  ~NetcdfWriter() override;
  NetcdfWriter(const NetcdfWriter&) = delete;
  NetcdfWriter& operator=(const NetcdfWriter&) = delete;

  void attribute(const Attribute& attribute) override;
  void dimension(const std::string& name, std::span<const std::string> labels, const std::string& long_name) override;
  /// Variables of three and more dimensions are compressed.
  void variable(const VariableInfo& info, std::span<const double> values) override;
  void variable(const VariableInfo& info, std::span<const std::string> values) override;
  /// Declares a dimension whose labels are 0, 1, …, size − 1.
  void numbered_dimension(const std::string& name, std::size_t size, const std::string& long_name);
  /// The same with labels of one's own.
  void numbered_dimension(const std::string& name, std::span<const std::int64_t> numbers, const std::string& long_name);

  /// A variable that is written some rows (of its first dimension) at a time, compressed; rows not written are missing.
  struct Rows {
    std::size_t number = 0;   ///< among those of this file
    std::size_t columns = 1;  ///< numbers in a row
  };
  /// rows_together: how many are compressed as one.
  Rows row_variable(const VariableInfo& info, std::size_t rows_together);
  /// Rows first, first + 1, …; NaN and infinity are refused, kMissing is not.
  void write_rows(const Rows& variable, std::size_t first, std::span<const double> values);
  /// Some columns of all rows from the first to `rows`, row by row.
  std::vector<double> read_columns(const Rows& variable, std::size_t rows, std::size_t first_column,
                                   std::size_t columns) const;

  /// Where some rows of a variable stand, one after the other: in the variable of the same name of another file, which
  /// begins with them.
  struct RowsElsewhere {
    std::string file;                                       ///< from this file's folder
    std::size_t size = 0;                                   ///< rows that it has
    std::vector<std::pair<std::size_t, std::size_t>> rows;  ///< first and how many, rising
  };
  /// A variable whose numbers stay in other files, of a file that is built on disk (an HDF5 virtual dataset). Where one
  /// of these is not there, its rows are missing.
  void virtual_variable(const VariableInfo& info, std::span<const RowsElsewhere> sources);

  /// Of a file that is built on disk: it is whole, with its checksum, and closed. Nothing can be added afterwards.
  void finish_on_disk();
  /// The whole file, ended by a checksum that other readers don't mind. Nothing can be added afterwards.
  std::vector<std::byte> finish();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

/// Reads a file. Every method throws FileError where the file is not what it should be; the constructor does for one
/// that is missing, is not HDF5, or was cut short.
class NetcdfReader : public DatasetSource {
 public:
  explicit NetcdfReader(std::filesystem::path file);
  ~NetcdfReader() override;
  NetcdfReader(NetcdfReader&&) noexcept;
  NetcdfReader& operator=(NetcdfReader&&) noexcept;

  const std::filesystem::path& file() const noexcept override;
  const std::vector<StoredVariable>& variables() const noexcept override;
  std::vector<double> numbers(const std::string& name) const override;
  /// The numbers of rows first … first + count − 1 along the first dimension, and some columns of all rows, which are
  /// counted through the other dimensions. For variables of one dimension or more.
  std::vector<double> rows(const std::string& name, std::size_t first, std::size_t count) const;
  std::vector<double> columns(const std::string& name, std::size_t first, std::size_t count) const;
  std::vector<std::string> texts(const std::string& name) const override;
  std::optional<std::string> text_attribute(const std::string& name) const override;
  std::optional<double> number_attribute(const std::string& name) const override;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace entrepot
