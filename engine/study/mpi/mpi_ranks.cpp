#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>

#include "study/ranks.hpp"

// The one file that knows MPI: a module that the program loads when a launcher of MPI started it, so that plain runs
// neither need MPI nor pay for it.

namespace entrepot {

namespace {

static_assert(sizeof(Index) == sizeof(std::int64_t));

class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    int given = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &given);
    if (given < MPI_THREAD_SERIALIZED) MPI_Abort(MPI_COMM_WORLD, 1);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    const auto bytes = static_cast<MPI_Aint>((rank_ == 0 ? kRankCounters : 0) * sizeof(std::int64_t));
    std::int64_t* counters = nullptr;
    MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, MPI_COMM_WORLD, &counters, &window_);
    if (rank_ == 0) {
      MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, window_);
      for (std::size_t k = 0; k < kRankCounters; ++k) counters[k] = 0;
      MPI_Win_unlock(0, window_);
    }
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Win_lock_all(0, window_);
  }
  ~MpiRanks() override {
    // The others wait for a process that ends for a reason they were not told.
    if (std::uncaught_exceptions() > 0 && !told_) {
      std::fputs("A process of this sweep failed; all end. What is done is kept, and --resume goes on from there.\n",
                 stderr);
      MPI_Abort(MPI_COMM_WORLD, 1);
    }
    MPI_Win_unlock_all(window_);
    MPI_Win_free(&window_);
    MPI_Finalize();
  }

  int rank() const noexcept override { return rank_; }
  int size() const noexcept override { return size_; }

  Index add(RankCounter counter, Index value) override {
    const std::lock_guard lock(one_at_a_time_);
    const std::int64_t added = value;
    std::int64_t before = 0;
    MPI_Fetch_and_op(&added, &before, MPI_INT64_T, 0, static_cast<MPI_Aint>(counter), MPI_SUM, window_);
    MPI_Win_flush(0, window_);
    return before;
  }

  void broadcast(std::span<Index> numbers) override {
    // In pieces that an int can count.
    constexpr std::size_t kPiece = std::size_t{1} << 24;
    for (std::size_t from = 0; from < numbers.size(); from += kPiece) {
      MPI_Request request{};
      {
        const std::lock_guard lock(one_at_a_time_);
        MPI_Ibcast(numbers.data() + from, static_cast<int>(std::min(kPiece, numbers.size() - from)), MPI_INT64_T, 0,
                   MPI_COMM_WORLD, &request);
      }
      wait(request);
    }
  }

  int first(bool fact) override {
    const int mine = fact ? rank_ : size_;
    int lowest = size_;
    MPI_Request request{};
    {
      const std::lock_guard lock(one_at_a_time_);
      MPI_Iallreduce(&mine, &lowest, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD, &request);
    }
    wait(request);
    told_ = lowest < size_;
    return told_ ? lowest : -1;
  }

 private:
  /// MPI's own waiting keeps a core busy, which others may need.
  void wait(MPI_Request& request) {
    for (int done = 0; done == 0;) {
      {
        const std::lock_guard lock(one_at_a_time_);
        MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      }
      if (done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  int rank_ = 0, size_ = 1;
  bool told_ = false;  ///< whether all know that one failed
  MPI_Win window_ = MPI_WIN_NULL;
  std::mutex one_at_a_time_;
};

}  // namespace

}  // namespace entrepot

extern "C" entrepot::Ranks* entrepot_join_mpi() { return new entrepot::MpiRanks(); }
