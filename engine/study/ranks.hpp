#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <span>

#include "world/arrays.hpp"

namespace entrepot {

/// Counters that all ranks share.
enum class RankCounter { kNext, kDone, kFailed, kStop, kEnded };
constexpr std::size_t kRankCounters = 5;

/// The processes that share one sweep, started together by mpirun or srun; a program that was started plainly is alone.
/// Its functions may be called by any thread, those that say "all" by one thread of every rank and in the same order.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual int rank() const noexcept = 0;
  virtual int size() const noexcept = 0;
  /// Adds to a counter; answers what it was before. All begin at 0.
  virtual Index add(RankCounter counter, Index value) = 0;
  Index value(RankCounter counter) { return add(counter, 0); }
  /// All: numbers of rank 0 become those of every rank. The length may not differ.
  virtual void broadcast(std::span<Index> numbers) = 0;
  /// All: the lowest rank for which `fact` holds; −1 where it holds for none. Returns when all have called.
  virtual int first(bool fact) = 0;
};

/// Joins the processes that a launcher of MPI started, or answers a process that is alone. MPI is loaded only where the
/// environment tells of a launcher. Throws FileError where it does and the program was built without MPI.
std::unique_ptr<Ranks> join_ranks();

/// A process by itself.
std::unique_ptr<Ranks> one_rank();

/// Thrown on the ranks that have nothing to say about what went wrong on another.
struct OtherRankFailed : std::exception {
  const char* what() const noexcept override { return "Another process of this sweep failed."; }
};

/// All: does a step on every rank. Where it throws on any, the lowest of them throws that and all others
/// OtherRankFailed.
void all_do(Ranks& ranks, const std::function<void()>& step);

}  // namespace entrepot
