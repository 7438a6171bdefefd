#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "program.hpp"
#include "results/netcdf_file.hpp"
#include "results/result_reader.hpp"

// What every command does when all is well.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Help : public testing::TestWithParam<std::string> {};

TEST_P(Help, SaysUsageOptionsAndAnExample) {
  const Workplace place;
  const Ended ended = place.run({GetParam(), "--help"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("Usage: entrepot " + GetParam()), HasSubstr("--help"),
                               HasSubstr("Example: entrepot " + GetParam())));
  EXPECT_THAT(ended.err, IsEmpty());
  EXPECT_EQ(place.run({GetParam(), "-h"}).out, ended.out);
}

INSTANTIATE_TEST_SUITE_P(Commands, Help,
                         testing::Values("run", "sweep", "slurm", "merge", "show", "compare", "report", "check",
                                         "baseline", "manual"),
                         [](const auto& one) { return one.param; });

TEST(Program, ListsItsCommandsAndExitStatus) {
  const Workplace place;
  const Ended help = place.run({"--help"});
  EXPECT_EQ(help.status, 0);
  for (const char* text : {"run ", "show ", "compare ", "check ", "baseline ", "report ", "Exit status:", "75"})
    EXPECT_THAT(help.out, HasSubstr(text));
  EXPECT_EQ(place.run({}).status, 2);
  EXPECT_THAT(place.run({"--version"}).out, StartsWith("entrepot 0."));
}

TEST(Program, ItsManualHasEveryCommandsHelp) {
  const Workplace place;
  const Ended manual = place.run({"manual"});
  ASSERT_EQ(manual.status, 0);
  for (const char* command : {"run", "sweep", "report"}) {
    EXPECT_THAT(manual.out, HasSubstr(std::string(".SS entrepot ") + command));
    EXPECT_THAT(manual.out, HasSubstr(place.run({command, "--help"}).out)) << command;
  }
  write(place / "entrepot.1", manual.out);
  // Nothing that roff would take for a request of its own.
  std::istringstream lines(manual.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('.') || line.starts_with('\'')) {
      EXPECT_THAT(line, testing::ContainsRegex("^\\.(TH|SH|SS|TP|B|I|RI|nf|fi)( |$)"));
    }
  }
  EXPECT_EQ(manual.out.find('\\', manual.out.find(".SS")), manual.out.npos) << "escapes that help texts do not mean";
}

TEST(Program, BashCompletesItsCommandsAndOptions) {
  const Workplace place;
  write(place / "one.toml", "");
  write(place / "one.h5", "");
  const auto completed = [&](const std::string& words, int at) {
    const std::string command = "cd '" + (place / ".").string() + "' && bash -c 'source " +
                                in_source("src/completion/entrepot").string() + "; COMP_WORDS=(" + ENTREPOT_PROGRAM +
                                " " + words + "); COMP_CWORD=" + std::to_string(at) +
                                "; _entrepot; printf \"%s \" \"${COMPREPLY[@]}\"' > words";
    EXPECT_EQ(std::system(command.c_str()), 0);
    return content_of(place / "words");
  };
  EXPECT_THAT(completed("re", 1), StartsWith("report"));
  EXPECT_THAT(completed("s", 1), AllOf(HasSubstr("sweep"), HasSubstr("show"), HasSubstr("slurm")));
  EXPECT_THAT(completed("sweep --re", 2), AllOf(HasSubstr("--resume"), HasSubstr("--restart")));
  EXPECT_THAT(completed("run on", 2), AllOf(HasSubstr("one.toml"), Not(HasSubstr("one.h5"))));
  EXPECT_THAT(completed("show on", 2), AllOf(HasSubstr("one.h5"), Not(HasSubstr("one.toml"))));
}

