#include "headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ranking.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

/// A column by country.
struct Figures {
  Table::Column column;
  std::vector<Cell> cells;
};

Figures figures_of(const ResultReader& reader, const std::string& measure) {
  const ResultVariable variable = country_measure(reader, measure);
  return {{variable.info.long_name, variable.info.units}, {variable.values.begin(), variable.values.end()}};
}

Figures change_figures(const ResultReader& reader, const std::string& measure) {
  const ResultVariable after = country_measure(reader, measure),
                       before = country_measure(reader, measure + "_base");
  Figures figures{{after.info.long_name + " change", "percent"}, {}};
  for (std::size_t n = 0; n < after.values.size(); ++n) {
    figures.cells.push_back(cell_of(change_in_percent(after.values[n], before.values[n])));
  }
  return figures;
}

/// Whether a part of welfare is anything to anyone.
bool plays_a_part(const Figures& figures) {
  constexpr double kNothing = 1e-8;
  return std::ranges::any_of(figures.cells, [](const Cell& cell) {
    const double* value = std::get_if<double>(&cell);
    return value != nullptr && std::abs(*value) > kNothing;
  });
}

std::vector<Figures> headline_figures(const ResultReader& reader) {
  std::vector<Figures> figures;
  if (!reader.solved()) {
    for (const char* name : {"income_base", "exports_base", "imports_base"})
      figures.push_back(figures_of(reader, name));
    return figures;
  }
  for (const char* name : {"welfare", "welfare_usd"}) figures.push_back(figures_of(reader, name));
  for (const std::string& name : welfare_components(reader)) {
    Figures part = figures_of(reader, name);
    if (plays_a_part(part)) figures.push_back(std::move(part));
  }
  figures.push_back(figures_of(reader, "real_wage"));
  for (const char* name : {"exports", "imports"}) figures.push_back(change_figures(reader, name));
  return figures;
}

/// What the rows are ordered by.
std::vector<std::optional<double>> sizes(const ResultReader& reader, const std::string& sort) {
  if (sort != "percent" && sort != "usd") {
    throw InputError({}, "sort",
                     fmt::format("'{}' is no order of this table{}", sort, suggestion(sort, {"percent", "usd"})));
  }
  const ResultVariable variable = reader.read(!reader.solved() ? "income_base"
                                              : sort == "usd"  ? "welfare_usd"
                                                               : "welfare");
  return {variable.values.begin(), variable.values.end()};
}

}  // namespace

Table headline(const ResultReader& reader, const ShowOptions& options) {
  for (const auto& [name, value] : {std::pair("by", options.by), std::pair("sector", options.sector)}) {
    if (!value.empty()) throw InputError({}, name, "this goes with one variable, 'trade' for example; name it");
  }
  const std::vector<Figures> figures = headline_figures(reader);
  std::vector<Table::Column> columns{{"country", ""}, {"name", ""}};
  for (const Figures& figure : figures) columns.push_back(figure.column);
  Table table(std::move(columns));
  const std::vector<std::string> codes = reader.labels("country"), names = reader.labels("country_name");
  const std::string only = options.country.empty() ? "" : find_code(reader, "country", options.country);
  for (const std::size_t n : ranking(sizes(reader, options.sort), only.empty() ? options.top : 0)) {
    if (!only.empty() && codes[n] != only) continue;
    std::vector<Cell> row{codes[n], names[n]};
    for (const Figures& figure : figures) row.push_back(figure.cells[n]);
    table.add_row(std::move(row));
  }
  return table;
}

}  // namespace entrepot
