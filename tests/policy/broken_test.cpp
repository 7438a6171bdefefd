#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios.hpp"

// Every X.toml in tests/policy/broken is a scenario with mistakes; X.expected is the whole message a user sees. To
// write the messages anew after a change of wording, run with ENTREPOT_UPDATE=1 and read the difference.

namespace entrepot::testing {
namespace {

std::vector<std::string> broken_scenarios() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(tests_folder() + "/policy/broken"))
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// What a user sees of this file: everything up to the shock, against a world in which LUX is part of CCC.
std::string message(const std::string& file) {
  try {
    const Scenario scenario = read_scenario(file);
    find_baseline_folder(scenario, "../data");
    const BlocTable table = apply_blocs(blocs(), scenario, small_world_with_region());
    const World world = add_zones(apply_model_options(small_world_with_region(), scenario), scenario, table);
    compile_reference(world, scenario, table);
    compile_policies(world, scenario, table);
  } catch (const InputError& error) {
    return std::string(error.what()) + "\n";
  }
  return "no problem\n";
}

class BrokenScenario : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    before_ = std::filesystem::current_path();
    std::filesystem::current_path(tests_folder() + "/policy");
  }
  void TearDown() override { std::filesystem::current_path(before_); }

 private:
  std::filesystem::path before_;
};

TEST_P(BrokenScenario, IsReportedWithItsPlaceAndWording) {
  const std::string expected_file = "broken/" + GetParam() + ".expected";
  const std::string found = message("broken/" + GetParam() + ".toml");
  if (std::getenv("ENTREPOT_UPDATE") != nullptr) std::ofstream(expected_file, std::ios::binary) << found;
  std::ifstream stream(expected_file, std::ios::binary);
  ASSERT_TRUE(stream.good()) << expected_file << " is missing";
  EXPECT_EQ(found, std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>()));
}

INSTANTIATE_TEST_SUITE_P(Files, BrokenScenario, ::testing::ValuesIn(broken_scenarios()), [](const auto& scenario) {
  std::string name = scenario.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
});

}  // namespace
}  // namespace entrepot::testing
