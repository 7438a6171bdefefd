#pragma once

#include <optional>
#include <vector>

#include "kernel.hpp"

namespace entrepot {

/// Prices at given factor prices (model eqs. 1, 2): the state of one solve and what follows from it.
struct PriceState {
  Matrix log_wage;  ///< ln ŵ, sector × location: given
  Matrix log_cost;  ///< ln ĉ, sector × location: the unknown
  // What follows from log_cost:
  Matrix log_price;                 ///< ln P̂, sector × market
  Matrix supply;                    ///< ĉ^−θ / exp(−θ·shift), location × sector
  Matrix index;                     ///< Σ_i weight·supply, market × sector
  Matrix labour_share;              ///< γ^V', sector × location, of cost
  std::vector<Matrix> input_share;  ///< γ', location: input × user; empty when Cobb–Douglas
  Matrix net_share;                 ///< share of spending that reaches producers, market × sector
  /// Markets whose sources all cost so much more than the sector's cheapest that `index` underflows.
  struct Remote {
    Index market, sector;
    double log_price;
    Vector share;  ///< π'/((1+τ')(1+e')(1+r')) by origin
  };
  std::vector<Remote> remote;
};

/// Output and income at given prices and factor prices (model eqs. 4–6).
struct SpendingState {
  Matrix output;  ///< Y', sector × location, million USD
  Vector income;  ///< I', country, million USD
  // What follows from them:
  Matrix spending;                                  ///< X', sector × market, million USD
  Vector tariff_revenue, export_tax_revenue, rent;  ///< country, million USD
  Vector charges;  ///< export taxes and rents that a country's buyers pay, country, million USD
};

/// What crosses borders, at producers' prices, sector × country, million USD: each to the blocks' relative accuracy, so
/// that a country that hardly trades knows its balance better than its output would tell.
struct BorderTrade {
  Matrix exports, imports;
};

/// The domestic round-about of each location, (I − Π_ll Γ)^−1, which both blocks are preconditioned with: a country's
/// own inputs are what makes prices and spending slow to settle.
struct Domestic {
  std::vector<Matrix> inverse;  ///< G = (I − D Γ')^−1, sector × sector; Gᵀ acts on costs, G on output
  Matrix final_response;        ///< G D_f α, sector × location: output of one unit of income
  Matrix revenue_of_output;     ///< Gᵀ Γ'ᵀ t, sector × location: tariff revenue of one unit of output
  Vector revenue_share;         ///< country: tariff revenue of one unit of income, < 1
};

/// The two inner blocks of the equilibrium, each solved to a tolerance from wherever the state stands.
class Blocks {
 public:
  explicit Blocks(const Kernel& kernel);

  /// Sweeps until no ln ĉ moves by more than `tolerance`. Returns the number of sweeps; −1 if it does not settle.
  int solve_prices(PriceState& state, double tolerance);
  /// Where plain sweeps over prices run away to infinity: inputs that replace each other badly, of which the economy
  /// would use up more than it makes at any price. Empty where they settle or only crawl.
  struct Runaway {
    Index sector, location;
  };
  std::optional<Runaway> runaway(const Matrix& log_wage) const;
  /// Sweeps until no output or income is off by more than `tolerance`, relative. Returns sweeps; −1 likewise.
  /// factor_income_now: Φ̂V, country, million USD.
  int solve_spending(const PriceState& prices, const Vector& factor_income_now, SpendingState& state, double tolerance);

  /// The residuals of output and income at a state that is not moved; spending is set to what they imply.
  void check_spending(const PriceState& prices, const Vector& factor_income_now, SpendingState& state) {
    spending_residual(prices, factor_income_now, state);
  }

  /// Exports and imports at a state just solved for.
  BorderTrade border_trade(const PriceState& prices, const SpendingState& state) const;

  /// Largest residual at the last sweep of each block, and where.
  struct Worst {
    double value = 0.0;
    Index row = 0, column = 0;
  };
  Worst price_residual() const noexcept { return price_worst_; }
  Worst output_residual() const noexcept { return output_worst_; }
  Worst income_residual() const noexcept { return income_worst_; }
  const Domestic& domestic() const noexcept { return domestic_; }

 private:
  void price_index(PriceState& state) const;
  void costs(PriceState& state) const;
  void remote_markets(PriceState& state) const;
  void net_shares(PriceState& state) const;
  double spending_residual(const PriceState& prices, const Vector& factor_income_now, SpendingState& state);
  void spending_step(SpendingState& state);
  void demand(const PriceState& prices, SpendingState& state) const;
  void revenues(const PriceState& prices, SpendingState& state) const;
  void build_domestic(const PriceState& prices);
  void domestic_responses(const PriceState& prices);
  const Matrix& input_share(const PriceState& state, Index location) const {
    return kernel_.cobb_douglas ? kernel_.input_share[static_cast<std::size_t>(location)]
                                : state.input_share[static_cast<std::size_t>(location)];
  }

  const Kernel& kernel_;
  Domestic domestic_;
  bool domestic_ready_ = false;
  double floor_;  ///< million USD below which an account's residual is measured against this
  Worst price_worst_, output_worst_, income_worst_;
  mutable Matrix cost_gap_, log_index_, scaled_spending_, received_;  // work space
  Matrix output_gap_;
  Vector income_gap_;
};

}  // namespace entrepot
