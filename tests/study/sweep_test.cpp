#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "results/netcdf_file.hpp"
#include "study/summary_statistics.hpp"
#include "study/sweep_file.hpp"
#include "study/sweep_run.hpp"
#include "support/draw.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

namespace entrepot::testing {
namespace {

using test::content_of;
using test::TemporaryFolder;
using ::testing::HasSubstr;

constexpr std::size_t kNumbers = 5;

/// A row's answer follows from its number: some have none.
RowResult answer(Index row) {
  Draw draw(static_cast<std::uint32_t>(row));
  if (draw.with_chance(0.05)) return {SolveStatus::kNoEquilibrium, "Nothing to be had, row " + std::to_string(row), {}};
  RowResult result{SolveStatus::kSolved, "", {}};
  for (std::size_t k = 0; k < kNumbers; ++k) result.values.push_back(draw.between(-1.0, 2.0));
  return result;
}

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

/// Killed in the middle at random moments, two hundred times, then let finish: every row is there and right.
TEST(Sweep, KilledTwoHundredTimesItEndsAsIfItNeverWas) {
  const TemporaryFolder folder;
  const SweepJob job = job_of(4000, std::chrono::microseconds(300));
  Draw draw(7);
  int killed = 0, finished = 0;
  for (int time = 0; time < 200; ++time) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      // Now and then the whole sweep gets done: begin anew.
      const bool anew = time % 25 == 0;
      Sweep(job, {.folder = folder.path(), .threads = 2, .chunk = 4, .resume = !anew}).run();
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(static_cast<int>(draw.between(0.0, 20000.0))));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
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

// ---- The file ----

struct Written {
  SampleDesign design{{{1, 0}, {2, 0}}, {.draws = 300, .sobol_indices = true}};
  std::vector<RowColumn> columns;
  SweepDescription description{
      "A title", "A question?",  "study text",    "scenario text",           "a baseline", "0123", "1.2.3", "a commit",
      "a study", {"one", "two"}, {"a", "b", "c"}, {"", "", "0: on, 1: off"}, {0.05, 0.5}};
  SweepSource source;

  Written() {
    RowColumn first{"welfare", "percent", "welfare", "What it is.", {{"country", {"AAA", "BBB", "CCC"}}}, 0, 3};
    RowColumn second{
        "output", "million USD", "output", "What it is.", {{"output_country", {"AAA"}}, {"sector", {"s", "t"}}}, 3, 2};
    columns = {first, second};
    source.rows = [](Index from, std::span<RowResult> results) {
      for (std::size_t k = 0; k < results.size(); ++k) results[k] = answer(from + static_cast<Index>(k));
    };
    source.inputs = [this](Index from, Index count) {
      std::vector<double> drawn(static_cast<std::size_t>(3 * count));
      for (Index k = 0; k < count; ++k)
        design.row(from + k, std::span(drawn).subspan(static_cast<std::size_t>(3 * k), 3));
      return drawn;
    };
  }
};

TEST(SweepFile, HoldsEveryDrawAndItsStatistics) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "sweep.h5";
  const Written sweep;
  const auto rows = static_cast<std::size_t>(sweep.design.sample_rows());
  ASSERT_EQ(rows, 300u * 4u);
  write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source, ResultFileLock(file));
  const NetcdfReader reader(file);
  EXPECT_EQ(reader.text_attribute("title"), "A title");
  EXPECT_EQ(reader.text_attribute("format"), "entrepot sweep");
  EXPECT_EQ(reader.texts("country"), (std::vector<std::string>{"AAA", "BBB", "CCC"}));
  EXPECT_EQ(reader.find("output")->info.dimensions, (std::vector<std::string>{"draw", "output_country", "sector"}));
  const std::vector<double> welfare = reader.numbers("welfare"), status = reader.numbers("status"),
                            drawn = reader.numbers("drawn");
  ASSERT_EQ(welfare.size(), rows * 3);
  std::vector<double> sample;
  std::vector<std::string> reasons;
  for (std::size_t row = 0; row < rows; ++row) {
    const RowResult expected = answer(static_cast<Index>(row));
    if (expected.status == SolveStatus::kSolved) {
      EXPECT_EQ(welfare[3 * row + 1], expected.values[1]);
      EXPECT_EQ(status[row], 0.0);
      if (row % 4 < 2) sample.push_back(expected.values[1]);
    } else {
      EXPECT_EQ(welfare[3 * row + 1], kMissing);
      EXPECT_EQ(status[row], 2.0);
      reasons.push_back(expected.sentence);
    }
    EXPECT_EQ(drawn[3 * row + 2], sweep.source.inputs(static_cast<Index>(row), 1)[2]);
  }
  EXPECT_EQ(reader.texts("failure_reason"), reasons);
  const SummaryStatistics expected = summarise(sample, std::vector<double>{0.05, 0.5});
  EXPECT_EQ(reader.numbers("welfare_mean")[1], expected.mean);
  EXPECT_EQ(reader.numbers("welfare_sd")[1], expected.sd);
  EXPECT_EQ(reader.numbers("welfare_positive")[1], 100.0 * expected.positive);
  EXPECT_EQ(reader.numbers("welfare_quantile")[3 + 1], expected.quantiles[1]);
  EXPECT_EQ(reader.numbers("welfare_total").size(), 2u * 3u);
  // Tornado: the middle and each factor low and high.
  const Index tornado = sweep.design.sample_rows();
  const RowResult middle = answer(tornado), low = answer(tornado + 3);
  EXPECT_EQ(reader.numbers("welfare_middle")[2], middle.status == SolveStatus::kSolved ? middle.values[2] : kMissing);
  EXPECT_EQ(reader.numbers("welfare_low")[3 + 2], low.status == SolveStatus::kSolved ? low.values[2] : kMissing);
}

