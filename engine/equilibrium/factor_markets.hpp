#pragma once

#include <vector>

#include "blocks.hpp"

namespace entrepot {

/// The factor markets of a world (model eq. 7): one a country where labour is mobile, else one for each of its sectors,
/// whose producers in all the country's locations hire the same workers. The unknowns of the outer iteration are their
/// log wages.
class FactorMarkets {
 public:
  explicit FactorMarkets(const Kernel& kernel);

  struct Market {
    Index country;
    Index location;  ///< one that has producers; −1: the whole country
    Index sector;
    double share;  ///< λ, of the country's base factor income
  };
  const std::vector<Market>& markets() const noexcept { return markets_; }
  Index size() const noexcept { return static_cast<Index>(markets_.size()); }

  /// The market of a sector's own workers in a country; −1 where they are the whole country's.
  Index market_of(Index sector, Index country) const noexcept { return market_of_[at(sector)][at(country)]; }

  bool all_mobile() const noexcept { return all_mobile_; }

  /// ln Φ̂, country (ln ŵ where labour is mobile).
  Vector log_income(const Vector& log_wage) const;
  /// Φ̂V, country, million USD.
  Vector income(const Vector& log_wage) const {
    return (log_income(log_wage).array().exp() * kernel_.factor_income.array()).matrix();
  }
  /// Shifts the log wages of each trading component so that its factor income is what it was in the base year.
  void normalise(Vector& log_wage) const;
  /// Wages by producer, ln, sector × location.
  Matrix spread(const Vector& log_wage) const;
  /// What workers earn in each market at these wages, million USD.
  Vector supply(const Vector& log_wage) const;
  /// What producers pay in each market, million USD.
  Vector demand(const PriceState& prices, const SpendingState& spending) const;

  /// Takes the derivatives of the gaps at a point: costs are passed on through each country's own round-about and
  /// through trade once; incomes are spent once.
  void linearise(const Vector& log_wage, const PriceState& prices, const SpendingState& spending,
                 const Domestic& domestic);
  /// The step in log wages that closes these gaps (demand − supply, million USD) to first order. Linear in the gaps.
  Vector step(const Vector& gap) const;
  /// The transpose of that linear map: from weights on the steps to weights on the gaps.
  Vector step_transposed(const Vector& weight) const;

 private:
  const Kernel& kernel_;
  std::vector<Market> markets_;
  std::vector<Index> first_;                   ///< country: its first market
  std::vector<std::vector<Index>> market_of_;  ///< sector, country: its own market; −1: none
  bool all_mobile_ = true;
  // The linear map: for sectors' own markets, by sector, x_j = A_j^−1(−gap_j − C_j φ); then one system in φ
  // (country).
  struct SectorBlock {
    std::vector<Index> market;        ///< rows: factor markets of this sector
    Eigen::PartialPivLU<Matrix> own;  ///< A_j
    Matrix of_income;                 ///< C_j, rows × country
    Matrix to_country;                ///< country × rows: how x_j enters the country rows
  };
  std::vector<SectorBlock> blocks_;
  Eigen::PartialPivLU<Matrix> country_system_;
};

}  // namespace entrepot
