#include "recipe/goods_trade.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace entrepot {

namespace {

double at(const PairFigures& figures, const std::pair<std::string, std::string>& pair) {
  const auto found = figures.find(pair);
  return found == figures.end() ? 0.0 : found->second;
}

/// Adds what one reporter keeps undisclosed to its partners' figures: to those whose own figures (by `theirs`, fob)
/// exceed what it discloses, in proportion to the excess. Returns what is left then.
template <typename Theirs>
double disclose(double undisclosed, const std::set<std::string>& partners, const Theirs& theirs,
                std::map<std::string, double>& figures) {
  std::map<std::string, double> excess;
  double all_excess = 0.0;
  for (const std::string& partner : partners) {
    const auto known = figures.find(partner);
    const double gap = theirs(partner) - (known == figures.end() ? 0.0 : known->second);
    if (gap > 0.0) all_excess += excess[partner] = gap;
  }
  const double found = std::min(undisclosed, all_excess);
  for (const auto& [partner, gap] : excess) figures[partner] += gap * (found / all_excess);
  return undisclosed - found;
}

double at(const std::map<std::string, double>& figures, const std::string& key) {
  const auto found = figures.find(key);
  return found == figures.end() ? 0.0 : found->second;
}

}  // namespace

GoodsTrade bilateral_goods_trade(const Recipe& recipe, const ReportedTrade& exports, const ReportedTrade& imports,
                                 const PairFigures& earlier) {
  GoodsTrade trade;
  const Index countries = recipe.country_count();
  trade.total = Matrix::Zero(countries, countries);
  const auto book = [&](Index exporter, Index importer, double value, Origin origin) {
    if (exporter == importer) return;
    trade.total(exporter, importer) += value;
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

  const double factor = recipe.cif_fob_factor;
  const std::set<std::string> own_imports(recipe.importer_figures.begin(), recipe.importer_figures.end());
  for (const std::string& exporter : exports.reporters) {
    std::map<std::string, double> to;
    for (auto flow = exports.value.lower_bound({exporter, ""});
         flow != exports.value.end() && flow->first.first == exporter; ++flow)
      to[flow->first.second] = flow->second;
    const double undisclosed = at(exports.undisclosed, exporter);
    const auto their_imports = [&](const std::string& importer) {
      return importer == exporter ? 0.0 : at(imports.value, std::pair(exporter, importer)) / factor;
    };
    const double left = disclose(undisclosed, imports.reporters, their_imports, to);
    const Index i = recipe.region_of(exporter);
    trade.undisclosed += undisclosed;
    trade.unplaced += left;
    trade.unplaced_of[exporter] = left;
    book(i, recipe.rest(), left, Origin::kReported);
    for (const auto& [importer, value] : to)
      if (own_imports.count(importer) == 0) book(i, recipe.region_of(importer), value, Origin::kReported);
  }
  for (const std::string& importer : own_imports) {
    std::map<std::string, double> from;
    for (const auto& [pair, value] : imports.value)
      if (pair.second == importer) from[pair.first] = value / factor;
    const auto their_exports = [&](const std::string& exporter) {
      return exporter == importer ? 0.0 : at(exports.value, std::pair(exporter, importer));
    };
    const double left = disclose(at(imports.undisclosed, importer) / factor, exports.reporters, their_exports, from);
    const Index n = recipe.region_of(importer);
    book(recipe.rest(), n, left, Origin::kMirrored);
    for (const auto& [exporter, value] : from) book(recipe.region_of(exporter), n, value, Origin::kMirrored);
  }
  const auto book_pair = [&](const std::pair<std::string, std::string>& pair, double value, Origin origin) {
    if (exports.reporters.count(pair.first) == 0 && own_imports.count(pair.second) == 0)
      book(recipe.region_of(pair.first), recipe.region_of(pair.second), value, origin);
  };
  for (const auto& [pair, value] : imports.value) book_pair(pair, value / factor, Origin::kMirrored);
  for (const auto& [pair, value] : earlier)
    if (imports.value.count(pair) == 0) book_pair(pair, value * trade.growth, Origin::kEarlier);
  return trade;
}

void place_undisclosed_exports(const Recipe& recipe, const RecipeTables& tables, GoodsTrade& goods) {
  Problems problems;
  for (const Estimate& estimate : tables.estimates) {
    if (estimate.quantity != "undisclosed_exports") continue;
    const Index i = recipe.region_of(estimate.country), n = recipe.region_of(estimate.partner);
    double& unplaced = goods.unplaced_of[estimate.country];
    if (i == n || estimate.value > unplaced) {
      problems.add(estimate.where, "value",
                   fmt::format("{} million USD of undisclosed exports of {} are left that no partner reports", unplaced,
                               estimate.country));
      continue;
    }
    unplaced -= estimate.value;
    goods.unplaced -= estimate.value;
    goods.total(i, recipe.rest()) -= estimate.value;
    goods.total(i, n) += estimate.value;
  }
  problems.throw_if_any();
}

}  // namespace entrepot
