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

}  // namespace entrepot
