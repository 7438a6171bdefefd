#include "blocks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "production.hpp"

namespace entrepot {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
/// ln ĉ of a producer that makes nothing: too dear for anyone at any θ.
constexpr double kNoOutput = 1e5;
/// An index below this has lost its digits.
constexpr double kSmallestIndex = 1e-200;
/// ln ĉ that no equilibrium has.
constexpr double kOutOfReach = 230.0;
constexpr int kMostSweeps = 2000;
/// A sweep that leaves more than this of the residual is slow: time to look at the domestic blocks again.
constexpr double kSlow = 0.6;
/// Residuals below this are round-off; sweeps that no longer reduce them end there.
constexpr double kRoundOff = 1e-11;

/// Decides when the domestic blocks are rebuilt and when to stop, from the residuals seen so far.
class Pace {
 public:
  enum class Next { kGoOn, kRebuild, kStop };
  Next after(double residual) {
    const bool slow = residual > kSlow * last_;
    last_ = residual;
    if (residual < best_) {
      best_ = residual;
      since_best_ = 0;
    } else if (++since_best_ > 20 && best_ < kRoundOff) {
      return Next::kStop;
    }
    slow_ = slow ? slow_ + 1 : 0;
    if (slow_ >= 2 && ++since_rebuild_ > patience_) {
      slow_ = 0;
      since_rebuild_ = 0;
      patience_ = 2 * patience_ + 1;
      return Next::kRebuild;
    }
    return Next::kGoOn;
  }

 private:
  double last_ = kInfinity, best_ = kInfinity;
  int since_best_ = 0, slow_ = 0, since_rebuild_ = 0, patience_ = 0;
};

}  // namespace

Blocks::Blocks(const Kernel& kernel) : kernel_(kernel), floor_(1e-9 * kernel.factor_income.sum()) {}

// ---- Prices: one sweep costs J products of M × L and L products of J × J -----------------------------------------

int Blocks::solve_prices(PriceState& state, double tolerance) {
  if (state.log_cost.size() == 0) {
    state.log_cost = Matrix::Zero(kernel_.sectors, kernel_.locations);
    for (Index l = 0; l < kernel_.locations; ++l)
      for (Index j = 0; j < kernel_.sectors; ++j)
        if (!kernel_.alive(j, l)) state.log_cost(j, l) = kNoOutput;
  }
  Pace pace;
  for (int sweep = 1; sweep <= kMostSweeps; ++sweep) {
    price_index(state);
    costs(state);
    if (!domestic_ready_) build_domestic(state);
    cost_gap_ -= state.log_cost;
    price_worst_ = {};
    // What a gap in ln ĉ means for sales: θ times as much where θ is above one.
    price_worst_.value = (cost_gap_.array().abs().colwise() * kernel_.world.theta.array().max(1.0))
                             .maxCoeff(&price_worst_.row, &price_worst_.column);
    if (!std::isfinite(price_worst_.value)) return -1;
    const Pace::Next next = price_worst_.value <= tolerance ? Pace::Next::kStop : pace.after(price_worst_.value);
    if (next == Pace::Next::kStop) {
      net_shares(state);
      return sweep;
    }
    if (next == Pace::Next::kRebuild) build_domestic(state);
    for (Index l = 0; l < kernel_.locations; ++l)
      state.log_cost.col(l).noalias() += domestic_.inverse[at(l)].transpose() * cost_gap_.col(l);
  }
  return -1;
}

std::optional<Blocks::Runaway> Blocks::runaway(const Matrix& log_wage) const {
  if (kernel_.cobb_douglas) return std::nullopt;  // costs move less than one for one with prices
  PriceState state;
  state.log_wage = log_wage;
  state.log_cost = Matrix::Zero(kernel_.sectors, kernel_.locations);
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    price_index(state);
    costs(state);
    for (Index l = 0; l < kernel_.locations; ++l)
      for (Index j = 0; j < kernel_.sectors; ++j)
        if (kernel_.alive(j, l) && !(cost_gap_(j, l) < kOutOfReach)) return Runaway{j, l};
    if ((cost_gap_ - state.log_cost).cwiseAbs().maxCoeff() < kRoundOff) break;
    state.log_cost = cost_gap_;
  }
  return std::nullopt;
}

