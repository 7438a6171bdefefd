#include "kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace entrepot {

namespace {

bool is_unit(const Vector& elasticity) { return (elasticity.array() == 1.0).all(); }

}  // namespace

Kernel::Kernel(const World& base, const Shock& change)
    : world(base),
      shock(change),
      locations(base.location_count()),
      markets(base.market_count()),
      sectors(base.sector_count()),
      countries(base.country_count()) {
  weights();
  margins();
  shares();
  find_supply();
  find_components();
}

void Kernel::weights() {
  weight = Bilateral(markets, locations, sectors);
  net_weight = Bilateral(markets, locations, sectors);
  log_scale = Matrix::Zero(markets, sectors);
  traded.assign(at(sectors), false);
  tariffed.assign(at(sectors), false);
  Matrix exponent(markets, locations);  // −θ ln κ̂
  for (Index j = 0; j < sectors; ++j) {
    const auto x = world.expenditure.sector(j);
    auto w = weight.sector(j), net = net_weight.sector(j);
    const Vector spent = x.rowwise().sum();
    double furthest = 0.0;
    exponent.setConstant(-std::numeric_limits<double>::infinity());
    for (Index i = 0; i < locations; ++i)
      for (Index m = 0; m < markets; ++m) {
        if (x(m, i) == 0.0) continue;
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        if (wedges.open_share == 0.0) continue;
        const double kappa = wedge_change(world, wedges, m, i, j);
        exponent(m, i) = kappa == 1.0 ? 0.0 : -world.theta(j) * std::log(kappa);
        furthest = std::max(furthest, std::abs(exponent(m, i)));
        w(m, i) = x(m, i) / spent(m) * wedges.open_share;
        net(m, i) = wedges.received();
        if (world.location_of_market(m) != i) traded[at(j)] = true;
        if (wedges.tariff != 0.0) tariffed[at(j)] = true;
        if (wedges.export_tax == 0.0 && wedges.rent == 0.0) continue;
        taxed_flows.push_back({m, i, j, wedges.export_tax,
                               wedges.rent * (1.0 + wedges.tariff) * (1.0 + wedges.export_tax),
                               rent_receiver(world, shock, m, i, j)});
      }
    // Weights too far apart for double precision's range are kept relative to each market's largest.
    constexpr double kSafeExponent = 300.0;
    if (furthest > kSafeExponent) {
      log_scale.col(j) = exponent.rowwise().maxCoeff().unaryExpr([](double v) { return std::isfinite(v) ? v : 0.0; });
      exponent.colwise() -= log_scale.col(j);
    }
    for (Index i = 0; i < locations; ++i)
      for (Index m = 0; m < markets; ++m) {
        if (w(m, i) == 0.0) continue;
        if (exponent(m, i) != 0.0) w(m, i) *= std::exp(exponent(m, i));
        net(m, i) *= w(m, i);
      }
  }
}

void Kernel::margins() {
  for (const Detour& detour : shock.detours) {
    const auto [m, i, j] = std::tuple(detour.market, detour.origin, detour.sector);
    if (detour.share * detour.margin == 0.0 || weight(m, i, j) == 0.0) continue;
    const double of_receipts = detour.share * detour.margin / wedges_at(world, shock, m, i, j).received();
    taxed_flows.push_back({m, i, j, 0.0, of_receipts, detour.hub});
  }
}

void Kernel::shares() {
  input_share.assign(at(locations), Matrix::Zero(sectors, sectors));
  value_added_share = Matrix::Zero(sectors, locations);
  final_share = Matrix::Zero(sectors, locations);
  log_productivity = Matrix::Zero(sectors, locations);
  Vector final_total = Vector::Zero(countries);
  factor_income = entrepot::factor_income(world);
  locations_of.resize(at(countries));
  for (Index l = 0; l < locations; ++l) locations_of[at(world.country_of_location(l))].push_back(l);
  for (Index l = 0; l < locations; ++l) {
    const Matrix& z = world.input[at(l)];
    Matrix& share = input_share[at(l)];
    for (Index j = 0; j < sectors; ++j) {
      const double cost = z.col(j).sum() + world.value_added(l, j);
      if (!(cost > 0.0)) continue;
      share.col(j) = z.col(j) / cost;
      value_added_share(j, l) = world.value_added(l, j) / cost;
    }
    final_total(world.country_of_location(l)) += world.final_use.row(l).sum();
  }
  for (Index l = 0; l < locations; ++l) {
    const double total = final_total(world.country_of_location(l));
    if (total > 0.0) final_share.col(l) = world.final_use.row(l).transpose() / total;
  }
  if (shock.productivity.size() > 0) log_productivity = shock.productivity.array().log().matrix().transpose();
  cobb_douglas = is_unit(world.value_added_elasticity) && is_unit(world.input_elasticity);
}

