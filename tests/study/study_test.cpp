// Study files and the scenarios that their draws make.
#include "study/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "study/scenario_run.hpp"
#include "study/study_rows.hpp"
#include "support/small_world.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::filesystem::path kTests = std::filesystem::path(ENTREPOT_SOURCE_DIR) / "tests";
const std::filesystem::path kStudies = kTests / "study/studies";

BlocTable blocs() { return BlocTable::read(kTests / "data/blocs.csv"); }

/// Only the keys that a study needs, with a scenario beside it.
Study study_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  static const test::TemporaryFolder folder;
  std::filesystem::copy_file(kStudies / "scenario.toml", folder.path() / "scenario.toml",
                             std::filesystem::copy_options::overwrite_existing);
  std::ofstream(folder.path() / "study.toml") << "scenario = \"scenario.toml\"\n" << text;
  return read_study(folder.path() / "study.toml", overrides);
}

struct Bound {
  Study study;
  World world = small_world();
  StudyScenarios scenarios{study, world, blocs()};
  explicit Bound(Study one) : study(std::move(one)) {}
};

TEST(Study, KeepsWhatTheFileSays) {
  const Study study = read_study(kStudies / "study.toml");
  EXPECT_EQ(study.title, "How sure");
  EXPECT_EQ(study.question, "Is it?");
  EXPECT_THAT(study.sources, ElementsAre("a book"));
  EXPECT_THAT(study.notes, ElementsAre("a note"));
  EXPECT_EQ(study.measures[1].text, "output[AAA, EAST; steel]");
  EXPECT_EQ(study.design.method, SampleMethod::kLatinHypercube);
  EXPECT_EQ(study.design.draws, 40);
  EXPECT_EQ(study.design.seed, 3u);
  EXPECT_TRUE(study.design.tornado);
  EXPECT_THAT(study.quantiles, ElementsAre(0.1, 0.5, 0.9));
  ASSERT_EQ(study.factors.size(), 7u);
  EXPECT_EQ(study.factors[2].name, "policy.detours.enabled");
  EXPECT_EQ(study.factors[5].paths[1].text, "policy.detours.premium");
  EXPECT_EQ(study.factors[6].points, 4);
  EXPECT_EQ(find_value(study.scenario, "policy.wall.rate")->number, 0.3);
  EXPECT_EQ(find_value(study.scenario, "theta.steel")->number, 5.0);
  ASSERT_EQ(study.table_files.size(), 1u);
  EXPECT_EQ(study.table_files[0].name, "estimates.csv");
  ASSERT_EQ(study.correlations.size(), 1u);
  EXPECT_EQ(study.correlations[0].second, 6u);
}

TEST(Study, OverridesReachItsOwnKeysAndTheScenarios) {
  const Study study = read_study(kStudies / "study.toml", {"sample.draws=7", "vary.ban.low=0.75", "title=Other",
                                                           "set.policy.ban.direction=exports"});
  EXPECT_EQ(study.design.draws, 7);
  EXPECT_EQ(study.factors[1].distribution.low, 0.75);
  EXPECT_EQ(study.title, "Other");
  EXPECT_EQ(find_value(study.scenario, "policy.ban.direction")->text, "exports");
  EXPECT_EQ(read_study(kStudies / "study.toml", {"sample.draws=7"}).resolved.find("draws = 40"), std::string::npos);
}

TEST(Study, TheResolvedTextIsAStudyThatNeedsNoOverrides) {
  const test::TemporaryFolder folder;
  for (const char* name : {"scenario.toml", "estimates.csv"})
    std::filesystem::copy_file(kStudies / name, folder.path() / name);
  const Study study = read_study(kStudies / "study.toml", {"sample.draws=7", "set.policy.ban.direction=exports"});
  std::ofstream(folder.path() / "again.toml") << study.resolved;
  EXPECT_EQ(read_study(folder.path() / "again.toml").resolved, study.resolved);
}

