// Every scenario that ships, as a user would run it: it says its question and sources, fits its baseline, can be
// explained and has an equilibrium.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "policy/explain.hpp"
#include "study/scenario_run.hpp"

namespace entrepot::testing {
namespace {

const std::filesystem::path kSource = ENTREPOT_SOURCE_DIR;

std::vector<std::filesystem::path> shipped_scenarios() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSource / "scenarios"))
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
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
  const BlocTable blocs = BlocTable::read((kSource / "data" / "blocs.csv").string());
  const std::string text =
      explain(add_zones(apply_model_options(baseline.world, scenario), scenario, blocs), scenario, blocs);
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

}  // namespace
}  // namespace entrepot::testing