void Kernel::find_supply() {
  const std::vector<Unsupplied> cut_off = markets_without_source();
  // Fixed point: a producer needs a source of each indispensable input; a market needs a producer that is alive.
  alive.setConstant(sectors, locations, false);
  supplied.setConstant(sectors, markets, false);
  for (Index l = 0; l < locations; ++l)
    for (Index j = 0; j < sectors; ++j)
      alive(j, l) = value_added_share(j, l) > 0.0 || (input_share[at(l)].col(j).array() > 0.0).any();
  const Index use = world.intermediate_use();
  for (bool changed = true; changed;) {
    changed = false;
    for (Index j = 0; j < sectors; ++j) {
      const auto w = weight.sector(j);
      for (Index m = 0; m < markets; ++m) {
        bool source = false;
        for (Index i = 0; i < locations && !source; ++i) source = w(m, i) > 0.0 && alive(j, i);
        supplied(j, m) = source;
      }
    }
    for (Index l = 0; l < locations; ++l)
      for (Index j = 0; j < sectors; ++j) {
        if (!alive(j, l)) continue;
        const auto inputs = input_share[at(l)].col(j);
        bool some_input = false, lost = false;
        for (Index k = 0; k < sectors; ++k) {
          if (inputs(k) == 0.0) continue;
          if (supplied(k, world.market(use, l)))
            some_input = true;
          else if (world.input_elasticity(j) <= 1.0)
            lost = true;
        }
        const bool bundle_lost = lost || (!some_input && value_added_share(j, l) < 1.0);
        const bool can_do_without = value_added_share(j, l) > 0.0 && world.value_added_elasticity(j) > 1.0;
        if (bundle_lost && !can_do_without && inputs.sum() > 0.0) {
          alive(j, l) = false;
          changed = true;
        }
      }
  }
  // A producer without a customer makes nothing.
  for (Index j = 0; j < sectors; ++j) {
    auto w = weight.sector(j), net = net_weight.sector(j);
    for (Index i = 0; i < locations; ++i) {
      if (alive(j, i) && !(w.col(i).array() > 0.0).any()) alive(j, i) = false;
      if (!alive(j, i)) {
        w.col(i).setZero();
        net.col(i).setZero();
      }
    }
  }
  for (Index l = 0; l < locations; ++l)
    for (Index j = 0; j < sectors; ++j)
      if (final_share(j, l) > 0.0 && !supplied(j, world.market(world.final_demand_use(), l)))
        unsupplied.push_back({world.market(world.final_demand_use(), l), j});
  // The first cause, not what follows from it: a producer that lost an input leaves more markets unsupplied.
  if (!unsupplied.empty() && !cut_off.empty()) unsupplied = cut_off;
}

std::vector<Kernel::Unsupplied> Kernel::markets_without_source() const {
  std::vector<Unsupplied> found;
  for (Index l = 0; l < locations; ++l)
    for (Index j = 0; j < sectors; ++j)
      for (Index use = 0; use < world.uses; ++use) {
        const Index m = world.market(use, l);
        if ((weight.sector(j).row(m).array() > 0.0).any() || !(world.expenditure.sector(j).row(m).array() > 0.0).any())
          continue;
        bool needed = use == world.final_demand_use() && final_share(j, l) > 0.0;
        for (Index k = 0; k < sectors && !needed; ++k)
          needed =
              use == world.intermediate_use() && input_share[at(l)](j, k) > 0.0 && world.input_elasticity(k) <= 1.0;
        if (needed) found.push_back({m, j});
      }
  return found;
}