/// Everything that solving looks at.
void expect_alike(const Scenario& one, const Scenario& other) {
  const World world = small_world();
  const World a = apply_model_options(world, one), b = apply_model_options(world, other);
  EXPECT_EQ(a.theta, b.theta);
  const Shock x = compile_policies(a, one, apply_blocs(blocs(), one, world));
  const Shock y = compile_policies(b, other, apply_blocs(blocs(), other, world));
  EXPECT_EQ(x.tariff.values(), y.tariff.values());
  EXPECT_EQ(x.open_share.values(), y.open_share.values());
  EXPECT_EQ(x.hub_margin.values(), y.hub_margin.values());
}

TEST(StudyScenarios, EveryDrawIsTheScenarioWithItsOverrides) {
  const Bound bound(read_study(kStudies / "study.toml"));
  const SampleDesign& design = bound.scenarios.design();
  ASSERT_EQ(design.rows(), 40 + 1 + 2 * 7);
  std::set<std::string> different;
  for (Index row = 0; row < design.rows(); ++row) {
    const std::vector<std::string> overrides = bound.scenarios.overrides(row);
    expect_alike(bound.scenarios.scenario(row), read_scenario(kStudies / "scenario.toml", overrides));
    different.insert(overrides.back() + overrides[3]);
  }
  EXPECT_GT(different.size(), 30u);
}

TEST(StudyScenarios, InputsAreWhatTheScenarioGets) {
  const Bound bound(read_study(kStudies / "study.toml"));
  EXPECT_THAT(bound.scenarios.input_names(),
              ElementsAre("theta.food", "theta.steel", "policy.ban.coverage", "policy.detours.enabled",
                          "policy.ban.direction", "bloc.WEST.BBB", "policy.wall.rate", "policy.detours.premium",
                          "policy.ban.enforcement", "policy.detours.margin"));
  EXPECT_THAT(bound.scenarios.input_choices()[4], ElementsAre("both", "exports", "imports"));
  EXPECT_TRUE(bound.scenarios.input_choices()[3].empty());
  for (Index row = 0; row < bound.scenarios.design().rows(); ++row) {
    const std::vector<double> inputs = bound.scenarios.inputs(row);
    const Scenario scenario = bound.scenarios.scenario(row);
    EXPECT_EQ(apply_model_options(bound.world, scenario).theta, (Vector(2) << inputs[0], inputs[1]).finished());
    const bool detours = inputs[3] == 1.0;
    ASSERT_EQ(scenario.policies.size(), detours ? 3u : 2u);
    const Arguments& ban = scenario.policies[1].arguments;
    EXPECT_EQ(ban.at("coverage").children[0].number, 0.4 * inputs[2]);
    EXPECT_EQ(ban.at("coverage").children[1].number, 0.6 * inputs[2]);
    EXPECT_EQ(ban.text("direction"), std::vector<std::string>({"both", "exports", "imports"})[std::size_t(inputs[4])]);
    EXPECT_EQ(scenario.blocs[0].children[0].boolean, inputs[5] == 1.0);
    EXPECT_EQ(scenario.policies[0].arguments.number("rate"), inputs[6]);
    EXPECT_EQ(ban.number("enforcement"), inputs[8]);
    EXPECT_EQ(inputs[8], inputs[9]);
    if (detours) {
      EXPECT_EQ(scenario.policies[2].arguments.number("premium"), inputs[7]);
    }
    // A row of the file of draws is drawn as a whole.
    EXPECT_EQ(inputs[7], inputs[6] == 0.1 ? 0.15 : inputs[6] == 0.2 ? 0.25 : 0.3);
  }
}

TEST(StudyScenarios, ThetaIsMultipliedAsItIsBeforeScale) {
  const Bound bound(
      study_of("[set]\ntheta.scale = 1.5\n[[vary]]\npath = \"theta.*\"\nvalues = [2]\napply = \"multiply\"\n"));
  const Vector theta = apply_model_options(bound.world, bound.scenarios.scenario(0)).theta;
  EXPECT_DOUBLE_EQ(theta(0), 4.0 * 1.5 * 2.0);
  EXPECT_DOUBLE_EQ(theta(1), 6.0 * 1.5 * 2.0);
  const Bound scale(study_of("[[vary]]\npath = \"theta.scale\"\nvalues = [2]\napply = \"multiply\"\n"));
  EXPECT_DOUBLE_EQ(apply_model_options(bound.world, scale.scenarios.scenario(0)).theta(0), 8.0);
}

