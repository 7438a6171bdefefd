#include "batch_base.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace entrepot {

namespace {

/// Whether a shock's field differs from what it is in the base year: another field, or one number (what an empty field
/// stands for) everywhere.
struct Change {
  const Bilateral* now;
  const Bilateral* base;
  double unchanged;

  const double* from(std::size_t first) const { return now->values().data() + first; }
  const double* base_from(std::size_t first) const { return base->empty() ? nullptr : base->values().data() + first; }
  bool any(std::size_t first, Index count) const {
    if (now->empty()) return false;
    if (const double* than = base_from(first)) return std::memcmp(from(first), than, at(count) * sizeof(double)) != 0;
    return (Eigen::Map<const Eigen::ArrayXd>(from(first), count) - unchanged).abs().maxCoeff() != 0.0;
  }
};

std::array<Change, 6> changes(const World& world, const Shock& shock) {
  static const Bilateral kNone;
  return {{{&shock.tariff, &world.tariff, 0.0},
           {&shock.export_tax, &world.export_tax, 0.0},
           {&shock.rent, &kNone, 0.0},
           {&shock.hub_margin, &kNone, 0.0},
           {&shock.iceberg, &kNone, 1.0},
           {&shock.open_share, &kNone, 1.0}}};
}

}  // namespace

bool touches_sector(const World& world, const Shock& shock, Index j) {
  const Index flows = world.location_count() * world.market_count();
  return std::ranges::any_of(changes(world, shock), [&](const Change& one) { return one.any(at(j * flows), flows); });
}

bool find_touched(const World& world, const Shock& shock, Index i, Index j, TouchedMarkets& touched) {
  const Index markets = world.market_count();
  const std::size_t first = at((j * world.location_count() + i) * markets);
  touched.setConstant(markets, false);
  bool any = false;
  for (const Change& one : changes(world, shock)) {
    if (!one.any(first, markets)) continue;
    any = true;
    const double *now = one.from(first), *base = one.base_from(first);
    for (Index m = 0; m < markets; ++m) touched(m) = touched(m) || now[m] != (base ? base[m] : one.unchanged);
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
