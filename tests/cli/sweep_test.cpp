#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>
#include <thread>

#include "program.hpp"
#include "results/netcdf_file.hpp"

// Studies from the command line: what they print, what ends them, how they go on.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kScenario =
    "title = 'Small'\nbaseline = 'small'\n[[policy]]\nname = 'duties'\ninstrument = 'tariff'\nimporters = ['USA']\n"
    "exporters = ['MEX', 'CAN']\naction = 'add'\nrate = 0.1\n";
const char* const kStudy =
    "title = 'Duties'\nscenario = 'small.toml'\nmeasures = ['welfare', 'exports[MEX]', 'output']\n[sample]\ndraws = "
    "600\n"
    "sobol_indices = true\n[[vary]]\nname = 'duty'\npath = 'policy.duties.rate'\ndistribution = 'uniform'\nlow = "
    "0\nhigh "
    "= 0.5\n[[vary]]\nname = 'elasticities'\npath = 'theta.*'\ndistribution = 'lognormal'\nmedian = 1\nsd = 0.3\napply "
    "= "
    "'multiply'\n";

class SweepProgram : public testing::Test {
 protected:
  void SetUp() override {
    small_baseline(place, "small");
    write(place / "small.toml", kScenario);
    write(place / "study.toml", kStudy);
  }
  Workplace place;
};

TEST_F(SweepProgram, PrintsHowSureTheSignIs) {
  const Ended ended = place.run({"sweep", "study.toml", "-o", "study.h5"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("Duties"), HasSubstr("sure loss"), HasSubstr("depends most on")));
  EXPECT_THAT(ended.err, HasSubstr("done=2405 rows=2405 failed=0"));
  EXPECT_THAT(place.names(), testing::Not(testing::Contains("study.parts")));
  const Ended show = place.run({"show", "study.h5", "exports"});
  EXPECT_EQ(show.status, 0);
  EXPECT_THAT(show.out, AllOf(HasSubstr("exports (million USD)"), HasSubstr("MEX")));
  const Ended factors = place.run({"show", "study.h5", "--by", "factor", "--country", "MEX", "--csv"});
  EXPECT_EQ(factors.status, 0);
  EXPECT_THAT(factors.out, AllOf(HasSubstr("swing (percent)"), HasSubstr("total (% of variance)"),
                                 HasSubstr("\nMEX,duty,"), HasSubstr("\nMEX,elasticities,")));
  EXPECT_THAT(place.run({"show", "study.h5", "--by", "sector"}).err, HasSubstr("--by factor shows what each factor"));
  const Ended list = place.run({"show", "study.h5", "--list"});
  EXPECT_THAT(list.out, AllOf(HasSubstr("exports_mean"), HasSubstr("draw (2400) × exports_country (1)")));
  const Ended texts = place.run({"show", "study.h5", "input", "--top", "1", "--csv"});
  EXPECT_THAT(texts.out, HasSubstr("policy.duties.rate"));
  const Ended unknown = place.run({"show", "study.h5", "export"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'exports'"));
}

/// What a draw says is what `entrepot run` says of its numbers, whole flows too where they are asked for.
TEST_F(SweepProgram, ADrawIsTheScenarioWithItsNumbers) {
  replace_in(place / "study.toml", "'output'", "'output', 'trade'");
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "study.h5", "--set", "sample.draws=3"}).status, 0);
  const NetcdfReader draws(place / "study.h5");
  const std::vector<double> drawn = draws.numbers("drawn"), welfare = draws.numbers("welfare"),
                            exports = draws.numbers("exports"), output = draws.numbers("output"),
                            trade = draws.numbers("trade");
  EXPECT_THAT(draws.find("trade")->info.dimensions, testing::ElementsAre("draw", "sector", "exporter", "importer"));
  const std::vector<std::string> inputs = draws.texts("input");
  for (const std::size_t row : {std::size_t{0}, std::size_t{5}}) {
    std::vector<std::string> arguments = {"run", "small.toml", "-q", "-o", "one.h5"};
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      arguments.push_back("--set");
      std::ostringstream number;
      number.precision(17);
      number << drawn[row * inputs.size() + k];
      arguments.push_back(inputs[k] + "=" + number.str());
    }
    ASSERT_EQ(place.run(arguments).status, 0);
    const NetcdfReader one(place / "one.h5");
    const std::vector<double> expected = one.numbers("welfare"), levels = one.numbers("output"),
                              flows = one.numbers("trade");
    for (std::size_t n = 0; n < expected.size(); ++n)
      EXPECT_NEAR(welfare[row * expected.size() + n], expected[n], 1e-7);
    for (std::size_t k = 0; k < levels.size(); ++k) EXPECT_NEAR(output[row * levels.size() + k] / levels[k], 1.0, 1e-9);
    for (std::size_t k = 0; k < flows.size(); ++k)
      EXPECT_NEAR(trade[row * flows.size() + k], flows[k], 1e-9 * std::abs(flows[k]));
    const std::vector<std::string> countries = one.texts("country");
    const auto mexico = std::find(countries.begin(), countries.end(), "MEX") - countries.begin();
    EXPECT_NEAR(exports[row] / one.numbers("exports")[static_cast<std::size_t>(mexico)], 1.0, 1e-9);
  }
}

