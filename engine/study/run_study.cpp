#include "run_study.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "results/output_file.hpp"
#include "sweep_file.hpp"
#include "sweep_shards.hpp"
#include "text/file_error.hpp"

namespace entrepot {

namespace {

/// Rows that a thread takes at a time: many where they are solved side by side, if they fit in memory and leave work
/// for others. Not of the threads, so that all processes of a sweep agree.
Index rows_together(const StudyAtHand& study) {
  constexpr Index kMostNumbers = Index{1} << 21;  // 16 MB
  constexpr Index kTurns = 32, kFewest = 24;
  const Index numbers = std::max<Index>(1, static_cast<Index>(study.rows.measures().values()));
  const Index wished =
      study.rows.batched() ? std::clamp(study.scenarios.design().rows() / kTurns, kFewest, kRowsTogether) : Index{8};
  return std::clamp<Index>(kMostNumbers / numbers, 1, wished);
}

/// A sweep whose rows are at hand, written out: one file by a process that did all of it; else shards, which are joined
/// in the sweep's file.
class SweepOutput {
 public:
  SweepOutput(const StudyAtHand& study, const StudyRunOptions& options, Ranks& ranks)
      : output_(options.output), ranks_(ranks), study_(study), description_(describe(study)) {}

  const std::string& fingerprint() const noexcept { return description_.fingerprint; }

  /// Takes the right to write the sweep's file.
  void lock() {
    if (!lock_) lock_.emplace(output_);
  }
  bool is_written(const std::filesystem::path& file) const { return is_file_of(file, description_.fingerprint); }

  void write(const Sweep& work) const {
    write_sweep(description_, rows(), study_.rows.measures().columns(), source(work), *lock_);
  }

  void write_shard(const Sweep& work, const SweepPart& part, const std::vector<Index>& chunks) const {
    drop_joined();
    const std::filesystem::path file = part_file(output_, part);
    const ResultFileLock lock(file);
    std::vector<RowRange> ranges;
    for (const Index chunk : chunks) {
      const Index first = chunk * work.kind().chunk, count = work.kind().rows_of(chunk);
      if (!ranges.empty() && first == ranges.back().first + ranges.back().count)
        ranges.back().count += count;
      else
        ranges.push_back({first, count});
    }
    std::error_code ignored;
    if (ranges.empty())
      std::filesystem::remove(file, ignored);  // more parts than there is work
    else
      entrepot::write_shard(description_, rows(), study_.rows.measures().columns(), source(work), ranges, part, lock);
  }

  /// Joins the shards. False: some are not done, or another process joins them.
  bool join() {
    const std::unique_ptr<SweepShards> shards = SweepShards::beside(output_, description_.fingerprint);
    if (!shards || shards->missing() > 0) return false;
    try {
      lock();
    } catch (const FileError&) {
      if (FileLock::holder(output_) || is_written(output_)) return false;
      throw;
    }
    join_shards(*shards, *lock_);
    return true;
  }

