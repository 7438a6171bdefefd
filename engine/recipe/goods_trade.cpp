#include "recipe/goods_trade.hpp"

#include <algorithm>
#include <vector>

namespace entrepot {

namespace {

double at(const PairFigures& figures, const std::pair<std::string, std::string>& pair) {
  const auto found = figures.find(pair);
  return found == figures.end() ? 0.0 : found->second;
}

/// Adds what one exporter keeps undisclosed to its partners' figures.
void disclose(const std::string& exporter, double undisclosed, const ReportedTrade& imports, double cif_fob_factor,
              std::map<std::string, double>& to) {
  std::map<std::string, double> excess;
  double all_excess = 0.0;
  for (const std::string& importer : imports.reporters) {
    if (importer == exporter) continue;
    const auto known = to.find(importer);
    const double gap =
        at(imports.value, {exporter, importer}) / cif_fob_factor - (known == to.end() ? 0.0 : known->second);
    if (gap > 0.0) all_excess += excess[importer] = gap;
  }
  const double first = std::min(undisclosed, all_excess);
  for (const auto& [importer, gap] : excess) to[importer] += gap * (first / all_excess);
  double all = 0.0;
  for (const auto& entry : to) all += entry.second;
  if (all > 0.0)
    for (auto& entry : to) entry.second *= 1.0 + (undisclosed - first) / all;
}

}  // namespace

GoodsTrade bilateral_goods_trade(const Recipe& recipe, const ReportedTrade& exports, const ReportedTrade& imports,
                                 const PairFigures& earlier) {
  GoodsTrade trade;
  const Index countries = recipe.country_count();
  trade.total = Matrix::Zero(countries, countries);
  const auto book = [&](const std::string& exporter, const std::string& importer, double value, Origin origin) {
    const Index i = recipe.region_of(exporter), n = recipe.region_of(importer);
    if (i == n) return;
    trade.total(i, n) += value;
    trade.by_origin[static_cast<int>(origin)] += value;
  };

  double then = 0.0, now = 0.0;
  for (const auto& [pair, value] : exports.value) {
    const double before = at(earlier, pair);
    if (before > 0.0) {
      then += before;
      now += value;
    }
  }
  if (then > 0.0) trade.growth = now / then;

  for (const std::string& exporter : exports.reporters) {
    std::map<std::string, double> to;
    for (auto flow = exports.value.lower_bound({exporter, ""}); flow != exports.value.end() && flow->first.first == exporter; ++flow)
      to[flow->first.second] = flow->second;
    const auto undisclosed = exports.undisclosed.find(exporter);
    if (undisclosed != exports.undisclosed.end()) {
      disclose(exporter, undisclosed->second, imports, recipe.cif_fob_factor, to);
      trade.undisclosed += undisclosed->second;
    }
    for (const auto& [importer, value] : to) book(exporter, importer, value, Origin::kReported);
  }
  for (const auto& [pair, value] : imports.value) {
    if (exports.reporters.count(pair.first) == 0)
      book(pair.first, pair.second, value / recipe.cif_fob_factor, Origin::kMirrored);
  }
  for (const auto& [pair, value] : earlier) {
    if (exports.reporters.count(pair.first) == 0 && imports.value.count(pair) == 0)
      book(pair.first, pair.second, value * trade.growth, Origin::kEarlier);
  }
  return trade;
}

}  // namespace entrepot
