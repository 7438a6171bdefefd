#include "recipe/country_balance.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

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
  for (Index k = 0; k < accounts.home.size(); ++k) {
    gap = std::max(
        gap, relative(accounts.home(k) + targets.exports(k), accounts.input.col(k).sum() + accounts.value_added(k)));
    gap = std::max(
        gap, relative(accounts.home(k) + targets.imports(k), accounts.input.row(k).sum() + accounts.final_use(k)));
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
  const Index sectors = first.home.size();
  // Multipliers: of activities (a), of goods (c), of the totals of value added (v) and final use (f). Home = H⁰a/c,
  // Z_kj = Z⁰c_k/a_j, V_j = V⁰v/a_j, F_k = F⁰c_k f.
  Vector a = Vector::Ones(sectors), c = Vector::Ones(sectors);
  double v = 1.0, f = 1.0;
  CountryBalance result;
  for (result.sweeps = 1; result.sweeps <= kMaxSweeps; ++result.sweeps) {
    for (Index j = 0; j < sectors; ++j) {  // (H⁰/c) a² + E a = Σ Z⁰c + V⁰v
      const double cost = first.input.col(j).dot(c) + first.value_added(j) * v, home = first.home(j) / c(j);
      const double e = targets.exports(j);
      a(j) = 2.0 * cost / (e + std::sqrt(e * e + 4.0 * home * cost));
    }
    v = targets.value_added / first.value_added.cwiseQuotient(a).sum();
    for (Index k = 0; k < sectors; ++k) {  // (Σ Z⁰/a + F⁰f) c² − M c = H⁰a
      const double use = first.input.row(k).dot(a.cwiseInverse()) + first.final_use(k) * f, m = targets.imports(k);
      c(k) = (m + std::sqrt(m * m + 4.0 * use * first.home(k) * a(k))) / (2.0 * use);
    }
    f = targets.final_use() / first.final_use.dot(c);
    if (result.sweeps % 10 != 0) continue;
    result.accounts = {c.asDiagonal() * first.input * a.cwiseInverse().asDiagonal(),
                       first.value_added.cwiseQuotient(a) * v, first.final_use.cwiseProduct(c) * f,
                       first.home.cwiseProduct(a).cwiseQuotient(c)};
    result.residual = largest_gap(result.accounts, targets);
    if (result.residual <= kTolerance) break;
  }
  return result;
}

}  // namespace entrepot
