#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "batch_block.hpp"

// How scenarios come into the lanes of a block, and leave them.

namespace entrepot {

namespace {

/// What must be left of a market's sources or a producer's customers where a flow is taken out of a shared product by
/// subtraction: the digits that are lost.
constexpr double kLeft = 1e-2;

/// Whether all countries still trade with each other, directly or through others.
bool connected(const World& world, const Shock& shock) {
  const auto& open = shock.open_share.values();
  if (std::none_of(open.begin(), open.end(), [](double s) { return s == 0.0; })) return true;
  const Index countries = world.country_count();
  std::vector<Index> parent(at(countries));
  std::iota(parent.begin(), parent.end(), Index{0});
  const auto root = [&](Index n) {
    while (parent[at(n)] != n) n = parent[at(n)] = parent[at(parent[at(n)])];
    return n;
  };
  Index parts = countries;
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        if (world.expenditure(m, i, j) == 0.0 || shock.open_share(m, i, j) == 0.0) continue;
        const Index a = root(world.country_of_location(i)), b = root(world.country_of_market(m));
        if (a == b) continue;
        parent[at(a)] = b;
        if (--parts == 1) return true;
      }
  return false;
}

/// The rows `from` of `old`, and rows of zeros for −1.
Lanes with_rows(const Lanes& old, const std::vector<Index>& from, Index lanes) {
  Lanes result = Lanes::Zero(static_cast<Index>(from.size()), lanes);
  for (std::size_t row = 0; row < from.size(); ++row)
    if (from[row] >= 0) result.row(static_cast<Index>(row)) = old.row(from[row]);
  return result;
}

}  // namespace

void BatchBlock::clear(Index lane, const BatchStart& start) {
  const Kernel& kernel = base_.kernel;
  for (Index j = 0; j < kernel.sectors; ++j) {
    Corrections& own = corrections_[at(j)];
    for (std::size_t f = 0; f < own.flows.size(); ++f) {
      own.weight(static_cast<Index>(f), lane) = own.plain_weight[f];
      own.net(static_cast<Index>(f), lane) = own.plain_net[f];
    }
    for (Index p = 0; p < payments_[at(j)].rate.rows(); ++p) payments_[at(j)].rate(p, lane) = 0.0;
    for (Index l = 0; l < kernel.locations; ++l) log_cost_(j * kernel.locations + l, lane) = start.log_cost(j, l);
    for (Index m = 0; m < kernel.markets; ++m) spending_(j * kernel.markets + m, lane) = start.spending(j, m);
  }
  for (Index n = 0; n < kernel.countries; ++n) {
    log_wage_(n, lane) = start.log_wage(n);
    income_(n, lane) = start.income(n);
    deficit_(n, lane) = base_.world.deficit(n);
  }
  theta_.col(lane) = base_.world.theta;
  minus_inverse_theta_.col(lane) = -base_.world.theta.cwiseInverse();
  if (labour_cost_.size() > 0) labour_cost_.col(lane).setZero();
  for (Index k = 0; k < kWagesRemembered; ++k) {
    moved_[at(k)].col(lane).setZero();
    changed_[at(k)].col(lane).setZero();
  }
  gap_.col(lane).setZero();
  last_wage_.col(lane).setZero();
  last_step_.col(lane).setZero();
  has_last_[at(lane)] = false;
  steps_[at(lane)] = 0;
}

void BatchBlock::leave(Index lane) {
  clear(lane, base_.start);
  busy_[at(lane)] = false;
}

