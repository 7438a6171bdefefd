#include "batch_base.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace entrepot {

bool find_touched(const World& world, const Shock& shock, Index i, Index j, TouchedMarkets& touched) {
  using Column = Eigen::Map<const Eigen::ArrayXd>;
  const Index markets = world.market_count();
  const std::size_t first = at((j * world.location_count() + i) * markets);
  const auto values = [&](const Bilateral& of) { return of.values().data() + first; };
  touched.setConstant(markets, false);
  bool any = false;
  const auto mark = [&](auto differs) {
    any = true;
    for (Index m = 0; m < markets; ++m) touched(m) = touched(m) || differs(m);
  };
  const auto against = [&](const Bilateral& now, const Bilateral& base) {
    if (now.empty()) return;
    const double* of = values(now);
    if (base.empty()) {
      if (Column(of, markets).abs().maxCoeff() != 0.0) mark([&](Index m) { return of[m] != 0.0; });
    } else if (const double* than = values(base); std::memcmp(of, than, at(markets) * sizeof(double)) != 0) {
      mark([&](Index m) { return of[m] != than[m]; });
    }
  };
  static const Bilateral kNone;
  against(shock.tariff, world.tariff);
  against(shock.export_tax, world.export_tax);
  against(shock.rent, kNone);
  against(shock.hub_margin, kNone);
  for (const Bilateral* factor : {&shock.iceberg, &shock.open_share}) {
    if (factor->empty()) continue;
    const double* of = values(*factor);
    if ((Column(of, markets) - 1.0).abs().maxCoeff() != 0.0) mark([&](Index m) { return of[m] != 1.0; });
  }
  return any;
}

BatchStart::BatchStart(const Equilibrium& at)
    : log_cost(at.cost.transpose().array().log()),
      spending(at.spending.transpose()),
      income(at.income),
      log_wage(at.factor_price.array().log()) {}

bool BatchBase::suits(const World& world) {
  return (world.value_added_elasticity.array() == 1.0).all() && (world.input_elasticity.array() == 1.0).all() &&
         (world.labour_mobility.array() >= Kernel::kMobile).all();
}

BatchBase::BatchBase(const World& base, const Shock& shock, const Vector& theta, const Equilibrium* centre)
    : world(base), no_change(std::make_unique<Shock>()), kernel(base, *no_change) {
  const Index sectors = kernel.sectors, locations = kernel.locations, markets = kernel.markets;
  const Index inputs = world.intermediate_use(), final_use = world.final_demand_use();
  floor = 1e-9 * kernel.factor_income.sum();

  output = world.value_added;
  for (Index l = 0; l < locations; ++l) output.row(l) += world.input[at(l)].colwise().sum();

  weight.resize(at(sectors));
  net_weight.resize(at(sectors));
  receipts.resize(at(sectors));
  touched.resize(at(sectors));
  leaks.assign(at(sectors), false);
  origin_pays.assign(at(sectors * locations), false);
  for (const TaxedFlow& flow : kernel.taxed_flows) {
    leaks[at(flow.sector)] = true;
    origin_pays[at(flow.sector * locations + flow.origin)] = true;
  }
  for (Index j = 0; j < sectors; ++j) {
    if (!kernel.traded[at(j)]) continue;
    TouchedMarkets changed;
    Matrix shares = kernel.weight.sector(j), net = kernel.net_weight.sector(j);
    if (kernel.tariffed[at(j)]) leaks[at(j)] = true;
    for (Index i = 0; i < locations; ++i) {
      if (!find_touched(world, shock, i, j, changed)) continue;
      for (Index m = 0; m < markets; ++m) {
        if (shares(m, i) == 0.0 || !changed(m)) continue;
        touched[at(j)].push_back({m, i});
        shares(m, i) = net(m, i) = 0.0;
        leaks[at(j)] = true;
      }
    }
    std::sort(touched[at(j)].begin(), touched[at(j)].end());
    receipts[at(j)] = padded(Matrix(net.transpose()));
    weight[at(j)] = padded(shares);
    if (leaks[at(j)]) net_weight[at(j)] = padded(net);
  }

  // The centre, or the base year.
  if (centre != nullptr) {
    start = BatchStart(*centre);
  } else {
    start.log_cost = Matrix::Zero(sectors, locations);
    start.spending = Matrix::Zero(sectors, markets);
    start.income = kernel.base_income();
    start.log_wage = Vector::Zero(kernel.countries);
    for (Index j = 0; j < sectors; ++j) start.spending.row(j) = world.expenditure.sector(j).rowwise().sum().transpose();
  }
  const auto own = [&](Index use, Index l, Index j) {
    const Index m = world.market(use, l);
    const double base_share = kernel.weight(m, l, j);
    if (centre == nullptr || base_share == 0.0) return base_share;
    const double relative = centre->cost(l, j) / centre->price(m, j);
    return std::min(1.0, base_share * std::exp(-theta(j) * std::log(relative)));
  };
  own_share = Matrix::Zero(sectors, locations);
  own_final_share = Matrix::Zero(sectors, locations);
  for (Index l = 0; l < locations; ++l)
    for (Index j = 0; j < sectors; ++j) {
      own_share(j, l) = own(inputs, l, j);
      if (final_use != inputs) own_final_share(j, l) = own(final_use, l, j);
    }

  cost_of_prices.resize(at(locations));
  cost_of_labour.resize(at(locations));
  spending_of_foreign.resize(at(locations));
  cost_of_wage.resize(sectors, locations);
  spending_of_income.resize(sectors, locations);
  const Matrix unit = Matrix::Identity(sectors, sectors);
  for (Index l = 0; l < locations; ++l) {
    const Matrix& gamma = kernel.input_share[at(l)];
    const Matrix of_costs = (unit - gamma.transpose() * own_share.col(l).asDiagonal()).inverse();
    cost_of_prices[at(l)] = padded(Matrix(of_costs * gamma.transpose()));
    cost_of_labour[at(l)] = of_costs;
    cost_of_wage.col(l) = of_costs * kernel.value_added_share.col(l);
    const Matrix of_spending = (unit - gamma * own_share.col(l).asDiagonal()).inverse();
    const Matrix of_foreign = of_spending * gamma;
    spending_of_foreign[at(l)] = padded(of_foreign);
    spending_of_income.col(l) =
        final_use == inputs ? Vector(of_spending * kernel.final_share.col(l))
                            : Vector(of_foreign * own_final_share.col(l).cwiseProduct(kernel.final_share.col(l)));
  }
}

}  // namespace entrepot
