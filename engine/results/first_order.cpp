#include "first_order.hpp"

#include "trade_values.hpp"

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
        const double tax = 1.0 + world.export_tax_at(m, i, j), tax_after = 1.0 + new_export_tax(world, shock, m, i, j);
        const double rent = shock.rent.empty() ? 0.0 : shock.rent(m, i, j);
        const double cost = equilibrium.cost(i, j), border_price = cost * tax_after / tax;
        const double spent = world.expenditure(m, i, j), base = tax * world.receipts_at(m, i, j);
        const double after = flow(m, i, j) / ((1.0 + new_tariff(world, shock, m, i, j)) * (1.0 + rent));
        parts(kTerms, seller) += base * (border_price - 1.0);
        parts(kTerms, buyer) -= base * (border_price - 1.0);
        parts(kVolume, buyer) += world.tariff_at(m, i, j) * (after - base * border_price);
        parts(kVolume, seller) += (tax - 1.0) * (after / tax_after - base / tax * cost);
        if (!shock.iceberg.empty()) parts(kIceberg, buyer) -= spent * (shock.iceberg(m, i, j) - 1.0);
        if (!shock.open_share.empty()) parts(kBan, buyer) += spent * (shock.open_share(m, i, j) - 1.0) / world.theta(j);
        if (rent == 0.0) continue;
        const auto place = static_cast<std::size_t>((j * world.location_count() + i) * world.market_count() + m);
        const Index named = shock.rent_beneficiary.empty() ? -1 : shock.rent_beneficiary[place];
        parts(kRent, buyer) -= spent * rent;
        parts(kRent, named < 0 ? buyer : named) += spent * rent;
      }
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
