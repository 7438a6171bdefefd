#pragma once

#include <functional>
#include <memory>

#include "solve.hpp"

namespace entrepot {

/// One of many scenarios that share a base year.
struct BatchScenario {
  Shock shock;
  Vector theta;          ///< θ, sector, > 0; empty: the world's own
  Index neighbour = -1;  ///< where its iteration starts: a number from add_neighbour(), or −1, the centre
};

struct BatchOptions {
  /// As in SolveOptions.
  double tolerance = 1e-10;
  /// Scenarios side by side, rounded up to what the registers hold. Results do not depend on it.
  Index lanes = 72;
  /// Steps in the block before a scenario is left to solve().
  int max_steps = 60;
};

/// What a batch did, summed over its scenarios.
struct BatchReport {
  Index scenarios = 0;
  Index alone = 0;      ///< left to solve(): of another kind than the block knows, or slow to settle
  long lane_steps = 0;  ///< steps of all lanes, idle ones included
};

/// Solves scenarios that share a base year side by side: the products of the model's equations become matrix–matrix
/// products over the scenarios with corrections for the flows that a policy touches (docs/solver.md).
///
/// What goes through the block: Cobb–Douglas nests, mobile labour, deficits that are given; every country connected by
/// trade, no market without a source. All others, and those that do not settle soon, are solved one by one with
/// solve(). A scenario's answer does not depend, to the bit, on the others in the batch, their order or their number:
/// it follows from the centre and its neighbour alone.
class BatchSolver {
 public:
  /// world: as for solve(); it must outlive the solver. centre: a scenario that the others are near to, where the
  /// iteration starts and is linearised, such as the middle of what is varied.
  BatchSolver(const World& world, const BatchScenario& centre, const BatchOptions& options = {});
  ~BatchSolver();
  BatchSolver(BatchSolver&&) noexcept;
  BatchSolver& operator=(BatchSolver&&) noexcept;

  static constexpr Index kCentre = -1;
  /// Solves a scenario that others are near to, so that they can start from it. Answers its number, or
  /// kCentre where it has no answer. Not while the solver is in use.
  Index add_neighbour(const BatchScenario& scenario);

  /// Solves scenario(0) … scenario(count − 1); answer(k, solution) as soon as k is solved, in whatever order. Safe for
  /// several threads at once. The shocks' conditions (price caps, burdens) are taken no notice of, as in solve().
  BatchReport solve(Index count, const std::function<BatchScenario(Index)>& scenario,
                    const std::function<void(Index, Solution&&)>& answer) const;

  /// What the centre came to; only if solved is it where the iteration starts, else the base year.
  const Solution& centre() const noexcept;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace entrepot