TEST(StudyScenarios, ADefaultIsMultipliedWhereTheScenarioIsSilent) {
  const Bound bound(study_of("[[vary]]\npath = \"policy.ban.enforcement\"\nvalues = [0.5]\napply = \"multiply\"\n"));
  EXPECT_EQ(bound.scenarios.scenario(0).policies[1].arguments.number("enforcement"), 0.5);
}

TEST(StudyScenarios, AGridHasEveryCombinationOnce) {
  const Bound bound(
      study_of("[sample]\nmethod = \"grid\"\ntornado = false\n"
               "[[vary]]\npath = \"policy.wall.rate\"\nrange = {from = 0, to = 1, points = 5}\n"
               "[[vary]]\npath = \"policy.wall.enabled\"\nvalues = [true, false]\n"
               "[[vary]]\npath = \"policy.ban.enforcement\"\ndistribution = \"uniform\"\nlow = 0\nhigh = 1\n"
               "points = 4\n"));
  std::set<std::vector<double>> seen;
  ASSERT_EQ(bound.scenarios.design().rows(), 40);
  for (Index row = 0; row < 40; ++row) seen.insert(bound.scenarios.inputs(row));
  EXPECT_EQ(seen.size(), 40u);
  for (const double rate : {0.0, 0.25, 0.5, 0.75, 1.0})
    for (const double on : {0.0, 1.0})
      for (const double share : {0.125, 0.375, 0.625, 0.875}) EXPECT_TRUE(seen.contains({rate, on, share}));
}

TEST(StudyScenarios, ADrawThatNoScenarioCanHaveFailsAloneAndSaysWhere) {
  // 0.1 % and 99.9 % of draws keep within 0 and 1; a few of many do not.
  const Bound bound(
      study_of("[sample]\nmethod = \"monte-carlo\"\ndraws = 20000\n[[vary]]\n"
               "path = \"policy.ban.enforcement\"\ndistribution = \"normal\"\nmean = 0.5\nsd = 0.16\n"));
  int failed = 0;
  for (Index row = 0; row < 20000; ++row) {
    const double drawn = bound.scenarios.inputs(row)[0];
    if (drawn >= 0.0 && drawn <= 1.0) {
      if (row < 100) bound.scenarios.scenario(row);
      continue;
    }
    ++failed;
    try {
      bound.scenarios.scenario(row);
      FAIL() << "nothing was thrown for " << drawn;
    } catch (const InputError& error) {
      EXPECT_EQ(error.problems()[0].key, "policy.ban.enforcement");
      EXPECT_EQ(error.problems()[0].where.line, 6u);
      EXPECT_THAT(error.problems()[0].sentence, HasSubstr("a number between 0 and 1 (fraction) is expected"));
    }
  }
  EXPECT_GT(failed, 5);
  EXPECT_LT(failed, 100);
}

TEST(StudyScenarios, FilesThatAreDrawnAreReadOnce) {
  const test::TemporaryFolder folder;
  for (const char* name : {"low.csv", "high.csv"})
    std::ofstream(folder.path() / name) << "sector,exporter,importer,rate\nfood,AAA,BBB,"
                                        << (name[0] == 'l' ? 0.1 : 0.9) << "\n";
  std::ofstream(folder.path() / "scenario.toml")
      << "baseline = \"three-countries\"\n[[policy]]\nname = \"t\"\ninstrument = \"tariff\"\naction = \"table\"\n"
         "file = \"low.csv\"\n";
  std::ofstream(folder.path() / "study.toml") << "scenario = \"scenario.toml\"\n[[vary]]\npath = \"policy.t.file\"\n"
                                                 "values = [\"low.csv\", \"high.csv\"]\n";
  const Bound bound(read_study(folder.path() / "study.toml"));
  ASSERT_EQ(bound.scenarios.table_files().size(), 2u);
  EXPECT_EQ(bound.scenarios.table_files()[1].name, "high.csv");
  for (const char* name : {"low.csv", "high.csv"}) std::filesystem::remove(folder.path() / name);
  for (Index row = 0; row < 10; ++row) {
    const Shock shock = compile_policies(bound.world, bound.scenarios.scenario(row), blocs());
    EXPECT_EQ(shock.tariff(1, 0, 0), bound.scenarios.inputs(row)[0] == 0.0 ? 0.1 : 0.9);
  }
}