void Kernel::find_components() {
  std::vector<Index> parent(at(countries));
  std::iota(parent.begin(), parent.end(), Index{0});
  const auto root = [&](Index n) {
    while (parent[at(n)] != n) n = parent[at(n)] = parent[at(parent[at(n)])];
    return n;
  };
  for (Index j = 0; j < sectors; ++j) {
    if (!traded[at(j)]) continue;
    const auto w = weight.sector(j);
    for (Index i = 0; i < locations; ++i)
      for (Index m = 0; m < markets; ++m) {
        if (w(m, i) == 0.0) continue;
        const Index a = root(world.country_of_location(i)), b = root(world.country_of_market(m));
        if (a != b) parent[at(std::max(a, b))] = std::min(a, b);
      }
  }
  component_of.assign(at(countries), 0);
  std::vector<Index> number(at(countries), -1);
  for (Index n = 0; n < countries; ++n) {
    const Index r = root(n);
    if (number[at(r)] < 0) {
      number[at(r)] = static_cast<Index>(components.size());
      components.emplace_back();
    }
    component_of[at(n)] = number[at(r)];
    components[at(number[at(r)])].countries.push_back(n);
  }
}

Vector deficits(const World& world, const Shock& shock, const std::vector<Component>& components, const Vector& base,
                const Vector& now) {
  Vector result = Vector::Zero(world.country_count());
  switch (shock.closure) {
    case Closure::kFixed:
      result = world.deficit;
      break;
    case Closure::kBalanced:
      break;
    case Closure::kProportional: {
      // D'_n = (D_n/V_n − shift) Φ̂_n V_n, the shift such that they sum to zero among those who trade.
      const Vector rate = world.deficit.array() / base.array();
      for (const Component& component : components) {
        double total = 0.0, income = 0.0;
        for (const Index n : component.countries) {
          total += rate(n) * now(n);
          income += now(n);
        }
        for (const Index n : component.countries) result(n) = (rate(n) - total / income) * now(n);
      }
      break;
    }
  }
  // What some can no longer run, all others who trade with them take over in proportion to base factor income.
  if (shock.closed_deficit.size() > 0)
    for (const Component& component : components) {
      double closed = 0.0, others = 0.0;
      for (const Index n : component.countries) {
        closed += result(n) * shock.closed_deficit(n);
        others += base(n) * (1.0 - shock.closed_deficit(n));
      }
      for (const Index n : component.countries) {
        result(n) *= 1.0 - shock.closed_deficit(n);
        if (others > 0.0) result(n) += closed * base(n) * (1.0 - shock.closed_deficit(n)) / others;
      }
    }
  if (shock.transfer.size() > 0) result += shock.transfer;
  return result;
}

Matrix deficit_response(const World& world, const Shock& shock, const std::vector<Component>& components,
                        const Vector& base, const Vector& now) {
  Matrix result = Matrix::Zero(world.country_count(), world.country_count());
  if (shock.closure != Closure::kProportional) return result;
  for (const Component& component : components) {
    double total = 0.0, income = 0.0, others = 0.0;
    for (const Index n : component.countries) {
      total += world.deficit(n) / base(n) * now(n);
      income += now(n);
    }
    for (const Index n : component.countries)
      for (const Index k : component.countries) {
        const double rate = world.deficit(k) / base(k) - total / income;
        result(n, k) = (n == k ? rate : 0.0) - now(n) * rate / income;
      }
    if (shock.closed_deficit.size() == 0) continue;
    for (const Index n : component.countries) others += base(n) * (1.0 - shock.closed_deficit(n));
    for (const Index k : component.countries) {
      double closed = 0.0;
      for (const Index n : component.countries) closed += result(n, k) * shock.closed_deficit(n);
      for (const Index n : component.countries) {
        result(n, k) *= 1.0 - shock.closed_deficit(n);
        if (others > 0.0) result(n, k) += closed * base(n) * (1.0 - shock.closed_deficit(n)) / others;
      }
    }
  }
  return result;
}

}  // namespace entrepot
