#include "sweep_run.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "text/file_error.hpp"

namespace entrepot {

namespace {

std::filesystem::path journal_in(const std::filesystem::path& folder) { return folder / "rows.journal"; }

}  // namespace

bool has_unfinished_rows(const std::filesystem::path& folder) {
  return SweepJournal::chunk_of(journal_in(folder)).has_value();
}

Sweep::Sweep(const SweepJob& job, const SweepOptions& options) : job_(job), options_(options) {
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  if (error) throw FileError(options_.folder, fmt::format("this folder can't be made: {}", error.message()));
  const std::filesystem::path file = journal_in(options_.folder);
  if (!options_.resume) std::filesystem::remove(file, error);
  const Index chunk = SweepJournal::chunk_of(file).value_or(options_.chunk);
  journal_ = std::make_unique<SweepJournal>(file, SweepJournal::Kind{job.fingerprint, job.rows, job.values, chunk});
  for (Index k = 0; k < journal_->kind().chunks(); ++k)
    if (!journal_->has(k)) missing_.push_back(k);
}

void Sweep::evaluate(Index chunk, std::vector<RowResult>& results) const {
  const SweepJournal::Kind& kind = journal_->kind();
  const Index first = chunk * kind.chunk;
  results.assign(static_cast<std::size_t>(kind.rows_of(chunk)), {});
  try {
    job_.evaluate(first, results);
    return;
  } catch (...) {
    // One of them threw: each by itself, so that it takes no other with it.
  }
  for (std::size_t k = 0; k < results.size(); ++k) {
    results[k] = {};
    try {
      job_.evaluate(first + static_cast<Index>(k), std::span(&results[k], 1));
    } catch (const std::exception& error) {
      results[k] = {SolveStatus::kNotSolved, error.what(), {}};
    }
  }
}

bool Sweep::run() {
  const SweepJournal::Kind& kind = journal_->kind();
  SweepProgress progress{0, kind.rows, 0, 0.0, 0.0};
  for (const Index chunk : journal_->chunks()) {
    progress.done += kind.rows_of(chunk);
    for (const RowResult& row : journal_->read(chunk)) progress.failed += row.status != SolveStatus::kSolved;
  }
  const Index done_before = progress.done;
  const auto begin = std::chrono::steady_clock::now();
  std::mutex writing;
  std::exception_ptr failure;
  std::atomic<std::size_t> next{0};
  std::atomic<bool> give_up{false};
  const auto work = [&] {
    std::vector<RowResult> results;
    while (!give_up && !(options_.stop != nullptr && *options_.stop)) {
      const std::size_t k = next++;
      if (k >= missing_.size()) return;
      evaluate(missing_[k], results);
      const std::lock_guard lock(writing);
      if (failure) return;
      try {
        journal_->append(missing_[k], results);
        progress.done += static_cast<Index>(results.size());
        for (const RowResult& row : results) progress.failed += row.status != SolveStatus::kSolved;
        progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        progress.rate = static_cast<double>(progress.done - done_before) / std::max(progress.seconds, 1e-9);
        if (options_.progress) options_.progress(progress);
      } catch (...) {
        failure = std::current_exception();
        give_up = true;
      }
    }
  };
  std::vector<std::thread> threads;
  for (int t = 1; t < options_.threads; ++t) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  std::erase_if(missing_, [&](Index chunk) { return journal_->has(chunk); });
  if (failure) std::rethrow_exception(failure);
  return finished();
}

void Sweep::read(Index first, std::span<RowResult> results) const {
  const Index chunk = journal_->kind().chunk;
  for (std::size_t k = 0; k < results.size(); ++k) {
    const Index row = first + static_cast<Index>(k);
    if (row / chunk != cached_) {
      cache_ = journal_->read(row / chunk);
      cached_ = row / chunk;
    }
    results[k] = cache_[static_cast<std::size_t>(row % chunk)];
  }
}

}  // namespace entrepot
