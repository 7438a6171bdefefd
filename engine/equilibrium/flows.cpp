#include <cassert>
#include <cmath>

#include "solve.hpp"

namespace entrepot {

Bilateral trade_flows(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  const Index markets = world.market_count(), locations = world.location_count(), sectors = world.sector_count();
  Bilateral flows(markets, locations, sectors);
  for (Index j = 0; j < sectors; ++j) {
    const auto base = world.expenditure.sector(j);
    auto flow = flows.sector(j);
    const Vector spent = base.rowwise().sum();
    for (Index i = 0; i < locations; ++i) {
      if (equilibrium.output(i, j) <= 0.0) continue;
      for (Index m = 0; m < markets; ++m) {
        if (base(m, i) == 0.0) continue;
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        // π' = π s (κ̂ ĉ / P̂)^−θ
        const double relative = wedge_change(world, wedges, m, i, j) * equilibrium.cost(i, j) / equilibrium.price(m, j);
        const double share = base(m, i) / spent(m) * wedges.open_share *
                             (relative == 1.0 ? 1.0 : std::exp(-world.theta(j) * std::log(relative)));
        flow(m, i) = share * equilibrium.spending(m, j);
      }
    }
  }
  return flows;
}

World rebase(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  assert(shock.rent.empty() && shock.hub_margin.empty());  // a base year has no place for rents
  World after = world;
  after.expenditure = trade_flows(world, shock, equilibrium);
  if (!shock.tariff.empty()) after.tariff = shock.tariff;
  if (!shock.export_tax.empty()) after.export_tax = shock.export_tax;
  after.value_added = equilibrium.value_added;
  after.deficit = equilibrium.deficit;
  const Index use = world.intermediate_use();
  for (Index l = 0; l < world.location_count(); ++l) {
    // Inputs of each producer: cost less value added, split by what Z' the nests give.
    const Matrix& z = world.input[static_cast<std::size_t>(l)];
    Matrix& after_z = after.input[static_cast<std::size_t>(l)];
    for (Index j = 0; j < world.sector_count(); ++j) {
      const double bundle = equilibrium.output(l, j) - equilibrium.value_added(l, j);
      Vector weight = z.col(j);
      if (world.input_elasticity(j) != 1.0)
        for (Index k = 0; k < world.sector_count(); ++k) {
          const Index m = world.market(use, l);
          weight(k) *= equilibrium.spending(m, k) > 0.0
                           ? std::pow(equilibrium.price(m, k), 1.0 - world.input_elasticity(j))
                           : 0.0;
        }
      const double total = weight.sum();
      after_z.col(j) = total > 0.0 ? Vector(weight * (bundle / total)) : Vector::Zero(world.sector_count());
    }
  }
  Vector final_total = Vector::Zero(world.country_count());
  for (Index l = 0; l < world.location_count(); ++l)
    final_total(world.country_of_location(l)) += world.final_use.row(l).sum();
  for (Index l = 0; l < world.location_count(); ++l) {
    const Index n = world.country_of_location(l);
    after.final_use.row(l) *= equilibrium.income(n) / final_total(n);
  }
  return after;
}

}  // namespace entrepot
