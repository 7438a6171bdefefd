#include "first_order.hpp"

#include "trade_values.hpp"

namespace entrepot {

Decomposition first_order(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  const Bilateral flow = trade_flows(world, shock, equilibrium);
  Vector terms = Vector::Zero(world.country_count()), volume = Vector::Zero(world.country_count());
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index seller = world.country_of_location(i), buyer = world.country_of_market(m);
        const double tax = 1.0 + world.export_tax_at(m, i, j), tax_after = 1.0 + new_export_tax(world, shock, m, i, j);
        const double rent = shock.rent.empty() ? 0.0 : shock.rent(m, i, j);
        const double cost = equilibrium.cost(i, j), border_price = cost * tax_after / tax;
        const double base = tax * world.receipts_at(m, i, j);
        const double after = flow(m, i, j) / ((1.0 + new_tariff(world, shock, m, i, j)) * (1.0 + rent));
        terms(seller) += base * (border_price - 1.0);
        terms(buyer) -= base * (border_price - 1.0);
        volume(buyer) += world.tariff_at(m, i, j) * (after - base * border_price);
        volume(seller) += (tax - 1.0) * (after / tax_after - base / tax * cost);
      }
  const Vector size = income(world);
  const auto percent_of_income = [](double part, double total) { return total != 0.0 ? 100.0 * part / total : 0.0; };
  Decomposition result{{"terms_of_trade", "volume_of_trade"}, Matrix(2, world.country_count())};
  result.percent.row(0) = terms.binaryExpr(size, percent_of_income).transpose();
  result.percent.row(1) = volume.binaryExpr(size, percent_of_income).transpose();
  return result;
}

}  // namespace entrepot
