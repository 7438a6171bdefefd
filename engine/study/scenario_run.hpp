#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>

#include "policy/scenario.hpp"
#include "results/result_file.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"

namespace entrepot {

struct ScenarioRunOptions {
  /// Told what is being done ("Solving for the reference world"); may be empty.
  std::function<void(const std::string&)> progress = {};
  /// Becomes true when the run is to end soon, without an answer. May be nullptr.
  const std::atomic<bool>* stop = nullptr;
  /// Whether the change in welfare is also decomposed exactly, which takes longer than all else.
  bool exact_decomposition = true;
};

/// Runs one scenario: the reference world (where the scenario has one), the counterfactual against it, measures and
/// decompositions. Outcomes of numerics are in the report; a run without an equilibrium has the base side alone.
/// Throws InputError for policies that do not fit the world.
RunResults run_scenario(const Scenario& scenario, const Baseline& baseline, const BlocTable& blocs,
                        const ScenarioRunOptions& options = {});

}  // namespace entrepot
