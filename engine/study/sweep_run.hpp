#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "sweep_journal.hpp"

namespace entrepot {

struct SweepProgress {
  Index done = 0, rows = 0;
  Index failed = 0;      ///< rows without an answer
  double rate = 0.0;     ///< rows a second since the start of this process
  double seconds = 0.0;  ///< since then
};

struct SweepOptions {
  /// Where the journal is kept until the sweep is done; made if it is missing.
  std::filesystem::path folder;
  int threads = 1;
  /// Rows that a thread takes at a time. Results do not depend on it; a journal that is there keeps its own.
  Index chunk = 64;
  /// Whether rows that are there already are kept.
  bool resume = false;
  /// Told after every chunk; may be empty. Called by one thread at a time.
  std::function<void(const SweepProgress&)> progress = {};
  /// Becomes true when the sweep is to end soon: chunks in hand are finished. May be nullptr.
  const std::atomic<bool>* stop = nullptr;
};

/// Whether a folder holds rows of a sweep that has not been finished.
bool has_unfinished_rows(const std::filesystem::path& folder);

/// A sweep, its chunks shared out among threads as they come free, each on disk as soon as it is done. Whatever a row
/// throws becomes its sentence.
class Sweep {
 public:
  /// Throws FileError where the folder can't be made and for rows of another sweep.
  Sweep(const SweepJob& job, const SweepOptions& options);
  /// True: all rows are there. False: it was stopped. Throws FileError where rows can't be kept; what is done stays.
  bool run();
  bool finished() const { return missing_.empty(); }
  /// Rows first … first + results.size() − 1 of a finished sweep. One thread at a time.
  void read(Index first, std::span<RowResult> results) const;

 private:
  void evaluate(Index chunk, std::vector<RowResult>& results) const;

  const SweepJob& job_;
  SweepOptions options_;
  std::unique_ptr<SweepJournal> journal_;
  std::vector<Index> missing_;  ///< chunks
  mutable Index cached_ = -1;
  mutable std::vector<RowResult> cache_;
};

}  // namespace entrepot
