#include "evasion.hpp"

#include <algorithm>
#include <tuple>

namespace entrepot {

void measure_evasion(const World& world, const Shock& shock, const Equilibrium& equilibrium, Measures& measures) {
  if (shock.detours.empty()) return;
  const std::vector<Index> home = home_locations(world);
  const Index locations = world.location_count(), sectors = world.sector_count();
  measures.re_exports = Vector::Zero(world.country_count());
  measures.evaded_trade = Matrix::Zero(locations, sectors);
  measures.outlawed_trade = Matrix::Zero(locations, sectors);
  measures.leakage = Matrix::Zero(locations, sectors);
  measures.recorded_trade = Bilateral(locations, locations, sectors);
  const Bilateral flow = trade_flows(world, shock, equilibrium);
  const auto border_value = [&](Index m, Index i, Index j) {  // as if no hub kept a part
    const Wedges wedges = wedges_at(world, shock, m, i, j);
    return flow(m, i, j) / wedges.paid() * (1.0 + wedges.export_tax);
  };
  Bilateral direct(world.market_count(), locations, sectors, 1.0);  // share of a flow's value that takes no detour
  Bilateral evades(world.market_count(), locations, sectors);       // 1 where there is a detour
  for (const Detour& detour : shock.detours) {
    const auto [m, i, j] = std::tuple(detour.market, detour.origin, detour.sector);
    const Index importer = world.location_of_market(m), hub = home[at(detour.hub)];
    const double into_hub = detour.share * (1.0 - detour.margin) * border_value(m, i, j);
    const double out_of_hub = into_hub + detour.share * detour.margin * flow(m, i, j);
    direct(m, i, j) -= detour.share;
    evades(m, i, j) = 1.0;
    measures.recorded_trade(hub, i, j) += into_hub;
    measures.recorded_trade(importer, hub, j) += out_of_hub;
    measures.evaded_trade(hub, j) += out_of_hub;
    measures.re_exports(detour.hub) += out_of_hub;
  }
  for (Index j = 0; j < sectors; ++j)
    for (Index i = 0; i < locations; ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        const double straight = std::max(0.0, direct(m, i, j));
        measures.recorded_trade(world.location_of_market(m), i, j) += straight * border_value(m, i, j);
        // What the direct way still allows is s (1 − Σe) = 1 − b.
        measures.outlawed_trade(i, j) +=
            evades(m, i, j) * (1.0 - wedges.open_share * straight) * world.before_duty(m, i, j);
      }
  for (Index j = 0; j < sectors; ++j) {
    const double outlawed = measures.outlawed_trade.col(j).sum();
    if (outlawed > 0.0) measures.leakage.col(j) = 100.0 / outlawed * measures.evaded_trade.col(j);
  }
}

}  // namespace entrepot