bool BatchBlock::enter(Index lane, const Shock& shock, const Vector& theta, const BatchStart& start) {
  clear(lane, start);
  busy_[at(lane)] = false;
  if (!fits(shock)) return false;
  const Kernel& kernel = base_.kernel;
  const World& world = base_.world;
  theta_.col(lane) = theta;
  minus_inverse_theta_.col(lane) = -theta.cwiseInverse();
  if (!touch(lane, shock, theta)) {
    leave(lane);
    return false;
  }
  deficit_.col(lane) = deficits(world, shock, kernel.components, kernel.factor_income, kernel.factor_income);
  if (shock.productivity.size() > 0) {
    if (labour_cost_.size() == 0) labour_cost_ = Lanes::Zero(kernel.sectors * kernel.locations, lanes_);
    for (Index l = 0; l < kernel.locations; ++l) {
      const Vector saved =
          -shock.productivity.row(l).transpose().array().log() * kernel.value_added_share.col(l).array();
      const Vector change = base_.cost_of_labour[at(l)] * saved;
      for (Index j = 0; j < kernel.sectors; ++j) labour_cost_(j * kernel.locations + l, lane) = change(j);
    }
  }
  busy_[at(lane)] = true;
  return true;
}

bool BatchBlock::fits(const Shock& shock) const {
  return shock.closure != Closure::kProportional && base_.kernel.components.size() == 1 &&
         connected(base_.world, shock);
}