TEST(SweepFile, EqualSweepsGiveEqualBytes) {
  const TemporaryFolder folder;
  for (const char* name : {"a.h5", "b.h5"}) {
    const Written sweep;
    write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source,
                ResultFileLock(folder.path() / name));
  }
  EXPECT_TRUE(content_of(folder.path() / "a.h5") == content_of(folder.path() / "b.h5"));
  EXPECT_GT(content_of(folder.path() / "a.h5").size(), 10000u);
}

TEST(SweepFile, AFullDiskLeavesTheFileThatWasThere) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "sweep.h5";
  const Written sweep;
  write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source, ResultFileLock(file));
  const std::string before = content_of(file);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{30000, 30000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int status = 1;
    try {
      write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source, ResultFileLock(file));
    } catch (const FileError&) {
      status = 0;
    }
    ::_exit(status);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_TRUE(content_of(file) == before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
}

/// The peak of a process's memory does not grow with the draws: MB.
double peak_of(Index draws) {
  const TemporaryFolder folder;
  int pipe[2];
  EXPECT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const SampleDesign design({{2, 0}}, {.draws = draws});
    RowColumn column{"welfare", "percent", "welfare", "", {{"country", {}}}, 0, 200};
    for (int k = 0; k < 200; ++k) column.dimensions[0].labels.push_back(std::to_string(k));
    const SweepSource source{
        [](Index first, std::span<RowResult> results) {
          for (std::size_t k = 0; k < results.size(); ++k)
            results[k] = {SolveStatus::kSolved, "", std::vector<double>(200, 1.0 / static_cast<double>(first + 1))};
        },
        [](Index, Index count) { return std::vector<double>(static_cast<std::size_t>(2 * count), 0.5); }};
    double peak = -1.0;
    try {
      write_sweep({"", "", "", "", "", "", "", "", "", {"x"}, {"a", "b"}, {"", ""}, {0.5}}, design.order(), {column},
                  source, ResultFileLock(folder.path() / "large.h5"));
      rusage used{};
      ::getrusage(RUSAGE_SELF, &used);
      peak = static_cast<double>(used.ru_maxrss) / 1024.0;
    } catch (...) {
    }
    [[maybe_unused]] const ssize_t sent = ::write(pipe[1], &peak, sizeof peak);
    ::_exit(0);
  }
  double peak = -1.0;
  EXPECT_EQ(::read(pipe[0], &peak, sizeof peak), static_cast<ssize_t>(sizeof peak));
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(pipe[0]);
  ::close(pipe[1]);
  return peak;
}

TEST(SweepFile, MemoryStaysSmallHoweverManyDraws) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer's own memory hides the program's";
#endif
  const double peak = peak_of(60000);  // 96 MB of numbers
  EXPECT_GT(peak, 0.0);
  EXPECT_LT(peak, 200.0);
}

}  // namespace
}  // namespace entrepot::testing