TEST(Run, SolvesNaftaAndSaysWhereItWrote) {
  const Workplace place;
  const Ended ended = place.run({"run", in_source("scenarios/known/nafta.toml").string(), "--output", "nafta.h5"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(StartsWith("NAFTA, as in Caliendo & Parro (2015)"), HasSubstr("Status:   solved"),
                               HasSubstr("MEX      Mexico"), HasSubstr("Written to nafta.h5.")));
  EXPECT_THAT(ended.err, IsEmpty()) << "no progress unless a terminal is there to see it";
  EXPECT_THAT(place.names(), testing::ElementsAre("nafta.h5"));
  EXPECT_TRUE(ResultReader(place / "nafta.h5").solved());
}

TEST(Run, WritesUnderOutputsByDefault) {
  const Workplace place;
  const Ended ended = place.run({"run", in_source("scenarios/minsk-2025.toml").string()});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(place.names("outputs"), testing::ElementsAre("minsk-2025.h5"));
  EXPECT_THAT(place.run({"show", "outputs/minsk-2025.h5", "--country", "IRN"}).out, HasSubstr("Iran"));
}

TEST(Run, QuietPrintsNothing) {
  const Workplace place;
  const Ended ended = place.run({"run", copy_of_nafta(place), "--output", "a.h5", "--quiet"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out + ended.err, IsEmpty());
  EXPECT_TRUE(ResultReader(place / "a.h5").solved());
}

TEST(Run, SaysWhyTheExactDecompositionIsMissing) {
  const Workplace place;
  small_baseline(place, "small");
  write(place / "tariff.toml",
        "baseline = 'small'\n[solver]\ntolerance = 1e-3\n[[policy]]\nname = 'tariff'\ninstrument = 'tariff'\n"
        "importers = 'all'\nexporters = 'all'\nrate = 0.5\n");
  const Ended loose = place.run({"run", "tariff.toml", "-o", "a.h5"});
  EXPECT_EQ(loose.status, 0) << loose.err;
  EXPECT_THAT(loose.out, HasSubstr("The exact decomposition is missing: "));
  const Ended tight = place.run({"run", "tariff.toml", "-o", "a.h5", "-s", "solver.tolerance=1e-10"});
  EXPECT_EQ(tight.status, 0) << tight.err;
  EXPECT_THAT(tight.out, testing::Not(HasSubstr("decomposition is missing")));
}

TEST(Run, DoubtsARateThatWasHardlyMeant) {
  const Workplace place;
  small_baseline(place, "small");
  write(place / "tariff.toml",
        "baseline = 'small'\n[[policy]]\nname = 'wall'\ninstrument = 'tariff'\nimporters = 'MEX'\nexporters = 'USA'\n"
        "rate = 8\n");
  const std::string doubt = "wall: a rate of 8 is 800 %; 8 % would be 0.08\n";
  const Ended ended = place.run({"run", "tariff.toml", "-o", "a.h5"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\nNote: " + doubt));
  EXPECT_EQ(ResultReader(place / "a.h5").description().policy_notes, doubt);
  EXPECT_THAT(place.run({"check", "tariff.toml"}).out, HasSubstr("note: a rate of 8 is 800 %"));
  EXPECT_THAT(place.run({"run", "tariff.toml", "-o", "a.h5", "-q"}).out, IsEmpty());
}

/// Every number of a result file.
std::vector<std::vector<double>> all_values(const std::filesystem::path& file) {
  const ResultReader reader(file);
  std::vector<std::vector<double>> values;
  for (const VariableInfo& variable : reader.variables()) values.push_back(reader.read(variable.name).values);
  return values;
}

TEST(Run, GivesTheSameToTheLastBitAgainAndWithAnyThreads) {
  const Workplace place;
  const std::string scenario = in_source("scenarios/minsk-2025.toml").string();
  ASSERT_EQ(place.run({"run", scenario, "-q", "-o", "one.h5", "--threads", "1"}).status, 0);
  ASSERT_EQ(place.run({"run", scenario, "-q", "-o", "again.h5", "--threads", "1"}).status, 0);
  ASSERT_EQ(place.run({"run", scenario, "-q", "-o", "two.h5", "--threads", "2"}).status, 0);
  const auto one = all_values(place / "one.h5");
  EXPECT_GT(one.size(), 20u);
  EXPECT_TRUE(one == all_values(place / "again.h5"));
  EXPECT_TRUE(one == all_values(place / "two.h5"));
}

TEST(Run, OverridesValuesWithTextListsAndQuotes) {
  const Workplace place;
  const std::string scenario = copy_of_nafta(place);
  const Ended ended = place.run({"run", scenario, "-o", "a.h5", "--set", "title=a \"quoted\" 'title'", "--set",
                                 "reference.closure=fixed", "--set", "policy.nafta.importers=[\"MEX\", \"USA\"]"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, StartsWith("a \"quoted\" 'title'\n"));
  const ResultReader reader(place / "a.h5");
  EXPECT_THAT(reader.description().scenario, HasSubstr("closure = \"fixed\""));
  EXPECT_THAT(reader.description().scenario, HasSubstr("importers = [\"MEX\", \"USA\"]"));
}

TEST(Run, WorksWithAnyPath) {
  Workplace place;
  const std::string folder = "Ergebnisse für Иран 1";
  std::filesystem::create_directory(place / folder);
  copy_of_nafta(place);
  place.working_folder = folder;
  const Ended ended = place.run({"run", "../nafta.toml", "--output", "naïve run.h5"});
  EXPECT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(place.names(folder), testing::ElementsAre("naïve run.h5"));
  EXPECT_EQ(place.run({"show", "./naïve run.h5"}).status, 0);
}

TEST(Check, ExplainsWithoutSolving) {
  const Workplace place;
  const Ended ended = place.run({"check", in_source("scenarios/minsk-2025.toml").string()});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("Policies\n  1. free-trade-area (free_trade_agreement)"), HasSubstr("average tariff:")));
  EXPECT_THAT(place.names(), IsEmpty());
}

TEST(Check, FollowsSingleFlows) {
  const Workplace place;
  const std::string file = in_source("scenarios/minsk-2025.toml").string();
  const std::string first =
      "IRN buys agriculture from RUS: 1902 million USD\n  tariff: 30 % -> 3.9 % (free-trade-area)\n";
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"check", "--flows", file},
                                                    {"check", file, "--flows"},
                                                    {"check", file, "--flows=*:*:*"}})
    EXPECT_THAT(place.run(arguments).out, AllOf(HasSubstr(first), HasSubstr("and 505 more flows")));
  const Ended few = place.run({"check", "--flows", "IRN:BLR:food", file, "--top", "1"});
  EXPECT_EQ(few.status, 0);
  EXPECT_THAT(few.out, AllOf(HasSubstr("1 of the 1 flows"),
                             HasSubstr("trade cost: 0 % -> -1.189 % (customs) -> -4.058 % (transit)")));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"check", file, "--flows=IRN"},
                                                {"check", file, "--top", "3"},
                                                {"check", file, "--flows", "--top", "0"}})
    EXPECT_EQ(place.run(wrong).status, 2);
}

