#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.hpp"

// Whatever the user gets wrong ends with status 2 and a sentence that says where and what. (The wording of each mistake
// in a scenario is in tests/policy/broken.)

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

struct Wrong {
  std::string name;
  std::vector<std::string> arguments;
  std::string sentence;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class WrongUse : public testing::TestWithParam<Wrong> {};

TEST_P(WrongUse, EndsWithASentence) {
  const Workplace place;
  copy_of_nafta(place);
  const Ended ended = place.run(GetParam().arguments);
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.out, IsEmpty());
  EXPECT_THAT(ended.err, HasSubstr(GetParam().sentence));
  EXPECT_THAT(place.names(), testing::Not(testing::Contains(testing::HasSubstr("out.h5"))));
}

const std::string kNafta = "nafta.toml";

INSTANTIATE_TEST_SUITE_P(
    CommandLine, WrongUse,
    testing::Values(
        Wrong{"Command", {"chek"}, "there is no command 'chek'; did you mean 'check'?"},
        Wrong{"SwappedLetters", {"rnu"}, "there is no command 'rnu'; did you mean 'run'?"},
        Wrong{"Option", {"run", kNafta, "--qiet"}, "there is no option '--qiet'; did you mean '--quiet'?"},
        Wrong{"NoFile", {"run"}, "FILE.toml is missing; usage: entrepot run FILE.toml"},
        Wrong{"TwoFiles", {"run", kNafta, kNafta}, "too many arguments"},
        Wrong{"MissingFile", {"run", "nafat.toml"}, "nafat.toml: this file can't be read"},
        Wrong{"Folder", {"check", "."}, ".: this is a folder, not a file"},
        Wrong{"Threads", {"run", kNafta, "--threads", "0"}, "--threads: 0 threads can't work"},
        Wrong{"ThreadsText", {"run", kNafta, "--threads", "two"}, "the argument ('two') for option '--threads'"},
        Wrong{"Override", {"run", kNafta, "-s", "theta"}, "an override has the form path=value"},
        Wrong{"OverriddenKey", {"run", kNafta, "-s", "refrence.closure=fixed"}, "did you mean 'reference'?"},
        Wrong{"OverriddenPolicy",
              {"run", kNafta, "-s", "policy.naft.rate=1"},
              "there is no 'naft' here; did you mean 'nafta'?"},
        Wrong{"OverriddenPolicyKey",
              {"run", kNafta, "-s", "policy.nafta.rte=1"},
              "policy.nafta.rte: there is no such key; did you mean 'rate'?"},
        Wrong{"OverriddenCountry",
              {"run", kNafta, "-o", "out.h5", "-s", "policy.nafta.importers=MXE"},
              "there is no country or bloc 'MXE' in this baseline; did you mean 'MEX'?"},
        Wrong{"OverriddenSector", {"check", kNafta, "-s", "theta.fod=4"}, "did you mean 'food'?"},
        Wrong{"NegativeTheta",
              {"check", kNafta, "-s", "theta.all=-4"},
              "theta.all: this is -4; a number above 0 is expected"},
        Wrong{"NotFinite", {"check", kNafta, "-s", "theta.all=nan"}, "theta.all: this is not a finite number"},
        Wrong{"OverrideNotText", {"check", kNafta, "-s", "title=\xff"}, "byte 0xFF is not UTF-8"},
        Wrong{"OverrideTooDeep", {"check", kNafta, "-s", std::string(2000, '.') + "=1"}, "more than 256 parts"},
        Wrong{"Baseline", {"run", kNafta, "-s", "baseline=cp2015-naft"}, "did you mean 'cp2015-nafta'?"},
        Wrong{"FlowsOfOneName",
              {"check", kNafta, "--flows", "MEX"},
              "'MEX' is not IMPORTER:EXPORTER:SECTOR; codes, blocs or * are expected for each of the three, such as "
              "MEX:*:* for what MEX buys"},
        Wrong{"FlowsBeforeTheFile", {"check", "--flows", "food", kNafta}, "such as *:*:food for all trade in it"},
        Wrong{"FlowsOfAMissingFile", {"check", "--flows", "nafat.toml"}, "nafat.toml: this file can't be read"},
        Wrong{"ShowMissing", {"show", "nothing.h5"}, "nothing.h5: there is no such file"},
        Wrong{"ShowScenario", {"show", kNafta}, "this is not a netCDF-4 (HDF5) file"},
        Wrong{"CompareMissing", {"compare", "nothing.h5"}, "nothing.h5: there is no such file"},
        Wrong{"CompareNone", {"compare"}, "FILE.h5 is missing"},
        Wrong{"BaselineAction", {"baseline", "shw", "cp2015-nafta"}, "there is no action 'shw'; did you mean 'show'?"},
        Wrong{"BaselineName", {"baseline", "check", "eurasia"}, "there is no baseline 'eurasia'"},
        Wrong{"BaselineCountry",
              {"baseline", "show", "cp2015-nafta", "-c", "MXE"},
              "there is no country 'MXE' in this baseline; did you mean 'MEX'?"},
        Wrong{"BuildWithoutRaw",
              {"baseline", "build", "eurasia-2021"},
              "building a baseline needs the folder of raw tables: --raw FOLDER"},
        Wrong{"BuildWithoutTables", {"baseline", "build", "eurasia-2021", "--raw", "nowhere", "-o", "new"}, "nowhere/"},
        Wrong{"AggregateNowhere", {"baseline", "aggregate", "cp2015-nafta", "--countries", "X=MEX"}, "--output FOLDER"},
        Wrong{"AggregateNothing", {"baseline", "aggregate", "cp2015-nafta", "-o", "new"}, "nothing to merge"},
        Wrong{"AggregateForm",
              {"baseline", "aggregate", "cp2015-nafta", "-o", "new", "--countries", "MEX"},
              "'MEX' is not of the form NEW=CODE,CODE"},
        Wrong{"AggregateCountry",
              {"baseline", "aggregate", "cp2015-nafta", "-o", "new", "--countries", "X=MXE"},
              "there is no country 'MXE' in this baseline; did you mean 'MEX'?"},
        Wrong{"AggregateTaken",
              {"baseline", "aggregate", "cp2015-nafta", "-o", "new", "--countries", "ROW=MEX"},
              "ROW: this new code is already that of another country"}),
    [](const auto& one) { return one.param.name; });

