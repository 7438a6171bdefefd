#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "ranking.hpp"
#include "show.hpp"
#include "table.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

/// How the long name of a part of welfare ends where the exact decomposition is missing (see country_measure).
constexpr std::string_view kFirstOrder = ", first order";

/// One measure of one file, by country code.
struct Series {
  Table::Column column;
  std::map<std::string, double> values;

  std::optional<double> of(const std::string& code) const {
    const auto value = values.find(code);
    return value != values.end() ? std::optional(value->second) : std::nullopt;
  }
};

/// Countries of all files, each once, in the order in which they are met.
struct CountryList {
  std::vector<std::string> codes, names;
};

CountryList all_countries(std::span<const ResultReader> readers) {
  CountryList list;
  for (const ResultReader& reader : readers) {
    const std::vector<std::string> codes = reader.labels("country"), names = reader.labels("country_name");
    for (std::size_t k = 0; k < codes.size(); ++k) {
      if (std::ranges::find(list.codes, codes[k]) != list.codes.end()) continue;
      list.codes.push_back(codes[k]);
      list.names.push_back(names[k]);
    }
  }
  return list;
}

/// A short name per file: its own without folder and ending, or all of its path where two are called alike.
std::vector<std::string> file_names(std::span<const ResultReader> readers) {
  std::vector<std::string> names;
  for (const ResultReader& reader : readers) {
    const std::string stem = reader.file().stem().string();
    const auto alike = [&](const ResultReader& other) { return other.file().stem().string() == stem; };
    names.push_back(std::ranges::count_if(readers, alike) > 1 ? reader.file().string() : stem);
  }
  return names;
}

/// Figures of zones have rows of their own, which no table by country has a place for.
void expect_not_of_zones(std::span<const ResultReader> readers, const std::string& measure) {
  const auto of_zones = [&](const VariableInfo& info) {
    return info.name == measure && info.dimensions == std::vector<std::string>{"zone"};
  };
  for (const ResultReader& reader : readers)
    if (std::ranges::any_of(reader.variables(), of_zones))
      throw InputError({reader.file().string(), 0, 0}, "measure",
                       fmt::format("'{0}' has one value per zone, and countries are compared here; entrepot show {1} "
                                   "{0}",
                                   measure, reader.file().string()));
}

/// A measure of all files. Files without it give an empty series; if none has it, the first file's error is thrown.
std::vector<Series> all_series(std::span<const ResultReader> readers, const std::string& measure, bool name_measure) {
  expect_not_of_zones(readers, measure);
  const std::vector<std::string> names = file_names(readers);
  std::vector<Series> all;
  std::exception_ptr first_error;
  std::size_t found = 0;
  for (std::size_t k = 0; k < readers.size(); ++k) {
    Series series{{name_measure ? spelt(measure) + ", " + names[k] : names[k], ""}, {}};
    try {
      const ResultVariable variable = country_measure(readers[k], measure);
      series.column.units = variable.info.units;
      if (variable.info.long_name.ends_with(kFirstOrder)) series.column.heading += kFirstOrder;
      for (std::size_t n = 0; n < variable.values.size(); ++n)
        series.values[variable.labels[0][n]] = variable.values[n];
      ++found;
    } catch (const InputError&) {
      if (!first_error) first_error = std::current_exception();
    }
    all.push_back(std::move(series));
  }
  if (found == 0 && first_error) std::rethrow_exception(first_error);
  return all;
}

/// The country asked for, which one of the files must have.
std::string find_in_any(std::span<const ResultReader> readers, const std::string& wanted) {
  for (std::size_t k = 0;; ++k) {
    try {
      return find_code(readers[k], "country", wanted);
    } catch (const InputError&) {
      if (k + 1 == readers.size()) throw;
    }
  }
}

