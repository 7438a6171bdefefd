#include "factor_markets.hpp"

#include <cmath>
#include <limits>

namespace entrepot {

FactorMarkets::FactorMarkets(const Kernel& kernel)
    : kernel_(kernel),
      first_(at(kernel.countries), -1),
      market_of_(at(kernel.sectors), std::vector<Index>(at(kernel.countries), -1)) {
  const World& world = kernel.world;
  for (Index n = 0; n < kernel.countries; ++n) {
    first_[at(n)] = size();
    if (kernel.mobile(n)) {
      markets_.push_back({n, -1, -1, 1.0});
      continue;
    }
    all_mobile_ = false;
    for (const Index l : kernel.locations_of[at(n)])
      for (Index j = 0; j < kernel.sectors; ++j) {
        Index& market = market_of_[at(j)][at(n)];
        if (market >= 0 || world.value_added(l, j) <= 0.0 || !kernel.alive(j, l)) continue;
        market = size();
        double share = 0.0;
        for (const Index k : kernel.locations_of[at(n)]) share += world.value_added(k, j) / kernel.factor_income(n);
        markets_.push_back({n, l, j, share});
      }
  }
}

Vector FactorMarkets::log_income(const Vector& log_wage) const {
  Vector largest = Vector::Constant(kernel_.countries, -std::numeric_limits<double>::infinity());
  for (Index f = 0; f < size(); ++f)
    largest(markets_[at(f)].country) = std::max(largest(markets_[at(f)].country), log_wage(f));
  // ln Φ̂ = max ln ŵ + ln Σ λ (ŵ/max)^ν / ν
  Vector sum = Vector::Zero(kernel_.countries);
  for (Index f = 0; f < size(); ++f) {
    const Market& market = markets_[at(f)];
    if (market.location >= 0)
      sum(market.country) += market.share * std::exp(kernel_.world.labour_mobility(market.country) *
                                                     (log_wage(f) - largest(market.country)));
  }
  Vector result = largest;
  for (Index n = 0; n < kernel_.countries; ++n)
    if (!kernel_.mobile(n)) result(n) += std::log(sum(n)) / kernel_.world.labour_mobility(n);
  return result;
}

void FactorMarkets::normalise(Vector& log_wage) const {
  const Vector now = income(log_wage);
  Vector shift(static_cast<Index>(kernel_.components.size()));
  for (std::size_t c = 0; c < kernel_.components.size(); ++c) {
    double total = 0.0, base = 0.0;
    for (const Index n : kernel_.components[c].countries) {
      total += now(n);
      base += kernel_.factor_income(n);
    }
    shift(static_cast<Index>(c)) = std::log(base / total);
  }
  for (Index f = 0; f < size(); ++f) log_wage(f) += shift(kernel_.component_of[at(markets_[at(f)].country)]);
}

Matrix FactorMarkets::spread(const Vector& log_wage) const {
  Matrix result = Matrix::Zero(kernel_.sectors, kernel_.locations);
  const Vector income = log_income(log_wage);
  for (Index l = 0; l < kernel_.locations; ++l) {
    const Index n = kernel_.world.country_of_location(l);
    for (Index j = 0; j < kernel_.sectors; ++j) {
      const Index market = market_of_[at(j)][at(n)];
      result(j, l) = market < 0 ? income(n) : log_wage(market);
    }
  }
  return result;
}

Vector FactorMarkets::supply(const Vector& log_wage) const {
  const Vector income = log_income(log_wage);
  Vector result(size());
  for (Index f = 0; f < size(); ++f) {
    const Market& market = markets_[at(f)];
    const double base = kernel_.factor_income(market.country), phi = income(market.country);
    // λ' Φ̂ V with λ' = λ (ŵ/Φ̂)^ν
    result(f) =
        market.location < 0
            ? base * std::exp(phi)
            : market.share * base * std::exp(kernel_.world.labour_mobility(market.country) * (log_wage(f) - phi) + phi);
  }
  return result;
}

Vector FactorMarkets::demand(const PriceState& prices, const SpendingState& spending) const {
  const Matrix paid = prices.labour_share.cwiseProduct(spending.output);
  Vector result = Vector::Zero(size());
  for (Index l = 0; l < kernel_.locations; ++l) {
    const Index n = kernel_.world.country_of_location(l);
    if (kernel_.mobile(n)) {
      result(first_[at(n)]) += paid.col(l).sum();
      continue;
    }
    for (Index j = 0; j < kernel_.sectors; ++j)
      if (const Index market = market_of_[at(j)][at(n)]; market >= 0) result(market) += paid(j, l);
  }
  return result;
}

void FactorMarkets::linearise(const Vector& log_wage, const PriceState& prices, const SpendingState& spending,
                              const Domestic& domestic) {
  const World& world = kernel_.world;
  const Index locations = kernel_.locations, countries = kernel_.countries, sectors = kernel_.sectors;
  const Vector supplied = supply(log_wage);
  const Vector factor = income(log_wage);

  // pass: d ln ĉ per d ln of the country's wage; own: per d ln of the sector's wage; the rest comes through inputs.
  Matrix pass(sectors, locations), own(sectors, locations);
  for (Index l = 0; l < locations; ++l) {
    pass.col(l).noalias() = domestic.inverse[at(l)].transpose() * prices.labour_share.col(l);
    own.col(l) = domestic.inverse[at(l)].diagonal().cwiseProduct(prices.labour_share.col(l));
  }

  Matrix system = Matrix::Zero(countries, countries);
  blocks_.clear();
  Matrix received(kernel_.markets, locations), share(kernel_.markets, locations), trade(locations, locations);
  Matrix by_income = Matrix::Zero(locations, countries);
  for (Index j = 0; j < sectors; ++j) {
    // received: receipts of each flow; share: π'; trade: Σ_m received·π' − diag(Y), substitution between origins.
    const auto weight = kernel_.weight.sector(j), net = kernel_.net_weight.sector(j);
    if (!kernel_.traded[at(j)] && all_mobile_) {
      // Own goods only: no substitution, and domestic income effects that the column sums below already hold.
      continue;
    }
    for (Index i = 0; i < locations; ++i) {
      share.col(i) = weight.col(i).array() * prices.supply(i, j) / prices.index.col(j).array();
      received.col(i) = net.col(i).array() * prices.supply(i, j) / prices.index.col(j).array() *
                        spending.spending.row(j).transpose().array();
    }
    for (const PriceState::Remote& remote : prices.remote)
      if (remote.sector == j) {
        share.row(remote.market) = remote.share.transpose() / remote.share.sum();
        received.row(remote.market) = remote.share.transpose() * spending.spending(j, remote.market);
      }
    trade.noalias() = received.transpose() * share;
    trade.diagonal() -= received.colwise().sum().transpose();
    by_income.setZero();
    for (Index m = 0; m < kernel_.markets; ++m) {
      const Index l = world.location_of_market(m), n = world.country_of_location(l);
      const double x = spending.spending(j, m);
      if (x <= 0.0) continue;
      const double final_part =
          m >= world.market(world.final_demand_use(), 0) ? kernel_.final_share(j, l) * spending.income(n) / x : 0.0;
      by_income.col(n) += received.row(m).transpose() * (final_part * factor(n) / spending.income(n));
    }
    SectorBlock block;
    std::vector<Index> row_of(at(countries), -1);
    for (Index n = 0; n < countries; ++n)
      if (const Index market = market_of_[at(j)][at(n)]; market >= 0) {
        row_of[at(n)] = static_cast<Index>(block.market.size());
        block.market.push_back(market);
      }
    const Index rows = static_cast<Index>(block.market.size());
    Matrix a = Matrix::Zero(rows, rows);
    block.of_income = Matrix::Zero(rows, countries);
    block.to_country = Matrix::Zero(countries, rows);
    const double theta = world.theta(j);
    // Response of each producer's payroll to x (sector wages) and φ (country incomes).
    for (Index l = 0; l < locations; ++l) {
      const Index n = world.country_of_location(l), row = row_of[at(n)];
      const bool separate = row >= 0;
      const double multiplier = separate ? prices.labour_share(j, l) : pass(j, l);
      for (Index k = 0; k < locations; ++k) {
        const double response = multiplier * theta * trade(l, k);
        const Index nk = world.country_of_location(k), column = row_of[at(nk)];
        if (column >= 0) {
          if (separate)
            a(row, column) += response * own(j, k);
          else if (kernel_.mobile(n))
            block.to_country(n, column) += response * own(j, k);
        }
        const double rest = column >= 0 ? pass(j, k) - own(j, k) : pass(j, k);
        (separate ? block.of_income.row(row) : system.row(n))(nk) += response * rest;
      }
      if (separate)
        block.of_income.row(row) += multiplier * by_income.row(l);
      else if (kernel_.mobile(n))
        system.row(n) += multiplier * by_income.row(l);
    }
    for (Index n = 0; n < countries; ++n) {
      const Index row = row_of[at(n)];
      if (row < 0) continue;
      const Index f = block.market[at(row)];
      const double nu = world.labour_mobility(n);
      a(row, row) -= nu * supplied(f);
      block.of_income(row, n) -= (1.0 - nu) * supplied(f);
      block.to_country(n, row) += supplied(f);  // Φ̂V (Σ λ' x − φ) = 0
    }
    if (rows > 0) {
      block.own.compute(a);
      blocks_.push_back(std::move(block));
    }
  }
  for (Index n = 0; n < countries; ++n)
    if (!kernel_.mobile(n)) system(n, n) -= factor(n);
  for (const SectorBlock& block : blocks_) system -= block.to_country * block.own.solve(block.of_income);
  if (all_mobile_) {
    // Walras: what one country's workers lose, others gain.
    for (Index k = 0; k < countries; ++k) system(k, k) -= system.col(k).sum();
  }
  for (Index n = 0; n < countries; ++n) {
    if (kernel_.mobile(n) && !all_mobile_) system(n, n) -= factor(n);
    // The level of wages is free: hold the component's total.
    for (const Index k : kernel_.components[at(kernel_.component_of[at(n)])].countries) {
      double total = 0.0;
      for (const Index c : kernel_.components[at(kernel_.component_of[at(n)])].countries) total += factor(c);
      system(n, k) -= factor(n) * factor(k) / total;
    }
  }
  country_system_.compute(system);
}

Vector FactorMarkets::step(const Vector& gap) const {
  Vector right = Vector::Zero(kernel_.countries);
  for (Index n = 0; n < kernel_.countries; ++n)
    if (kernel_.mobile(n)) right(n) = -gap(first_[at(n)]);
  std::vector<Vector> own;
  own.reserve(blocks_.size());
  for (const SectorBlock& block : blocks_) {
    Vector b(static_cast<Index>(block.market.size()));
    for (Index r = 0; r < b.size(); ++r) b(r) = -gap(block.market[at(r)]);
    own.push_back(block.own.solve(b));
    right -= block.to_country * own.back();
  }
  const Vector phi = country_system_.solve(right);
  Vector result(size());
  for (Index n = 0; n < kernel_.countries; ++n)
    if (kernel_.mobile(n)) result(first_[at(n)]) = phi(n);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const Vector x = own[b] - blocks_[b].own.solve(blocks_[b].of_income * phi);
    for (Index r = 0; r < x.size(); ++r) result(blocks_[b].market[at(r)]) = x(r);
  }
  return result;
}

Vector FactorMarkets::step_transposed(const Vector& weight) const {
  Vector phi = Vector::Zero(kernel_.countries);
  for (Index n = 0; n < kernel_.countries; ++n)
    if (kernel_.mobile(n)) phi(n) = weight(first_[at(n)]);
  std::vector<Vector> own;
  own.reserve(blocks_.size());
  for (const SectorBlock& block : blocks_) {
    Vector x(static_cast<Index>(block.market.size()));
    for (Index r = 0; r < x.size(); ++r) x(r) = weight(block.market[at(r)]);
    const Vector through = block.own.transpose().solve(x);
    phi -= block.of_income.transpose() * through;
    own.push_back(std::move(x));
  }
  const Vector right = country_system_.transpose().solve(phi);
  Vector result = Vector::Zero(size());
  for (Index n = 0; n < kernel_.countries; ++n)
    if (kernel_.mobile(n)) result(first_[at(n)]) = -right(n);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const Vector rest = own[b] - blocks_[b].to_country.transpose() * right;
    const Vector x = blocks_[b].own.transpose().solve(rest);
    for (Index r = 0; r < x.size(); ++r) result(blocks_[b].market[at(r)]) = -x(r);
  }
  return result;
}

}  // namespace entrepot