void Blocks::price_index(PriceState& state) const {
  const World& world = kernel_.world;
  const Vector cheapest = state.log_cost.rowwise().minCoeff();
  state.supply.resize(kernel_.locations, kernel_.sectors);
  for (Index j = 0; j < kernel_.sectors; ++j)
    state.supply.col(j) = (state.log_cost.row(j).transpose().array() - cheapest(j)) * -world.theta(j);
  state.supply = state.supply.array().exp();
  state.index.resize(kernel_.markets, kernel_.sectors);
  for (Index j = 0; j < kernel_.sectors; ++j) {
    const auto weight = kernel_.weight.sector(j);
    if (kernel_.traded[at(j)]) {
      state.index.col(j).noalias() = weight * state.supply.col(j);
    } else {
      for (Index m = 0; m < kernel_.markets; ++m) {
        const Index l = world.location_of_market(m);
        state.index(m, j) = weight(m, l) * state.supply(l, j);
      }
    }
  }
  remote_markets(state);
  // ln P̂ = ln ĉ_cheapest − ln(index)/θ
  log_index_ = state.index.array().log();
  log_index_ += kernel_.log_scale;
  state.log_price.resize(kernel_.sectors, kernel_.markets);
  for (Index j = 0; j < kernel_.sectors; ++j)
    state.log_price.row(j) = (log_index_.col(j).transpose().array() / -world.theta(j)) + cheapest(j);
  for (const PriceState::Remote& remote : state.remote)
    state.log_price(remote.sector, remote.market) = remote.log_price;
  const double absent = kernel_.cobb_douglas ? 0.0 : kInfinity;
  for (Index m = 0; m < kernel_.markets; ++m)
    for (Index j = 0; j < kernel_.sectors; ++j)
      if (!kernel_.supplied(j, m)) state.log_price(j, m) = absent;
}

void Blocks::remote_markets(PriceState& state) const {
  const World& world = kernel_.world;
  state.remote.clear();
  for (Index j = 0; j < kernel_.sectors; ++j)
    for (Index m = 0; m < kernel_.markets; ++m) {
      if (state.index(m, j) > kSmallestIndex) continue;
      if (kernel_.supplied(j, m)) {
        PriceState::Remote remote{m, j, 0.0, Vector::Zero(kernel_.locations)};
        double largest = -kInfinity;
        Vector exponent = Vector::Constant(kernel_.locations, -kInfinity);
        for (Index i = 0; i < kernel_.locations; ++i) {
          if (kernel_.weight(m, i, j) == 0.0) continue;
          exponent(i) = std::log(kernel_.weight(m, i, j)) - world.theta(j) * state.log_cost(j, i);
          largest = std::max(largest, exponent(i));
        }
        const Vector share = (exponent.array() - largest).exp();
        remote.log_price = -(largest + std::log(share.sum()) + kernel_.log_scale(m, j)) / world.theta(j);
        for (Index i = 0; i < kernel_.locations; ++i)
          if (kernel_.weight(m, i, j) > 0.0)  // not share > 0: Eigen's exp(−∞) is the smallest number, not 0
            remote.share(i) = share(i) / share.sum() * kernel_.net_weight(m, i, j) / kernel_.weight(m, i, j);
        state.remote.push_back(std::move(remote));
      }
      state.index(m, j) = 1.0;
    }
}