Table comparison(std::span<const ResultReader> readers, const CompareOptions& options) {
  std::vector<Series> columns;
  for (const std::string& measure : options.measures) {
    for (Series& series : all_series(readers, measure, options.measures.size() > 1))
      columns.push_back(std::move(series));
  }
  std::vector<Table::Column> headings{{"country", ""}, {"name", ""}};
  for (const Series& series : columns) headings.push_back(series.column);
  Table table(std::move(headings));
  const CountryList countries = all_countries(readers);
  const std::string only = options.country.empty() ? "" : find_in_any(readers, options.country);
  std::vector<std::optional<double>> order;
  for (const std::string& code : countries.codes) order.push_back(columns.front().of(code));
  for (const std::size_t n : ranking(order, only.empty() ? options.top : 0)) {
    if (!only.empty() && countries.codes[n] != only) continue;
    std::vector<Cell> row{countries.codes[n], countries.names[n]};
    for (const Series& series : columns) row.push_back(cell_of(series.of(countries.codes[n])));
    table.add_row(std::move(row));
  }
  return table;
}

/// The codes of a file's zones.
std::vector<std::string> zones_of(const ResultReader& reader) {
  return reader.has("zone_output") || reader.has("zone_output_base") ? reader.labels("zone")
                                                                     : std::vector<std::string>{};
}

/// A line per file, and a warning where baselines differ.
std::string file_lines(std::span<const ResultReader> readers) {
  const std::vector<std::string> names = file_names(readers);
  std::string text;
  bool same_baseline = true;
  for (std::size_t k = 0; k < readers.size(); ++k) {
    const RunDescription& run = readers[k].description();
    same_baseline = same_baseline && run.baseline_sha256 == readers.front().description().baseline_sha256;
    const std::string end = readers[k].solved() ? "" : "; NOT SOLVED: " + readers[k].end().sentence;
    text += fmt::format("{}: {} (baseline {}){}\n", names[k], run.title, run.baseline, end);
  }
  if (!same_baseline) text += "The files rest on different baselines.\n";
  for (std::size_t k = 0; k < readers.size(); ++k)
    if (const std::vector<std::string> zones = zones_of(readers[k]); !zones.empty())
      text += fmt::format("Zones of {}, here a part of their countries: {}; entrepot show {} has their own figures.\n",
                          names[k], fmt::join(zones, ", "), readers[k].file().string());
  return text;
}

/// What the columns of a measure are, where its name leaves that open: "rent" is a part of welfare and an amount.
std::string measure_lines(std::span<const ResultReader> readers, const std::string& measure) {
  const auto is_part = [&](const ResultReader& reader) {
    const std::vector<std::string> parts = welfare_components(reader);
    return std::ranges::find(parts, measure) != parts.end();
  };
  const auto is_amount = [&](const ResultReader& reader) { return reader.has(measure); };
  const auto part = std::ranges::find_if(readers, is_part), amount = std::ranges::find_if(readers, is_amount);
  if (part == readers.end() || amount == readers.end()) return "";
  const VariableInfo info = amount->read(measure).info;
  std::string text = fmt::format("'{}' is a part of the change in welfare; {} in {}: entrepot show {} {}\n",
                                 spelt(measure), info.long_name, info.units, amount->file().string(), measure);
  for (const ResultReader& reader : readers)
    if (is_amount(reader) && !is_part(reader))
      text += fmt::format("{} has no parts of welfare: its '{}' is {} in {}.\n", reader.file().string(), spelt(measure),
                          info.long_name, info.units);
  return text;
}

}  // namespace

std::string compare(std::span<const ResultReader> readers, const CompareOptions& options) {
  if (readers.empty()) throw InputError({}, "files", "there is nothing to compare; give at least one result file");
  if (options.measures.empty())
    throw InputError({}, "measure", "there is nothing to compare; give at least one measure");
  const Table table = comparison(readers, options);
  if (options.csv) return table.csv();
  std::string text = file_lines(readers);
  for (const std::string& measure : options.measures) text += measure_lines(readers, measure);
  text += '\n';
  if (options.measures.size() == 1) text += spelt(options.measures.front()) + '\n';
  return text + table.text();
}

}  // namespace entrepot
