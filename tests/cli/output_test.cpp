#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "program.hpp"
#include "results/result_reader.hpp"

// What the program writes: whole or not at all, and never in place of something else.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const char* const kSealedMexico =
    "baseline = 'cp2015-nafta'\n[reference]\nclosure = 'balanced'\n[[policy]]\nname = 'seal'\ninstrument = 'embargo'\n"
    "senders = 'all'\ntargets = 'MEX'\ndirection = 'both'\ncoverage = 1.0\n";

TEST(NoEquilibrium, IsStatusThreeWithAFileThatSaysWhy) {
  const Workplace place;
  write(place / "seal.toml", kSealedMexico);
  const auto says_why = AllOf(HasSubstr("in MEX: "), HasSubstr("electrical"), HasSubstr("communication"));
  const Ended run = place.run({"run", "seal.toml", "-o", "seal.h5"});
  EXPECT_EQ(run.status, 3);
  EXPECT_THAT(run.err, says_why);
  EXPECT_THAT(run.out, AllOf(HasSubstr("NOT SOLVED (no_supply)"), says_why));
  const Ended show = place.run({"show", "seal.h5"});
  EXPECT_EQ(show.status, 0);
  EXPECT_THAT(show.out, AllOf(HasSubstr("NOT SOLVED (no_supply)"), says_why, HasSubstr("Mexico")));
  EXPECT_EQ(place.run({"show", "seal.h5", "trade_base", "--top", "3"}).status, 0);
  const Ended missing = place.run({"show", "seal.h5", "welfare"});
  EXPECT_EQ(missing.status, 2);
  EXPECT_THAT(missing.err,
              AllOf(HasSubstr("there is no 'welfare' in this file (the run has no equilibrium"), says_why));
  const Ended quiet = place.run({"run", "seal.toml", "-q", "-o", "quiet.h5"});
  EXPECT_EQ(quiet.status, 3);
  EXPECT_THAT(quiet.out, IsEmpty());
  EXPECT_THAT(quiet.err, says_why);
}

class Output : public testing::Test {
 protected:
  void SetUp() override { copy_of_nafta(place); }
  Ended run_to(const std::string& output) { return place.run({"run", "nafta.toml", "--output", output}); }
  /// Runs and expects a refusal that leaves the folder as it is.
  void expect_refused(const std::string& output, const std::string& sentence) {
    const auto before = place.names();
    const Ended ended = run_to(output);
    EXPECT_EQ(ended.status, 1) << output;
    EXPECT_THAT(ended.err, HasSubstr(sentence));
    EXPECT_THAT(ended.out, IsEmpty());
    EXPECT_EQ(place.names(), before);
  }
  Workplace place;
};

TEST_F(Output, NeverTakesThePlaceOfWhatIsNoResult) {
  for (const std::string name : {"nafta.toml", "nafta-tariffs-2005.csv"}) {
    const std::string before = content_of(place / name);
    expect_refused(name, name + ": there is a file of this name that holds no results");
    EXPECT_EQ(content_of(place / name), before);
  }
  ASSERT_EQ(::mkfifo((place / "pipe").c_str(), 0600), 0);
  expect_refused("pipe", "pipe: this is a pipe or device");
  expect_refused("", "no file is named");
}

TEST_F(Output, NeedsAFolderThatCanBeWritten) {
  expect_refused(".", "this is a folder; give the name of a file in it");
  expect_refused("nowhere/a.h5", "nowhere/a.h5: this file can't be written: the folder does not exist");
  expect_refused("nafta.toml/a.h5", "the folder's path leads through a file");
  expect_refused(std::string(300, 'x'), "this file can't be written");
  if (::geteuid() == 0) return;  // who may do anything
  std::filesystem::create_directory(place / "closed");
  std::filesystem::permissions(place / "closed",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  expect_refused("closed/a.h5", "you have no right to write in this folder");
}

TEST_F(Output, TakesThePlaceOfAnEarlierResultOrAnEmptyFile) {
  write(place / "a.h5", "");
  EXPECT_EQ(run_to("a.h5").status, 0);
  EXPECT_EQ(run_to("a.h5").status, 0);
  EXPECT_TRUE(ResultReader(place / "a.h5").solved());
}

TEST_F(Output, FollowsALink) {
  write(place / "a.h5", "");
  std::filesystem::create_symlink("a.h5", place / "link.h5");
  EXPECT_EQ(run_to("link.h5").status, 0);
  EXPECT_TRUE(std::filesystem::is_symlink(place / "link.h5"));
  EXPECT_TRUE(ResultReader(place / "a.h5").solved());
}

TEST_F(Output, OnAFullDiskLeavesTheEarlierFile) {
  ASSERT_EQ(run_to("a.h5").status, 0);
  const std::string before = content_of(place / "a.h5");
  place.largest_file = 20000;
  expect_refused("a.h5", "a.h5: this file can't be written: ");
  EXPECT_TRUE(content_of(place / "a.h5") == before);
  expect_refused("new.h5", "new.h5: this file can't be written: ");
}

TEST_F(Output, ThatCannotBePrintedIsAFailure) {
  place.standard_output = "/dev/full";
  const Ended run = run_to("a.h5");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, HasSubstr("No space left on device"));
  EXPECT_TRUE(ResultReader(place / "a.h5").solved()) << "the result itself is safe";
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"show", "a.h5"},
                                             {"show", "a.h5", "trade", "--csv"},
                                             {"baseline", "show", "cp2015-nafta"},
                                             {"run", "--help"}})
    EXPECT_EQ(place.run(arguments).status, 1) << arguments.front();
}

