#include "sweep_run.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <chrono>
#include <exception>
#include <mutex>
#include <thread>

#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr std::chrono::milliseconds kLook{20};  ///< how often rank 0 looks how far the others are

Index failed_of(const std::vector<RowResult>& results) {
  return std::ranges::count_if(results, [](const RowResult& row) { return row.status != SolveStatus::kSolved; });
}

}  // namespace

Sweep::Sweep(const SweepJob& job, const SweepOptions& options)
    : job_(job),
      options_(options),
      alone_(options.ranks == nullptr ? one_rank() : nullptr),
      ranks_(options.ranks == nullptr ? *alone_ : *options.ranks) {
  const bool shared = ranks_.size() > 1;
  assert(!shared || options_.part.whole());
  all_do(ranks_, [&] {
    if (ranks_.rank() == 0) open_folder();
  });
  std::array<Index, 3> plan{kind_.chunk, part_rows_, static_cast<Index>(missing_.size())};
  ranks_.broadcast(plan);
  kind_ = {job.fingerprint, job.rows, job.values, plan[0]};
  part_rows_ = plan[1];
  missing_.resize(static_cast<std::size_t>(plan[2]));
  ranks_.broadcast(missing_);
  all_do(ranks_, [&] {
    const SweepPart part = shared ? SweepPart{ranks_.rank() + 1, ranks_.size()} : options_.part;
    const std::filesystem::path file = part_journal(options_.folder, part);
    lock_.emplace(file);
    journal_ = std::make_unique<SweepJournal>(file, kind_);
  });
}

/// What is there, and what is missing.
void Sweep::open_folder() {
  std::error_code error;
  std::filesystem::create_directories(options_.folder, error);
  if (error) throw FileError(options_.folder, fmt::format("this folder can't be made: {}", error.message()));
  if (options_.resume)
    expect_nobody_else(options_.folder, options_.part);
  else
    remove_unfinished_rows(options_.folder, options_.part);
  kind_ = {job_.fingerprint, job_.rows, job_.values, chunk_in(options_.folder, options_.chunk)};
  const SweepRows there(options_.folder, kind_, !options_.resume);
  for (Index k = 0; k < kind_.chunks(); ++k) {
    if (!options_.part.has(k)) continue;
    part_rows_ += kind_.rows_of(k);
    if (there.has(k)) {
      ranks_.add(RankCounter::kDone, kind_.rows_of(k));
      ranks_.add(RankCounter::kFailed, there.failed(k));
    } else {
      missing_.push_back(k);
    }
  }
}

void Sweep::evaluate(Index chunk, std::vector<RowResult>& results) const {
  const Index first = chunk * kind_.chunk;
  results.assign(static_cast<std::size_t>(kind_.rows_of(chunk)), {});
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
    } catch (...) {
      results[k] = {SolveStatus::kNotSolved, "This row failed for a reason that is not known.", {}};
    }
  }
}

void Sweep::keep(Index chunk, const std::vector<RowResult>& results) {
  try {
    journal_->append(chunk, results);
  } catch (const FileError& error) {
    throw FileError(error.file(), fmt::format("{}; {} of {} rows are kept, and --resume goes on from there",
                                              error.sentence(), ranks_.value(RankCounter::kDone), part_rows_));
  }
  ranks_.add(RankCounter::kDone, static_cast<Index>(results.size()));
  ranks_.add(RankCounter::kFailed, failed_of(results));
}

bool Sweep::run() {
  const bool shared = ranks_.size() > 1;
  rows_.reset();
  const Index done_before = ranks_.value(RankCounter::kDone);
  const auto begin = std::chrono::steady_clock::now();
  std::mutex writing;
  std::exception_ptr failure;
  std::atomic<int> working{0};
  const auto tell = [&] {
    if (!options_.progress || ranks_.rank() != 0) return;
    SweepProgress now{ranks_.value(RankCounter::kDone), part_rows_, ranks_.value(RankCounter::kFailed), 0.0, 0.0};
    now.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    now.rate = static_cast<double>(now.done - done_before) / std::max(now.seconds, 1e-9);
    options_.progress(now);
  };
  const auto is_to_stop = [&] {
    if (options_.stop != nullptr && *options_.stop) ranks_.add(RankCounter::kStop, 1);
    return ranks_.value(RankCounter::kStop) > 0;
  };
  const auto work = [&] {
    std::vector<RowResult> results;
    while (!is_to_stop()) {
      const auto k = static_cast<std::size_t>(ranks_.add(RankCounter::kNext, 1));
      if (k >= missing_.size()) return;
      evaluate(missing_[k], results);
      const std::lock_guard lock(writing);
      if (failure) return;
      try {
        keep(missing_[k], results);
        if (!shared) tell();
      } catch (...) {
        failure = std::current_exception();
        ranks_.add(RankCounter::kStop, 1);
      }
    }
  };
  // Shared work has one thread more, which answers the other ranks and tells of all. Where OpenMP gives a single
  // thread, that one works first.
#pragma omp parallel num_threads(options_.threads + (shared ? 1 : 0))
  {
    const bool listens = shared && omp_get_thread_num() == 0;
    const bool works = !listens || omp_get_num_threads() == 1;
    if (works) ++working;
#pragma omp barrier
    if (works) {
      work();
      if (--working == 0 && shared) ranks_.add(RankCounter::kEnded, 1);
    }
    while (listens && ranks_.rank() == 0 && ranks_.value(RankCounter::kEnded) < ranks_.size()) {
      tell();
      std::this_thread::sleep_for(kLook);
    }
  }
  all_do(ranks_, [&] {
    if (failure) std::rethrow_exception(failure);
  });
  if (shared) tell();
  return finished();
}

const SweepRows& Sweep::rows() const {
  // Opened anew after a run; those of another sweep were left aside or refused when this one began.
  if (!rows_) rows_.emplace(options_.folder, kind_, true);
  return *rows_;
}

void Sweep::read(Index first, std::span<RowResult> results) const { rows().read(first, results); }

}  // namespace entrepot