  /// Journals are of no more use once the sweep's file stands, unless somebody is at work on them.
  void remove_journals() const {
    const std::filesystem::path folder = parts_folder(output_);
    try {
      expect_nobody_else(folder);
    } catch (const FileError&) {
      return;
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

 private:
  RowOrder rows() const { return study_.scenarios.design().order(); }

  SweepSource source(const Sweep& work) const {
    return {[&work](Index first, std::span<RowResult> results) { work.read(first, results); },
            [this](Index first, Index count) {
              std::vector<double> result;
              for (Index row = first; row < first + count; ++row)
                for (const double value : study_.scenarios.inputs(row)) result.push_back(value);
              return result;
            }};
  }

  /// An earlier sweep's file does not outlive its shards.
  void drop_joined() const {
    std::error_code ignored;
    if (ranks_.rank() == 0 && is_joined(output_)) std::filesystem::remove(output_, ignored);
  }

  const std::filesystem::path& output_;
  Ranks& ranks_;
  const StudyAtHand& study_;
  SweepDescription description_;
  std::optional<ResultFileLock> lock_;
};

/// Which chunks each rank writes: those that it kept, and of those that others did before, every so manieth.
std::vector<Index> writers(const Sweep& work, Ranks& ranks) {
  std::vector<Index> writer(static_cast<std::size_t>(work.kind().chunks()));
  all_do(ranks, [&] {
    if (ranks.rank() != 0) return;
    for (std::size_t k = 0; k < writer.size(); ++k) {
      const auto chunk = static_cast<Index>(k);
      const SweepPart part = work.part_with(chunk);
      writer[k] = part.of == ranks.size() ? part.number - 1 : chunk % ranks.size();
    }
  });
  ranks.broadcast(writer);
  return writer;
}

StudyEnding compute(const StudyAtHand& study, const StudyRunOptions& options, Ranks& ranks, const SweepJob& job,
                    const SweepOutput& output) {
  Sweep work(job, {.folder = parts_folder(options.output),
                   .threads = options.threads,
                   .chunk = rows_together(study),
                   .resume = options.resume,
                   .part = options.part,
                   .progress = options.progress,
                   .stop = options.stop,
                   .ranks = &ranks});
  if (!work.run()) return StudyEnding::kStopped;
  if (ranks.size() == 1 && options.part.whole()) {
    output.write(work);
    return StudyEnding::kDone;
  }
  std::vector<Index> own;
  SweepPart part = options.part;
  if (ranks.size() > 1) {
    part = {ranks.rank() + 1, ranks.size()};
    const std::vector<Index> writer = writers(work, ranks);
    for (std::size_t k = 0; k < writer.size(); ++k)
      if (writer[k] == ranks.rank()) own.push_back(static_cast<Index>(k));
  } else {
    for (Index chunk = 0; chunk < work.kind().chunks(); ++chunk)
      if (part.has(chunk)) own.push_back(chunk);
  }
  all_do(ranks, [&] { output.write_shard(work, part, own); });
  return StudyEnding::kShard;
}

}  // namespace

UnfinishedSweep::UnfinishedSweep(const char* what, std::filesystem::path parts)
    : std::runtime_error(
          fmt::format("An earlier {} to this file was not finished, and what it did is in {}.", what, parts.string())),
      folder(std::move(parts)) {}

StudyEnding run_study(const StudyAtHand& study, const StudyRunOptions& options) {
  const std::unique_ptr<Ranks> alone = options.ranks == nullptr ? one_rank() : nullptr;
  Ranks& ranks = alone ? *alone : *options.ranks;
  std::optional<SweepOutput> output;
  std::optional<SweepJob> job;
  all_do(ranks, [&] {
    if (!options.part.whole()) expect_replaceable(options.output);
    output.emplace(study, options, ranks);
    job.emplace(output->fingerprint(), study.scenarios.design().rows(), study.rows.measures().values(),
                [&study](Index first, std::span<RowResult> results) { study.rows.evaluate(first, results); });
    if (options.part.whole() && ranks.rank() == 0) output->lock();
    const std::filesystem::path parts = parts_folder(options.output);
    if (ranks.rank() == 0 && !options.resume && !options.restart && has_unfinished_rows(parts, options.part))
      throw UnfinishedSweep("sweep", parts);
  });
  std::array<Index, 1> there{static_cast<Index>(StudyEnding::kStopped)};
  if (options.resume && ranks.rank() == 0) {
    if (output->is_written(options.output))
      there[0] = static_cast<Index>(StudyEnding::kDone);
    else if (!options.part.whole() && output->is_written(part_file(options.output, options.part)))
      there[0] = static_cast<Index>(StudyEnding::kShard);
  }
  ranks.broadcast(there);
  StudyEnding ending = static_cast<StudyEnding>(there[0]);
  if (ending == StudyEnding::kStopped) ending = compute(study, options, ranks, *job, *output);
  all_do(ranks, [&] {
    if (ending == StudyEnding::kShard && ranks.rank() == 0 && output->join()) ending = StudyEnding::kDone;
  });
  ranks.first(false);  // every rank has let go of its journal
  if (ending == StudyEnding::kDone && ranks.rank() == 0) output->remove_journals();
  return ending;
}

}  // namespace entrepot