TEST(Show, AnswersItsOptions) {
  const Workplace place;
  ASSERT_EQ(place.run({"run", copy_of_nafta(place), "-q", "-o", "a.h5"}).status, 0);
  EXPECT_THAT(place.run({"show", "a.h5"}).out, HasSubstr("USA      United States"));
  EXPECT_THAT(place.run({"show", "a.h5", "trade", "--by", "partner", "--country", "MEX", "--top", "2"}).out,
              AllOf(HasSubstr("Country: MEX"), HasSubstr("2 of 30 rows")));
  EXPECT_THAT(place.run({"show", "a.h5", "output", "--by", "sector", "--country", "MEX"}).out, HasSubstr("textile"));
  const Ended csv = place.run({"show", "a.h5", "welfare", "--csv", "--top", "3"});
  EXPECT_THAT(csv.out, StartsWith("country,"));
  EXPECT_EQ(std::count(csv.out.begin(), csv.out.end(), '\n'), 4);
}

TEST(Compare, SetsFilesSideBySide) {
  const Workplace place;
  const std::string scenario = copy_of_nafta(place);
  ASSERT_EQ(place.run({"run", scenario, "-q", "-o", "a.h5"}).status, 0);
  ASSERT_EQ(place.run({"run", scenario, "-q", "-o", "b.h5", "--set", "reference.closure=fixed"}).status, 0);
  const Ended ended = place.run({"compare", "a.h5", "b.h5", "--measure", "real_wage", "--country", "MEX"});
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("a: NAFTA"), HasSubstr("b: NAFTA"), HasSubstr("MEX")));
  EXPECT_THAT(ended.out, Not(HasSubstr("USA")));
}

TEST(BaselineShow, DescribesTheWorldAndOneCountry) {
  const Workplace place;
  EXPECT_THAT(place.run({"baseline", "show", "cp2015-nafta"}).out,
              AllOf(HasSubstr("31 countries and regions, 40 sectors, 1993"), HasSubstr("Licence: ")));
  EXPECT_THAT(place.run({"baseline", "show", "eurasia-2021", "--country", "IRN"}).out, StartsWith("Iran (IRN)"));
}

