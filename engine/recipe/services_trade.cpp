#include "recipe/services_trade.hpp"

#include <algorithm>

namespace entrepot {

namespace {

/// Services flows of the table's year spread over the recipe's countries: importer × exporter × sector.
Bilateral earlier_flows(const Recipe& recipe, const Structure& structure, const Vector& gdp) {
  const Index countries = recipe.country_count(), rest = recipe.rest();
  Vector part = Vector::Ones(countries);  // of the rest of the world, by GDP
  double outside = gdp(rest);
  const auto in_table = [&](Index n) { return structure.in_table[static_cast<std::size_t>(n)]; };
  for (Index n = 0; n < countries; ++n)
    if (!in_table(n)) outside += gdp(n);
  for (Index n = 0; n < countries; ++n)
    if (!in_table(n) || n == rest) part(n) = gdp(n) / outside;

  Bilateral flow(countries, countries, recipe.sector_count());
  for (Index k = 0; k < recipe.sector_count(); ++k) {
    const RecipeSector& sector = recipe.sectors[static_cast<std::size_t>(k)];
    const auto& no_trade = recipe.no_trade;
    if (sector.is_good() || std::find(no_trade.begin(), no_trade.end(), sector.code) != no_trade.end()) continue;
    Matrix table = structure.trade.sector(k);
    table.diagonal().setZero();
    const Vector exports = table.colwise().sum().transpose(), imports = table.rowwise().sum();
    const double world = exports.sum();
    if (!(world > 0.0)) continue;
    for (Index i = 0; i < countries; ++i)
      for (Index n = 0; n < countries; ++n) {
        if (i == n) continue;
        const Index from = in_table(i) ? i : rest, to = in_table(n) ? n : rest;
        // Within the rest of the world the table says nothing: exports and imports meet in proportion.
        const double whole = from == to ? exports(from) * imports(to) / world : table(to, from);
        flow(n, i, k) = whole * part(i) * part(n);
      }
  }
  return flow;
}

/// Gives the services that a country outside the table buys from each origin the sectors that its donors buy there.
void mix_like_donors(const Recipe& recipe, const RecipeTables& tables, const Structure& structure, Bilateral& flow) {
  for (Index n = 0; n < recipe.country_count(); ++n) {
    const auto donors = tables.donors.find(recipe.countries[static_cast<std::size_t>(n)].code);
    if (structure.in_table[static_cast<std::size_t>(n)] || donors == tables.donors.end()) continue;
    for (Index i = 0; i < recipe.country_count(); ++i) {
      const Index from = structure.in_table[static_cast<std::size_t>(i)] ? i : recipe.rest();
      Vector mix = Vector::Zero(recipe.sector_count());
      double before = 0.0;
      for (Index k = 0; k < recipe.sector_count(); ++k) {
        before += flow(n, i, k);
        if (!(flow.sector(k).sum() > 0.0)) continue;  // goods, and services without trade
        for (const Donor& donor : donors->second) {
          const Index to = donor.country == "RoW" ? recipe.rest() : recipe.region_of(iso_of(donor.country));
          if (to != from) mix(k) += donor.weight * structure.trade(to, from, k);
        }
      }
      if (!(mix.sum() > 0.0)) continue;
      for (Index k = 0; k < recipe.sector_count(); ++k) flow(n, i, k) = before * mix(k) / mix.sum();
    }
  }
}

/// Gives what an exporter sells to each partner the sectors that the partner buys from all others: for exporters whose
/// own sectors in the table are margins on goods.
void mix_like_other_origins(const Recipe& recipe, Bilateral& flow) {
  const Bilateral before = flow;
  for (const std::string& code : recipe.wits_exporters) {
    const Index i = recipe.find_country(code);
    for (Index n = 0; n < recipe.country_count(); ++n) {
      double own = 0.0, others = 0.0;
      for (Index k = 0; k < recipe.sector_count(); ++k) {
        own += before(n, i, k);
        others += before.sector(k).row(n).sum() - before(n, i, k);
      }
      for (Index k = 0; k < recipe.sector_count() && others > 0.0; ++k)
        flow(n, i, k) = own * (before.sector(k).row(n).sum() - before(n, i, k)) / others;
    }
  }
}

}  // namespace

ServicesFlows services_by_sector(const Recipe& recipe, const RecipeTables& tables, const ServicesTrade& published,
                                 const Structure& structure, const Vector& gdp) {
  const Index countries = recipe.country_count(), sectors = recipe.sector_count();
  ServicesFlows result;
  result.flow = earlier_flows(recipe, structure, gdp);
  mix_like_donors(recipe, tables, structure, result.flow);
  mix_like_other_origins(recipe, result.flow);
  Matrix before = Matrix::Zero(countries, countries);  // exporter × importer
  for (Index k = 0; k < sectors; ++k) before += result.flow.sector(k).transpose();

  // Published totals and pairs, without trade inside a region. Figures of single countries are exact; a region is
  // left to what remains, since not every reporter publishes every member.
  Vector total = Vector::Constant(countries, -1.0);
  Matrix pair = Matrix::Constant(countries, countries, -1.0);
  for (const auto& [exporter, value] : published.total) {
    const Index i = recipe.region_of(exporter);
    if (i == recipe.rest()) continue;
    total(i) = std::max(total(i), 0.0) + value;
  }
  for (const auto& [countries_of, value] : published.value) {
    const Index i = recipe.region_of(countries_of.first), n = recipe.region_of(countries_of.second);
    if (i == recipe.rest() || total(i) < 0.0) continue;
    if (i == n) {
      total(i) -= value;
    } else if (recipe.countries[static_cast<std::size_t>(n)].members.size() == 1) {
      pair(i, n) = std::max(pair(i, n), 0.0) + value;
    }
  }
  double then = 0.0, now = 0.0;
  for (Index i = 0; i < countries; ++i) {
    if (total(i) < 0.0) continue;
    then += before.row(i).sum();
    now += total(i);
  }
  if (then > 0.0) result.growth = now / then;

  for (const Estimate& estimate : tables.estimates)
    if (estimate.quantity == "services_exports") {
      const Index i = recipe.find_country(estimate.country);
      if (estimate.partner.empty())
        total(i) = estimate.value;
      else
        pair(i, recipe.find_country(estimate.partner)) = estimate.value;
    }

  for (Index i = 0; i < countries; ++i) {
    double known = 0.0, open = 0.0;
    for (Index n = 0; n < countries; ++n)
      (pair(i, n) >= 0.0 ? known : open) += pair(i, n) >= 0.0 ? pair(i, n) : before(i, n);
    const double exports = total(i) >= 0.0 ? total(i) : result.growth * before.row(i).sum();
    const double scale = open > 0.0 ? std::max(exports - known, 0.0) / open : 0.0;
    const Vector mix = [&] {
      Vector sums(sectors);
      for (Index k = 0; k < sectors; ++k) sums(k) = result.flow.sector(k).col(i).sum();
      return Vector(sums / std::max(sums.sum(), 1e-300));
    }();
    for (Index n = 0; n < countries; ++n) {
      if (n == i) continue;
      const double value = pair(i, n) >= 0.0 ? pair(i, n) : scale * before(i, n);
      for (Index k = 0; k < sectors; ++k)
        result.flow(n, i, k) = value * (before(i, n) > 0.0 ? result.flow(n, i, k) / before(i, n) : mix(k));
      result.total += value;
      if (total(i) >= 0.0) result.published += value;
    }
  }
  return result;
}

}  // namespace entrepot
