#include "headline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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
  const ResultVariable after = country_measure(reader, measure), before = country_measure(reader, measure + "_base");
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

/// How much of what is outlawed gets through, and by whom; nothing where there is no evasion.
std::string evasion_summary(const ResultReader& reader, const std::vector<std::string>& names) {
  if (!reader.has("re_exports")) return {};
  constexpr std::size_t kNamed = 4;
  const auto sum = [](const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); };
  const std::vector<double> by_hub = reader.read("re_exports").values;
  const double evaded = sum(by_hub), outlawed = sum(reader.read("outlawed_trade").values);
  std::vector<std::size_t> order(by_hub.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return by_hub[a] > by_hub[b]; });
  std::string hubs;
  for (std::size_t k = 0; k < std::min(kNamed, order.size()) && by_hub[order[k]] > 0.0; ++k)
    hubs += fmt::format("{}{} {}", k == 0 ? "" : ", ", names[order[k]], grouped_number(by_hub[order[k]], 0));
  return fmt::format(
      "Evasion, million USD: of {} outlawed that hubs could carry, at base prices, {} passes ({:.1f} %): {}\n",
      grouped_number(outlawed, 0), grouped_number(evaded, 0), outlawed > 0.0 ? 100.0 * evaded / outlawed : 0.0, hubs);
}

}  // namespace

std::string headline_summary(const ResultReader& reader) {
  if (!reader.solved()) return {};
  constexpr std::size_t kNamed = 4;
  const std::vector<double> usd = reader.read("welfare_usd").values, base = reader.read("income_base").values;
  const std::vector<std::string> names = reader.labels("country_name");
  std::vector<std::size_t> order(usd.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return usd[a] > usd[b]; });
  const double total = std::accumulate(usd.begin(), usd.end(), 0.0);
  const double whole = std::accumulate(base.begin(), base.end(), 0.0);
  // Amounts that round to nothing are nobody's gain or loss.
  constexpr double kNothing = 0.05;
  const auto signed_amount = [](double value) {
    return (value < 0.0 ? "-" : "+") + grouped_number(std::abs(value), std::abs(value) < 10.0 ? 1 : 0);
  };
  const auto listed = [&](auto from, auto to, bool gain) {
    std::string text;
    std::size_t count = 0;
    for (auto at = from; at != to && count < kNamed; ++at, ++count) {
      if (gain ? usd[*at] < kNothing : usd[*at] > -kNothing) break;
      text += fmt::format("{}{} {}", count > 0 ? ", " : "", names[*at], signed_amount(usd[*at]));
    }
    return text.empty() ? std::string("none") : text;
  };
  std::string text =
      fmt::format("Real income, million USD: the world {} ({:+.4f} %)\nLargest gains: {}\nLargest losses: {}\n",
                  signed_amount(total), whole != 0.0 ? 100.0 * total / whole : 0.0,
                  listed(order.begin(), order.end(), true), listed(order.rbegin(), order.rend(), false));
  text += evasion_summary(reader, names);
  for (const std::string& outcome : reader.outcomes()) text += outcome + '\n';
  return text;
}

std::string headline_legend(const ResultReader& reader) {
  if (!reader.solved()) return {};
  static const std::vector<std::pair<std::string, std::string>> meanings{
      {"terms_of_trade", "what it sells got dearer against what it buys"},
      {"volume_of_trade", "it trades more of what it taxes"},
      {"iceberg", "trade costs that nobody receives"},
      {"ban", "varieties outlawed"},
      {"productivity", "its own productivity"},
      {"rent", "rents received less paid"},
      {"transfer", "transfers received"},
  };
  std::string text =
      fmt::format("Welfare is real income (equivalent variation), {}:\n",
                  reader.has("decomposition_exact") ? "the sum of its parts" : "its parts to first order");
  for (const std::string& name : welfare_components(reader)) {
    if (!plays_a_part(figures_of(reader, name))) continue;
    for (const auto& [component, meaning] : meanings)
      if (component == name) text += fmt::format("  {:16} {}\n", spelt(name), meaning);
  }
  return text;
}

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
