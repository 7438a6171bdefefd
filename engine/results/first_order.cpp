#include "first_order.hpp"

namespace entrepot {

Decomposition first_order(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  enum Part : Index { kTerms, kVolume, kIceberg, kBan, kProductivity, kRent, kTransfer };
  Decomposition result{{"terms_of_trade", "volume_of_trade", "iceberg", "ban", "productivity", "rent", "transfer"},
                       Matrix::Zero(7, world.country_count())};
  Matrix& parts = result.percent;
  const Bilateral flow = trade_flows(world, shock, equilibrium);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index seller = world.country_of_location(i), buyer = world.country_of_market(m);
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        const double tax = 1.0 + world.export_tax_at(m, i, j), tax_after = 1.0 + wedges.export_tax;
        const double cost = equilibrium.cost(i, j), border_price = cost * tax_after / tax;
        const double spent = world.expenditure(m, i, j), base = tax * world.receipts_at(m, i, j);
        const double received = flow(m, i, j) * wedges.received(), after = received * tax_after;
        parts(kTerms, seller) += base * (border_price - 1.0);
        parts(kTerms, buyer) -= base * (border_price - 1.0);
        parts(kVolume, buyer) += world.tariff_at(m, i, j) * (after - base * border_price);
        parts(kVolume, seller) += (tax - 1.0) * (received - base / tax * cost);
        parts(kIceberg, buyer) -= spent * (wedges.iceberg - 1.0);
        parts(kBan, buyer) += spent * (wedges.open_share - 1.0) / world.theta(j);
        if (wedges.rent == 0.0) continue;
        parts(kRent, buyer) -= spent * wedges.rent;
        parts(kRent, rent_receiver(world, shock, m, i, j)) += spent * wedges.rent;
      }
  for (const Detour& detour : shock.detours)
    parts(kRent, detour.hub) +=
        world.expenditure(detour.market, detour.origin, detour.sector) * detour.share * detour.margin;
  if (shock.productivity.size() > 0)
    for (Index l = 0; l < world.location_count(); ++l)
      parts(kProductivity, world.country_of_location(l)) +=
          world.value_added.row(l).dot((shock.productivity.row(l).array() - 1.0).matrix());
  parts.row(kTransfer) = (equilibrium.deficit - world.deficit).transpose();
  const Vector size = income(world);
  for (Index n = 0; n < world.country_count(); ++n) {
    if (size(n) != 0.0)
      parts.col(n) *= 100.0 / size(n);
    else
      parts.col(n).setZero();
  }
  return result;
}

}  // namespace entrepot
