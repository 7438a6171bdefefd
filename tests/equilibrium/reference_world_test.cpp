#include <gtest/gtest.h>

#include "equilibrium/solve.hpp"
#include "policy/scenarios.hpp"

// Scenarios solved in two steps, as the program does: the reference world first, then the policies against it.

namespace entrepot::testing {
namespace {

constexpr double kTolerance = 1e-8;

constexpr const char* kEarlier =
    "[[LIST]]\nname=\"a\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"all\"\naction=\"add\"\nrate=0.05\n"
    "[[LIST]]\nname=\"b\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\nsectors=\"food\"\ncoverage=0.3\n"
    "[[LIST]]\nname=\"c\"\ninstrument=\"export_tax\"\nimporters=\"all\"\nexporters=\"CCC\"\nrate=0.1\n"
    "[[LIST]]\nname=\"d\"\ninstrument=\"transfer\"\nfrom=\"AAA\"\nto=\"BBB\"\namount_million_usd=3\n";

constexpr const char* kLater =
    "[[policy]]\nname=\"e\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"AAA\"\naction=\"multiply\"\nrate=0."
    "5\n"
    "[[policy]]\nname=\"f\"\ninstrument=\"ntb\"\nimporters=\"all\"\nexporters=\"AAA\"\nsectors=\"steel\"\ncost=0.2\n"
    "[[policy]]\nname=\"g\"\ninstrument=\"embargo\"\nsenders=\"BBB\"\ntargets=\"CCC\"\ncoverage=0.5\n"
    "[[policy]]\nname=\"h\"\ninstrument=\"productivity\"\ncountries=\"CCC\"\nchange=0.1\n";

std::string in_list(std::string text, const std::string& list) {
  for (std::size_t k = text.find("LIST"); k != std::string::npos; k = text.find("LIST")) text.replace(k, 4, list);
  return text;
}

World solved(const World& world, const Shock& shock) {
  const Solution solution = solve(world, shock);
  EXPECT_TRUE(solution.report.solved()) << solution.report.sentence;
  return rebase(world, shock, solution.equilibrium);
}

void expect_same_flows(const World& a, const World& b) {
  ASSERT_EQ(a.expenditure.values().size(), b.expenditure.values().size());
  for (std::size_t k = 0; k < a.expenditure.values().size(); ++k)
    EXPECT_NEAR(a.expenditure.values()[k], b.expenditure.values()[k], kTolerance * (1.0 + b.expenditure.values()[k]))
        << k;
}

TEST(ReferenceWorld, TwoStepsArriveWhereOneDoes) {
  const Scenario apart = scenario_of(in_list(kEarlier, "reference.policy") + kLater);
  const Scenario together = scenario_of(in_list(kEarlier, "policy") + kLater);
  const World base = small_world();
  const World reference = solved(base, compile_reference(base, apart, blocs()));
  expect_same_flows(solved(reference, compile_policies(reference, apart, blocs())),
                    solved(base, compile_policies(base, together, blocs())));
}

TEST(ReferenceWorld, ATariffItHasAlreadyChangesNothing) {
  const std::string wall = "name=\"NAME\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"all\"\nrate=0.3\n";
  const Scenario scenario = scenario_of("[[reference.policy]]\n" + std::string(wall).replace(6, 4, "one") +
                                        "[[policy]]\n" + std::string(wall).replace(6, 4, "two"));
  const World base = small_world();
  const World reference = solved(base, compile_reference(base, scenario, blocs()));
  EXPECT_NE(reference.expenditure(1, 0, 0), base.expenditure(1, 0, 0));
  expect_same_flows(solved(reference, compile_policies(reference, scenario, blocs())), reference);
}

TEST(ReferenceWorld, ABalancedOneHasNoDeficitsAndKeepsNone) {
  const Scenario scenario = scenario_of(std::string("[reference]\nclosure=\"balanced\"\n") + kLater);
  const World base = small_world();
  EXPECT_GT(base.deficit.cwiseAbs().maxCoeff(), 1.0);
  const World reference = solved(base, compile_reference(base, scenario, blocs()));
  EXPECT_LT(reference.deficit.cwiseAbs().maxCoeff(), kTolerance);
  EXPECT_LT(solved(reference, compile_policies(reference, scenario, blocs())).deficit.cwiseAbs().maxCoeff(),
            kTolerance);
}

TEST(ReferenceWorld, TransfersOfABalancedOneAreInForceInBothWorlds) {
  const Scenario scenario = scenario_of(
      "[reference]\nclosure=\"balanced\"\n[[reference.policy]]\nname=\"aid\"\ninstrument=\"transfer\"\nfrom=\"AAA\"\n"
      "to=\"BBB\"\namount_million_usd=3\n" +
      std::string(kLater));
  const World base = small_world();
  const World reference = solved(base, compile_reference(base, scenario, blocs()));
  EXPECT_NEAR(reference.deficit(1), 3.0, kTolerance);
  const World after = solved(reference, compile_policies(reference, scenario, blocs()));
  EXPECT_LT((after.deficit - reference.deficit).cwiseAbs().maxCoeff(), kTolerance);
}

}  // namespace
}  // namespace entrepot::testing
