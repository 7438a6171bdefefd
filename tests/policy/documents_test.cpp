#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "policy/describe.hpp"
#include "text/toml_document.hpp"

// The pages under docs/ that the program writes itself. To bring them up to date, run this test once with
// ENTREPOT_UPDATE=1 in the environment.

namespace entrepot::testing {
namespace {

void expect_page(const std::string& name, const std::string& text) {
  const std::string path = std::string(ENTREPOT_SOURCE_DIR) + "/docs/" + name;
  if (std::getenv("ENTREPOT_UPDATE") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(read_text(path), text) << "run this test with ENTREPOT_UPDATE=1 to write docs/" << name << " anew";
}

TEST(Documents, InstrumentsAreDescribedAsTheyAre) { expect_page("instruments.md", describe_instruments()); }

TEST(Documents, TheScenarioFileIsDescribedAsItIs) { expect_page("scenario.md", describe_scenario_file()); }

}  // namespace
}  // namespace entrepot::testing