void Blocks::costs(PriceState& state) const {
  const World& world = kernel_.world;
  const Index use = world.intermediate_use();
  if (kernel_.cobb_douglas) {
    cost_gap_ = kernel_.value_added_share.array() * (state.log_wage - kernel_.log_productivity).array();
    for (Index l = 0; l < kernel_.locations; ++l)
      cost_gap_.col(l).noalias() += kernel_.input_share[at(l)].transpose() * state.log_price.col(world.market(use, l));
    state.labour_share = kernel_.value_added_share;
  } else {
    cost_gap_.resize(kernel_.sectors, kernel_.locations);
    state.labour_share.setZero(kernel_.sectors, kernel_.locations);
    if (state.input_share.empty()) state.input_share = kernel_.input_share;
    for (Index l = 0; l < kernel_.locations; ++l)
      for (Index j = 0; j < kernel_.sectors; ++j) {
        if (!kernel_.alive(j, l)) continue;
        cost_gap_(j, l) =
            unit_cost(kernel_.input_share[at(l)].col(j), kernel_.value_added_share(j, l),
                      state.log_price.col(world.market(use, l)), state.log_wage(j, l) - kernel_.log_productivity(j, l),
                      world.value_added_elasticity(j), world.input_elasticity(j), state.input_share[at(l)].col(j),
                      state.labour_share(j, l));
      }
  }
  for (Index l = 0; l < kernel_.locations; ++l)
    for (Index j = 0; j < kernel_.sectors; ++j)
      if (!kernel_.alive(j, l)) cost_gap_(j, l) = kNoOutput;
}

void Blocks::net_shares(PriceState& state) const {
  state.net_share.setOnes(kernel_.markets, kernel_.sectors);
  for (Index j = 0; j < kernel_.sectors; ++j)
    if (kernel_.tariffed[at(j)])
      state.net_share.col(j) =
          (kernel_.net_weight.sector(j) * state.supply.col(j)).array() / state.index.col(j).array();
  for (const TaxedFlow& flow : kernel_.taxed_flows) {
    if (kernel_.tariffed[at(flow.sector)]) continue;
    const double received = kernel_.net_weight(flow.market, flow.origin, flow.sector) *
                            state.supply(flow.origin, flow.sector) / state.index(flow.market, flow.sector);
    state.net_share(flow.market, flow.sector) -= received * (flow.export_tax + flow.rent);
  }
  for (const PriceState::Remote& remote : state.remote)
    state.net_share(remote.market, remote.sector) = remote.share.sum();
  for (Index m = 0; m < kernel_.markets; ++m)
    for (Index j = 0; j < kernel_.sectors; ++j)
      if (!kernel_.supplied(j, m)) state.net_share(m, j) = 1.0;
}

// ---- The domestic round-about ------------------------------------------------------------------------------------

void Blocks::build_domestic(const PriceState& prices) {
  const World& world = kernel_.world;
  const Index n = kernel_.sectors, intermediate = world.intermediate_use();
  domestic_.inverse.resize(at(kernel_.locations));
  Matrix block(n, n);
  for (Index l = 0; l < kernel_.locations; ++l) {
    const Matrix& gamma = input_share(prices, l);
    const Index m = world.market(intermediate, l);
    for (Index k = 0; k < n; ++k) {
      const double own =
          kernel_.supplied(k, m) ? kernel_.weight(m, l, k) * prices.supply(l, k) / prices.index(m, k) : 0.0;
      block.row(k) = -std::min(own, 1.0) * gamma.row(k);
    }
    block.diagonal().array() += 1.0;
    domestic_.inverse[at(l)] = block.partialPivLu().inverse();
  }
  domestic_ready_ = true;
}

// ---- Spending: one sweep costs J products of L × M and L products of J × J ---------------------------------------

int Blocks::solve_spending(const PriceState& prices, const Vector& factor_income_now, SpendingState& state,
                           double tolerance) {
  const World& world = kernel_.world;
  if (state.output.size() == 0) {
    state.output = Matrix::Zero(kernel_.sectors, kernel_.locations);
    for (Index l = 0; l < kernel_.locations; ++l)
      for (Index j = 0; j < kernel_.sectors; ++j)
        if (kernel_.alive(j, l)) state.output(j, l) = world.input[at(l)].col(j).sum() + world.value_added(l, j);
    state.income = kernel_.base_income();
  }
  domestic_responses(prices);
  Pace pace;
  for (int sweep = 1; sweep <= kMostSweeps; ++sweep) {
    const double residual = spending_residual(prices, factor_income_now, state);
    if (!std::isfinite(residual)) return -1;
    const Pace::Next next = residual <= tolerance ? Pace::Next::kStop : pace.after(residual);
    if (next == Pace::Next::kStop) return sweep;
    if (next == Pace::Next::kRebuild) {
      build_domestic(prices);
      domestic_responses(prices);
    }
    spending_step(state);
  }
  return -1;
}

