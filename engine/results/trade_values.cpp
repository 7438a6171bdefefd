#include "trade_values.hpp"

namespace entrepot {

namespace {

Bilateral zeros_between_locations(const World& world) {
  return {world.location_count(), world.location_count(), world.sector_count()};
}

}  // namespace

double new_tariff(const World& world, const Shock& shock, Index m, Index i, Index j) {
  return shock.tariff.empty() ? world.tariff_at(m, i, j) : shock.tariff(m, i, j);
}

double new_export_tax(const World& world, const Shock& shock, Index m, Index i, Index j) {
  return shock.export_tax.empty() ? world.export_tax_at(m, i, j) : shock.export_tax(m, i, j);
}

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
        const double rent = shock.rent.empty() ? 0.0 : shock.rent(m, i, j);
        const double border = flow(m, i, j) / ((1.0 + new_tariff(world, shock, m, i, j)) * (1.0 + rent));
        values.border(importer, i, j) += border;
        values.receipts(importer, i, j) += border / (1.0 + new_export_tax(world, shock, m, i, j));
      }
  return values;
}

}  // namespace entrepot