TEST_F(SweepProgram, EndsTheSameHoweverManyThreadsAndHoweverOftenItIsKilled) {
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "whole.h5", "-t", "1"}).status, 0);
  const std::string whole = content_of(place / "whole.h5");
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "threads.h5", "-t", "3"}).status, 0);
  EXPECT_TRUE(content_of(place / "threads.h5") == whole);
  int killed = 0;
  for (int time = 0; time < 12; ++time) {
    const pid_t program = place.start({"sweep", "study.toml", "-q", "-o", "killed.h5", "-t", "2", "--resume"});
    std::this_thread::sleep_for(std::chrono::milliseconds(3 + 7 * time));
    ::kill(program, SIGKILL);
    int status = 0;
    ::waitpid(program, &status, 0);
    killed += WIFSIGNALED(status) ? 1 : 0;
  }
  EXPECT_GT(killed, 0);
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "killed.h5", "--resume"}).status, 0);
  EXPECT_TRUE(content_of(place / "killed.h5") == whole);
}

TEST_F(SweepProgram, ASignalEndsItAndItGoesOn) {
  // With [model] the draws are solved one by one, so that there is time to stop them.
  write(place / "small.toml", std::string(kScenario) + "[model]\nvalue_added_elasticity = 0.5\n");
  replace_in(place / "study.toml", "draws = 600", "draws = 20000");
  for (const int signal : {SIGTERM, SIGUSR1, SIGINT}) {
    const pid_t program = place.start({"sweep", "study.toml", "-q", "-o", "study.h5", "-t", "2", "--resume"});
    std::this_thread::sleep_for(std::chrono::milliseconds(600));
    ::kill(program, signal);
    int status = 0;
    ::waitpid(program, &status, 0);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 75) << signal;
  }
  EXPECT_THAT(place.names(), testing::Contains("study.parts"));
  const Ended unsure = place.run({"sweep", "study.toml", "-o", "study.h5"});
  EXPECT_EQ(unsure.status, 2);
  EXPECT_THAT(unsure.err, AllOf(HasSubstr("was not finished"), HasSubstr("--resume"), HasSubstr("--restart")));
  const Ended other = place.run({"sweep", "study.toml", "-o", "study.h5", "--resume", "--set", "sample.seed=2"});
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.err, HasSubstr("of another study"));
}

TEST_F(SweepProgram, ASecondOneOnTheSameFileIsRefusedByTheFirstsName) {
  replace_in(place / "study.toml", "draws = 600", "draws = 100000");
  const pid_t first = place.start({"sweep", "study.toml", "-q", "-o", "study.h5"});
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const Ended second = place.run({"sweep", "study.toml", "-o", "study.h5"});
  ::kill(first, SIGKILL);
  ::waitpid(first, nullptr, 0);
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.err, AllOf(HasSubstr("another run is writing this file"), HasSubstr(std::to_string(first))));
}