bool BatchBlock::touch(Index lane, const Shock& shock, const Vector& theta) {
  const World& world = base_.world;
  const Kernel& kernel = base_.kernel;
  const Index markets = kernel.markets, locations = kernel.locations;
  const bool tax = !shock.export_tax.empty();
  std::vector<Touch> touches;
  std::vector<Paid> paid;
  TouchedMarkets touched;
  std::vector<std::pair<std::tuple<Index, Index, Index>, const Detour*>> detours;
  for (const Detour& detour : shock.detours)
    if (detour.share * detour.margin != 0.0)
      detours.push_back({{detour.sector, detour.origin, detour.market}, &detour});
  std::stable_sort(detours.begin(), detours.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (Index j = 0; j < kernel.sectors; ++j) {
    touches.clear();
    paid.clear();
    Vector bought = Vector::Ones(markets), sold = Vector::Ones(locations);  // what is left of the shared products
    auto in_centre = [&, next = std::size_t{0}](const SectorFlow& flow) mutable {
      const auto& own = base_.touched[at(j)];
      while (next < own.size() && own[next] < flow) ++next;
      return next < own.size() && own[next] == flow;
    };
    const bool sector_touched = touches_sector(world, shock, j);
    if (!sector_touched) touched.setConstant(markets, false);
    for (Index i = 0; i < locations; ++i) {
      const bool pays = base_.taxed_origin(i, j);
      if (!(sector_touched && find_touched(world, shock, i, j, touched)) && !pays) continue;
      for (Index m = 0; m < markets; ++m) {
        if (!touched(m) && !pays) continue;
        const double base_weight = kernel.weight(m, i, j);
        if (base_weight == 0.0) continue;
        double weight = base_weight, net = kernel.net_weight(m, i, j);
        double export_tax = tax ? shock.export_tax(m, i, j) : world.export_tax_at(m, i, j);
        double rent_rate = 0.0;
        if (touched(m)) {
          const Wedges wedges = wedges_at(world, shock, m, i, j);
          const double kappa = wedge_change(world, wedges, m, i, j);
          weight *= wedges.open_share * (kappa == 1.0 ? 1.0 : std::exp(-theta(j) * std::log(kappa)));
          net = weight * wedges.received();
          rent_rate = wedges.rent * (1.0 + wedges.tariff) * (1.0 + wedges.export_tax);
          if (!std::isfinite(weight)) return false;
          touches.push_back({{m, i}, weight, net});
        }
        if (export_tax != 0.0) paid.push_back({{{m, i}, world.country_of_location(i), true}, export_tax * net});
        if (rent_rate != 0.0) paid.push_back({{{m, i}, rent_receiver(world, shock, m, i, j)}, rent_rate * net});
        const auto first = std::lower_bound(detours.begin(), detours.end(), std::tuple(j, i, m),
                                            [](const auto& a, const auto& b) { return a.first < b; });
        for (auto d = first; d != detours.end() && d->first == std::tuple(j, i, m); ++d) {
          const double of_receipts = d->second->share * d->second->margin / wedges_at(world, shock, m, i, j).received();
          paid.push_back({{{m, i}, d->second->hub}, of_receipts * net});
        }
      }
    }
    if (touches.empty() && paid.empty()) continue;
    std::sort(touches.begin(), touches.end(), [](const Touch& a, const Touch& b) { return a.flow < b.flow; });
    std::stable_sort(paid.begin(), paid.end(), [](const Paid& a, const Paid& b) { return a.payer < b.payer; });
    for (Touch& one : touches) {
      const auto [m, i] = one.flow;
      if (in_centre(one.flow)) continue;
      const double had = kernel.weight(m, i, j), reached = kernel.net_weight(m, i, j);
      one.weight -= had;
      one.net -= reached;
      if (one.weight < 0.0) bought(m) += one.weight;
      const double output = base_.output(i, j);
      if (one.net < 0.0 && output > 0.0) sold(i) += one.net / reached * world.receipts_at(m, i, j) / output;
    }
    if (bought.minCoeff() < kLeft || sold.minCoeff() < kLeft) return false;
    add_rows(j, touches);
    add_rows(j, paid);
    Corrections& own = corrections_[at(j)];
    std::size_t row = 0;
    for (const Touch& one : touches) {
      while (own.flows[row] != one.flow) ++row;
      own.weight(static_cast<Index>(row), lane) = one.weight;
      own.net(static_cast<Index>(row), lane) = one.net;
    }
    row = 0;
    for (const Paid& one : paid) {
      while (payments_[at(j)].payers[row] != one.payer) ++row;
      payments_[at(j)].rate(static_cast<Index>(row), lane) += one.rate;
    }
    leaks_[at(j)] = true;
  }
  return true;
}

void BatchBlock::add_rows(Index sector, const std::vector<Touch>& touches) {
  Corrections& own = corrections_[at(sector)];
  std::vector<SectorFlow> flows;
  std::vector<double> plain_weight, plain_net;
  std::vector<Index> from;
  auto next = touches.begin();
  const auto add_before = [&](const SectorFlow* flow) {
    for (; next != touches.end() && (flow == nullptr || next->flow < *flow); ++next) {
      flows.push_back(next->flow);
      plain_weight.push_back(0.0);
      plain_net.push_back(0.0);
      from.push_back(-1);
    }
    if (next != touches.end() && flow != nullptr && next->flow == *flow) ++next;
  };
  for (std::size_t f = 0; f < own.flows.size(); ++f) {
    add_before(&own.flows[f]);
    flows.push_back(own.flows[f]);
    plain_weight.push_back(own.plain_weight[f]);
    plain_net.push_back(own.plain_net[f]);
    from.push_back(static_cast<Index>(f));
  }
  add_before(nullptr);
  if (flows.size() == own.flows.size()) return;
  own.weight = with_rows(own.weight, from, lanes_);
  own.net = with_rows(own.net, from, lanes_);
  own.flows = std::move(flows);
  own.plain_weight = std::move(plain_weight);
  own.plain_net = std::move(plain_net);
}

void BatchBlock::add_rows(Index sector, const std::vector<Paid>& paid) {
  Payments& own = payments_[at(sector)];
  std::vector<Payments::Payer> payers = own.payers;
  for (const Paid& one : paid) payers.push_back(one.payer);
  std::sort(payers.begin(), payers.end());
  payers.erase(std::unique(payers.begin(), payers.end()), payers.end());
  if (payers.size() == own.payers.size()) return;
  std::vector<Index> from;
  std::size_t known = 0;
  for (const Payments::Payer& payer : payers) {
    const bool had = known < own.payers.size() && own.payers[known] == payer;
    from.push_back(had ? static_cast<Index>(known) : -1);
    if (had) ++known;
  }
  own.rate = with_rows(own.rate, from, lanes_);
  own.payers = std::move(payers);
}

}  // namespace entrepot
