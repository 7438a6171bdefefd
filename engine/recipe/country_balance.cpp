#include "recipe/country_balance.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <vector>

namespace entrepot {

namespace {

constexpr int kMaxSweeps = 200000;
constexpr double kTolerance = 1e-13;

/// Largest gap of the identities, relative to the account and to no less than a billionth of value added.
double largest_gap(const CountryAccounts& accounts, const CountryTargets& targets) {
  const double floor = 1e-9 * targets.value_added;
  const auto relative = [&](double left, double right) {
    return std::abs(left - right) / std::max(std::abs(right), floor);
  };
  double gap = std::max(relative(accounts.value_added.sum(), targets.value_added),
                        relative(accounts.final_use.sum(), targets.final_use()));
  for (Index k = 0; k < accounts.home.rows(); ++k) {
    gap = std::max(gap, relative(accounts.home.row(k).sum() + targets.exports(k),
                                 accounts.input.col(k).sum() + accounts.value_added(k)));
    const Index uses = accounts.home.cols();
    for (Index u = 0; u < uses; ++u) {
      const double inputs = u == 0 ? accounts.input.row(k).sum() : 0.0;
      gap = std::max(gap, relative(accounts.home(k, u) + targets.imports(k, u),
                                   inputs + (u == uses - 1 ? accounts.final_use(k) : 0.0)));
    }
  }
  return gap;
}

}  // namespace

CountryAccounts first_accounts(const CostStructure& cost, const CountryTargets& targets, const Vector& re_export_share,
                               double least_home_share) {
  const Index sectors = cost.final_share.size();
  // Re-exports can't exceed what comes in.
  const Vector passing = re_export_share.cwiseProduct(targets.exports).cwiseMin(targets.imports);
  const Vector exports = targets.exports - passing, imports = targets.imports - passing;
  CountryAccounts first;
  first.final_use = cost.final_share * targets.final_use();
  const Matrix leontief = Matrix::Identity(sectors, sectors) - cost.input_share;
  const Vector output = leontief.partialPivLu().solve(first.final_use + exports - imports);
  Vector made = output.cwiseMax(exports);
  for (int pass = 0; pass < 3; ++pass) {  // sectors raised to the least home share use inputs too
    first.home = (output - exports).cwiseMax(least_home_share * (cost.input_share * made + first.final_use));
    made = first.home + exports;
  }
  first.input = cost.input_share * made.asDiagonal();
  first.input.diagonal() += passing;
  first.value_added = cost.value_added_share.cwiseProduct(made);
  return first;
}

CountryBalance balance_accounts(const CountryAccounts& first, const CountryTargets& targets) {
  const Index sectors = first.home.rows(), uses = first.home.cols();
  // Multipliers: of activities (a), of goods by use (c), of the totals of value added (v) and final use (f).
  // Home = H⁰a/c, Z_kj = Z⁰c_k/a_j, V_j = V⁰v/a_j, F_k = F⁰c_k f.
  Vector a = Vector::Ones(sectors);
  std::vector<Vector> c(at(uses), Vector::Ones(sectors));  // for inputs first, for final use last
  double v = 1.0, f = 1.0;
  // H⁰x/c; a good that nobody supplies has c = 0.
  const auto sales = [&](Index k, Index u, double x) {
    return first.home(k, u) > 0.0 ? first.home(k, u) * x / c[at(u)](k) : 0.0;
  };
  CountryBalance result;
  for (result.sweeps = 1; result.sweeps <= kMaxSweeps; ++result.sweeps) {
    for (Index j = 0; j < sectors; ++j) {  // (H⁰/c) a² + E a = Σ Z⁰c + V⁰v
      const double cost = first.input.col(j).dot(c.front()) + first.value_added(j) * v;
      double home = 0.0;
      for (Index u = 0; u < uses; ++u) home += sales(j, u, 1.0);
      const double e = targets.exports(j);
      if (cost > 0.0) a(j) = 2.0 * cost / (e + std::sqrt(e * e + 4.0 * home * cost));
    }
    v = targets.value_added / first.value_added.cwiseQuotient(a).sum();
    for (Index u = 0; u < uses; ++u)
      for (Index k = 0; k < sectors; ++k) {  // (Σ Z⁰/a + F⁰f) c² − M c = H⁰a
        double use = u == 0 ? first.input.row(k).dot(a.cwiseInverse()) : 0.0;
        if (u == uses - 1) use += first.final_use(k) * f;
        const double m = targets.imports(k, u);
        if (use > 0.0) c[at(u)](k) = (m + std::sqrt(m * m + 4.0 * use * first.home(k, u) * a(k))) / (2.0 * use);
      }
    f = targets.final_use() / first.final_use.dot(c.back());
    if (result.sweeps % 10 != 0) continue;
    result.accounts = {c.front().asDiagonal() * first.input * a.cwiseInverse().asDiagonal(),
                       first.value_added.cwiseQuotient(a) * v, first.final_use.cwiseProduct(c.back()) * f,
                       Matrix(sectors, uses)};
    for (Index u = 0; u < uses; ++u)
      for (Index k = 0; k < sectors; ++k) result.accounts.home(k, u) = sales(k, u, a(k));
    result.residual = largest_gap(result.accounts, targets);
    if (result.residual <= kTolerance) break;
  }
  return result;
}

}  // namespace entrepot
