#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <functional>

#include "results/netcdf_file.hpp"
#include "results/result_reader.hpp"
#include "results/result_variables.hpp"
#include "small_runs.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

/// The sentence of the FileError that `action` throws; empty if it throws none.
std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const FileError& error) {
    return error.what();
  }
  return {};
}

/// Runs `action` in a process of its own; its answer is the process's exit status.
int in_child(const std::function<int()>& action) {
  const pid_t child = fork();
  if (child == 0) _exit(action());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<double> by_row(const Matrix& m) {
  std::vector<double> values;
  for (Index r = 0; r < m.rows(); ++r)
    for (Index c = 0; c < m.cols(); ++c) values.push_back(m(r, c));
  return values;
}

TEST(ResultFile, EveryMeasureComesBackToTheLastBit) {
  const TemporaryFolder folder;
  RunResults run = test::full_run();
  run.measures.re_exports = Vector::Constant(3, 0.1);  // without evasion these are empty
  run.measures.evaded_trade = Matrix::Constant(3, 2, 0.7);
  run.measures.leakage = run.measures.outlawed_trade = run.measures.evaded_trade / 3.0;
  run.measures.recorded_trade = Bilateral(3, 3, 2, 1.0 / 7.0);
  write_results(run, folder / "run.nc");
  EXPECT_THAT(folder.names(), ElementsAre("run.nc"));
  const ResultReader reader(folder / "run.nc");
  for (const auto& variable : country_variables()) {
    const ResultVariable back = reader.read(variable.name);
    const Vector& values = run.measures.*variable.values;
    EXPECT_EQ(back.values, std::vector<double>(values.begin(), values.end())) << variable.name;
    EXPECT_THAT(back.info.dimensions, ElementsAre("country"));
    EXPECT_EQ(back.info.units, variable.units);
    EXPECT_EQ(back.info.long_name, variable.long_name);
    EXPECT_EQ(back.info.description, variable.description);
  }
  for (const auto& variable : sector_variables()) {
    const ResultVariable back = reader.read(variable.name);
    EXPECT_EQ(back.values, by_row(run.measures.*variable.values)) << variable.name;
    EXPECT_THAT(back.info.dimensions, ElementsAre("country", "sector"));
    EXPECT_THAT(back.labels[1], ElementsAre("food", "fuel"));
  }
  for (const auto& variable : trade_variables()) {
    const ResultVariable back = reader.read(variable.name);
    const Bilateral& values = run.measures.*variable.values;
    EXPECT_THAT(back.info.dimensions, ElementsAre("sector", "exporter", "importer"));
    for (Index j = 0; j < 2; ++j)
      for (Index i = 0; i < 3; ++i)
        for (Index m = 0; m < 3; ++m)
          EXPECT_EQ(back.values[static_cast<std::size_t>((j * 3 + i) * 3 + m)], values(m, i, j)) << variable.name;
  }
  EXPECT_EQ(reader.read("decomposition_exact").values, by_row(run.exact.percent));
  EXPECT_EQ(reader.read("decomposition_first_order").values, by_row(run.first_order.percent));
}

TEST(ResultFile, TellsWhereTheRunCameFrom) {
  const TemporaryFolder folder;
  const RunResults run = test::full_run();
  write_results(run, folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_EQ(reader.description().title, run.description.title);
  EXPECT_EQ(reader.description().question, run.description.question);
  EXPECT_EQ(reader.description().scenario, run.description.scenario);
  EXPECT_EQ(reader.description().baseline, "three");
  EXPECT_EQ(reader.description().baseline_sha256, run.description.baseline_sha256);
  EXPECT_EQ(reader.description().policy_notes, run.description.policy_notes);
  EXPECT_EQ(reader.description().start_time, run.description.start_time);
  EXPECT_EQ(reader.description().program, program_version());
  EXPECT_EQ(reader.description().commit, git_commit());
  EXPECT_TRUE(reader.solved());
  EXPECT_EQ(reader.end().iterations, 7);
  EXPECT_EQ(reader.end().residual, 2e-12);
  EXPECT_EQ(reader.end().sentence, run.report.sentence);
  EXPECT_THAT(reader.labels("country_name"), ElementsAre("Belarus", "Iran", "Türkiye"));
  EXPECT_THAT(reader.labels("equation_worst"), ElementsAre("BLR, food", "Türkiye"));
}

TEST(ResultFile, ScenarioTextMayBeLongerThanHdf5sUsualLimit) {
  const TemporaryFolder folder;
  RunResults run = test::full_run();
  run.description.scenario = std::string(300'000, 's');
  run.description.question = "";
  write_results(run, folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_EQ(reader.description().scenario, run.description.scenario);
  EXPECT_EQ(reader.description().question, "");
}

TEST(ResultFile, TheSameRunGivesTheSameBytes) {
  const TemporaryFolder folder;
  write_results(test::full_run(), folder / "a.nc");
  write_results(test::full_run(), folder / "b.nc");
  EXPECT_TRUE(test::content_of(folder / "a.nc") == test::content_of(folder / "b.nc"));
}

TEST(ResultFile, ZonesAreLocationsOfTheirHost) {
  const TemporaryFolder folder;
  write_results(test::run_with_a_zone(), folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_THAT(reader.read("output").info.dimensions, ElementsAre("location", "sector"));
  EXPECT_THAT(reader.country_of_location(), ElementsAre("BLR", "IRN", "IRN"));
}

TEST(ResultFile, WithoutAnEquilibriumOnlyTheBaseIsThere) {
  const TemporaryFolder folder;
  write_results(test::run_without_equilibrium(), folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_FALSE(reader.solved());
  EXPECT_EQ(reader.end().status, "no_supply");
  for (const VariableInfo& variable : reader.variables()) EXPECT_THAT(variable.name, testing::EndsWith("_base"));
  EXPECT_TRUE(reader.has("exports_base"));
  try {
    (void)reader.read("welfare");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Iran has no source of fuel left"));
  }
}

TEST(ResultFile, AnUnknownVariableIsAnsweredWithTheNearestName) {
  const TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  try {
    (void)ResultReader(folder / "run.nc").read("wellfare");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("variable: there is no 'wellfare' in this file; did you mean 'welfare'?"));
  }
}

TEST(ResultFile, ValuesThatAreNotFiniteAreRefusedByName) {
  const TemporaryFolder folder;
  RunResults run = test::full_run();
  run.measures.output(1, 1) = std::nan("");
  EXPECT_THAT(refusal([&] { write_results(run, folder / "run.nc"); }),
              HasSubstr("not written: 'output' is not a finite number at (IRN, fuel)"));
  run = test::full_run();
  run.measures.trade(2, 0, 1) = INFINITY;
  EXPECT_THAT(refusal([&] { write_results(run, folder / "run.nc"); }),
              HasSubstr("'trade' is not a finite number at (fuel, BLR, TUR)"));
  run = test::full_run();
  run.report.residual = std::nan("");
  EXPECT_THAT(refusal([&] { write_results(run, folder / "run.nc"); }),
              HasSubstr("the attribute 'residual' can't be stored"));
  EXPECT_THAT(folder.names(), ElementsAre());
}

TEST(ResultFile, CutShortAnywhereItIsRefusedWithASentence) {
  const TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  const std::string whole = test::content_of(folder / "run.nc");
  constexpr std::size_t kChecksumSize = 24;
  ASSERT_GT(whole.size(), 4096u);
  for (std::size_t size = 0; size < whole.size() - kChecksumSize; size += size < 100 ? 1 : 499) {
    std::ofstream(folder / "cut.nc", std::ios::binary) << whole.substr(0, size);
    ASSERT_THAT(refusal([&] { ResultReader reader(folder / "cut.nc"); }),
                testing::ContainsRegex("cut.nc: this file (is empty|was cut short or is damaged)"))
        << size << " of " << whole.size() << " bytes";
  }
  // Only the checksum is hurt: the results are all there.
  std::ofstream(folder / "cut.nc", std::ios::binary) << whole.substr(0, whole.size() - 1);
  EXPECT_EQ(ResultReader(folder / "cut.nc").read("trade").values, ResultReader(folder / "run.nc").read("trade").values);
}

TEST(ResultFile, DamageAnywhereIsSeen) {
  const TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  const std::string whole = test::content_of(folder / "run.nc");
  for (std::size_t place = 0; place < whole.size() - 24; place += 997) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x10);
    std::ofstream(folder / "damaged.nc", std::ios::binary) << damaged;
    ASSERT_THAT(refusal([&] { ResultReader reader(folder / "damaged.nc"); }),
                testing::ContainsRegex("its checksum does not fit|not a netCDF-4"))
        << "byte " << place;
  }
}

TEST(ResultFile, ForeignFilesAreRefused) {
  const TemporaryFolder folder;
  std::ofstream(folder / "text.nc") << "country,welfare\nIRN,1\n";
  EXPECT_THAT(refusal([&] { ResultReader reader(folder / "text.nc"); }),
              HasSubstr("this is not a netCDF-4 (HDF5) file"));
  EXPECT_THAT(refusal([&] { ResultReader reader(folder / "none.nc"); }), HasSubstr("there is no such file"));
  EXPECT_THAT(refusal([&] { ResultReader reader(folder.path()); }), HasSubstr("this is a folder"));
  const auto netcdf = [&](const std::vector<Attribute>& attributes) {
    NetcdfWriter writer(folder / "other.nc");
    for (const Attribute& attribute : attributes) writer.attribute(attribute);
    ResultFileLock(folder / "other.nc").replace(writer.finish());
    return refusal([&] { ResultReader reader(folder / "other.nc"); });
  };
  EXPECT_THAT(netcdf({}), HasSubstr("this netCDF file was not written by entrepot"));
  EXPECT_THAT(
      netcdf({{"format", "entrepot results"}, {"format_version", 99}, {"program_version", "9.0.0"}}),
      HasSubstr("this file has format 99, newer than the 1 this program knows; it was written by entrepot 9.0.0"));
}

TEST(ResultFileLock, RefusesASecondWriterAndNamesTheFirst) {
  const TemporaryFolder folder;
  const ResultFileLock first(folder / "run.nc");
  const std::string expected = "another run is writing this file (process " + std::to_string(getpid()) + " on ";
  const auto second = [&] { return refusal([&] { ResultFileLock lock(folder / "run.nc"); }); };
  EXPECT_THAT(second(), HasSubstr(expected));
  EXPECT_EQ(in_child([&] { return second().find(expected) != std::string::npos ? 0 : 1; }), 0);
  EXPECT_THAT(refusal([&] { write_results(test::full_run(), folder / "run.nc"); }),
              HasSubstr("another run is writing"));
  const ResultFileLock other(folder / "other.nc");
  EXPECT_THAT(folder.names(), ElementsAre(".other.nc.lock", ".run.nc.lock"));
}

TEST(ResultFileLock, IsFreeAgainWhenItsHolderHasDied) {
  const TemporaryFolder folder;
  ASSERT_EQ(in_child([&] {
              new ResultFileLock(folder / "run.nc");  // never released: the process just ends
              std::ofstream(folder / ".run.nc.tmp") << "half a file";
              return 0;
            }),
            0);
  ASSERT_THAT(folder.names(), ElementsAre(".run.nc.lock", ".run.nc.tmp"));
  write_results(test::full_run(), folder / "run.nc");
  EXPECT_THAT(folder.names(), ElementsAre("run.nc"));
  EXPECT_TRUE(ResultReader(folder / "run.nc").solved());
}

TEST(ResultFileLock, HoldsAmongManyProcesses) {
  const TemporaryFolder folder;
  constexpr int kProcesses = 4, kTurns = 50;
  const auto count = [&] {
    int value = 0;
    std::ifstream(folder / "count") >> value;
    return value;
  };
  std::vector<pid_t> children;
  for (int p = 0; p < kProcesses; ++p) {
    children.push_back(fork());
    if (children.back() != 0) continue;
    for (int turn = 0; turn < kTurns;) {
      try {
        const ResultFileLock lock(folder / "run.nc");
        std::ofstream(folder / "count.new") << count() + 1;  // lost if two processes are here at once
        std::filesystem::rename(folder / "count.new", folder / "count");
        ++turn;
      } catch (const FileError&) {
        usleep(100);
      }
    }
    _exit(0);
  }
  for (const pid_t child : children) waitpid(child, nullptr, 0);
  EXPECT_EQ(count(), kProcesses * kTurns);
  EXPECT_THAT(folder.names(), ElementsAre("count"));
}

TEST(ResultFileLock, FailsBeforeTheRunWhereNothingCanBeWritten) {
  const TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  EXPECT_THAT(refusal([&] { ResultFileLock lock(folder.path() / "missing" / "run.nc"); }),
              HasSubstr("the folder does not exist"));
  EXPECT_THAT(refusal([&] { ResultFileLock lock(folder.path() / "file" / "run.nc"); }),
              HasSubstr("leads through a file"));
  EXPECT_THAT(refusal([&] { ResultFileLock lock(folder.path()); }),
              HasSubstr("this is a folder; give the name of a file"));
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec |
                                                  std::filesystem::perms::others_read |
                                                  std::filesystem::perms::others_exec);
  EXPECT_EQ(in_child([&] {
              if (getuid() == 0 && setuid(65534) != 0) return 2;  // root may write anywhere
              const std::string sentence = refusal([&] { ResultFileLock lock(folder / "run.nc"); });
              return sentence.find("you have no right to write in this folder") != std::string::npos ? 0 : 1;
            }),
            0);
  EXPECT_THAT(folder.names(), ElementsAre("file"));
  std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
}

TEST(ResultFile, AFullDiskLeavesTheEarlierFileAndNothingElse) {
  const TemporaryFolder folder;
  RunResults run = test::full_run();
  write_results(run, folder / "run.nc");
  const std::string before = test::content_of(folder / "run.nc");
  const std::vector<rlim_t> limits = {64, 4096, before.size() / 2, before.size() - 1};
  for (const rlim_t limit : limits) {
    EXPECT_EQ(in_child([&] {
                signal(SIGXFSZ, SIG_IGN);
                const rlimit few{limit, limit};
                setrlimit(RLIMIT_FSIZE, &few);
                const std::string sentence = refusal([&] { write_results(run, folder / "run.nc"); });
                return sentence.find(
                           "the file would be larger than this system allows; any earlier file of this name is "
                           "untouched") != std::string::npos
                           ? 0
                           : 1;
              }),
              0)
        << limit << " bytes";
    EXPECT_THAT(folder.names(), ElementsAre("run.nc"));
    EXPECT_TRUE(test::content_of(folder / "run.nc") == before);
  }
}

TEST(ResultFile, ADiskWithoutRoomForTheLockIsSaidAtOnce) {
  const TemporaryFolder folder;
  EXPECT_EQ(in_child([&] {
              signal(SIGXFSZ, SIG_IGN);
              const rlimit none{0, 0};
              setrlimit(RLIMIT_FSIZE, &none);
              return refusal([&] { ResultFileLock lock(folder / "run.nc"); }).find("this file can't be written") !=
                             std::string::npos
                         ? 0
                         : 1;
            }),
            0);
  EXPECT_THAT(folder.names(), ElementsAre());
}

}  // namespace
}  // namespace entrepot