TEST_F(SweepProgram, ShardsInAnyOrderAreJoinedAndMergedToTheFileOfTheWhole) {
  replace_in(place / "study.toml", "draws = 600", "draws = 200");
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "whole.h5"}).status, 0);
  const auto part = [&](const std::string& which) {
    return place.run({"sweep", "study.toml", "-o", "parts.h5", "--shard", which});
  };
  for (const char* which : {"3/3", "1/3"}) {
    const Ended ended = part(which);
    EXPECT_EQ(ended.status, 0) << ended.err;
    EXPECT_THAT(ended.out, HasSubstr("-of-3.h5. The last part to be done writes parts.h5"));
    EXPECT_THAT(place.names(), testing::Not(testing::Contains("parts.h5")));
  }
  const Ended early = place.run({"merge", "parts.h5"});
  EXPECT_EQ(early.status, 2);
  EXPECT_THAT(early.err, HasSubstr("rows are in none of the 2 shards that are there"));
  const Ended again = part("3/3");
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("--resume"));
  const Ended last = part("2/3");
  EXPECT_EQ(last.status, 0) << last.err;
  EXPECT_THAT(last.out, HasSubstr("Written to parts.h5, which joins the shards beside it"));
  EXPECT_THAT(place.names(), testing::Not(testing::Contains("parts.parts")));
  const std::string whole = content_of(place / "whole.h5");
  {
    const NetcdfReader joined(place / "parts.h5"), expected(place / "whole.h5");
    ASSERT_EQ(joined.variables().size(), expected.variables().size());
    for (const StoredVariable& variable : expected.variables()) {
      const std::string& name = variable.info.name;
      ASSERT_EQ(joined.find(name)->info.dimensions, variable.info.dimensions);
      if (variable.is_text)
        EXPECT_EQ(joined.texts(name), expected.texts(name));
      else
        EXPECT_EQ(joined.numbers(name), expected.numbers(name));
    }
    EXPECT_EQ(joined.text_attribute("shard_files"),
              "parts.shard-1-of-3.h5\nparts.shard-2-of-3.h5\nparts.shard-3-of-3.h5");
  }
  ASSERT_EQ(place.run({"merge", "parts.h5", "-o", "elsewhere.h5"}).status, 0);
  EXPECT_TRUE(content_of(place / "elsewhere.h5") == whole);
  std::filesystem::remove(place / "parts.h5");  // its shards are enough
  const Ended merged = place.run({"merge", "parts.h5", "--remove-shards"});
  EXPECT_EQ(merged.status, 0) << merged.err;
  EXPECT_THAT(merged.out, HasSubstr("Written to parts.h5, from 3 shards."));
  EXPECT_TRUE(content_of(place / "parts.h5") == whole);
  EXPECT_THAT(place.names(), testing::Not(testing::Contains(HasSubstr("shard"))));
  EXPECT_THAT(place.run({"merge", "parts.h5"}).out, HasSubstr("parts.h5 is one file already"));
}

TEST_F(SweepProgram, AShardThatIsLostOrDamagedIsDoneAgain) {
  const auto part = [&](const char* which) {
    return place.run({"sweep", "study.toml", "-o", "parts.h5", "--resume", "--shard", which});
  };
  for (const char* which : {"1/2", "2/2"}) ASSERT_EQ(part(which).status, 0);
  const std::string joined = content_of(place / "parts.h5"), shard = content_of(place / "parts.shard-1-of-2.h5");
  std::filesystem::resize_file(place / "parts.shard-1-of-2.h5", shard.size() / 2);
  EXPECT_THAT(place.run({"merge", "parts.h5"}).err, HasSubstr("parts.shard-1-of-2.h5: this file was cut short"));
  std::filesystem::remove(place / "parts.h5");
  EXPECT_THAT(part("2/2").out, HasSubstr("Part 2 of 2 is done"));
  EXPECT_THAT(part("1/2").err, HasSubstr("done="));
  EXPECT_TRUE(content_of(place / "parts.shard-1-of-2.h5") == shard);
  EXPECT_TRUE(content_of(place / "parts.h5") == joined);
  // Nothing is done twice, and a file of its shards does not outlive them.
  EXPECT_THAT(part("1/2").err, IsEmpty());
  ASSERT_EQ(place.run({"sweep", "study.toml", "-o", "parts.h5", "--shard", "2/2", "--set", "sample.seed=2"}).status, 0);
  EXPECT_THAT(place.names(), testing::Not(testing::Contains("parts.h5")));
  EXPECT_THAT(place.run({"merge", "parts.h5"}).err, HasSubstr("this shard is of another sweep than"));
}

TEST_F(SweepProgram, ShardsOfMachinesWithoutACommonDiskAreMergedWhereTheyMeet) {
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "whole.h5"}).status, 0);
  std::filesystem::create_directory(place / "meeting");
  for (const char* which : {"1", "2"}) {
    const std::string machine = std::string("machine-") + which, shard = std::string("all.shard-") + which + "-of-2.h5";
    std::filesystem::create_directory(place / machine);
    ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", machine + "/all.h5", "--shard", std::string(which) + "/2"})
                  .status,
              0);
    std::filesystem::rename(place / machine / shard, place / "meeting" / shard);
  }
  ASSERT_EQ(place.run({"merge", "meeting/all.h5", "-q"}).status, 0);
  EXPECT_TRUE(content_of(place / "meeting/all.h5") == content_of(place / "whole.h5"));
}

TEST_F(SweepProgram, OnlyASweepIsMerged) {
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& sentence) {
    const Ended ended = place.run(arguments);
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr(sentence));
  };
  refused({"merge", "nothing.h5"}, "there is no such file, and no shard of it (nothing.shard-1-of-2.h5) either");
  refused({"merge", "small.toml"}, "this is not a netCDF-4 (HDF5) file");
  ASSERT_EQ(place.run({"run", "small.toml", "-q", "-o", "run.h5"}).status, 0);
  refused({"merge", "run.h5"}, "this is no file of a sweep");
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "one.h5", "--shard", "1/2"}).status, 0);
  refused({"merge", "one.shard-1-of-2.h5"}, "this is one shard; name the sweep's file");
  refused({"show", "one.shard-1-of-2.h5"}, "this is one shard of a sweep");
  write(place / "one.shard-2-of-2.h5", content_of(place / "one.shard-1-of-2.h5"));
  refused({"merge", "one.h5"}, "draw 0 stands in another shard too");
}

