#pragma once

#include <span>

#include "world/arrays.hpp"

namespace entrepot {

/// Factors of which all combinations can be solved: 2^14.
constexpr Index kMostSharers = 14;

/// How one number is shared out among factors that are in force or not.
struct Sharing {
  Vector shapley;  ///< factor: what it adds, on average over all orders in which they could come into force; they sum
                   ///< to all − none (Shapley 1953)
  Vector alone;    ///< factor: what it adds to none
  Vector last;     ///< factor: what it adds to all the others
  double none = 0.0, all = 0.0;
};

/// values: of every combination of `factors`, the last factor's being without or with it fastest, as rows of a grid.
/// 2^factors of them (asserted).
Sharing share_out(std::span<const double> values, Index factors);

/// The same over draws of what nobody knows. kMissing where no draw has all its combinations.
struct SharesOverDraws {
  Sharing mean;        ///< of the draws that have an answer in every combination
  Vector sd;           ///< factor: standard deviation of its Shapley value over them
  Vector positive;     ///< factor: share of them in which it is above 0, fraction
  Vector largest;      ///< factor: share of them in which it is the largest in size, fraction
  Index answered = 0;  ///< of these draws
};

/// values: draw × combination, each draw's as for share_out(); kMissing where there is no answer.
SharesOverDraws share_out_draws(std::span<const double> values, Index factors);

}  // namespace entrepot
