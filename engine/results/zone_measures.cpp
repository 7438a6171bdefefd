#include "zone_measures.hpp"

#include <cmath>

#include "world/split_zone.hpp"

namespace entrepot {

namespace {

/// A world and what flows in it, at purchasers' prices.
struct State {
  const World& world;  ///< the base, for its sets
  const Shock& shock;
  const Bilateral& flow;
  const Matrix &output, &value_added;

  Wedges wedges(Index m, Index i, Index j) const { return wedges_at(world, shock, m, i, j); }
  double receipts(Index m, Index i, Index j) const { return flow(m, i, j) * wedges(m, i, j).received(); }
  double at_border(Index m, Index i, Index j) const { return receipts(m, i, j) * (1.0 + wedges(m, i, j).export_tax); }
};

Index count(const World& world) { return static_cast<Index>(world.zones.size()); }

ZoneFigures zeros(const World& world) {
  ZoneFigures figures;
  for (Vector ZoneFigures::*member :
       {&ZoneFigures::output, &ZoneFigures::value_added, &ZoneFigures::exports, &ZoneFigures::imports,
        &ZoneFigures::home_sales, &ZoneFigures::home_purchases, &ZoneFigures::duties_suspended,
        &ZoneFigures::home_duties, &ZoneFigures::taxes_waived})
    figures.*member = Vector::Zero(count(world));
  figures.saving = figures.saving_at_home = Matrix::Zero(count(world), world.sector_count());
  return figures;
}

void add_sales(const State& state, Index z, ZoneFigures& figures) {
  const World& world = state.world;
  const Zone& zone = world.zones[at(z)];
  const Index country = world.country_of_location(zone.location);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index m = 0; m < world.market_count(); ++m) {
      const Index buyer = world.location_of_market(m);
      const Wedges wedges = state.wedges(m, zone.location, j);
      const double border = state.at_border(m, zone.location, j);
      figures.taxes_waived(z) +=
          state.receipts(m, zone.location, j) * (state.wedges(m, zone.host, j).export_tax - wedges.export_tax);
      figures.home_duties(z) += border * (wedges.tariff - state.wedges(m, zone.host, j).tariff);
      if (world.country_of_location(buyer) != country)
        figures.exports(z) += border;
      else if (buyer != zone.location)
        figures.home_sales(z) += border;
    }
}

void add_purchases(const State& state, Index z, ZoneFigures& figures) {
  const World& world = state.world;
  const Zone& zone = world.zones[at(z)];
  const Index country = world.country_of_location(zone.location);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index use = 0; use < world.uses; ++use) {
        const Index m = world.market(use, zone.location), there = world.market(use, zone.host);
        const double border = state.at_border(m, i, j);
        if (world.country_of_location(i) != country) {
          figures.imports(z) += border;
          figures.duties_suspended(z) += border * (state.wedges(there, i, j).tariff - state.wedges(m, i, j).tariff);
        } else if (i != zone.location) {
          figures.home_purchases(z) += border;
        }
      }
}

/// cost: zone over host, sector.
void add_savings(const State& state, Index z, const Vector& cost, ZoneFigures& figures) {
  const World& world = state.world;
  const Zone& zone = world.zones[at(z)];
  const Index home = world.market(world.final_demand_use(), zone.host);
  for (Index j = 0; j < world.sector_count(); ++j) {
    if (state.output(zone.location, j) <= 0.0 || state.output(zone.host, j) <= 0.0) continue;
    const Wedges here = state.wedges(home, zone.location, j), there = state.wedges(home, zone.host, j);
    const double relative = cost(j) * (1.0 + here.export_tax) / (1.0 + there.export_tax);
    figures.saving(z, j) = 100.0 * (1.0 - relative);
    figures.saving_at_home(z, j) = 100.0 * (1.0 - relative * (1.0 + here.tariff) / (1.0 + there.tariff));
  }
}

ZoneFigures figures_of(const State& state, const std::vector<Vector>& cost) {
  ZoneFigures figures = zeros(state.world);
  for (Index z = 0; z < count(state.world); ++z) {
    const Index l = state.world.zones[at(z)].location;
    figures.output(z) = state.output.row(l).sum();
    figures.value_added(z) = state.value_added.row(l).sum();
    add_sales(state, z, figures);
    add_purchases(state, z, figures);
    add_savings(state, z, cost[at(z)], figures);
  }
  return figures;
}

std::vector<Vector> base_costs(const World& world) {
  std::vector<Vector> costs;
  for (const Zone& zone : world.zones) costs.push_back(cost_against_host(world, zone));
  return costs;
}

}  // namespace

Vector cost_against_host(const World& world, const Zone& zone) {
  Vector cost = Vector::Ones(world.sector_count());
  const Vector left = unzoned_share(world, zone.host);
  for (Index j = 0; j < world.sector_count(); ++j) {
    if (zone.share(j) == 0.0) continue;
    // Where both sell most, round-off counts least.
    Index m = 0;
    world.expenditure.sector(j).col(zone.location).maxCoeff(&m);
    const double here = world.receipts_at(m, zone.location, j), there = world.receipts_at(m, zone.host, j);
    if (here <= 0.0 || there <= 0.0) continue;
    const double price = std::pow(
        world.expenditure(m, zone.location, j) / world.expenditure(m, zone.host, j) * (left(j) / zone.share(j)),
        -1.0 / world.theta(j));
    cost(j) = price * ((1.0 + world.tariff_at(m, zone.host, j)) * (1.0 + world.export_tax_at(m, zone.host, j))) /
              ((1.0 + world.tariff_at(m, zone.location, j)) * (1.0 + world.export_tax_at(m, zone.location, j)));
  }
  return cost;
}

ZoneMeasures base_zone_measures(const World& world) {
  if (world.zones.empty()) return {};
  return {{}, figures_of({world, Shock{}, world.expenditure, output(world), world.value_added}, base_costs(world)), {}};
}

ZoneMeasures measure_zones(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  if (world.zones.empty()) return {};
  ZoneMeasures measures = base_zone_measures(world);
  std::vector<Vector> costs = base_costs(world);
  measures.employment = Vector::Zero(count(world));
  for (Index z = 0; z < count(world); ++z) {
    const Zone& zone = world.zones[at(z)];
    const double price = equilibrium.factor_price(world.country_of_location(zone.location));
    const double before = world.value_added.row(zone.location).sum();
    if (before > 0.0)
      measures.employment(z) = 100.0 * (equilibrium.value_added.row(zone.location).sum() / price / before - 1.0);
    for (Index j = 0; j < world.sector_count(); ++j)
      if (equilibrium.output(zone.location, j) > 0.0 && equilibrium.output(zone.host, j) > 0.0)
        costs[at(z)](j) *= equilibrium.cost(zone.location, j) / equilibrium.cost(zone.host, j);
  }
  const Bilateral flow = trade_flows(world, shock, equilibrium);
  measures.after = figures_of({world, shock, flow, equilibrium.output, equilibrium.value_added}, costs);
  return measures;
}

}  // namespace entrepot
