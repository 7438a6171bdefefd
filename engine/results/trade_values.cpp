#include "trade_values.hpp"

namespace entrepot {

namespace {

Bilateral zeros_between_locations(const World& world) {
  return {world.location_count(), world.location_count(), world.sector_count()};
}

}  // namespace

TradeValues base_trade_values(const World& world) {
  TradeValues values{zeros_between_locations(world), zeros_between_locations(world)};
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index importer = world.location_of_market(m);
        const double receipts = world.receipts_at(m, i, j);
        values.receipts(importer, i, j) += receipts;
        values.border(importer, i, j) += receipts * (1.0 + world.export_tax_at(m, i, j));
      }
  return values;
}

TradeValues trade_values(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  TradeValues values{zeros_between_locations(world), zeros_between_locations(world)};
  const Bilateral flow = trade_flows(world, shock, equilibrium);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index importer = world.location_of_market(m);
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        const double receipts = flow(m, i, j) * wedges.received();
        values.receipts(importer, i, j) += receipts;
        values.border(importer, i, j) += receipts * (1.0 + wedges.export_tax);
      }
  return values;
}

}  // namespace entrepot
