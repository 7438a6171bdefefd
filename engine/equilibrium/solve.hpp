#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "policy/shock.hpp"
#include "world/world.hpp"

namespace entrepot {

/// The counterfactual world, everything in ratios to the base (hats) or levels at the numeraire (world factor income
/// as in the base year).
struct Equilibrium {
  Matrix wage;  ///< ŵ of a sector's workers, location × sector, ratio (one value per country if labour is mobile)
  Vector factor_price;        ///< Φ̂ (ŵ if labour is mobile), country, ratio
  Matrix cost;                ///< ĉ, location × sector, ratio
  Matrix price;               ///< P̂, market × sector, ratio
  Matrix spending;            ///< X', market × sector, million USD
  Matrix output;              ///< Y', location × sector, million USD at producer prices
  Matrix value_added;         ///< γ^V' Y', location × sector, million USD
  Vector income;              ///< I', country, million USD
  Vector tariff_revenue;      ///< country, million USD
  Vector export_tax_revenue;  ///< country, million USD
  Vector rent;                ///< rents received, country, million USD
  Vector deficit;             ///< D', country, million USD
};

enum class SolveStatus {
  kNotSolved,  ///< the default: nothing was achieved
  kSolved,
  kNoSupply,       ///< a market has no source left of something it needs
  kNoEquilibrium,  ///< no equilibrium exists, for the reason in the sentence
  kNoConvergence,  ///< the iteration ended before the tolerance was met
};

/// Largest relative residual of one block of equations at the answer.
struct Residual {
  std::string block;  ///< "prices", "producers", "markets", "income", "factors"; "conditions" where they took steps
  double value = 0.0;
  std::string worst;  ///< the account, by name
};

struct SolveReport {
  SolveStatus status = SolveStatus::kNotSolved;
  std::string sentence;  ///< what happened, in words
  std::vector<Residual> residuals;
  double residual = 0.0;       ///< the largest of them
  int iterations = 0;          ///< steps of the factor prices
  int sweeps = 0;              ///< passes over prices or spending within them
  int continuation_steps = 0;  ///< 0: solved directly
  double seconds = 0.0;
  bool solved() const noexcept { return status == SolveStatus::kSolved; }
};

struct SolveOptions {
  /// Accepted when every relative residual of every block is at most this.
  double tolerance = 1e-10;
  /// Steps of the factor prices before giving up on one attempt.
  int max_iterations = 200;
  /// Where to start; nullptr: factor prices as in the base year.
  const Equilibrium* start = nullptr;
  /// Becomes true when the solve is to end soon, without an answer (kNotSolved). May be nullptr.
  const std::atomic<bool>* stop = nullptr;
  bool stopped() const noexcept { return stop != nullptr && stop->load(std::memory_order_relaxed); }
};

struct Solution {
  Equilibrium equilibrium;  ///< meaningful only if report.solved(); otherwise the last iterate, all finite, or empty
  SolveReport report;
};

/// Solves the model for one shock. Numerical outcomes are in the report, never thrown.
/// world: balanced (check_balance ≤ 1e-9) with sound values. shock: check_values(world, shock) empty.
[[nodiscard]] Solution solve(const World& world, const Shock& shock, const SolveOptions& options = {});

/// Flows of the counterfactual, market × origin × sector, million USD at purchasers' prices: π' X'.
Bilateral trade_flows(const World& world, const Shock& shock, const Equilibrium& equilibrium);

/// The counterfactual as a base year of its own: same sets and elasticities, all accounts as solved. Shocks to the
/// answer are relative to that world, so that results can be read against a reference equilibrium.
World rebase(const World& world, const Shock& shock, const Equilibrium& equilibrium);

}  // namespace entrepot
