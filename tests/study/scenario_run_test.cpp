// From a scenario file's text to results.
#include "study/scenario_run.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <omp.h>

#include "support/random_world.hpp"
#include "text/input_error.hpp"

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Baseline drawn() {
  Baseline baseline;
  baseline.info.name = "drawn";
  baseline.world = random_world({.countries = 4, .sectors = 3, .untraded = 0.0, .missing = 0.0}, 51);
  baseline.sha256 = std::string(64, '0');
  return baseline;
}

RunResults run(const std::string& text, std::vector<std::string>* steps = nullptr) {
  const BlocTable blocs = BlocTable::read(std::filesystem::path(ENTREPOT_SOURCE_DIR) / "data/blocs.csv");
  const Scenario scenario = parse_scenario("title = \"T\"\nquestion = \"Q\"\nbaseline = \"drawn\"\n" + text, "s.toml");
  return run_scenario(scenario, drawn(), blocs, {.progress = [&](const std::string& what) {
                        if (steps != nullptr) steps->push_back(what);
                      }});
}

const char* const kTariff =
    "[[policy]]\nname=\"t\"\ninstrument=\"tariff\"\nimporters=\"C00\"\nexporters=\"all\"\nrate=0.4\n";

TEST(ScenarioRun, DescribesMeasuresAndDecomposes) {
  std::vector<std::string> steps;
  const RunResults results = run(kTariff, &steps);
  EXPECT_TRUE(results.report.solved());
  EXPECT_THAT(steps, ElementsAre("Solving for the counterfactual", "Decomposing the change in welfare"));
  EXPECT_EQ(results.description.title, "T");
  EXPECT_EQ(results.description.baseline, "drawn");
  EXPECT_THAT(results.description.scenario, HasSubstr("rate"));
  EXPECT_LE((results.exact.percent.colwise().sum().transpose() - results.measures.welfare).cwiseAbs().maxCoeff(), 1e-6);
  EXPECT_EQ(results.first_order.components, results.exact.components);
}

TEST(ScenarioRun, ResultsCompareWithTheReferenceWorld) {
  // The same tariff in the reference and again as a policy: nothing is left to happen.
  std::vector<std::string> steps;
  std::string reference = kTariff;
  reference.replace(0, std::string("[[policy]]\nname=\"t\"").size(), "[[reference.policy]]\nname=\"r\"");
  const RunResults results = run("[reference]\nclosure = \"balanced\"\n" + reference + kTariff, &steps);
  ASSERT_TRUE(results.report.solved());
  EXPECT_THAT(steps.front(), HasSubstr("reference"));
  EXPECT_LE(results.measures.welfare.cwiseAbs().maxCoeff(), 1e-7);
  EXPECT_LE(results.measures.trade_balance_base.cwiseAbs().maxCoeff(), 1e-6);
}

TEST(ScenarioRun, WithoutEquilibriumHasTheBaseSideAlone) {
  const RunResults results =
      run("[[policy]]\nname=\"e\"\ninstrument=\"embargo\"\nsenders=[\"C01\",\"C02\",\"C03\"]\ntargets="
          "\"C00\"\ncoverage=1.0\n");
  EXPECT_EQ(results.report.status, SolveStatus::kNoEquilibrium);
  EXPECT_THAT(results.report.sentence, HasSubstr("closure = \"balanced\""));
  EXPECT_EQ(results.measures.welfare.size(), 0);
  EXPECT_GT(results.measures.exports_base.sum(), 0.0);
  EXPECT_TRUE(results.exact.empty());
}

TEST(ScenarioRun, AReferenceWithoutEquilibriumIsToldAsSuch) {
  const RunResults results =
      run("[[reference.policy]]\nname=\"e\"\ninstrument=\"embargo\"\nsenders=[\"C01\",\"C02\",\"C03\"]\ntargets="
          "\"C00\"\ncoverage=1.0\n" +
          std::string(kTariff));
  EXPECT_EQ(results.report.status, SolveStatus::kNoEquilibrium);
  EXPECT_THAT(results.report.sentence, HasSubstr("The reference world has no equilibrium."));
}

std::string cap_at(double limit) {
  return "[model]\nlabour_mobility = "
         "2\n[[policy]]\nname=\"c\"\ninstrument=\"price_cap\"\nexporters=\"C03\"\nbuyers=[\"C00\","
         "\"C01\"]\nsectors=\"s00\"\nlimit=" +
         std::to_string(limit) + "\n";
}

TEST(ScenarioRun, APriceCapIsSolvedForMeasuredAndDecomposed) {
  const RunResults slack = run(cap_at(1.0)), bound = run(cap_at(0.999));
  ASSERT_TRUE(slack.report.solved() && bound.report.solved()) << bound.report.sentence;
  EXPECT_EQ(slack.caps.at(0).state, CapOutcome::State::kSlack);
  EXPECT_LE(slack.measures.welfare.cwiseAbs().maxCoeff(), 1e-9);
  ASSERT_EQ(bound.caps.at(0).state, CapOutcome::State::kBinding);
  EXPECT_NEAR(bound.measures.producer_price(3, 0), -0.1, 1e-7);
  EXPECT_GT(bound.measures.rent(0), 0.0);
  EXPECT_LE((bound.measures.rent - bound.caps[0].kept).cwiseAbs().maxCoeff(), 1e-9);
  EXPECT_LE((bound.exact.percent.colwise().sum().transpose() - bound.measures.welfare).cwiseAbs().maxCoeff(), 1e-6);
}

TEST(ScenarioRun, ASharedBurdenIsTheSameForAll) {
  const RunResults results =
      run(std::string(kTariff) + "[[policy]]\nname=\"b\"\ninstrument=\"burden_sharing\"\nmembers=[\"C01\",\"C02\"]\n");
  ASSERT_TRUE(results.report.solved()) << results.report.sentence;
  EXPECT_NEAR(results.measures.welfare(1), results.measures.welfare(2), 1e-7);
  EXPECT_NEAR(results.measures.welfare(1), results.burdens.at(0).welfare, 1e-7);
  EXPECT_NEAR(results.measures.deficit(1) - results.measures.deficit_base(1), results.burdens[0].transfer(0), 1e-9);
}

TEST(ScenarioRun, ThreadsDoNotChangeTheAnswer) {
  omp_set_num_threads(1);
  const RunResults once = run(kTariff);
  omp_set_num_threads(3);
  const RunResults again = run(kTariff);
  EXPECT_EQ(once.measures.welfare, again.measures.welfare);
  EXPECT_EQ(once.exact.percent, again.exact.percent);
}

TEST(ScenarioRun, APolicyThatDoesNotFitTheWorldIsWrongInput) {
  EXPECT_THROW(run("[[policy]]\nname=\"t\"\ninstrument=\"tariff\"\nimporters=\"C9\"\nexporters=\"all\"\nrate=0.4\n"),
               InputError);
}

}  // namespace
}  // namespace entrepot::testing