TEST(StudyScenarios, KnowsWhetherTheWorldStaysAsItIs) {
  const auto one_world = [](const std::string& path, const std::string& values, const std::string& more = "") {
    return Bound(study_of(more + "[[vary]]\npath = \"" + path + "\"\nvalues = " + values + "\n")).scenarios.one_world();
  };
  EXPECT_TRUE(one_world("policy.wall.rate", "[0.1]"));
  EXPECT_TRUE(one_world("policy.wall.enabled", "[false]"));
  EXPECT_TRUE(one_world("theta.food", "[3]"));
  EXPECT_TRUE(one_world("bloc.WEST.BBB", "[false]"));
  EXPECT_TRUE(one_world("date", "[\"2020-01-01\"]"));
  EXPECT_FALSE(one_world("reference.closure", "[\"balanced\"]"));
  EXPECT_FALSE(one_world("model.input_elasticity", "[0.5]"));
  EXPECT_FALSE(one_world("theta.food", "[3]", "[set]\nreference.closure = \"balanced\"\n"));
  EXPECT_TRUE(one_world("policy.wall.rate", "[0.1]", "[set]\nreference.closure = \"balanced\"\n"));
}

TEST(StudyMeasures, PicksCountriesSectorsAndPartners) {
  const World world = small_world();
  const BlocTable table = blocs();
  const Selector selector(world, table, "");
  Problems problems;
  const StudyMeasures measures({{"welfare[WEST]", {}},
                                {"output[CCC; steel]", {}},
                                {"trade[; food; AAA]", {}},
                                {"real_wage", {}},
                                {"producer_price[;food]", {}}},
                               world, selector, problems);
  ASSERT_TRUE(problems.empty());
  Measures found;
  found.welfare = (Vector(3) << 1, 2, 3).finished();
  found.real_wage = (Vector(3) << 4, 5, 6).finished();
  found.output = (Matrix(3, 2) << 1, 2, 3, 4, 5, 6).finished();
  found.producer_price = 10.0 * found.output;
  found.trade = Bilateral(3, 3, 2);
  for (Index m = 0; m < 3; ++m)
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 2; ++j) found.trade(m, i, j) = static_cast<double>(100 * m + 10 * i + j);
  EXPECT_THAT(measures.pick(found), ElementsAre(1, 2, 6, 0, 10, 20, 4, 5, 6, 10, 30, 50));
  const std::vector<RowColumn>& columns = measures.columns();
  EXPECT_EQ(columns[0].dimensions[0].name, "welfare_country");
  EXPECT_THAT(columns[0].dimensions[0].labels, ElementsAre("AAA", "BBB"));
  EXPECT_EQ(columns[2].dimensions[1].name, "exporter");
  EXPECT_THAT(columns[2].dimensions[1].labels, ElementsAre("AAA", "BBB", "CCC"));
  EXPECT_EQ(columns[2].dimensions[2].name, "trade_importer");
  EXPECT_EQ(columns[3].dimensions[0].name, "country");
  EXPECT_EQ(columns[4].first, 9u);
}