void Blocks::domestic_responses(const PriceState& prices) {
  const World& world = kernel_.world;
  const Index use = world.intermediate_use(), final_use = world.final_demand_use();
  // Response of each location's tariff revenue and output to its own output and income.
  domestic_.final_response.resize(kernel_.sectors, kernel_.locations);
  domestic_.revenue_of_output.resize(kernel_.sectors, kernel_.locations);
  domestic_.revenue_share.setZero(kernel_.countries);
  for (Index l = 0; l < kernel_.locations; ++l) {
    const Matrix& inverse = domestic_.inverse[at(l)];
    Vector domestic_final(kernel_.sectors);
    const Index m = world.market(final_use, l);
    for (Index j = 0; j < kernel_.sectors; ++j)
      domestic_final(j) =
          kernel_.weight(m, l, j) * prices.supply(l, j) / prices.index(m, j) * kernel_.final_share(j, l);
    const Vector leak_final = 1.0 - prices.net_share.row(m).transpose().array();
    const Vector leak = 1.0 - prices.net_share.row(world.market(use, l)).transpose().array();
    domestic_.final_response.col(l).noalias() = inverse * domestic_final;
    const Vector of_inputs = input_share(prices, l).transpose() * leak;
    domestic_.revenue_of_output.col(l).noalias() = inverse.transpose() * of_inputs;
    domestic_.revenue_share(world.country_of_location(l)) +=
        leak_final.dot(kernel_.final_share.col(l)) + domestic_.revenue_of_output.col(l).dot(domestic_final);
  }
}

double Blocks::spending_residual(const PriceState& prices, const Vector& factor_income_now, SpendingState& state) {
  const World& world = kernel_.world;
  demand(prices, state);
  // Y'_i = ĉ_i^−θ Σ_m net_weight_mi X_m / index_m
  scaled_spending_ = state.spending.transpose().array() / prices.index.array();
  for (const PriceState::Remote& remote : prices.remote) scaled_spending_(remote.market, remote.sector) = 0.0;
  received_.resize(kernel_.locations, kernel_.sectors);
  for (Index j = 0; j < kernel_.sectors; ++j) {
    const auto net = kernel_.net_weight.sector(j);
    if (kernel_.traded[at(j)]) {
      received_.col(j).noalias() = net.transpose() * scaled_spending_.col(j);
    } else {
      received_.col(j).setZero();
      for (Index m = 0; m < kernel_.markets; ++m) {
        const Index l = world.location_of_market(m);
        received_(l, j) += net(m, l) * scaled_spending_(m, j);
      }
    }
  }
  received_.array() *= prices.supply.array();
  for (const PriceState::Remote& remote : prices.remote)
    received_.col(remote.sector) += remote.share * state.spending(remote.sector, remote.market);
  revenues(prices, state);
  const Vector income_now = factor_income_now + state.tariff_revenue + state.export_tax_revenue + state.rent +
                            kernel_.deficit(factor_income_now);

  output_gap_ = received_.transpose() - state.output;
  income_gap_ = income_now - state.income;
  output_worst_ = income_worst_ = {};
  output_worst_.value = (output_gap_.array().abs() / state.output.array().abs().max(floor_))
                            .maxCoeff(&output_worst_.row, &output_worst_.column);
  income_worst_.value =
      (income_gap_.array().abs() / state.income.array().abs().max(floor_)).maxCoeff(&income_worst_.row);
  return output_gap_.allFinite() && income_gap_.allFinite() ? std::max(output_worst_.value, income_worst_.value)
                                                            : kInfinity;
}

