#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "cli/program.hpp"
#include "study/sweep_parts.hpp"

// Sweeps that mpirun's processes share.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::size_t count_of(const std::string& word, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

class Ranks : public testing::Test {
 protected:
  void SetUp() override {
    small_baseline(place, "small");
    write(place / "small.toml",
          "title = 'Small'\nbaseline = 'small'\n[[policy]]\nname = 'duties'\ninstrument = 'tariff'\nimporters = "
          "['USA']\nexporters = ['MEX', 'CAN']\naction = 'add'\nrate = 0.1\n");
    // Where the closure is drawn every row is solved by itself, eight in a chunk.
    write(place / "study.toml",
          "scenario = 'small.toml'\nmeasures = ['welfare', 'output']\n[sample]\ndraws = 600\n[[vary]]\npath = "
          "'policy.duties.rate'\ndistribution = 'uniform'\nlow = 0\nhigh = 0.5\n[[vary]]\npath = "
          "'reference.closure'\nvalues = ['fixed', 'balanced']\n");
    // Those who run tests as root, on few cores, mean it.
    place.environment = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
                         {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"},
                         {"OMPI_MCA_rmaps_base_oversubscribe", "1"},
                         {"OMPI_MCA_hwloc_base_binding_policy", "none"}};
  }
  void with_ranks(int count) {
    place.launcher.clear();
    if (count > 0) place.launcher = {ENTREPOT_MPIRUN, "-n", std::to_string(count)};
  }
  Ended sweep(const std::string& output, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"sweep", "study.toml", "-o", output});
    return place.run(more);
  }
  std::string whole() {
    with_ranks(0);
    EXPECT_EQ(sweep("whole.h5", {"-q"}).status, 0);
    return content_of(place / "whole.h5");
  }
  /// What ranks left, as one file.
  std::string merged() {
    with_ranks(0);
    const Ended ended = place.run({"merge", "ranks.h5", "-o", "merged.h5", "-q"});
    EXPECT_EQ(ended.status, 0) << ended.err;
    return content_of(place / "merged.h5");
  }
  void many_draws() { replace_in(place / "study.toml", "draws = 600", "draws = 2000"); }
  /// Starts three ranks that resume, and waits until all have kept something.
  pid_t start_until_all_keep_rows() {
    with_ranks(3);
    const pid_t launcher = place.start({"sweep", "study.toml", "-q", "-o", "ranks.h5", "--resume"});
    for (int number = 1; number <= 3; ++number) {
      const std::filesystem::path journal = part_journal(place / "ranks.parts", {number, 3});
      std::error_code missing;
      while (std::filesystem::file_size(journal, missing) < 1000 || missing) {
        if (::waitpid(launcher, nullptr, WNOHANG) != 0) throw std::runtime_error("the ranks ended too soon");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }
    return launcher;
  }
  static int status_of(pid_t launcher) {
    int status = 0;
    ::waitpid(launcher, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  Workplace place;
};

TEST_F(Ranks, GiveTheFileThatOneProcessGives) {
  const std::string expected = whole();
  for (const int count : {1, 3, 8}) {
    with_ranks(count);
    const Ended ended = sweep("ranks.h5", {"--threads", "2"});
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_TRUE((count == 1 ? content_of(place / "ranks.h5") : merged()) == expected) << count;
    EXPECT_EQ(count_of("done=605 rows=605", ended.err), 1u) << ended.err;
    EXPECT_EQ(count_of("Written to ranks.h5", ended.out), 1u);
    EXPECT_THAT(place.names(), Not(Contains("ranks.parts")));
  }
}

TEST_F(Ranks, WithoutSharedMemoryGiveIt) {
  const std::string expected = whole();
  with_ranks(3);
  place.environment["OMPI_MCA_btl"] = "self,tcp";
  place.environment["OMPI_MCA_btl_tcp_if_include"] = "lo";
  ASSERT_EQ(sweep("ranks.h5", {"-q"}).status, 0);
  EXPECT_TRUE(merged() == expected);
}

TEST_F(Ranks, KilledLeaveRowsThatAnyNumberOfProcessesGoOnWith) {
  many_draws();
  const std::string expected = whole();
  const pid_t launcher = start_until_all_keep_rows();
  // The lock names the process of a rank.
  std::ifstream lock(place / "ranks.parts/.shard-2-of-3.journal.lock");
  std::string word;
  pid_t rank = 0;
  ASSERT_TRUE(lock >> word >> rank);
  ASSERT_EQ(word, "process");
  ::kill(rank, SIGKILL);
  EXPECT_NE(status_of(launcher), 0);
  EXPECT_FALSE(std::filesystem::exists(place / "ranks.h5"));
  with_ranks(2);
  EXPECT_THAT(sweep("ranks.h5").err, AllOf(HasSubstr("was not finished"), HasSubstr("--resume")));
  const Ended ended = sweep("ranks.h5", {"--resume"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.err, Not(testing::StartsWith("done=0 ")));
  EXPECT_THAT(place.names(), Contains("ranks.shard-2-of-2.h5"));
  EXPECT_TRUE(merged() == expected);
}

TEST_F(Ranks, StopAtASignalAndOneProcessGoesOn) {
  many_draws();
  const std::string expected = whole();
  const pid_t launcher = start_until_all_keep_rows();
  ::kill(launcher, SIGUSR1);  // which it hands on
  EXPECT_EQ(status_of(launcher), 75);
  with_ranks(0);
  ASSERT_EQ(sweep("ranks.h5", {"-q", "--resume"}).status, 0);
  EXPECT_TRUE(content_of(place / "ranks.h5") == expected);
}

TEST_F(Ranks, AreAllToldToEndWhereOneHasNoSpaceLeft) {
  many_draws();
  const std::string expected = whole();
  // A limit to what rank 1 can write, which shared memory would count as well.
  place.environment["OMPI_MCA_btl"] = "self,tcp";
  place.environment["OMPI_MCA_btl_tcp_if_include"] = "lo";
  place.launcher = {
      ENTREPOT_MPIRUN, "-n", "3", "sh", "-c", "[ $OMPI_COMM_WORLD_RANK != 1 ] || ulimit -f 20; exec \"$0\" \"$@\""};
  const Ended ended = sweep("ranks.h5", {"-q"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("shard-2-of-3.journal: no space is left; "),
                               HasSubstr(" of 2005 rows are kept, and --resume goes on from there")));
  EXPECT_EQ(count_of("are kept", ended.err), 1u);
  with_ranks(3);
  ASSERT_EQ(sweep("ranks.h5", {"-q", "--resume"}).status, 0);
  EXPECT_TRUE(merged() == expected);
}

TEST_F(Ranks, SayOnceWhatIsWrong) {
  with_ranks(3);
  replace_in(place / "study.toml", "duties.rate", "dutys.rate");
  const Ended wrong = sweep("ranks.h5");
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(count_of("there is no 'dutys' here", wrong.err), 1u) << wrong.err;
  const Ended shard = sweep("ranks.h5", {"--shard", "1/2"});
  EXPECT_EQ(shard.status, 2);
  EXPECT_EQ(count_of("share the work by themselves", shard.err), 1u) << shard.err;
  EXPECT_THAT(place.names(), Not(Contains("ranks.parts")));
}

TEST_F(Ranks, AreRefusedWhereAnotherSweepIsAtWork) {
  replace_in(place / "study.toml", "draws = 600", "draws = 60000");  // at work long enough on any machine
  const pid_t launcher = start_until_all_keep_rows();
  const Ended refused = sweep("ranks.h5", {"--resume"});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(count_of("another run is writing this file (process ", refused.err), 1u) << refused.err;
  ::kill(launcher, SIGTERM);
  EXPECT_NE(status_of(launcher), 0);
}

}  // namespace
}  // namespace entrepot::test