TEST(WrongScenario, ShowsLineAndColumnAndSaysAllAtOnce) {
  const Workplace place;
  const std::string scenario = copy_of_nafta(place);
  replace_in(place / scenario, "importers", "importrs");
  replace_in(place / scenario, "closure = \"balanced\"", "closure = \"balancd\"");
  const Ended ended = place.run({"run", scenario, "-o", "out.h5"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(
      ended.err,
      AllOf(HasSubstr("nafta.toml:13:11: reference.closure: 'balancd' is not known here; did you mean 'balanced'?"),
            HasSubstr("nafta.toml:18:1: policy.nafta.importrs: there is no such key; did you mean 'importers'?"),
            HasSubstr("\n    importrs = ")));
}

TEST(WrongScenario, WithManyPartsToAKeyIsRefused) {
  const Workplace place;
  std::string deep = "a";
  for (int k = 0; k < 100000; ++k) deep += ".a";
  for (const std::string& text : {deep + " = 1\n", "[" + deep + "]\n", "\n\"it's. \"." + deep + " = 1\n"}) {
    write(place / "deep.toml", text);
    const Ended ended = place.run({"check", "deep.toml"});
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.err, HasSubstr("this key has more than 256 parts"));
  }
}

TEST(WrongScenario, FromAPipeIsNotReadTwice) {
  const Workplace place;
  ASSERT_EQ(::mkfifo((place / "pipe").c_str(), 0600), 0);
  const pid_t writer = ::fork();
  if (writer == 0) {
    write(place / "pipe", "baseline = 'cp2015-nafta'\nnonsense = 1\n");
    ::_exit(0);
  }
  const Ended ended = place.run({"check", "pipe"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, StartsWith("pipe:2:1: nonsense: there is no such key"));
  ::waitpid(writer, nullptr, 0);
}

TEST(WrongData, FolderThatIsNotThere) {
  Workplace place;
  place.environment["ENTREPOT_DATA"] = (place / "nowhere").string();
  const Ended ended = place.run({"run", copy_of_nafta(place), "-o", "out.h5"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("there is no baseline 'cp2015-nafta', neither under"), HasSubstr("nowhere")));
}

TEST(WrongData, BlocsAreCheckedLineByLine) {
  Workplace place;
  place.environment["ENTREPOT_DATA"] = (place / "data").string();
  std::filesystem::create_directory(place / "data");
  std::filesystem::copy(in_source("data/cp2015-nafta"), place / "data" / "cp2015-nafta");
  write(place / "data" / "blocs.csv", "bloc,country,from,until,source\nEU,DEU,1993-13-01,,\nEU,FRA,1993-11-01\n");
  const Ended ragged = place.run({"check", copy_of_nafta(place)});
  EXPECT_EQ(ragged.status, 2);
  EXPECT_THAT(ragged.err, HasSubstr("blocs.csv:3: this row has 3 cells, the header has 5"));
  write(place / "data" / "blocs.csv", "bloc,country,from,until,source\nEU,DEU,1993-13-01,,\n");
  const Ended date = place.run({"check", "nafta.toml"});
  EXPECT_EQ(date.status, 2);
  EXPECT_THAT(date.err, HasSubstr("blocs.csv:2: from: '1993-13-01' is not a date YYYY-MM-DD"));
}

struct BrokenTable {
  std::string name, file, old_text, new_text, sentence;
};

void PrintTo(const BrokenTable& broken, std::ostream* out) { *out << broken.name; }

class WrongBaseline : public testing::TestWithParam<BrokenTable> {};

TEST_P(WrongBaseline, IsRefusedByRunAndCheck) {
  const BrokenTable& broken = GetParam();
  const Workplace place;
  std::filesystem::copy(in_source("data/cp2015-nafta"), place / "broken");
  replace_in(place / "broken" / broken.file, broken.old_text, broken.new_text);
  const Ended check = place.run({"baseline", "check", "broken"});
  EXPECT_EQ(check.status, 2);
  EXPECT_THAT(check.out + check.err, HasSubstr(broken.sentence));
  const Ended run = place.run({"run", copy_of_nafta(place), "-o", "out.h5", "-s", "baseline=broken"});
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, HasSubstr("broken"));
  EXPECT_THAT(place.names(), testing::ElementsAre("broken", "nafta-tariffs-2005.csv", "nafta.toml"));
}

INSTANTIATE_TEST_SUITE_P(
    Tables, WrongBaseline,
    testing::Values(
        BrokenTable{"Unbalanced", "accounts.csv", "\nARG,agriculture,", "\nARG,agriculture,9", "does not balance"},
        BrokenTable{"NotANumber", "accounts.csv", "\nARG,agriculture,", "\nARG,agriculture,nan,1\nARG,mining,",
                    "accounts.csv:2: value_added: 'nan' is not a finite number"},
        BrokenTable{"EmptyCell", "accounts.csv", "\nARG,agriculture,", "\nARG,agriculture,,1\nARG,mining,",
                    "accounts.csv:2: value_added: this cell is empty; a number is expected"},
        BrokenTable{"MissingCell", "accounts.csv", "\nARG,agriculture,", "\nARG,agriculture\nARG,mining,",
                    "accounts.csv:2: this row has 2 cells, the header has 4"},
        BrokenTable{"MissingColumn", "accounts.csv", "value_added", "valueadded", "value_added"},
        BrokenTable{"Country", "accounts.csv", "\nARG,", "\nARGG,",
                    "there is no country 'ARGG' in this baseline; did you mean 'ARG'?"},
        BrokenTable{"Year", "baseline.toml", "year = 1993", "year = 99999999999",
                    "year: this is 99999999999; a whole number between 1 and 9999 is expected"}),
    [](const auto& one) { return one.param.name; });

TEST(WrongData, BaselineWithoutOneOfItsFiles) {
  const Workplace place;
  std::filesystem::copy(in_source("data/cp2015-nafta"), place / "broken");
  std::filesystem::remove(place / "broken" / "deficits.csv");
  const Ended ended = place.run({"baseline", "check", "broken"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("deficits.csv: this file can't be read"));
}

}  // namespace
}  // namespace entrepot::test
