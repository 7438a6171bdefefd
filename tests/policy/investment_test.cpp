#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// By hand from tests/support/small_world.hpp: AAA's receipts are 140 from food and 85 from steel, three fifths of which
// are value added: 84 and 51.

namespace entrepot::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kVenture =
    "[[policy]]\nname=\"p\"\ninstrument=\"investment\"\nhost=\"AAA\"\ninvestors=[\"BBB\",\"CCC\"]\nsplit=\"equal\"\n"
    "annual_return=0.1\n";

TEST(Investment, InConstructionOnlyMoneyMoves) {
  const Shock shock = shock_of(std::string(kVenture) + "amount_million_usd=40\nstage=\"construction\"\n");
  EXPECT_EQ(shock.productivity.size(), 0);
  EXPECT_DOUBLE_EQ(shock.transfer(0), 40.0);
  EXPECT_DOUBLE_EQ(shock.transfer(1), -20.0);
  EXPECT_DOUBLE_EQ(shock.transfer(2), -20.0);
}

TEST(Investment, InOperationCapacityGrowsAndProfitsFlow) {
  // Capital earns 0.1, so a share of 0.25 of 84 is that of 210: 420 more make three times as much.
  const Shock shock = shock_of(std::string(kVenture) +
                               "sectors=\"food\"\namount_million_usd=420\ncapital_share=0.25\nrepatriated=0.5\n");
  EXPECT_DOUBLE_EQ(shock.productivity(0, 0), std::pow(3.0, 0.25));
  EXPECT_EQ(shock.productivity(0, 1), 1.0);
  EXPECT_EQ(shock.productivity(1, 0), 1.0);
  const double profit = 42.0 * std::pow(3.0, -0.75);
  EXPECT_DOUBLE_EQ(shock.transfer(0), -0.5 * profit);
  EXPECT_DOUBLE_EQ(shock.transfer(1), 0.25 * profit);
  EXPECT_DOUBLE_EQ(shock.transfer(2), 0.25 * profit);
}

TEST(Investment, ItsCapitalEarnsItsShareOfWhatTheSectorMakes) {
  // Two thirds of the capital above are new, and capital earns a quarter of the value added.
  const Shock shock =
      shock_of(std::string(kVenture) + "sectors=\"food\"\namount_million_usd=420\ncapital_share=0.25\n");
  EXPECT_DOUBLE_EQ(-shock.transfer(0), 2.0 / 3.0 * 0.25 * 84.0 * shock.productivity(0, 0));
}

TEST(Investment, WithConstantReturnsValueAddedGrowsByWhatTheCapitalEarns) {
  const Shock shock = shock_of(std::string(kVenture) + "amount_million_usd=27\ncapital_share=1\n");
  EXPECT_DOUBLE_EQ(shock.productivity(0, 0), 1.0 + 2.7 / 135.0);  // 84 + 51
  EXPECT_DOUBLE_EQ(shock.productivity(0, 1), shock.productivity(0, 0));
  EXPECT_DOUBLE_EQ(shock.transfer(0), -2.7);
}

TEST(Investment, ToFirstOrderTheCapitalShareDoesNotMatter) {
  // Halve the amount: what second order leaves falls to a quarter.
  const auto gap = [](double amount) {
    const std::string venture = std::string(kVenture) + "amount_million_usd=" + std::to_string(amount) + "\n";
    return 1.0 + 0.1 * amount / 135.0 - shock_of(venture + "capital_share=0.3\n").productivity(0, 0);
  };
  EXPECT_GT(gap(2.0), 0.0);
  EXPECT_NEAR(gap(2.0) / gap(1.0), 4.0, 0.02);
}

TEST(Investment, TwoBlocksOfSectorsEqualOne) {
  const std::string venture = std::string(kVenture) + "sectors=[\"food\"]\namount_million_usd=84\n";
  const Shock one = shock_of(std::string(kVenture) + "amount_million_usd=135\n");
  const Shock two = shock_of(venture + std::string(kVenture).replace(16, 3, "\"q\"") +
                             "sectors=[\"steel\"]\namount_million_usd=51\n");
  EXPECT_LT((one.productivity - two.productivity).cwiseAbs().maxCoeff(), 1e-14);
  EXPECT_LT((one.transfer - two.transfer).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(Investment, AKnownProductivityTakesThePlaceOfTheDerivedOne) {
  const Shock shock = shock_of(std::string(kVenture) + "sectors=\"steel\"\namount_million_usd=50\nproductivity=0.07\n");
  EXPECT_EQ(shock.productivity(0, 1), 1.07);
  EXPECT_DOUBLE_EQ(shock.transfer(0), -5.0);
}

TEST(Investment, OfNothingChangesNothing) {
  for (const char* stage : {"stage=\"construction\"\n", "stage=\"operation\"\n"}) {
    const Shock shock = shock_of(std::string(kVenture) + "amount_million_usd=0\n" + stage);
    EXPECT_EQ(shock.transfer, Vector(Vector::Zero(3))) << stage;
    EXPECT_TRUE((shock.productivity.array() == 1.0).all()) << stage;
  }
}

TEST(Investment, IsExplained) {
  const std::string text = explain(
      small_world(), scenario_of(std::string(kVenture) + "sectors=\"food\"\namount_million_usd=84\ncapital_share=1\n"),
      blocs());
  EXPECT_THAT(text, HasSubstr("host: AAA\n     sectors: food\n     investors: BBB, CCC\n"));
  EXPECT_THAT(text, HasSubstr("productivity +10.00 % where 84.0 million USD of value added is made"));
  EXPECT_THAT(text, HasSubstr("million USD a year: AAA -8.4, BBB +4.2, CCC +4.2"));
  EXPECT_THAT(text, HasSubstr("+10.00 % capital and, at base-year prices, +8.4 million USD of value added a year; the "
                              "new capital earns 8.4"));
}

TEST(Investment, SaysWhatItCannotRead) {
  const std::string amount = "amount_million_usd=1\n";
  const auto with_host = [&](const std::string& host) {
    return problems_of("[[policy]]\nname=\"p\"\ninstrument=\"investment\"\nhost=\"" + host +
                       "\"\ninvestors=\"BBB\"\nannual_return=0.1\namount_million_usd=1\n");
  };
  EXPECT_THAT(with_host("WEST"), HasSubstr("'WEST' are 2 countries; one is expected"));
  EXPECT_THAT(with_host("BBB"), HasSubstr("BBB is on both sides"));
  EXPECT_THAT(with_host("AAB"), HasSubstr("did you mean 'AAA'"));
  EXPECT_THAT(problems_of(std::string(kVenture) + amount + "capital_share=0\n"), HasSubstr("above 0 and at most 1"));
  EXPECT_THAT(problems_of(std::string(kVenture) + amount + "stage=\"operations\"\n"),
              HasSubstr("did you mean 'operation'"));
  World idle = small_world();
  idle.value_added(0, 1) = 0.0;
  EXPECT_EQ(problems_of(std::string(kVenture) + amount + "sectors=\"steel\"\n", idle),
            "policy.p.sectors: AAA makes nothing in these sectors in the base year, so that nothing can grow\n");
}

}  // namespace
}  // namespace entrepot::testing
