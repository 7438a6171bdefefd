#pragma once

#include <string>
#include <vector>

#include "world.hpp"

namespace entrepot {

/// One block of accounting identities: the largest relative residual and where it is.
struct BalanceLine {
  std::string block;      ///< "markets", "producers", "budgets", "deficits"
  double residual = 0.0;  ///< ratio; of the account's own size, or of a billionth of world income where it is smaller
  std::string worst;      ///< the account, by name
};

struct BalanceReport {
  std::vector<BalanceLine> lines;
  double worst() const;
  /// A baseline is accepted only when every block is at most this.
  static constexpr double kTolerance = 1e-9;
};

/// How far the accounts are from balancing: demand for each market's goods (inputs + final use = expenditure), each
/// producer's receipts (= inputs + value added), each country's budget (final use = income), the sum of deficits.
BalanceReport check_balance(const World& world);

/// Every value that can't be: negative or non-finite flows, rates at or below −1, θ ≤ 0, ν ≤ 1, wrong shapes, a
/// sector with output but no value added anywhere behind it. One sentence each; empty for a sound world.
std::vector<std::string> check_values(const World& world);

}  // namespace entrepot
