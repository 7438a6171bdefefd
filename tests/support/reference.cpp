#include "reference.hpp"

#include <fmt/format.h>

#include <cmath>

namespace entrepot::testing {

namespace {

double ces(const Vector& share, const Vector& price, double elasticity) {
  double sum = 0.0;
  if (elasticity == 1.0) {
    for (Index k = 0; k < share.size(); ++k)
      if (share(k) > 0.0) sum += share(k) * std::log(price(k));
    return std::exp(sum);
  }
  for (Index k = 0; k < share.size(); ++k)
    if (share(k) > 0.0) sum += share(k) * std::pow(price(k), 1.0 - elasticity);
  return std::pow(sum, 1.0 / (1.0 - elasticity));
}

}  // namespace

EquationCheck check_equations(const World& world, const Shock& shock, const Equilibrium& e) {
  const Index locations = world.location_count(), sectors = world.sector_count(), markets = world.market_count(),
              countries = world.country_count();
  const Vector base_factor = factor_income(world);
  const double floor = 1e-9 * base_factor.sum();
  EquationCheck worst;
  const auto gap = [&](double residual, const std::string& where) {
    if (!(residual <= worst.residual)) worst = {residual, where};
  };
  const auto compare = [&](double got, double wanted, const std::string& where) {
    gap(std::abs(got - wanted) / std::max(std::abs(wanted), floor), where);
  };
  const auto value = [](const Bilateral& array, double otherwise, Index m, Index i, Index j) {
    return array.empty() ? otherwise : array(m, i, j);
  };
  const auto tariff = [&](Index m, Index i, Index j) {
    return value(shock.tariff.empty() ? world.tariff : shock.tariff, 0.0, m, i, j);
  };
  const auto tax = [&](Index m, Index i, Index j) {
    return value(shock.export_tax.empty() ? world.export_tax : shock.export_tax, 0.0, m, i, j);
  };

  // 1: costs. Shares of value added and inputs of cost come with them.
  Matrix labour_share = Matrix::Zero(locations, sectors);
  std::vector<Matrix> input_share(at(locations), Matrix::Zero(sectors, sectors));
  for (Index l = 0; l < locations; ++l) {
    const Vector price = e.price.row(world.market(world.intermediate_use(), l)).transpose();
    for (Index j = 0; j < sectors; ++j) {
      const Vector spent = world.input[at(l)].col(j);
      const double cost = spent.sum() + world.value_added(l, j);
      if (cost <= 0.0 || e.output(l, j) == 0.0) continue;
      const double bundle_share = spent.sum() / cost,
                   wage = e.wage(l, j) / (shock.productivity.size() > 0 ? shock.productivity(l, j) : 1.0);
      const double bundle = bundle_share > 0.0 ? ces(spent / spent.sum(), price, world.input_elasticity(j)) : 1.0;
      Vector share(2), both(2);
      share << world.value_added(l, j) / cost, bundle_share;
      both << wage, bundle;
      const double total = ces(share, both, world.value_added_elasticity(j));
      compare(e.cost(l, j), total, fmt::format("cost of {} in {}", j, l));
      labour_share(l, j) = share(0) * std::pow(wage / total, 1.0 - world.value_added_elasticity(j));
      for (Index k = 0; k < sectors; ++k)
        if (spent(k) > 0.0)
          input_share[at(l)](k, j) = bundle_share * std::pow(bundle / total, 1.0 - world.value_added_elasticity(j)) *
                                     spent(k) / spent.sum() *
                                     std::pow(price(k) / bundle, 1.0 - world.input_elasticity(j));
    }
  }
  // 2, 3, 4 and revenues.
  Matrix received = Matrix::Zero(locations, sectors);
  Vector tariffs = Vector::Zero(countries), taxes = tariffs, rents = tariffs;
  for (Index j = 0; j < sectors; ++j)
    for (Index m = 0; m < markets; ++m) {
      const double spent = world.expenditure.sector(j).row(m).sum();
      if (spent <= 0.0) continue;
      double index = 0.0;
      Vector term = Vector::Zero(locations);
      for (Index i = 0; i < locations; ++i) {
        if (world.expenditure(m, i, j) == 0.0 || e.output(i, j) == 0.0) continue;
        const double t = tariff(m, i, j), x = tax(m, i, j), r = value(shock.rent, 0.0, m, i, j);
        const double kappa = value(shock.iceberg, 1.0, m, i, j) * (1 + t) * (1 + x) * (1 + r) /
                             ((1 + world.tariff_at(m, i, j)) * (1 + world.export_tax_at(m, i, j)));
        term(i) = world.expenditure(m, i, j) / spent * value(shock.open_share, 1.0, m, i, j) *
                  std::pow(kappa * e.cost(i, j), -world.theta(j));
        index += term(i);
      }
      if (index == 0.0) continue;
      compare(e.price(m, j), std::pow(index, -1.0 / world.theta(j)), fmt::format("price of {} in {}", j, m));
      for (Index i = 0; i < locations; ++i) {
        if (term(i) == 0.0) continue;
        const double t = tariff(m, i, j), x = tax(m, i, j), r = value(shock.rent, 0.0, m, i, j);
        const double flow = term(i) / index * e.spending(m, j);
        double kept = 0.0;
        for (const Detour& detour : shock.detours) {
          if (detour.market != m || detour.origin != i || detour.sector != j) continue;
          kept += detour.share * detour.margin;
          rents(detour.hub) += flow * detour.share * detour.margin;
        }
        const double got = flow * (1 - kept) / ((1 + t) * (1 + x) * (1 + r));
        received(i, j) += got;
        taxes(world.country_of_location(i)) += x * got;
        tariffs(world.country_of_market(m)) += t * (1 + x) * got;
        Index who = shock.rent_beneficiary.empty() ? -1 : shock.rent_beneficiary[at((j * locations + i) * markets + m)];
        rents(who < 0 ? world.country_of_market(m) : who) += r * (1 + t) * (1 + x) * got;
      }
    }
  for (Index l = 0; l < locations; ++l)
    for (Index j = 0; j < sectors; ++j) {
      compare(e.output(l, j), received(l, j), fmt::format("output of {} in {}", j, l));
      compare(e.value_added(l, j), labour_share(l, j) * e.output(l, j), fmt::format("value added of {} in {}", j, l));
    }
  // 5, 7, 8. World factor income is the numeraire.
  Vector payroll = Vector::Zero(countries), final_total = payroll;
  for (Index l = 0; l < locations; ++l) {
    payroll(world.country_of_location(l)) += e.value_added.row(l).sum();
    final_total(world.country_of_location(l)) += world.final_use.row(l).sum();
  }
  compare(payroll.sum(), base_factor.sum(), "numeraire");
  Vector expected_deficit = world.deficit;
  if (shock.closure == Closure::kBalanced) expected_deficit.setZero();
  if (shock.closure == Closure::kProportional) {
    const Vector rate = world.deficit.cwiseQuotient(base_factor);
    const double shift = rate.dot(payroll) / payroll.sum();
    expected_deficit = (rate.array() - shift) * payroll.array();
  }
  if (shock.closed_deficit.size() > 0) {
    double closed = 0.0, others = 0.0;
    for (Index n = 0; n < countries; ++n) {
      closed += shock.closed_deficit(n) * expected_deficit(n);
      others += (1.0 - shock.closed_deficit(n)) * base_factor(n);
    }
    for (Index n = 0; n < countries; ++n) {
      const double open = 1.0 - shock.closed_deficit(n);
      expected_deficit(n) = open * expected_deficit(n) + (others > 0.0 ? open * base_factor(n) / others * closed : 0.0);
    }
  }
  if (shock.transfer.size() > 0) expected_deficit += shock.transfer;
  for (Index n = 0; n < countries; ++n) {
    const std::string& code = world.countries[at(n)].code;
    compare(payroll(n), e.factor_price(n) * base_factor(n), "factor market of " + code);
    compare(e.income(n), payroll(n) + tariffs(n) + taxes(n) + rents(n) + expected_deficit(n), "income of " + code);
    gap(std::abs(e.tariff_revenue(n) - tariffs(n)) / e.income(n), "tariff revenue of " + code);
    gap(std::abs(e.export_tax_revenue(n) - taxes(n)) / e.income(n), "export tax revenue of " + code);
    gap(std::abs(e.rent(n) - rents(n)) / e.income(n), "rent of " + code);
    gap(std::abs(e.deficit(n) - expected_deficit(n)) / e.income(n), "deficit of " + code);
  }
  for (Index n = 0; n < countries; ++n) {
    const double nu = world.labour_mobility(n);
    for (Index j = 0; j < sectors; ++j) {
      double before = 0.0, paid = 0.0, wage = 0.0;
      for (Index l = 0; l < locations; ++l) {
        if (world.country_of_location(l) != n || world.value_added(l, j) <= 0.0) continue;
        before += world.value_added(l, j);
        if (e.output(l, j) == 0.0) continue;
        paid += e.value_added(l, j);
        if (wage > 0.0) compare(e.wage(l, j), wage, fmt::format("one wage of {} in all of {}", j, n));
        wage = e.wage(l, j);
        if (!std::isfinite(nu)) compare(wage, e.factor_price(n), "wage of " + world.countries[at(n)].code);
      }
      if (wage > 0.0 && std::isfinite(nu))
        compare(paid, before * std::pow(wage / e.factor_price(n), nu) * e.factor_price(n),
                fmt::format("labour of {} in {}", j, n));
    }
  }
  // 6
  Matrix demand = Matrix::Zero(markets, sectors);
  for (Index l = 0; l < locations; ++l) {
    const Index n = world.country_of_location(l);
    demand.row(world.market(world.intermediate_use(), l)) +=
        (input_share[at(l)] * e.output.row(l).transpose()).transpose();
    demand.row(world.market(world.final_demand_use(), l)) += world.final_use.row(l) / final_total(n) * e.income(n);
  }
  for (Index m = 0; m < markets; ++m)
    for (Index j = 0; j < sectors; ++j)
      compare(e.spending(m, j), demand(m, j), fmt::format("spending of {} on {}", m, j));
  return worst;
}

}  // namespace entrepot::testing