/// A run that stands still with its output locked: its baseline is a pipe into which nobody writes.
class StandingRun : public Output {
 protected:
  void SetUp() override {
    Output::SetUp();
    std::filesystem::copy(in_source("data/cp2015-nafta"), place / "slow");
    std::filesystem::rename(place / "slow" / "trade.csv", place / "trade.csv");
    ASSERT_EQ(::mkfifo((place / "slow" / "trade.csv").c_str(), 0600), 0);
    ASSERT_EQ(run_to("a.h5").status, 0);
    before = content_of(place / "a.h5");
    child = place.start(slow_run);
    while (content_of(place / ".a.h5.lock").empty()) {
      ASSERT_EQ(::waitpid(child, nullptr, WNOHANG), 0) << "the run did not wait";
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  void TearDown() override {
    if (child > 0) kill_it();
  }
  void kill_it() {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    child = -1;
  }
  const std::vector<std::string> slow_run{"run", "nafta.toml", "-q", "-o", "a.h5", "-s", "baseline=slow"};
  std::string before;
  pid_t child = -1;
};

TEST_F(StandingRun, KeepsAnotherFromItsFile) {
  std::filesystem::create_symlink("a.h5", place / "link.h5");
  for (const char* name : {"a.h5", "./a.h5", "link.h5"})
    expect_refused(name, "another run is writing this file (process " + std::to_string(child));
  EXPECT_EQ(run_to("b.h5").status, 0);
  EXPECT_EQ(place.run({"show", "a.h5"}).status, 0) << "the earlier file can be read all the while";
  EXPECT_TRUE(content_of(place / "a.h5") == before);
}

TEST_F(StandingRun, KilledLeavesTheEarlierFileAndTheNextRunWorks) {
  kill_it();
  write(place / ".a.h5.tmp", "what a run killed while it wrote leaves");
  EXPECT_TRUE(content_of(place / "a.h5") == before);
  std::filesystem::rename(place / "trade.csv", place / "slow" / "trade.csv");
  const Ended ended = place.run(slow_run);
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_TRUE(ResultReader(place / "a.h5").solved());
  EXPECT_THAT(place.names(), ElementsAre("a.h5", "nafta-tariffs-2005.csv", "nafta.toml", "slow"));
}

TEST(BaselineOutput, IsWrittenWholeOrNotAtAll) {
  Workplace place;
  place.largest_file = 20000;
  const std::vector<std::string> merge{"baseline",  "aggregate", "cp2015-nafta", "--countries", "NA=MEX,CAN,USA",
                                       "--replace", "-o"};
  const auto merge_to = [&](const std::string& folder) {
    std::vector<std::string> arguments = merge;
    arguments.push_back(folder);
    return place.run(arguments);
  };
  const Ended fresh = merge_to("new");
  EXPECT_EQ(fresh.status, 1);
  EXPECT_THAT(fresh.err, HasSubstr("this file can't be written"));
  EXPECT_THAT(place.names(), IsEmpty());
  std::filesystem::copy(in_source("data/cp2015-nafta"), place / "old");
  const auto names = place.names("old");
  EXPECT_EQ(merge_to("old").status, 1);
  EXPECT_EQ(place.names("old"), names);
  for (const std::string& name : names)
    EXPECT_TRUE(content_of(place / "old" / name) == content_of(in_source("data/cp2015-nafta") / name)) << name;
  write(place / "file", "");
  EXPECT_EQ(merge_to("file").status, 1);
}

TEST(BaselineOutput, IsNeverTheBaselineItComesFrom) {
  const Workplace place;
  std::filesystem::copy(in_source("data/cp2015-nafta"), place / "own");
  const Ended ended = place.run({"baseline", "aggregate", "own", "--countries", "NA=MEX,CAN", "-o", "./own/../own"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("is the baseline to be merged; give another folder"));
  EXPECT_TRUE(content_of(place / "own" / "trade.csv") == content_of(in_source("data/cp2015-nafta/trade.csv")));
}

TEST(BaselineOutput, ReplacesABaselineOnlyIfTold) {
  const Workplace place;
  std::vector<std::string> merge{"baseline", "aggregate", "cp2015-nafta", "--countries", "NA=MEX,CAN", "-o", "old"};
  std::filesystem::copy(in_source("data/cp2015-nafta"), place / "old");
  const Ended refused = place.run(merge);
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, HasSubstr("this folder already holds a baseline; --replace writes over it, or give another "
                                     "folder"));
  EXPECT_TRUE(content_of(place / "old" / "trade.csv") == content_of(in_source("data/cp2015-nafta/trade.csv")));
  merge.push_back("--replace");
  EXPECT_EQ(place.run(merge).status, 0);
  EXPECT_THAT(content_of(place / "old" / "countries.csv"), HasSubstr("\nNA,"));
}

TEST(BaselineOutput, KeepsTheIsoCodeOfACountryThatIsRenamed) {
  const Workplace place;
  ASSERT_EQ(place.run({"baseline", "aggregate", "cp2015-nafta", "--countries", "MX=MEX", "-o", "new"}).status, 0);
  EXPECT_THAT(content_of(place / "new" / "countries.csv"), HasSubstr("\nMX,Mexico,MEX\n"));
}

}  // namespace
}  // namespace entrepot::test
