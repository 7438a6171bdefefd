#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <thread>

#include "study/sweep_run.hpp"
#include "support/draw.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

// A sweep cut into parts, each done by a process of its own.

namespace entrepot::testing {
namespace {

using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

RowResult answer(Index row) { return {SolveStatus::kSolved, "", {1.0 / static_cast<double>(row + 1), 2.0}}; }

/// A study whose rows are counted, each slow by `pause`.
struct Study {
  Index rows = 500;
  std::chrono::microseconds pause{};
  std::atomic<Index> evaluated{0};
  SweepJob job{"a study", rows, 2, [this](Index first, std::span<RowResult> results) {
                 for (std::size_t k = 0; k < results.size(); ++k) results[k] = answer(first + static_cast<Index>(k));
                 evaluated += static_cast<Index>(results.size());
                 if (pause.count() > 0) std::this_thread::sleep_for(pause);
               }};
};

class Parts : public ::testing::Test {
 protected:
  SweepOptions options(const SweepPart& part, bool resume = false) const {
    return {.folder = folder.path() / "a.parts", .chunk = 10, .resume = resume, .part = part};
  }
  /// How many rows that took.
  Index run(const SweepPart& part, bool resume = false) const {
    Study study;
    Sweep sweep(study.job, options(part, resume));
    EXPECT_TRUE(sweep.run());
    return study.evaluated;
  }
  void expect_all_there() const {
    const Study study;
    const Sweep sweep(study.job, options({}, true));
    ASSERT_TRUE(sweep.finished());
    std::vector<RowResult> rows(500);
    sweep.read(0, rows);
    for (std::size_t k = 0; k < rows.size(); ++k) ASSERT_EQ(rows[k].values, answer(static_cast<Index>(k)).values) << k;
  }
  /// A process that works on a part until it is ended.
  pid_t start(const SweepPart& part, bool resume = false,
              std::chrono::microseconds pause = std::chrono::seconds(60)) const {
    const pid_t child = ::fork();
    if (child != 0) return child;
    Study study;
    study.pause = pause;
    try {
      Sweep(study.job, options(part, resume)).run();
    } catch (...) {
      ::_exit(1);
    }
    ::_exit(0);
  }
  /// A process that is at work on a part for certain.
  pid_t at_work(const SweepPart& part) const {
    const pid_t child = start(part);
    const std::filesystem::path journal = part_journal(folder.path() / "a.parts", part);
    while (!SweepJournal::chunk_of(journal)) {
      EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return child;
  }
  static void end(pid_t child) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  const TemporaryFolder folder;
};

TEST_F(Parts, TogetherAreTheWhole) {
  EXPECT_EQ(run({3, 3}), 160);
  EXPECT_EQ(run({1, 3}), 170);
  const Study study;
  EXPECT_FALSE(Sweep(study.job, options({}, true)).finished());
  EXPECT_EQ(run({2, 3}), 170);
  expect_all_there();
}

TEST_F(Parts, OfAnyNumberGoOnWithWhatOthersDid) {
  run({1, 2});  // even chunks
  EXPECT_EQ(run({1, 4}, true), 0);
  EXPECT_EQ(run({2, 4}, true), 130);
  EXPECT_EQ(run({}, true), 120);
  expect_all_there();
}

TEST_F(Parts, MindTheirOwnRowsAndThoseOfOtherDivisions) {
  run({1, 3});
  const std::filesystem::path parts = folder.path() / "a.parts";
  EXPECT_TRUE(has_unfinished_rows(parts, {1, 3}));
  EXPECT_FALSE(has_unfinished_rows(parts, {2, 3}));  // may begin: its sibling is at work or done
  EXPECT_TRUE(has_unfinished_rows(parts, {1, 2}));
  EXPECT_TRUE(has_unfinished_rows(parts, {}));
  EXPECT_EQ(run({2, 3}), 170);
  EXPECT_EQ(run({2, 3}), 170);  // anew: its own rows are removed, its sibling's not
  EXPECT_EQ(run({1, 3}, true), 0);
  EXPECT_EQ(run({}), 500);  // anew: everything is removed
}

TEST_F(Parts, AnotherStudysSiblingsAreRefusedOrLeftAside) {
  run({1, 2});
  Study other;
  other.job.fingerprint = "another study";
  EXPECT_THAT([&] { Sweep(other.job, options({2, 2}, true)); }, ThrowsMessage<FileError>(HasSubstr("another study")));
  Sweep sweep(other.job, options({2, 2}));
  EXPECT_TRUE(sweep.run());
  EXPECT_EQ(other.evaluated, 250);
}

TEST_F(Parts, ASecondProcessOnTheSameRowsIsRefusedByTheFirstsName) {
  const pid_t first = at_work({1, 2});
  const Study study;
  const auto names_it = ThrowsMessage<FileError>(AllOf(HasSubstr("shard-1-of-2.journal: another run is"),
                                                       HasSubstr("(process " + std::to_string(first) + " on ")));
  for (const SweepPart part : {SweepPart{1, 2}, SweepPart{}, SweepPart{2, 3}})
    for (const bool resume : {false, true})
      EXPECT_THAT([&] { Sweep(study.job, options(part, resume)); }, names_it) << part.name() << resume;
  EXPECT_EQ(run({2, 2}), 250);
  end(first);
  EXPECT_EQ(run({1, 2}, true), 250);
  expect_all_there();
}

TEST_F(Parts, KilledAtRandomTheyEndAsIfTheyNeverWere) {
  Draw draw(11);
  int killed = 0;
  for (int time = 0; time < 30; ++time) {
    // Now in three parts, now in two, now in one.
    const int of = 3 - time % 3;
    std::vector<pid_t> children;
    for (int number = 1; number <= of; ++number)
      children.push_back(start({number, of}, true, std::chrono::milliseconds(20)));
    std::this_thread::sleep_for(std::chrono::microseconds(static_cast<int>(draw.between(0.0, 50000.0))));
    for (const pid_t child : children) {
      ::kill(child, SIGKILL);
      int status = 0;
      ::waitpid(child, &status, 0);
      killed += WIFSIGNALED(status);
    }
  }
  EXPECT_GT(killed, 20);
  EXPECT_LT(run({}, true), 500);
  expect_all_there();
}

TEST(PartNames, AreBesideTheOutput) {
  EXPECT_EQ(part_file("outputs/a.h5", {2, 3}), "outputs/a.shard-2-of-3.h5");
  EXPECT_EQ(parts_folder("outputs/a.b.h5"), "outputs/a.b.parts");
  EXPECT_EQ(part_journal("a.parts", {2, 3}), "a.parts/shard-2-of-3.journal");
}

}  // namespace
}  // namespace entrepot::testing
