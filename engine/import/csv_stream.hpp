#pragma once

#include <zlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "text/input_error.hpp"

namespace entrepot {

/// A CSV file read one row at a time, for tables too large to hold; plain or gzip-compressed. The first line that is
/// not empty names the columns; cells may be quoted but do not span lines. Unlike CsvTable it lets a column's name
/// stand twice: the format's reader says whether that is a mistake.
class CsvStream {
 public:
  /// Opens the file and reads its columns. Throws InputError where it is a folder, can't be read or is empty.
  explicit CsvStream(const std::filesystem::path& file);

  const std::string& file() const noexcept { return name_; }
  /// Where the columns are named.
  SourceLocation header() const { return {name_, header_line_, 0}; }
  const std::vector<std::string>& columns() const noexcept { return columns_; }

  /// The next row that is not empty; false at the end. A row with too few or too many cells is a problem and skipped.
  bool next();
  std::string_view text(std::size_t column) const { return cells_[column]; }
  /// A finite number; an empty cell, NaN, infinity or anything else is a problem and answers 0.
  double number(std::size_t column);
  SourceLocation where() const { return {name_, line_, 0}; }
  std::size_t rows() const noexcept { return rows_; }

  /// What is wrong so far. Throws by itself at the tenth mistake, for a wrong file has one in every cell.
  void problem(SourceLocation where, std::string key, std::string sentence);
  void throw_if_any() { problems_.throw_if_any(); }

 private:
  bool next_line();
  void split();

  std::unique_ptr<gzFile_s, int (*)(gzFile)> stream_;
  std::string name_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // what is left of the buffer
  bool at_end_ = false;
  std::string line_text_;
  std::vector<std::string_view> cells_;
  std::vector<std::string> columns_;
  std::size_t line_ = 0, header_line_ = 0, rows_ = 0;
  Problems problems_;
};

/// Where each of `names` stands among the stream's columns; throws InputError naming every one that is missing, with
/// the nearest column, or that stands twice. `format` says what the file should have been.
std::vector<std::size_t> columns_of(const CsvStream& stream, const std::vector<std::string>& names,
                                    const std::string& format);

}  // namespace entrepot
