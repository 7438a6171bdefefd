#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "made_up_sweep.hpp"
#include "results/netcdf_file.hpp"
#include "study/summary_statistics.hpp"
#include "study/sweep_shards.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

namespace entrepot::testing {
namespace {

using test::content_of;
using test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

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

/// Shards of a sweep in which rows lie about: shard k has the rows that fall to it by chance.
std::vector<std::filesystem::path> write_shards(const Written& sweep, const std::filesystem::path& output, int count) {
  std::vector<std::vector<RowRange>> ranges(static_cast<std::size_t>(count));
  Draw draw(7);
  for (Index row = 0; row < sweep.design.rows(); ++row) {
    std::vector<RowRange>& own = ranges[static_cast<std::size_t>(draw.between(0.0, count))];
    if (!own.empty() && own.back().first + own.back().count == row)
      ++own.back().count;
    else
      own.push_back({row, 1});
  }
  std::vector<std::filesystem::path> files;
  for (int k = 0; k < count; ++k) {
    const SweepPart part{k + 1, count};
    files.push_back(part_file(output, part));
    write_shard(sweep.description, sweep.design.order(), sweep.columns, sweep.source,
                ranges[static_cast<std::size_t>(k)], part, ResultFileLock(files.back()));
  }
  return files;
}

TEST(SweepShards, OfWhateverRowsAreJoinedAndMergedToTheWhole) {
  const TemporaryFolder folder;
  const Written sweep;
  const std::filesystem::path whole = folder.path() / "whole.h5", output = folder.path() / "100 %b.h5";
  write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source, ResultFileLock(whole));
  const std::vector<std::filesystem::path> files = write_shards(sweep, output, 4);
  {
    const SweepShards shards(files);
    EXPECT_EQ(shards.missing(), 0);
    EXPECT_EQ(shards.order(), sweep.design.order());
    join_shards(shards, ResultFileLock(output));
    merge_shards(shards, ResultFileLock(folder.path() / "merged.h5"));
  }
  EXPECT_TRUE(is_joined(output));
  EXPECT_FALSE(is_joined(whole));
  EXPECT_TRUE(is_file_of(output, "a study"));
  {
    const NetcdfReader joined(output), expected(whole);
    ASSERT_EQ(joined.variables().size(), expected.variables().size());
    for (const StoredVariable& variable : expected.variables()) {
      const std::string& name = variable.info.name;
      if (variable.is_text)
        EXPECT_EQ(joined.texts(name), expected.texts(name)) << name;
      else
        EXPECT_EQ(joined.numbers(name), expected.numbers(name)) << name;
    }
  }
  EXPECT_TRUE(content_of(folder.path() / "merged.h5") == content_of(whole));
  // The folder can be moved, and what a lost shard had is missing.
  std::filesystem::create_directory(folder.path() / "moved");
  for (const std::filesystem::path& file : {files[0], files[1], files[2], output})
    std::filesystem::rename(file, folder.path() / "moved" / file.filename());
  const NetcdfReader partial(folder.path() / "moved" / output.filename()), expected(whole);
  const std::vector<double> status = partial.numbers("status"), all = expected.numbers("status");
  std::size_t missing = 0;
  for (std::size_t row = 0; row < all.size(); ++row) {
    if (status[row] == kMissing)
      ++missing;
    else
      EXPECT_EQ(status[row], all[row]);
  }
  EXPECT_GT(missing, all.size() / 8);
  EXPECT_LT(missing, all.size() / 2);
  EXPECT_EQ(partial.numbers("welfare_mean"), expected.numbers("welfare_mean"));
}

TEST(SweepShards, ThatDoNotFitAreRefused) {
  const TemporaryFolder folder;
  Written sweep;
  const std::vector<std::filesystem::path> files = write_shards(sweep, folder.path() / "a.h5", 3);
  EXPECT_GT(SweepShards({files[0], files[2]}).missing(), 300);
  EXPECT_EQ(SweepShards::beside(folder.path() / "b.h5"), nullptr);
  EXPECT_THAT([&] { SweepShards({files[0], files[0]}); }, ThrowsMessage<FileError>(HasSubstr("in another shard too")));
  sweep.description.fingerprint = "another study";
  const std::vector<std::filesystem::path> others = write_shards(sweep, folder.path() / "b.h5", 2);
  EXPECT_THAT(
      [&] {
        SweepShards({files[0], others[1]});
      },
      ThrowsMessage<FileError>(HasSubstr("of another sweep than")));
  write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source,
              ResultFileLock(folder.path() / "whole.h5"));
  EXPECT_THAT([&] { SweepShards({folder.path() / "whole.h5"}); }, ThrowsMessage<FileError>(HasSubstr("is no shard")));
  // Of several divisions the one that is whole.
  std::filesystem::copy_file(files[0], folder.path() / "b.shard-1-of-3.h5");
  EXPECT_EQ(SweepShards::beside(folder.path() / "b.h5")->shards().size(), 2u);
  EXPECT_EQ(SweepShards::beside(folder.path() / "b.h5", "a study")->shards().size(), 1u);
}

class SweepFileOpensIn : public ::testing::TestWithParam<const char*> {};

TEST_P(SweepFileOpensIn, PythonPlainAndJoined) {
  const TemporaryFolder folder;
  const Written sweep;
  const std::filesystem::path whole = folder.path() / "whole.h5", joined = folder.path() / "joined.h5";
  write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source, ResultFileLock(whole));
  join_shards(SweepShards(write_shards(sweep, joined, 3)), ResultFileLock(joined));
  const std::string command = std::string("/usr/bin/python3 '") + ENTREPOT_SOURCE_DIR +
                              "/tests/study/check_sweep_readers.py' " + GetParam() + " '" + whole.string() + "' '" +
                              joined.string() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << "scripts/setup test installs what is missing";
}

INSTANTIATE_TEST_SUITE_P(Libraries, SweepFileOpensIn,
                         ::testing::Values("h5py", "netCDF4", "xarray-netcdf4", "xarray-h5netcdf"),
                         [](const auto& library) {
                           std::string name = library.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(SweepFile, OpensInR) {
  const TemporaryFolder folder;
  const std::filesystem::path whole = folder.path() / "whole.h5";
  const Written sweep;
  write_sweep(sweep.description, sweep.design.order(), sweep.columns, sweep.source, ResultFileLock(whole));
  const std::string command =
      "Rscript -e 'library(ncdf4); f <- nc_open(\"" + whole.string() +
      "\"); w <- ncvar_get(f, \"welfare\"); stopifnot(dim(w) == c(3, 1200), sum(is.na(w)) > 0, "
      "abs(mean(w[2, ncvar_get(f, \"role\") == 0], na.rm = TRUE) - ncvar_get(f, \"welfare_mean\")[2]) < 1e-12)'";
  EXPECT_EQ(std::system(command.c_str()), 0) << "scripts/setup test installs what is missing";
}

}  // namespace
}  // namespace entrepot::testing
