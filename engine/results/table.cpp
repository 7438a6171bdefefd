#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>

#include "text/csv.hpp"

namespace entrepot {

namespace {

constexpr std::string_view kMissing = "–";
constexpr std::string_view kGap = "  ";
constexpr int kDigits = 4;  // that a column's largest number shows
constexpr int kMostDecimals = 4;

/// The code point at `position`, which moves past it; bytes that are not UTF-8 stand for themselves.
char32_t next_code_point(std::string_view text, std::size_t& position) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[k]); };
  const unsigned char first = byte(position++);
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  if (more == 0) return first;
  char32_t point = first & (0x3F >> more);
  for (int k = 0; k < more && position < text.size() && (byte(position) & 0xC0) == 0x80; ++k) {
    point = point << 6 | (byte(position++) & 0x3F);
  }
  return point;
}

bool is_combining(char32_t point) {
  return (point >= 0x300 && point <= 0x36F) || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x20D0 && point <= 0x20FF) || (point >= 0xFE00 && point <= 0xFE0F);
}

bool is_wide(char32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0xFFE0 && point <= 0xFFE6) || (point >= 0x1F300 && point <= 0x1FAFF) ||
         (point >= 0x20000 && point <= 0x3FFFD);
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, display_width(text)), ' ');
  return right ? blanks + text : text + blanks;
}

/// A number of a column whose largest is `largest`.
std::string rounded(double value, double largest) {
  if (largest > 0.0 && largest < std::pow(10.0, 1 - kMostDecimals)) return fmt::format("{:.1e}", value);
  const int magnitude = largest > 0.0 ? static_cast<int>(std::floor(std::log10(largest))) : kDigits;
  return grouped_number(value, std::clamp(kDigits - 1 - magnitude, 0, kMostDecimals));
}

/// The lines without blanks at their ends.
void append_line(std::string& all, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  all += line + '\n';
}

}  // namespace

Cell cell_of(std::optional<double> value) {
  if (value) return *value;
  return {};
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t position = 0; position < text.size();) {
    const char32_t point = next_code_point(text, position);
    if (!is_combining(point)) width += is_wide(point) ? 2 : 1;
  }
  return width;
}

std::string grouped_number(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", std::abs(value), decimals);
  const bool is_zero = text.find_first_not_of("0.") == std::string::npos;
  const std::size_t point = std::min(text.find('.'), text.size());
  for (std::size_t k = point; k > 3; k -= 3) text.insert(k - 3, 1, ',');
  if (value < 0.0 && !is_zero) text.insert(text.begin(), '-');
  return text;
}

void Table::add_row(std::vector<Cell> row) {
  assert(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

bool Table::is_number_column(std::size_t column) const {
  return std::ranges::none_of(rows_, [&](const auto& row) { return std::holds_alternative<std::string>(row[column]); });
}

double Table::largest(std::size_t column) const {
  double size = 0.0;
  for (const auto& row : rows_) {
    if (const auto* number = std::get_if<double>(&row[column])) size = std::max(size, std::abs(*number));
  }
  return size;
}

std::string Table::text() const {
  std::vector<std::vector<std::string>> lines(rows_.size() + 2, std::vector<std::string>(columns_.size()));
  std::vector<std::size_t> widths(columns_.size());
  std::vector<bool> right(columns_.size());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    lines[0][c] = columns_[c].heading;
    lines[1][c] = columns_[c].units;
    const double size = largest(c);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const Cell& cell = rows_[r][c];
      const auto* number = std::get_if<double>(&cell);
      const auto* words = std::get_if<std::string>(&cell);
      lines[r + 2][c] = number ? rounded(*number, size) : words ? *words : std::string(kMissing);
    }
    right[c] = is_number_column(c);
    for (const auto& line : lines) widths[c] = std::max(widths[c], display_width(line[c]));
  }
  if (std::ranges::all_of(columns_, [](const Column& column) { return column.units.empty(); }))
    lines.erase(lines.begin() + 1);
  std::string all;
  for (const auto& line : lines) {
    std::string joined;
    for (std::size_t c = 0; c < line.size(); ++c) {
      if (c) joined += kGap;
      joined += padded(line[c], widths[c], right[c]);
    }
    append_line(all, joined);
  }
  return all;
}

std::string Table::csv() const {
  std::string all;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    if (c) all += ',';
    all += csv_cell(column.units.empty() ? column.heading : fmt::format("{} ({})", column.heading, column.units));
  }
  all += '\n';
  for (const auto& row : rows_) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (c) all += ',';
      if (const auto* number = std::get_if<double>(&row[c])) all += fmt::format("{}", *number);
      if (const auto* words = std::get_if<std::string>(&row[c])) all += csv_cell(*words);
    }
    all += '\n';
  }
  return all;
}

}  // namespace entrepot
