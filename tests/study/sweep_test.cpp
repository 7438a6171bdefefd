#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "made_up_sweep.hpp"
#include "study/sweep_run.hpp"
#include "support/draw.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

namespace entrepot::testing {
namespace {

using test::content_of;
using test::TemporaryFolder;
using ::testing::HasSubstr;

SweepJob job_of(Index rows, std::chrono::microseconds pause = {}) {
  return {"a study", rows, kNumbers, [pause](Index first, std::span<RowResult> results) {
            for (std::size_t k = 0; k < results.size(); ++k) results[k] = answer(first + static_cast<Index>(k));
            if (pause.count() > 0) std::this_thread::sleep_for(pause);
          }};
}

std::vector<RowResult> rows_of(const Sweep& sweep, Index rows) {
  std::vector<RowResult> result(static_cast<std::size_t>(rows));
  sweep.read(0, result);
  return result;
}

void expect_answers(const std::vector<RowResult>& rows) {
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const RowResult expected = answer(static_cast<Index>(k));
    ASSERT_EQ(rows[k].status, expected.status) << k;
    ASSERT_EQ(rows[k].sentence, expected.sentence) << k;
    ASSERT_EQ(rows[k].values, expected.values) << k;
  }
}

TEST(Sweep, AnyNumberOfThreadsAndRowsAtATimeGiveTheSame) {
  const TemporaryFolder folder;
  for (const int threads : {1, 3})
    for (const Index chunk : {Index{1}, Index{7}, Index{1000}}) {
      const SweepJob job = job_of(501);
      Sweep sweep(job, {.folder = folder.path() / "parts", .threads = threads, .chunk = chunk});
      EXPECT_FALSE(sweep.finished());
      ASSERT_TRUE(sweep.run());
      expect_answers(rows_of(sweep, 501));
    }
}

TEST(Sweep, ReportsHowFarItIs) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(100);
  std::vector<SweepProgress> told;
  Sweep sweep(
      job, {.folder = folder.path(), .chunk = 30, .progress = [&](const SweepProgress& now) { told.push_back(now); }});
  sweep.run();
  ASSERT_EQ(told.size(), 4u);
  Index failed = 0;
  for (Index row = 0; row < 100; ++row) failed += answer(row).status != SolveStatus::kSolved;
  EXPECT_EQ(told.back().done, 100);
  EXPECT_EQ(told.back().rows, 100);
  EXPECT_EQ(told.back().failed, failed);
  EXPECT_GT(failed, 0);
}

TEST(Sweep, StopsWhenAskedAndGoesOn) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(200);
  std::atomic<bool> stop{false};
  {
    Sweep sweep(job, {.folder = folder.path(),
                      .chunk = 10,
                      .progress = [&](const SweepProgress& now) { stop = now.done >= 50; },
                      .stop = &stop});
    EXPECT_FALSE(sweep.run());
    EXPECT_FALSE(sweep.finished());
  }
  EXPECT_TRUE(has_unfinished_rows(folder.path()));
  // The journal keeps its own chunks, whatever is asked for now.
  Index evaluated = 0;
  SweepJob counted = job;
  counted.evaluate = [&](Index first, std::span<RowResult> results) {
    evaluated += static_cast<Index>(results.size());
    job.evaluate(first, results);
  };
  Sweep again(counted, {.folder = folder.path(), .chunk = 64, .resume = true});
  EXPECT_TRUE(again.run());
  EXPECT_EQ(evaluated, 150);
  expect_answers(rows_of(again, 200));
}

TEST(Sweep, ARowThatThrowsTakesNoOtherWithIt) {
  const TemporaryFolder folder;
  SweepJob job = job_of(40);
  job.evaluate = [](Index first, std::span<RowResult> results) {
    for (std::size_t k = 0; k < results.size(); ++k) {
      const Index row = first + static_cast<Index>(k);
      if (row == 13) throw std::runtime_error("an unlucky row");
      results[k] = answer(row);
    }
  };
  Sweep sweep(job, {.folder = folder.path(), .chunk = 20});
  ASSERT_TRUE(sweep.run());
  const std::vector<RowResult> rows = rows_of(sweep, 40);
  EXPECT_EQ(rows[13].status, SolveStatus::kNotSolved);
  EXPECT_EQ(rows[13].sentence, "an unlucky row");
  EXPECT_EQ(rows[12].values, answer(12).values);
  EXPECT_EQ(rows[14].values, answer(14).values);
}

TEST(Sweep, RowsOfAnotherStudyAreRefused) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(20);
  Sweep(job, {.folder = folder.path()}).run();
  SweepJob other = job;
  other.fingerprint = "another study";
  EXPECT_THAT([&] { Sweep(other, {.folder = folder.path(), .resume = true}); },
              ::testing::ThrowsMessage<FileError>(HasSubstr("of another study")));
  Sweep anew(other, {.folder = folder.path()});  // begins anew
  EXPECT_FALSE(anew.finished());
}