TEST_F(SweepProgram, APartIsOneOfAWhole) {
  for (const char* which : {"0/3", "4/3", "1", "1/", "/3", "a/b", "1/3x", "-1/3", "1/99999999999"}) {
    const Ended ended = place.run({"sweep", "study.toml", "-o", "parts.h5", std::string("--shard=") + which});
    EXPECT_EQ(ended.status, 2) << which;
    EXPECT_THAT(ended.err, HasSubstr(std::string("'") + which + "' is no part of a whole; 2/8 is the second of eight"));
  }
  const Ended ended = place.run({"sweep", "study.toml", "-o", "small.toml", "--shard", "1/3"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.err, HasSubstr("small.toml: there is a file of this name that holds no results"));
}

TEST_F(SweepProgram, IsNotDoneAgainWhereItsFileIsThere) {
  ASSERT_EQ(place.run({"sweep", "study.toml", "-q", "-o", "study.h5"}).status, 0);
  const std::string before = content_of(place / "study.h5");
  for (const char* shard : {"1/1", "2/3"}) {
    const Ended again = place.run({"sweep", "study.toml", "-o", "study.h5", "--resume", "--shard", shard});
    EXPECT_EQ(again.status, 0);
    EXPECT_THAT(again.err, IsEmpty());
    EXPECT_THAT(again.out, HasSubstr("Written to study.h5"));
  }
  EXPECT_TRUE(content_of(place / "study.h5") == before);
  const Ended other = place.run({"sweep", "study.toml", "-o", "study.h5", "--resume", "--set", "sample.seed=2"});
  EXPECT_EQ(other.status, 0);
  EXPECT_THAT(other.err, HasSubstr("done=2405 rows=2405"));
  EXPECT_FALSE(content_of(place / "study.h5") == before);
}

TEST_F(SweepProgram, AsJobsOfSlurmIsCheckedBeforeTheyAreSubmitted) {
  const Ended script = place.run({"slurm", "study.toml", "-o", "study.h5", "--shards", "5", "--set", "sample.seed=2"});
  EXPECT_EQ(script.status, 0);
  EXPECT_THAT(script.out, AllOf(HasSubstr("--array=1-5"), HasSubstr("--set sample.seed=2 --shard")));
  EXPECT_THAT(place.names(), testing::Not(testing::Contains("study.h5")));
  const auto refused = [&](const std::vector<std::string>& more, const std::string& sentence) {
    std::vector<std::string> arguments{"slurm", "study.toml", "-o", "study.h5"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Ended ended = place.run(arguments);
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.out, IsEmpty());
    EXPECT_THAT(ended.err, HasSubstr(sentence));
  };
  refused({"--shards", "0"}, "--shards: 0 can't work; 1 to 100000 are expected");
  refused({"--time", "soon"}, "--time: 'soon' is no time limit");
  refused({"--sbatch", "long"}, "--sbatch: 'long' is no option of sbatch");
  refused({"--set", "sample.draw=1"}, "did you mean 'draws'");
}

TEST_F(SweepProgram, AGridHasEveryCombinationOfListsAndSwitches) {
  write(
      place / "study.toml",
      "scenario = 'small.toml'\n[sample]\nmethod = 'grid'\n[[vary]]\npath = 'policy.duties.rate'\nvalues = [0.1, 0.2]\n"
      "[[vary]]\npath = 'reference.closure'\nvalues = ['fixed', 'balanced']\n[[vary]]\npath = "
      "'policy.duties.enabled'\nvalues = [true, false]\n");
  const Ended ended = place.run({"sweep", "study.toml", "-o", "grid.h5"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  const NetcdfReader draws(place / "grid.h5");
  EXPECT_EQ(draws.find("draw")->shape.front(), 8u);
  const std::vector<double> welfare = draws.numbers("welfare");
  const std::size_t countries = welfare.size() / 8;
  for (std::size_t row = 1; row < 8; row += 2)  // the switch runs fastest: off
    for (std::size_t n = 0; n < countries; ++n) EXPECT_NEAR(welfare[row * countries + n], 0.0, 1e-9);
  EXPECT_GT(std::abs(welfare[0]), 1e-6);
  EXPECT_NE(welfare[0], welfare[2 * countries]);
}

}  // namespace
}  // namespace entrepot::test
