#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "ranks.hpp"
#include "results/file_lock.hpp"
#include "sweep_parts.hpp"

namespace entrepot {

struct SweepProgress {
  Index done = 0, rows = 0;  ///< of this part, or of all ranks together
  Index failed = 0;          ///< rows without an answer
  double rate = 0.0;         ///< rows a second since the start of this process
  double seconds = 0.0;      ///< since then
};

struct SweepOptions {
  /// Where the rows are kept until the sweep is done, see parts_folder(); made if it is missing.
  std::filesystem::path folder;
  int threads = 1;
  /// Rows that a thread takes at a time. Results do not depend on it; journals that are there keep their own.
  Index chunk = 64;
  /// Whether rows that are there already are kept, whoever made them. Otherwise they are removed, those of the part's
  /// siblings apart.
  bool resume = false;
  /// What this process does of it. With several ranks: the whole, which they share.
  SweepPart part = {};
  /// Told after every chunk, on rank 0 alone; may be empty. Called by one thread at a time.
  std::function<void(const SweepProgress&)> progress = {};
  /// Becomes true when the sweep is to end soon: chunks in hand are finished. May be nullptr.
  const std::atomic<bool>* stop = nullptr;
  /// The processes that share the sweep; nullptr: this one alone.
  Ranks* ranks = nullptr;
};

/// A sweep, its chunks shared out among threads and ranks as they come free, each on disk as soon as it is done.
/// Whatever a row throws becomes its sentence.
class Sweep {
 public:
  /// Throws FileError where the folder can't be made, for rows of another sweep, and where another process is at work
  /// on the same rows, which it names.
  Sweep(const SweepJob& job, const SweepOptions& options);
  /// True: all rows of the part are there. False: it was stopped. Throws FileError where rows can't be kept; what is
  /// done stays.
  bool run();
  /// Whether all rows of the part are there.
  bool finished() const { return ranks_.value(RankCounter::kDone) == part_rows_; }
  /// The part whose journal has a chunk that is there.
  SweepPart part_with(Index chunk) const { return rows().part_with(chunk); }
  /// Rows first … first + results.size() − 1, which are there. One thread at a time.
  void read(Index first, std::span<RowResult> results) const;
  /// What all journals agree on.
  const SweepJournal::Kind& kind() const noexcept { return kind_; }

 private:
  void open_folder();
  void evaluate(Index chunk, std::vector<RowResult>& results) const;
  void keep(Index chunk, const std::vector<RowResult>& results);
  const SweepRows& rows() const;

  const SweepJob& job_;
  SweepOptions options_;
  std::unique_ptr<Ranks> alone_;
  Ranks& ranks_;
  SweepJournal::Kind kind_;
  std::optional<FileLock> lock_;
  std::unique_ptr<SweepJournal> journal_;
  std::vector<Index> missing_;  ///< chunks, when it began
  Index part_rows_ = 0;
  mutable std::optional<SweepRows> rows_;
};

}  // namespace entrepot
