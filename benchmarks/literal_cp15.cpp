#include "literal_cp15.hpp"

#include <algorithm>
#include <cmath>

namespace entrepot::benchmarks {

namespace {

/// Base-year shares and the equations, each written as in the paper.
class Literal {
 public:
  Literal(const World& world, const Shock& shock)
      : world_(world),
        shock_(shock),
        countries_(world.country_count()),
        sectors_(world.sector_count()),
        share_(countries_, countries_, sectors_),
        wedge_(countries_, countries_, sectors_, 1.0),
        input_share_(at(countries_), Matrix::Zero(sectors_, sectors_)),
        labour_share_(Matrix::Zero(countries_, sectors_)),
        final_share_(Matrix::Zero(countries_, sectors_)),
        new_share(countries_, countries_, sectors_) {
    for (Index j = 0; j < sectors_; ++j)
      for (Index n = 0; n < countries_; ++n) {
        const double spent = world.expenditure.sector(j).row(n).sum();
        for (Index i = 0; i < countries_; ++i) {
          if (spent > 0.0) share_(n, i, j) = world.expenditure(n, i, j) / spent;
          wedge_(n, i, j) = (1.0 + shock.tariff(n, i, j)) / (1.0 + world.tariff_at(n, i, j));
        }
      }
    for (Index n = 0; n < countries_; ++n) {
      final_share_.row(n) = world.final_use.row(n) / world.final_use.row(n).sum();
      for (Index j = 0; j < sectors_; ++j) {
        const double total = world.input[at(n)].col(j).sum() + world.value_added(n, j);
        if (total <= 0.0) continue;
        input_share_[at(n)].col(j) = world.input[at(n)].col(j) / total;
        labour_share_(n, j) = world.value_added(n, j) / total;
      }
    }
    value_added = factor_income(world);
    deficit_ = shock.closure == Closure::kBalanced ? Vector::Zero(countries_) : world.deficit;
    wage = Vector::Ones(countries_);
    price = Matrix::Ones(countries_, sectors_);
    cost = price;
    spending.resize(countries_, sectors_);
    for (Index j = 0; j < sectors_; ++j) spending.col(j) = world.expenditure.sector(j).rowwise().sum();
  }

  /// ĉ = ŵ^γV Π P̂^γ
  void costs() {
    const Matrix log_price = price.array().log();
    for (Index n = 0; n < countries_; ++n)
      for (Index j = 0; j < sectors_; ++j)
        cost(n, j) =
            std::exp(labour_share_(n, j) * std::log(wage(n)) + input_share_[at(n)].col(j).dot(log_price.row(n)));
  }

  /// P̂ = (Σ π (κ̂ ĉ)^−θ)^(−1/θ); answers the largest relative change.
  double prices() {
    double change = 0.0;
    for (Index j = 0; j < sectors_; ++j)
      for (Index n = 0; n < countries_; ++n) {
        double sum = 0.0;
        for (Index i = 0; i < countries_; ++i)
          sum += share_(n, i, j) * std::pow(wedge_(n, i, j) * cost(i, j), -world_.theta(j));
        const double next = sum > 0.0 ? std::pow(sum, -1.0 / world_.theta(j)) : 1.0;
        change = std::max(change, std::abs(next / price(n, j) - 1.0));
        price(n, j) = next;
      }
    return change;
  }

  /// π' = π (κ̂ ĉ / P̂)^−θ
  void shares() {
    for (Index j = 0; j < sectors_; ++j)
      for (Index i = 0; i < countries_; ++i)
        for (Index n = 0; n < countries_; ++n)
          new_share(n, i, j) = share_(n, i, j) * std::pow(wedge_(n, i, j) * cost(i, j) / price(n, j), -world_.theta(j));
  }

