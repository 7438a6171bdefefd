#include "csv.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

#include "read_file.hpp"

namespace entrepot {

namespace {

/// One record from `position` on, which moves past it; `line` counts the line ends met on the way.
std::vector<std::string> next_record(std::string_view text, std::size_t& position, std::size_t& line, char separator,
                                     bool& unterminated) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  unterminated = false;
  while (position < text.size()) {
    const char c = text[position++];
    if (quoted) {
      if (c == '"' && position < text.size() && text[position] == '"') {
        cells.back() += '"';
        ++position;
      } else if (c == '"') {
        quoted = false;
      } else {
        if (c == '\n') ++line;
        cells.back() += c;
      }
    } else if (c == '"' && cells.back().empty()) {
      quoted = true;
    } else if (c == separator) {
      cells.emplace_back();
    } else if (c == '\n') {
      ++line;
      return cells;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  unterminated = quoted;
  return cells;
}

}  // namespace

CsvTable CsvTable::read(const std::filesystem::path& path, Options options) {
  const std::string text = read_file(path);
  return parse(text, path.string(), options);
}

CsvTable CsvTable::parse(std::string_view text, const std::string& name, Options options) {
  CsvTable table;
  table.file_ = name;
  Problems problems;
  std::size_t position = 0, line = 1;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") position = 3;
  while (position < text.size()) {
    const std::size_t first_line = line;
    const bool comment = text[position] == '#';
    bool unterminated = false;
    std::vector<std::string> cells = next_record(text, position, line, options.separator, unterminated);
    if (comment || (cells.size() == 1 && cells[0].empty())) continue;
    if (unterminated) problems.add({name, first_line, 0}, "", "a quoted cell that starts here never ends");
    if (table.columns_.empty()) {
      for (std::size_t k = 0; k < cells.size(); ++k) {
        if (std::find(cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(k), cells[k]) !=
            cells.begin() + static_cast<std::ptrdiff_t>(k)) {
          problems.add({name, first_line, 0}, cells[k], "this column is named twice");
        }
      }
      table.columns_ = std::move(cells);
      continue;
    }
    if (cells.size() != table.columns_.size()) {
      problems.add({name, first_line, 0}, "",
                   "this row has " + std::to_string(cells.size()) + " cells, the header has " +
                       std::to_string(table.columns_.size()));
      continue;
    }
    table.lines_.push_back(first_line);
    std::move(cells.begin(), cells.end(), std::back_inserter(table.cells_));
  }
  if (table.columns_.empty())
    problems.add({name, 0, 0}, "", "this table is empty: the first line must name the columns");
  problems.throw_if_any();
  return table;
}

bool CsvTable::has_column(std::string_view name) const noexcept {
  return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
}

std::size_t CsvTable::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) {
    throw InputError({file_, 1, 0}, std::string(name), "this column is missing" + suggestion(name, columns_));
  }
  return static_cast<std::size_t>(found - columns_.begin());
}

void CsvTable::expect_only(const std::vector<std::string>& known, Problems& problems) const {
  for (const std::string& name : columns_) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      problems.add({file_, 1, 0}, name, "there is no such column" + suggestion(name, known));
    }
  }
}

double CsvTable::number(std::size_t row, std::size_t column, Problems& problems) const {
  const std::string& cell = text(row, column);
  const char* first = cell.data();
  const char* last = first + cell.size();
  while (first < last && *first == ' ') ++first;
  while (last > first && last[-1] == ' ') --last;
  if (first < last && *first == '+') ++first;
  double value = 0.0;
  const auto [end, status] = std::from_chars(first, last, value);
  if (first == last) {
    problems.add(where(row), columns_[column], "this cell is empty; a number is expected");
  } else if (status != std::errc{} || end != last || !std::isfinite(value)) {
    problems.add(where(row), columns_[column], "'" + cell + "' is not a finite number");
  } else {
    return value;
  }
  return 0.0;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos && text.substr(0, 1) != "#") return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace entrepot
