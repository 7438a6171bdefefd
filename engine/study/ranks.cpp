#include "ranks.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "text/file_error.hpp"

namespace entrepot {

namespace {

class OneRank final : public Ranks {
 public:
  int rank() const noexcept override { return 0; }
  int size() const noexcept override { return 1; }
  Index add(RankCounter counter, Index value) override {
    return counters_[static_cast<std::size_t>(counter)].fetch_add(value);
  }
  void broadcast(std::span<Index>) override {}
  int first(bool fact) override { return fact ? 0 : -1; }

 private:
  std::array<std::atomic<Index>, kRankCounters> counters_{};
};

/// A variable of the environment; empty where it is not set.
std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

/// Whether a launcher of MPI started this process with others: Open MPI's, MPICH's or Slurm's PMI, Slurm's PMIx.
bool has_launcher() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"})
    if (const std::string size = variable(name); !size.empty()) return size != "1";
  return !variable("PMIX_RANK").empty() && variable("SLURM_STEP_NUM_TASKS") != "1";
}

}  // namespace

std::unique_ptr<Ranks> one_rank() { return std::make_unique<OneRank>(); }

std::unique_ptr<Ranks> join_ranks() {
  if (!has_launcher()) return one_rank();
  // Beside the program where it was built, in lib/ where it is installed.
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored),
                              here = program.parent_path();
  std::filesystem::path module;
  for (const std::filesystem::path& place : {here / ENTREPOT_MPI_MODULE, here / ENTREPOT_MPI_INSTALLED})
    if (std::filesystem::exists(place, ignored)) {
      module = place;
      break;
    }
  if (module.empty())
    throw FileError(program,
                    "this was started by mpirun or srun, but the program was built without MPI; install libopenmpi-dev "
                    "and build it again, or share the work with --shard");
  void* library = ::dlopen(module.c_str(), RTLD_NOW | RTLD_GLOBAL);
  auto* make = library != nullptr ? reinterpret_cast<Ranks* (*)()>(::dlsym(library, "entrepot_join_mpi")) : nullptr;
  if (make == nullptr) throw FileError(module, fmt::format("MPI can't be used: {}", ::dlerror()));
  return std::unique_ptr<Ranks>(make());
}

void all_do(Ranks& ranks, const std::function<void()>& step) {
  std::exception_ptr failure;
  try {
    step();
  } catch (...) {
    failure = std::current_exception();
  }
  const int failed = ranks.first(failure != nullptr);
  if (failed == ranks.rank()) std::rethrow_exception(failure);
  if (failed >= 0) throw OtherRankFailed();
}

}  // namespace entrepot
