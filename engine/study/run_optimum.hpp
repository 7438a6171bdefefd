#pragma once

#include <filesystem>
#include <optional>

#include "best_responses.hpp"
#include "optimise.hpp"

namespace entrepot {

struct OptimumRunOptions {
  std::optional<std::filesystem::path> output;  ///< where the scenario that is found is written
  bool resume = false;                          ///< go on with what an earlier search for this output solved
  bool restart = false;                         ///< forget it instead
  /// Told after every solve, see OptimiseOptions. May be empty.
  std::function<void(int start, int solves, double objective)> progress = {};
  const std::atomic<bool>* stop = nullptr;
};

struct OptimumRun {
  OptimumResult best;       ///< of a study without players
  BestResponses responses;  ///< of one with players
  std::string text;         ///< all of it
  std::string scenario;     ///< what was found, TOML; empty: nothing was
  bool sound = true;        ///< every constraint is met, and of players it is an equilibrium
  bool stopped = false;     ///< with an output, what was solved is kept beside it to be resumed
  std::filesystem::path record;
};

/// Searches for what a study asks, and writes the scenario that it finds. Until it does, the points solved are kept in
/// OUTPUT.solved. Throws as optimise(), UnfinishedSweep where an earlier search left some there and neither resuming
/// nor restarting was asked for, and FileError where the output can't be written or another process writes it.
OptimumRun run_optimum(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimumRunOptions& options);

}  // namespace entrepot