  /// X' from its linear system: X'_nj = Σ_k γ_n,jk Σ_m π'_mnk X'_mk/(1+τ') + α_nj (ŵV + Σ τ' π' X'/(1+τ') + D').
  void solve_for_spending() {
    const Index size = countries_ * sectors_;
    Matrix system = Matrix::Identity(size, size);
    Vector right(size);
    for (Index n = 0; n < countries_; ++n)
      for (Index j = 0; j < sectors_; ++j) {
        const Index row = n * sectors_ + j;
        right(row) = final_share_(n, j) * (wage(n) * value_added(n) + deficit_(n));
        for (Index k = 0; k < sectors_; ++k) {
          const double gamma = input_share_[at(n)](j, k);
          double revenue = 0.0;
          for (Index i = 0; i < countries_; ++i) {
            const double tariff = shock_.tariff(n, i, k);
            revenue += tariff / (1.0 + tariff) * new_share(n, i, k);
            system(row, i * sectors_ + k) -= gamma * new_share(i, n, k) / (1.0 + shock_.tariff(i, n, k));
          }
          system(row, n * sectors_ + k) -= final_share_(n, j) * revenue;
        }
      }
    const Vector solution = system.partialPivLu().solve(right);
    for (Index n = 0; n < countries_; ++n) spending.row(n) = solution.segment(n * sectors_, sectors_).transpose();
  }

  /// Spending once round; answers the largest relative change. Sets what each country's workers are paid.
  double spend_once() {
    Vector revenue = Vector::Zero(countries_);
    Matrix sold = Matrix::Zero(countries_, sectors_);
    for (Index j = 0; j < sectors_; ++j)
      for (Index i = 0; i < countries_; ++i)
        for (Index n = 0; n < countries_; ++n) {
          const double received = new_share(n, i, j) * spending(n, j) / (1.0 + shock_.tariff(n, i, j));
          sold(i, j) += received;
          revenue(n) += received * shock_.tariff(n, i, j);
        }
    double change = 0.0;
    paid = labour_share_.cwiseProduct(sold).rowwise().sum();
    for (Index n = 0; n < countries_; ++n) {
      const double income = wage(n) * value_added(n) + revenue(n) + deficit_(n);
      const Vector demand = final_share_.row(n).transpose() * income + input_share_[at(n)] * sold.row(n).transpose();
      for (Index j = 0; j < sectors_; ++j)
        if (spending(n, j) > 0.0) change = std::max(change, std::abs(demand(j) / spending(n, j) - 1.0));
      spending.row(n) = demand.transpose();
    }
    return change;
  }

  /// Exports less imports less the surplus that is due, million USD.
  Vector excess_balance() const {
    Vector balance = deficit_;
    for (Index j = 0; j < sectors_; ++j)
      for (Index i = 0; i < countries_; ++i)
        for (Index n = 0; n < countries_; ++n) {
          const double received = new_share(n, i, j) * spending(n, j) / (1.0 + shock_.tariff(n, i, j));
          balance(i) += received;
          balance(n) -= received;
        }
    return balance;
  }

  Vector wage, value_added, paid;
  Matrix price, cost, spending;

 private:
  const World& world_;
  const Shock& shock_;
  Index countries_, sectors_;
  Bilateral share_, wedge_;
  std::vector<Matrix> input_share_;
  Matrix labour_share_, final_share_;
  Vector deficit_;

 public:
  Bilateral new_share;
};

}  // namespace

LiteralResult solve_literally(const World& world, const Shock& shock, double tolerance) {
  Literal model(world, shock);
  LiteralResult result;
  const double world_income = model.value_added.sum();
  for (result.steps = 1; result.steps < 10000; ++result.steps) {
    model.price.setOnes();
    do {
      model.costs();
    } while (model.prices() > tolerance);
    model.shares();
    model.solve_for_spending();
    const Vector excess = model.excess_balance().array() / (model.wage.array() * model.value_added.array());
    result.change = excess.cwiseAbs().maxCoeff();
    if (result.change < tolerance) break;
    model.wage.array() *= 1.0 + 0.2 * excess.array();
    model.wage *= world_income / model.wage.dot(model.value_added);
  }
  result.wage = model.wage;
  return result;
}

LiteralResult solve_in_one_loop(const World& world, const Shock& shock, double tolerance) {
  Literal model(world, shock);
  LiteralResult result;
  const double world_income = model.value_added.sum();
  for (result.steps = 1; result.steps < 100000; ++result.steps) {
    model.costs();
    result.change = model.prices();
    model.shares();
    result.change = std::max(result.change, model.spend_once());
    Vector next = 0.5 * (model.wage + model.paid.cwiseQuotient(model.value_added));
    next *= world_income / next.dot(model.value_added);
    result.change = std::max(result.change, (next.array() / model.wage.array() - 1.0).abs().maxCoeff());
    model.wage = next;
    if (result.change < tolerance) break;
  }
  result.wage = model.wage;
  return result;
}

}  // namespace entrepot::benchmarks
