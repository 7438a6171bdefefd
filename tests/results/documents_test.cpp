#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "results/describe_results.hpp"
#include "text/toml_document.hpp"

namespace entrepot::testing {
namespace {

// To bring the page up to date, run this test once with ENTREPOT_UPDATE=1 in the environment.
TEST(Documents, ResultVariablesAreDescribedAsTheyAre) {
  const std::string path = std::string(ENTREPOT_SOURCE_DIR) + "/docs/result-variables.md";
  if (std::getenv("ENTREPOT_UPDATE") != nullptr) std::ofstream(path) << describe_result_variables();
  EXPECT_EQ(read_text(path), describe_result_variables()) << "run this test with ENTREPOT_UPDATE=1";
}

}  // namespace
}  // namespace entrepot::testing
