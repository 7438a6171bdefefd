// Every scenario that ships, as a user would run it: it says its question and sources, fits its baseline, can be
// explained and has an equilibrium.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "policy/explain.hpp"
#include "study/scenario_run.hpp"
#include "study/study_rows.hpp"

namespace entrepot::testing {
namespace {

const std::filesystem::path kSource = ENTREPOT_SOURCE_DIR;

std::vector<std::filesystem::path> shipped_scenarios() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSource / "scenarios"))
    if (const std::filesystem::path folder = entry.path().parent_path().filename();
        entry.path().extension() == ".toml" && folder != "studies" && folder != "optima")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class ShippedScenario : public ::testing::TestWithParam<std::filesystem::path> {};

TEST_P(ShippedScenario, SaysWhatItAsksAndHasAnAnswer) {
  const Scenario scenario = read_scenario(GetParam());
  EXPECT_FALSE(scenario.title.empty());
  EXPECT_FALSE(scenario.question.empty());
  EXPECT_FALSE(scenario.sources.empty());
  EXPECT_FALSE(scenario.notes.empty());
  const Baseline baseline = read_baseline(find_baseline_folder(scenario, kSource / "data"));
  const BlocTable blocs = BlocTable::read((kSource / "data" / "blocs.csv").string()),
                  own = apply_blocs(blocs, scenario, baseline.world);
  const std::string text =
      explain(add_zones(apply_model_options(baseline.world, scenario), scenario, own), scenario, own);
  EXPECT_EQ(text.find("changes nothing"), std::string::npos) << text;
  const RunResults run = run_scenario(scenario, baseline, blocs);
  ASSERT_TRUE(run.report.solved()) << run.report.sentence;
  EXPECT_FALSE(run.exact.empty()) << run.report.sentence;
  EXPECT_GT(run.measures.welfare.cwiseAbs().maxCoeff(), 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Files, ShippedScenario, ::testing::ValuesIn(shipped_scenarios()), [](const auto& scenario) {
  std::string name = scenario.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

constexpr std::size_t kCompared = 16;  ///< rows of a study that are solved by themselves too

/// Every study that ships, a few of its draws.
TEST(ShippedStudies, SayWhatTheyAskAndHaveAnswers) {
  int studies = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kSource / "scenarios" / "studies")) {
    if (entry.path().extension() != ".toml") continue;
    SCOPED_TRACE(entry.path().filename());
    ++studies;
    std::vector<std::string> overrides{"measures=[\"welfare\"]"};
    const bool all_combinations = read_study(entry.path()).design.method == SampleMethod::kGrid;
    if (!all_combinations) overrides.emplace_back("sample.draws=4");
    const Study study = read_study(entry.path(), overrides);
    EXPECT_FALSE(study.title.empty());
    EXPECT_FALSE(study.question.empty());
    EXPECT_FALSE(study.sources.empty());
    EXPECT_FALSE(study.notes.empty());
    const Scenario plain = make_scenario(study.scenario, study.scenario_file);
    const Baseline baseline = read_baseline(find_baseline_folder(plain, kSource / "data"));
    const BlocTable blocs = BlocTable::read((kSource / "data" / "blocs.csv").string());
    const StudyScenarios scenarios(study, baseline.world, blocs);
    const StudyRows rows(scenarios, baseline, blocs);
    EXPECT_TRUE(rows.batched());
    std::vector<RowResult> results(static_cast<std::size_t>(scenarios.design().rows()));
    rows.evaluate(0, results);
    for (std::size_t row = 0; row < results.size(); ++row) {
      ASSERT_EQ(results[row].status, SolveStatus::kSolved) << row << ": " << results[row].sentence;
      if (row % std::max<std::size_t>(1, results.size() / kCompared) != 0) continue;
      // The same by the single solver.
      const Scenario one = scenarios.scenario(static_cast<Index>(row));
      const RunResults run = run_scenario(one, baseline, blocs);
      const std::vector<double> expected = rows.measures().pick(run.measures);
      for (std::size_t k = 0; k < expected.size(); ++k)
        EXPECT_NEAR(results[row].values[k], expected[k], 1e-7) << row;  // per cent: 1e-9 of income
    }
  }
  EXPECT_GT(studies, 0);
}

}  // namespace
}  // namespace entrepot::testing