TEST(BaselineAggregate, GivesABaselineThatBalancesAndRuns) {
  const Workplace place;
  small_baseline(place, "small");
  const Ended check = place.run({"baseline", "check", "small"});
  EXPECT_EQ(check.status, 0);
  EXPECT_THAT(check.out, HasSubstr("small balances"));
  const Ended show = place.run({"baseline", "show", "small"});
  EXPECT_THAT(show.out, AllOf(HasSubstr("4 countries and regions, 3 sectors"), HasSubstr("Argentina and 27 others")));
  write(place / "cut.toml",
        "baseline = 'small'\n[[policy]]\nname = 'cut'\ninstrument = 'tariff'\nimporters = 'MEX'\nexporters = 'USA'\n"
        "rate = 0.0\n");
  const Ended run = place.run({"run", "cut.toml", "-o", "cut.h5"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("Status:   solved"));
}

TEST(Gradient, SaysWhatAResultHangsOn) {
  const Workplace place;
  small_baseline(place, "small");
  write(place / "duty.toml",
        "title = 'A duty'\nbaseline = 'small'\n[[policy]]\nname = 'duty'\ninstrument = 'tariff'\nimporters = 'USA'\n"
        "exporters = 'MEX'\naction = 'add'\nrate = 0.1\n");
  const Ended shown = place.run({"gradient", "duty.toml", "--of", "welfare[MEX]", "-o", "g.h5", "--top", "3"});
  ASSERT_EQ(shown.status, 0) << shown.err;
  EXPECT_THAT(shown.out,
              AllOf(HasSubstr("welfare[MEX]: welfare, -"), HasSubstr("policy.duty.rate"), HasSubstr("g.h5")));
  EXPECT_THAT(place.run({"show", "g.h5"}).out, AllOf(HasSubstr("by_tariff"), HasSubstr("by_theta")));
  EXPECT_THAT(place.run({"show", "g.h5", "by_tariff"}).err, HasSubstr("entrepot gradient"));
  EXPECT_THAT(place.run({"report", "g.h5"}).err, HasSubstr("no results"));
  const Ended nothing = place.run({"gradient", "duty.toml"});
  EXPECT_EQ(nothing.status, 2);
  EXPECT_THAT(nothing.err, HasSubstr("--of"));
  EXPECT_THAT(place.run({"gradient", "duty.toml", "--of", "welfare[MXE]"}).err, HasSubstr("MEX"));
  write(place / "wall.toml",
        "baseline = 'small'\n[[policy]]\nname = 'wall'\ninstrument = 'embargo'\nsenders = ['all']\ntargets = ['all']\n"
        "direction = 'both'\n");
  EXPECT_EQ(place.run({"gradient", "wall.toml", "--of", "welfare[MEX]"}).status, 3);
}

TEST(Attribute, SharesAnEffectOutAndGoesOnWhereItWasEnded) {
  const Workplace place;
  small_baseline(place, "small");
  write(
      place / "two.toml",
      "title = 'Two duties'\nbaseline = 'small'\n[[policy]]\nname = 'first'\ninstrument = 'tariff'\nimporters = 'USA'\n"
      "exporters = 'MEX'\naction = 'add'\nrate = 0.1\n[[policy]]\nname = 'second'\ninstrument = 'tariff'\nimporters = "
      "'MEX'\nexporters = 'USA'\naction = 'add'\nrate = 0.2\n");
  const Ended ended = place.run({"attribute", "two.toml", "--of", "welfare[MEX, USA]"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("Two duties: what each policy does"), HasSubstr("together"),
                               HasSubstr("first"), HasSubstr("outputs/two-attribution.h5")));
  for (const char* part : {"1/2", "2/2"})
    EXPECT_EQ(place.run({"attribute", "two.toml", "--of", "welfare[MEX, USA]", "-o", "parts.h5", "--shard", part, "-q"})
                  .status,
              0);
  const NetcdfReader whole(place / "outputs/two-attribution.h5"), joined(place / "parts.h5");
  EXPECT_EQ(whole.numbers("welfare_shapley"), joined.numbers("welfare_shapley"));
  ASSERT_EQ(place.run({"merge", "parts.h5", "-o", "merged.h5"}).status, 0);
  EXPECT_EQ(content_of(place / "merged.h5"), content_of(place / "outputs/two-attribution.h5"));
  EXPECT_EQ(place.run({"attribute", "two.toml", "--of", "welfar"}).status, 2);
  EXPECT_THAT(place.run({"attribute", "two.toml", "--set", "policy.first.enabled=maybe"}).err,
              HasSubstr("policy.first.enabled"));
}

TEST(Optimise, FindsAScenarioThatRunsToWhatItSays) {
  const Workplace place;
  small_baseline(place, "small");
  write(place / "duty.toml",
        "title = 'A duty'\nbaseline = 'small'\n[[policy]]\nname = 'duty'\ninstrument = 'tariff'\nimporters = 'USA'\n"
        "exporters = 'all'\nrate = 0.05\n");
  write(
      place / "best.toml",
      "title = 'The best duty'\nscenario = 'duty.toml'\n[search]\nstarts = 2\n[[objective]]\nmeasure = 'welfare[USA]'\n"
      "[[choose]]\npath = 'policy.duty.rate'\nlow = 0\nhigh = 1\n");
  const Ended ended = place.run({"optimise", "best.toml", "-o", "found.toml"});
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("The best duty"), HasSubstr("policy.duty.rate"), HasSubstr("Slope left"),
                               HasSubstr("2 of 2 starts ended here"), HasSubstr("found.toml")));
  ASSERT_EQ(place.run({"run", "found.toml", "-q", "-o", "found.h5"}).status, 0);
  ASSERT_EQ(place.run({"run", "duty.toml", "-q", "-o", "duty.h5"}).status, 0);
  const NetcdfReader found(place / "found.h5"), before(place / "duty.h5");
  const std::vector<std::string> codes = found.texts("country");
  const auto usa = static_cast<std::size_t>(std::ranges::find(codes, "USA") - codes.begin());
  EXPECT_GT(found.numbers("welfare")[usa], before.numbers("welfare")[usa]);
  EXPECT_EQ(place.run({"optimise", "best.toml", "-o", "found.toml"}).status, 0) << "its own file is written over";
  const Ended scenario = place.run({"optimise", "best.toml", "-o", "duty.toml"});
  EXPECT_EQ(scenario.status, 1);
  EXPECT_THAT(scenario.err, HasSubstr("left as it is"));
  EXPECT_EQ(place.run({"optimise", "best.toml", "--set", "search.start=3"}).status, 2);
  EXPECT_EQ(place.run({"optimise", "missing.toml"}).status, 2);
}

