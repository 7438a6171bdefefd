#pragma once

#include <atomic>
#include <functional>

#include "equilibrium/solve.hpp"
#include "optimum_study.hpp"
#include "policy/scenario.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"

namespace entrepot {

class SolveRecord;

/// How a scenario begins that was found by optimise(): it may be replaced by another.
inline constexpr std::string_view kFoundScenarioStart = "# Found by entrepot optimise:";

/// Where one start ended.
struct Optimum {
  std::vector<double> choice;  ///< in the order of OptimumStudy::choices
  double objective = 0.0;
  bool feasible = false;       ///< whether every constraint holds
  std::vector<bool> at_bound;  ///< of each choice
  /// What is left of the objective's slope once bounds and constraints that hold it are taken out, largest over the
  /// choices, in the objective's units per whole range: 0 at an optimum.
  double slope = 0.0;
  int solves = 0;
  /// Neither ended by itself nor where round-off ends it: there may be better near by.
  bool cut_short = false;
  std::string ended;  ///< why it ended, in words
};

/// The best policy that was found, and how good it is.
struct OptimumResult {
  SolveReport report;  ///< of the scenario as it is: without an equilibrium there is nothing else
  double objective_before = 0.0;
  bool feasible_before = false;  ///< whether the scenario's own numbers meet every constraint
  std::vector<Optimum> found;    ///< by start; the best first, those that meet the constraints before others
  struct Row {
    std::string name, units;
    double before = 0.0, after = 0.0;
    bool is_constraint = false, active = false;
  };
  /// Of the objective and the constraints, at the best: means over the draws that count; of a constraint that holds in
  /// each of them, that of the draw which is nearest to breaking it.
  std::vector<Row> measures;
  /// The objective in each draw, at the best and with the scenario's own numbers; empty where nothing is drawn,
  /// kMissing where one that does not count has no equilibrium.
  std::vector<double> draws, draws_before;
  std::vector<std::size_t> counted;  ///< which of them the choice is judged by
  std::string scenario;              ///< with the best choice, TOML
};

struct OptimiseOptions {
  /// Told after every solve: which start, how many solves of it, the objective; by one thread at a time, starts side by
  /// side. May be empty.
  std::function<void(int start, int solves, double objective)> progress = {};
  const std::atomic<bool>* stop = nullptr;  ///< becomes true when it is to end soon; may be nullptr
  SolveRecord* record = nullptr;            ///< of what is solved already; may be nullptr
  /// What its points go by in the record, before their choice.
  std::vector<double> record_key = {};
};

/// Maximises the objective within bounds and constraints by sequential quadratic programming (Kraft 1988, in NLopt) on
/// the exact gradients of the equilibrium, from several starts. A local method: that no start found better is not a
/// proof that there is none. With an uncertainty it maximises the objective's mean over the draws, the constraints
/// holding in the mean, or the worst of a confidence set, the constraints holding in each; draws are solved in parallel
/// (OpenMP). Throws InputError for paths and measures that are not
/// known, and as run_scenario() does.
OptimumResult optimise(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimiseOptions& options = {});

/// All of it as text.
std::string show_optimum(const OptimumStudy& study, const OptimumResult& result);

}  // namespace entrepot
