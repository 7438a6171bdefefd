#include "show.hpp"

#include <fmt/format.h>

#include <map>
#include <numeric>

#include "cells.hpp"
#include "headline.hpp"
#include "ranking.hpp"
#include "table.hpp"
#include "zone_summary.hpp"

namespace entrepot {

namespace {

constexpr std::size_t kFlowsShown = 20;

/// A table, and how many rows it would have had.
struct View {
  Table table;
  std::size_t rows = 0;
};

Cell change_cell(const CellSum& sum) {
  return cell_of(sum.base ? change_in_percent(sum.value, *sum.base) : std::nullopt);
}

/// What a row is ranked by: its change where there is a base, else its value.
std::vector<std::optional<double>> sizes(const std::vector<CellSum>& lines) {
  std::vector<std::optional<double>> values;
  for (const CellSum& line : lines) values.emplace_back(line.value - line.base.value_or(0.0));
  return values;
}

View view_of_lines(const CellQuery& query, const std::vector<CellSum>& lines, std::size_t top) {
  std::vector<Table::Column> columns;
  for (const std::string& key : query.keys) columns.push_back({key, ""});
  const VariableInfo& info = query.variable.info;
  columns.push_back({info.long_name, info.units});
  const bool is_share = info.units == "percent";  // its change in per cent would be confusing
  if (!query.base.empty()) {
    columns.push_back({"base", info.units});
    columns.push_back({"change", is_share ? "percentage points" : info.units});
    if (!is_share) columns.push_back({"change", "percent"});
  }
  Table table(std::move(columns));
  for (const std::size_t k : ranking(sizes(lines), top)) {
    const CellSum& line = lines[k];
    const std::vector<std::string> labels = key_labels(query, line.key);
    std::vector<Cell> row(labels.begin(), labels.end());
    row.emplace_back(line.value);
    if (line.base) {
      row.emplace_back(*line.base);
      row.emplace_back(line.value - *line.base);
      if (!is_share) row.push_back(change_cell(line));
    }
    table.add_row(std::move(row));
  }
  return {std::move(table), lines.size()};
}

/// A country's flows by sector or partner, exports and imports side by side.
View view_of_both_sides(const ResultReader& reader, CellQuery query, std::size_t top) {
  query.side = Side::kExporter;
  const std::vector<CellSum> exports = sums(reader, query);
  query.side = Side::kImporter;
  std::map<std::size_t, CellSum> imports;
  for (const CellSum& sum : sums(reader, query)) imports.emplace(sum.key, sum);
  const bool has_base = !query.base.empty();
  const std::string& units = query.variable.info.units;
  std::vector<Table::Column> columns{{query.keys.front(), ""}};
  for (const char* side : {"exports", "imports"}) {
    columns.push_back({side, units});
    if (has_base) columns.push_back({fmt::format("{} change", side), units});
    if (has_base) columns.push_back({fmt::format("{} change", side), "percent"});
  }
  Table table(std::move(columns));
  std::vector<CellSum> both = exports;  // rows are ranked by trade in both directions
  for (CellSum& sum : both) {
    const CellSum& other = imports[sum.key];
    sum.value += other.value;
    if (sum.base) *sum.base += other.base.value_or(0.0);
  }
  for (const std::size_t k : ranking(sizes(both), top)) {
    std::vector<Cell> row{key_labels(query, exports[k].key).front()};
    for (const CellSum& side : {exports[k], imports[exports[k].key]}) {
      row.emplace_back(side.value);
      if (has_base) row.emplace_back(side.value - side.base.value_or(0.0));
      if (has_base) row.push_back(change_cell(side));
    }
    table.add_row(std::move(row));
  }
  return {std::move(table), exports.size()};
}

/// Components × countries: a row per country, a column per component, ordered by their sum.
View view_of_components(const CellQuery& query, std::size_t top) {
  const std::vector<std::string>&components = query.variable.labels[0], &countries = query.variable.labels[1];
  std::vector<Table::Column> columns{{"country", ""}};
  for (const std::string& component : components) columns.push_back({spelt(component), query.variable.info.units});
  Table table(std::move(columns));
  const auto value = [&](std::size_t c, std::size_t n) { return query.variable.values[c * countries.size() + n]; };
  std::vector<std::optional<double>> totals(countries.size(), 0.0);
  for (std::size_t n = 0; n < countries.size(); ++n)
    for (std::size_t c = 0; c < components.size(); ++c) *totals[n] += value(c, n);
  for (const std::size_t n : ranking(totals, query.country.empty() ? top : 0)) {
    if (!query.country.empty() && countries[n] != query.country) continue;
    std::vector<Cell> row{countries[n]};
    for (std::size_t c = 0; c < components.size(); ++c) row.emplace_back(value(c, n));
    table.add_row(std::move(row));
  }
  return {std::move(table), query.country.empty() ? countries.size() : 1};
}

View view_of_variable(const ResultReader& reader, const ShowOptions& options) {
  CellQuery query = query_of(reader, options);
  const std::vector<std::string>& dimensions = query.variable.info.dimensions;
  if (dimensions.size() == 2 && dimensions[0] == "component" && dimensions[1] == "country")
    return view_of_components(query, options.top);
  const bool is_flow = query.variable.is_flow();
  if (!options.by.empty()) {
    query.keys = {options.by};
    if (is_flow && !query.country.empty()) return view_of_both_sides(reader, std::move(query), options.top);
    return view_of_lines(query, sums(reader, query), options.top);
  }
  query.keys = is_flow ? std::vector<std::string>{"exporter", "importer", "sector"} : dimensions;
  const std::size_t usual = dimensions.size() > 1 && !options.csv ? kFlowsShown : 0;
  return view_of_lines(query, sums(reader, query), options.top > 0 ? options.top : usual);
}

/// What the table shows, in words.
std::string caption(const ResultReader& reader, const ShowOptions& options) {
  const VariableInfo info = reader.read(options.variable).info;
  std::string text = fmt::format("{}, {}. {}\n", info.long_name, info.units, info.description);
  if (!options.country.empty()) text += fmt::format("Country: {}. ", find_code(reader, "country", options.country));
  if (!options.sector.empty()) text += fmt::format("Sector: {}. ", find_code(reader, "sector", options.sector));
  if (info.dimensions.size() == 3) text += "Left out here: what countries sell to themselves.";
  return text.back() == '\n' ? text : text + '\n';
}

}  // namespace

std::string heading(const ResultReader& reader) {
  const RunDescription& run = reader.description();
  std::string text = run.title + '\n';
  if (!run.question.empty()) text += "Question: " + run.question + '\n';
  text += fmt::format("Baseline: {} (SHA-256 {})\n", run.baseline, run.baseline_sha256.substr(0, 12));
  if (reader.solved()) {
    return text + fmt::format("Status:   solved; largest relative residual {:.1e} after {} steps\n",
                              reader.end().residual, reader.end().iterations);
  }
  return text + fmt::format("Status:   NOT SOLVED ({}): {}\nOnly values of the reference world follow.\n",
                            reader.end().status, reader.end().sentence);
}

std::string show(const ResultReader& reader, const ShowOptions& options) {
  const bool is_headline = options.variable.empty();
  const std::size_t all = reader.labels("country").size();
  const View view = is_headline ? View{headline(reader, options), options.country.empty() ? all : 1}
                                : view_of_variable(reader, options);
  if (options.csv) return view.table.csv();
  std::string text = heading(reader) + '\n';
  if (is_headline && options.country.empty() && reader.solved()) text += headline_summary(reader) + '\n';
  if (is_headline && options.country.empty() && reader.has("zone_output")) text += zone_summary(reader) + '\n';
  if (!is_headline) text += caption(reader, options) + '\n';
  text += view.table.text();
  if (view.table.rows() < view.rows) {
    text += fmt::format("{} of {} rows, those with the largest {}; the option 'top' shows more.\n", view.table.rows(),
                        view.rows, reader.solved() ? "changes" : "figures");
  }
  if (is_headline && reader.solved()) text += '\n' + headline_legend(reader);
  return text;
}

}  // namespace entrepot
