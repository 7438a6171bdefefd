#include <cmath>
#include "solve.hpp"
namespace entrepot {
Bilateral trade_flows(const World& w, const Shock& s, const Equilibrium& q) {
  Bilateral r(w.market_count(), w.location_count(), w.sector_count());
  for (Index j = 0; j < w.sector_count(); ++j)
    for (Index i = 0; i < w.location_count(); ++i)
      for (Index m = 0; m < w.market_count(); ++m) {
        double total = w.expenditure.sector(j).row(m).sum();
        if (total == 0) continue;
        double k = s.iceberg.empty() ? 1 : s.iceberg(m, i, j);
        if (!s.tariff.empty()) k *= (1 + s.tariff(m, i, j)) / (1 + w.tariff_at(m, i, j));
        if (!s.export_tax.empty()) k *= (1 + s.export_tax(m, i, j)) / (1 + w.export_tax_at(m, i, j));
        if (!s.rent.empty()) k *= 1 + s.rent(m, i, j);
        double o = s.open_share.empty() ? 1 : s.open_share(m, i, j);
        r(m, i, j) = w.expenditure(m, i, j) / total * o * std::pow(k * q.cost(i, j) / q.price(m, j), -w.theta(j)) * q.spending(m, j);
      }
  return r;
}
}
