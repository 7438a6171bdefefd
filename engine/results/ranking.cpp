#include "ranking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numeric>

#include "text/input_error.hpp"

namespace entrepot {

namespace {

bool same_letters(const std::string& a, const std::string& b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// The decomposition that the file has: the exact one before the first-order one; "" for none.
std::string decomposition_of(const ResultReader& reader) {
  const std::vector<std::string> shape{"component", "country"};
  const std::vector<VariableInfo> variables = reader.variables();
  for (const char* name : {"decomposition_exact", "decomposition_first_order"}) {
    const auto fits = [&](const VariableInfo& info) { return info.name == name && info.dimensions == shape; };
    if (std::ranges::any_of(variables, fits)) return name;
  }
  return "";
}

bool is_by_country(const VariableInfo& info) { return info.dimensions == std::vector<std::string>{"country"}; }

}  // namespace

std::vector<std::size_t> ranking(std::span<const std::optional<double>> values, std::size_t top) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size = [&](std::size_t k) { return values[k] ? std::abs(*values[k]) : -1.0; };
  if (top > 0 && top < order.size()) {
    std::ranges::stable_sort(order, std::greater<>(), size);
    order.resize(top);
  }
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return values[b] < values[a]; });
  return order;
}

std::optional<double> change_in_percent(double after, double before) {
  if (before <= 0.0) return std::nullopt;
  return 100.0 * (after / before - 1.0);
}

std::string find_code(const ResultReader& reader, const std::string& dimension, const std::string& wanted) {
  std::vector<std::string> codes = reader.labels(dimension);
  const std::vector<std::string> names = reader.labels(dimension + "_name");
  for (std::size_t k = 0; k < codes.size(); ++k) {
    if (same_letters(codes[k], wanted) || same_letters(names[k], wanted)) return codes[k];
  }
  codes.insert(codes.end(), names.begin(), names.end());
  throw InputError({reader.file().string(), 0, 0}, dimension,
                   fmt::format("there is no {} '{}' in these results{}", dimension, wanted, suggestion(wanted, codes)));
}

std::vector<std::string> welfare_components(const ResultReader& reader) {
  const std::string name = decomposition_of(reader);
  return name.empty() ? std::vector<std::string>{} : reader.read(name).labels.front();
}

ResultVariable country_measure(const ResultReader& reader, const std::string& name) {
  std::vector<std::string> known = welfare_components(reader);
  const auto component = std::ranges::find(known, name);
  if (component != known.end()) {
    const ResultVariable parts = reader.read(decomposition_of(reader));
    const auto row = static_cast<std::size_t>(component - known.begin());
    const auto start = parts.values.begin() + static_cast<std::ptrdiff_t>(row * parts.labels[1].size());
    const std::string order = parts.info.name == "decomposition_first_order" ? ", first order" : "";
    return {{name, {"country"}, parts.info.units, spelt(name) + order, parts.info.description},
            {parts.labels[1]},
            {start, start + static_cast<std::ptrdiff_t>(parts.labels[1].size())}};
  }
  for (const VariableInfo& variable : reader.variables()) {
    if (is_by_country(variable)) known.push_back(variable.name);
  }
  if (std::ranges::find(known, name) != known.end()) return reader.read(name);
  const std::string why =
      reader.solved() ? "" : fmt::format(" (the run has no equilibrium: {})", reader.end().sentence);
  throw InputError(
      {reader.file().string(), 0, 0}, "measure",
      fmt::format("there is no '{}' with one value per country in this file{}{}", name, why, suggestion(name, known)));
}

std::string spelt(std::string name) {
  std::ranges::replace(name, '_', ' ');
  return name;
}

}  // namespace entrepot