TEST(StudyRows, AreWhatTheSameOverridesGiveInARun) {
  const Bound bound(read_study(kStudies / "study.toml"));
  ASSERT_TRUE(bound.scenarios.one_world());
  Baseline baseline;
  baseline.world = bound.world;
  const BlocTable table = blocs();
  const StudyRows rows(bound.scenarios, baseline, table);
  std::vector<RowResult> results(at(bound.scenarios.design().rows()));
  rows.evaluate(0, results);
  for (Index row = 0; row < bound.scenarios.design().rows(); ++row) {
    const Scenario scenario = read_scenario(kStudies / "scenario.toml", bound.scenarios.overrides(row));
    const RunResults run = run_scenario(scenario, baseline, table);
    ASSERT_TRUE(run.report.solved());
    const RowResult& result = results[at(row)];
    ASSERT_EQ(result.status, SolveStatus::kSolved) << result.sentence;
    for (Index n = 0; n < 3; ++n) EXPECT_NEAR(result.values[at(n)], run.measures.welfare(n), 1e-7) << row;
    EXPECT_NEAR(result.values[3] / run.measures.output(0, 1), 1.0, 1e-8) << row;
    EXPECT_NEAR(result.values[4] / run.measures.output(2, 1), 1.0, 1e-8) << row;
  }
}

// docs/studies.md is written by the program; to bring it up to date, run this test with ENTREPOT_UPDATE=1.
TEST(Documents, TheStudyFileIsDescribedAsItIs) {
  const std::filesystem::path page = kTests.parent_path() / "docs/studies.md";
  if (std::getenv("ENTREPOT_UPDATE") != nullptr) std::ofstream(page) << describe_study_file();
  EXPECT_EQ(read_text(page), describe_study_file());
}

TEST(Documents, TheStudyInTheReferenceIsOne) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.path() / "studies");
  std::filesystem::copy_file(kTests.parent_path() / "scenarios/half-embargo.toml", folder.path() / "half-embargo.toml");
  const std::string page = describe_study_file();
  const std::size_t start = page.find("```toml\n") + 8;
  std::ofstream(folder.path() / "studies/s.toml") << page.substr(start, page.find("```", start) - start);
  const Study study = read_study(folder.path() / "studies/s.toml");
  const Baseline baseline = read_baseline(kTests.parent_path() / "data/eurasia-2021");
  const BlocTable table = BlocTable::read(kTests.parent_path() / "data/blocs.csv");
  const StudyScenarios scenarios(study, baseline.world, table);
  EXPECT_EQ(scenarios.inputs(0).size(), baseline.world.sectors.size() + 1);
  Problems problems;
  const StudyMeasures measures(study.measures, baseline.world, Selector(baseline.world, table, ""), problems);
  problems.throw_if_any();
  EXPECT_EQ(measures.columns().size(), 3u);
}

// Every X.toml in tests/study/broken is a study with mistakes; X.expected is the whole message a user sees. To write
// the messages anew after a change of wording, run with ENTREPOT_UPDATE=1 and read the difference.

std::vector<std::string> broken_studies() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kTests / "study/broken"))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string message(const std::string& file) {
  try {
    const Study study = read_study(file);
    const World world = small_world();
    const BlocTable table = blocs();
    const StudyScenarios scenarios(study, world, table);
    Problems problems;
    const StudyMeasures measures(study.measures, world, Selector(world, table, ""), problems);
    problems.throw_if_any();
  } catch (const InputError& error) {
    return std::string(error.what()) + "\n";
  }
  return "no problem\n";
}

class BrokenStudy : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(kTests / "study");
  }
  void TearDown() override { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

TEST_P(BrokenStudy, IsReportedWithItsPlaceAndWording) {
  const std::string expected_file = "broken/" + GetParam() + ".expected";
  const std::string found = message("broken/" + GetParam() + ".toml");
  if (std::getenv("ENTREPOT_UPDATE") != nullptr) std::ofstream(expected_file, std::ios::binary) << found;
  std::ifstream stream(expected_file, std::ios::binary);
  ASSERT_TRUE(stream.good()) << expected_file << " is missing";
  EXPECT_EQ(found, std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>()));
}

INSTANTIATE_TEST_SUITE_P(Files, BrokenStudy, ::testing::ValuesIn(broken_studies()), [](const auto& study) {
  std::string name = study.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
});

}  // namespace
}  // namespace entrepot::testing
