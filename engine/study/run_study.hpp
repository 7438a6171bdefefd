#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <stdexcept>

#include "ranks.hpp"
#include "study_at_hand.hpp"
#include "sweep_parts.hpp"
#include "sweep_run.hpp"

namespace entrepot {

struct StudyRunOptions {
  std::filesystem::path output;  ///< the sweep's file
  SweepPart part = {};           ///< what this process does of it; with several ranks the whole, which they share
  int threads = 1;
  bool resume = false;                                      ///< go on with what an earlier sweep to this file left
  bool restart = false;                                     ///< remove it instead
  std::function<void(const SweepProgress&)> progress = {};  ///< see SweepOptions, as for the two that follow
  const std::atomic<bool>* stop = nullptr;
  Ranks* ranks = nullptr;
};

/// How a process leaves a sweep's output.
enum class StudyEnding {
  kStopped,  ///< what is done is kept, to be resumed
  kShard,    ///< its part is done, in a shard; the last part to be done writes the file
  kDone,     ///< the file stands
};

/// Thrown where what an earlier sweep or search for the same file did is there, and neither resuming nor restarting was
/// asked for.
struct UnfinishedSweep : std::runtime_error {
  UnfinishedSweep(const char* what, std::filesystem::path parts);  ///< what: "sweep" or "search"
  std::filesystem::path folder;                                    ///< where that is
};

/// Solves a study and writes its file: one plain file by a process that does all of it; else shards, which are joined
/// by the last to be done. Throws FileError where the output can't be written or another process writes it, which it
/// names.
StudyEnding run_study(const StudyAtHand& study, const StudyRunOptions& options);

}  // namespace entrepot
