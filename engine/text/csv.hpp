#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "input_error.hpp"

namespace entrepot {

/// A table read from a CSV file (RFC 4180: quoted cells, "" for a quote), every cell knowing its line.
/// The first line that is neither empty nor a comment ('#') names the columns.
class CsvTable {
 public:
  struct Options {
    char separator = ',';
  };

  /// Reads a whole file. Throws InputError for a file that can't be read, has no header, repeats a column or has a
  /// row with too few or too many cells.
  static CsvTable read(const std::filesystem::path& path, Options options);
  static CsvTable read(const std::filesystem::path& path) { return read(path, Options{}); }
  /// The same from text in memory; `name` stands for the file in messages.
  static CsvTable parse(std::string_view text, const std::string& name, Options options);

  std::size_t rows() const noexcept { return lines_.size(); }
  const std::vector<std::string>& columns() const noexcept { return columns_; }
  bool has_column(std::string_view name) const noexcept;
  /// Position of a column; throws InputError with the nearest name where there is none.
  std::size_t column(std::string_view name) const;
  /// Reports columns outside `known` as problems, with the nearest known name.
  void expect_only(const std::vector<std::string>& known, Problems& problems) const;

  const std::string& text(std::size_t row, std::size_t column) const { return cells_[row * columns_.size() + column]; }
  /// A finite number; an empty cell, NaN, infinity or anything else is added to `problems` and answers 0.
  double number(std::size_t row, std::size_t column, Problems& problems) const;
  SourceLocation where(std::size_t row) const { return {file_, lines_[row], 0}; }
  const std::string& file() const noexcept { return file_; }

 private:
  std::string file_;
  std::vector<std::string> columns_;
  std::vector<std::string> cells_;
  std::vector<std::size_t> lines_;
};

/// Text as one CSV cell: quoted where it has to be.
std::string csv_cell(std::string_view text);

}  // namespace entrepot