/// A journal of 20 chunks, then damaged; how many rows had to be done again.
Index rows_done_again(const std::function<void(std::string&)>& damage) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(200);
  EXPECT_TRUE(Sweep(job, {.folder = folder.path(), .chunk = 10}).run());
  const std::filesystem::path file = folder.path() / "shard-1-of-1.journal";
  std::string bytes = content_of(file);
  damage(bytes);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  Index evaluated = 0;
  SweepJob counted = job;
  counted.evaluate = [&](Index first, std::span<RowResult> results) {
    evaluated += static_cast<Index>(results.size());
    job.evaluate(first, results);
  };
  Sweep again(counted, {.folder = folder.path(), .resume = true});
  EXPECT_TRUE(again.run());
  expect_answers(rows_of(again, 200));
  return evaluated;
}

TEST(SweepJournal, ATornEndIsDoneAgain) {
  EXPECT_EQ(rows_done_again([](std::string&) {}), 0);
  EXPECT_EQ(rows_done_again([](std::string& bytes) { bytes.pop_back(); }), 10);
  EXPECT_EQ(rows_done_again([](std::string& bytes) { bytes += "torn"; }), 0);
  EXPECT_EQ(rows_done_again([](std::string& bytes) { bytes.resize(50); }), 200);
  EXPECT_EQ(rows_done_again([](std::string& bytes) { bytes.clear(); }), 200);
}

TEST(SweepJournal, AFlippedBitIsFound) {
  constexpr std::size_t kHead = 96, kChunkHead = 28;  // in front of all, of each chunk
  const auto flip = [](std::string& bytes, std::size_t place, std::size_t bit) {
    bytes[place] = static_cast<char>(bytes[place] ^ (1 << bit));
  };
  for (std::uint32_t seed = 0; seed < 20; ++seed)
    EXPECT_GE(rows_done_again([&](std::string& bytes) {
                Draw draw(seed);
                flip(bytes, kHead + draw.one_of(bytes.size() - kHead), draw.one_of(8));
              }),
              10);
  // Among the numbers of a chunk: that chunk alone.
  for (std::size_t place = kHead + kChunkHead; place < kHead + kChunkHead + 60; place += 7)
    EXPECT_EQ(rows_done_again([&](std::string& bytes) { flip(bytes, place, place % 8); }), 10);
  // In its head, whatever the bit: the chunks behind it can't be found.
  for (std::size_t place = kHead; place < kHead + kChunkHead; place += 3)
    EXPECT_EQ(rows_done_again([&](std::string& bytes) { flip(bytes, place, place % 8); }), 200);
}

TEST(SweepJournal, AFullDiskLosesNothing) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(2000);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{20000, 20000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int status = 1;
    try {
      Sweep(job, {.folder = folder.path(), .chunk = 10}).run();
    } catch (const FileError& error) {
      status =
          std::string(error.what()).find(" of 2000 rows are kept, and --resume goes on from there") != std::string::npos
              ? 0
              : 2;
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  Index evaluated = 0;
  SweepJob counted = job;
  counted.evaluate = [&](Index first, std::span<RowResult> results) {
    evaluated += static_cast<Index>(results.size());
    job.evaluate(first, results);
  };
  Sweep again(counted, {.folder = folder.path(), .resume = true});
  EXPECT_TRUE(again.run());
  EXPECT_LT(evaluated, 1700);
  expect_answers(rows_of(again, 2000));
}

/// Killed in the middle at random moments, two hundred times, then let finish: every row is there and right. How long
/// a process lives is counted in the chunks that it keeps, so that a slow machine makes no difference.
TEST(Sweep, KilledTwoHundredTimesItEndsAsIfItNeverWas) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(4000, std::chrono::microseconds(300));
  Draw draw(7);
  int killed = 0, finished = 0;
  for (int time = 0; time < 200; ++time) {
    int chunk_kept[2];
    ASSERT_EQ(::pipe(chunk_kept), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      // Now and then the whole sweep gets done: begin anew.
      const bool anew = time % 25 == 0;
      const auto tell = [&](const SweepProgress&) {
        if (::write(chunk_kept[1], "", 1) != 1) ::_exit(1);
      };
      // In a thread of its own: OpenMP's threads of the parent are not in the child.
      std::thread([&] {
        Sweep(job, {.folder = folder.path(), .threads = 2, .chunk = 4, .resume = !anew, .progress = tell}).run();
      }).join();
      ::_exit(0);
    }
    ::close(chunk_kept[1]);
    char byte = 0;
    for (std::size_t chunks = draw.one_of(40); chunks > 0 && ::read(chunk_kept[0], &byte, 1) == 1;) --chunks;
    std::this_thread::sleep_for(std::chrono::microseconds(draw.one_of(1000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ::close(chunk_kept[0]);
    (WIFSIGNALED(status) ? killed : finished) += 1;
  }
  EXPECT_GT(killed, 150);
  Index evaluated = 0;
  SweepJob counted = job;
  counted.evaluate = [&](Index first, std::span<RowResult> results) {
    evaluated += static_cast<Index>(results.size());
    job_of(4000).evaluate(first, results);
  };
  Sweep last(counted, {.folder = folder.path(), .chunk = 4, .resume = true});
  EXPECT_TRUE(last.run());
  EXPECT_LT(evaluated, 4000);  // what the killed ones did was kept
  expect_answers(rows_of(last, 4000));
}

}  // namespace
}  // namespace entrepot::testing