/// The files in docs/tutorial.md are sound, and give the numbers that it tells.
TEST(Tutorial, TellsWhatItsFilesGive) {
  const Workplace place;
  const std::string text = content_of(in_source("docs/tutorial.md"));
  std::size_t from = 0;
  for (const char* name : {"turkiye.toml", "sure.toml", "duty.toml"}) {
    const std::size_t begin = text.find("```toml\n", from) + 8;
    from = text.find("```", begin);
    write(place / name, text.substr(begin, from - begin));
  }
  const auto told = [&](const std::vector<std::string>& arguments, const std::vector<std::string>& pieces) {
    const Ended ended = place.run(arguments);
    ASSERT_EQ(ended.status, 0) << ended.err;
    for (const std::string& piece : pieces) {
      EXPECT_THAT(ended.out, HasSubstr(piece));
      EXPECT_THAT(text, HasSubstr(piece));
    }
  };
  told({"run", "turkiye.toml", "-o", "turkiye.h5"}, {"Türkiye -1,380, United States -32, Belarus -16, Russia -13"});
  told({"attribute", "turkiye.toml", "-o", "a.h5"}, {"TUR       -1,380       -84.80       -1,296"});
  told({"run", "turkiye.toml", "--set", "policy.answer.enabled=false", "-o", "only.h5"}, {});
  told({"show", "only.h5", "--country", "TUR"}, {"TUR      Türkiye  -0.0109       -89.05          0.0035"});
  told({"optimise", "duty.toml", "-q", "--set", "search.starts=1"}, {"How high a duty would the Union want?"});
  told({"check", "turkiye.toml"}, {"143 flows"});
  told({"optimise", in_source("scenarios/optima/belarus-frontier.toml").string(), "-q", "--set", "search.starts=1"},
       {"Objective: -245.978, with the scenario's own numbers -531.777"});
  EXPECT_EQ(place.run({"sweep", "sure.toml", "-q", "-o", "sure.h5", "--set", "sample.draws=20"}).status, 0);
}

}  // namespace
}  // namespace entrepot::test