void Blocks::spending_step(SpendingState& state) {
  // Own-country input linkages and the recycling of own tariff revenue are inverted exactly.
  const World& world = kernel_.world;
  Vector step = income_gap_;
  for (Index l = 0; l < kernel_.locations; ++l)
    step(world.country_of_location(l)) += domestic_.revenue_of_output.col(l).dot(output_gap_.col(l));
  step.array() /= 1.0 - domestic_.revenue_share.array();
  for (Index l = 0; l < kernel_.locations; ++l) {
    state.output.col(l).noalias() += domestic_.inverse[at(l)] * output_gap_.col(l);
    state.output.col(l) += domestic_.final_response.col(l) * step(world.country_of_location(l));
  }
  state.income += step;
}

void Blocks::demand(const PriceState& prices, SpendingState& state) const {
  const World& world = kernel_.world;
  state.spending.setZero(kernel_.sectors, kernel_.markets);
  for (Index l = 0; l < kernel_.locations; ++l) {
    state.spending.col(world.market(world.intermediate_use(), l)).noalias() +=
        input_share(prices, l) * state.output.col(l);
    state.spending.col(world.market(world.final_demand_use(), l)) +=
        kernel_.final_share.col(l) * state.income(world.country_of_location(l));
  }
}

void Blocks::revenues(const PriceState& prices, SpendingState& state) const {
  const World& world = kernel_.world;
  state.tariff_revenue.setZero(kernel_.countries);
  state.export_tax_revenue.setZero(kernel_.countries);
  state.rent.setZero(kernel_.countries);
  state.charges.setZero(kernel_.countries);
  for (Index m = 0; m < kernel_.markets; ++m)
    state.tariff_revenue(world.country_of_market(m)) +=
        (state.spending.col(m).array() * (1.0 - prices.net_share.row(m).transpose().array())).sum();
  for (const TaxedFlow& flow : kernel_.taxed_flows) {
    double received = kernel_.net_weight(flow.market, flow.origin, flow.sector) *
                      prices.supply(flow.origin, flow.sector) * scaled_spending_(flow.market, flow.sector);
    for (const PriceState::Remote& remote : prices.remote)
      if (remote.market == flow.market && remote.sector == flow.sector)
        received = remote.share(flow.origin) * state.spending(flow.sector, flow.market);
    state.export_tax_revenue(world.country_of_location(flow.origin)) += flow.export_tax * received;
    state.rent(flow.beneficiary) += flow.rent * received;
    state.tariff_revenue(world.country_of_market(flow.market)) -= (flow.export_tax + flow.rent) * received;
    state.charges(world.country_of_market(flow.market)) += (flow.export_tax + flow.rent) * received;
  }
}

BorderTrade Blocks::border_trade(const PriceState& prices, const SpendingState& state) const {
  const World& world = kernel_.world;
  BorderTrade trade{Matrix::Zero(kernel_.sectors, kernel_.countries), Matrix::Zero(kernel_.sectors, kernel_.countries)};
  for (Index l = 0; l < kernel_.locations; ++l)
    trade.exports.col(world.country_of_location(l)) += received_.row(l).transpose();
  for (Index m = 0; m < kernel_.markets; ++m)
    trade.imports.col(world.country_of_market(m)).array() +=
        state.spending.col(m).array() * prices.net_share.row(m).transpose().array();
  const auto sold_at_home = [&](Index m, Index j, const auto& received) {
    const Index n = world.country_of_market(m);
    for (const Index l : kernel_.locations_of[at(n)]) {
      trade.exports(j, n) -= received(l);
      trade.imports(j, n) -= received(l);
    }
  };
  for (Index j = 0; j < kernel_.sectors; ++j)
    for (Index m = 0; m < kernel_.markets; ++m)
      sold_at_home(m, j,
                   [&](Index l) { return kernel_.net_weight(m, l, j) * scaled_spending_(m, j) * prices.supply(l, j); });
  for (const PriceState::Remote& remote : prices.remote)
    sold_at_home(remote.market, remote.sector,
                 [&](Index l) { return remote.share(l) * state.spending(remote.sector, remote.market); });
  return trade;
}

}  // namespace entrepot
