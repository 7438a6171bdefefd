#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace entrepot {

/// A cell: nothing (shown as "–"), text, or a finite number.
using Cell = std::variant<std::monostate, std::string, double>;

Cell cell_of(std::optional<double> value);

/// A table for the terminal and for CSV.
class Table {
 public:
  /// One column: its heading and its units, which stand under the heading (in brackets in CSV); units may be empty.
  struct Column {
    std::string heading;
    std::string units;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// A row as long as there are columns (asserted).
  void add_row(std::vector<Cell> row);
  std::size_t rows() const noexcept { return rows_.size(); }

  /// Aligned: text to the left, numbers to the right. A column's numbers share their decimals, chosen so that its
  /// largest has four digits, with at most four decimals (smaller columns: powers of ten); thousands stand apart.
  std::string text() const;
  /// RFC 4180 with a line of headings; numbers in the shortest form that reads back to the last bit.
  std::string csv() const;

 private:
  bool is_number_column(std::size_t column) const;
  double largest(std::size_t column) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Columns that UTF-8 text takes on a terminal: none for combining marks, two for wide (East Asian) letters.
std::size_t display_width(std::string_view text);

/// 1234567.891 with 1 decimal: "1,234,567.9". Never "-0.0".
std::string grouped_number(double value, int decimals);

}  // namespace entrepot
