#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// By hand from tests/support/small_world.hpp. Trade before duty: BBB's is 30 + 20 of food from and to AAA, 20 + 30 of
// steel, and with CCC 10 + 5 of food, 20 + 10 of steel: 100 of 145 is with AAA.

namespace entrepot::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;

constexpr const char* kSanctions =
    "[[policy]]\nname=\"f\"\ninstrument=\"financial_sanctions\"\nsenders=\"AAA\"\ntargets=\"CCC\"\n";

TEST(FinancialSanctions, CostTradeWithSendersAndWithTheExposed) {
  const Shock shock = shock_of(std::string(kSanctions) + "cost={food=0.2,steel=0.1}\nspillover=0.5\n");
  EXPECT_EQ(shock.iceberg(2, 0, 0), 1.2);
  EXPECT_EQ(shock.iceberg(0, 2, 0), 1.2);
  EXPECT_EQ(shock.iceberg(2, 0, 1), 1.1);
  EXPECT_DOUBLE_EQ(shock.iceberg(2, 1, 0), 1.0 + 0.2 * 0.5 * 100.0 / 145.0);
  EXPECT_DOUBLE_EQ(shock.iceberg(1, 2, 1), 1.0 + 0.1 * 0.5 * 100.0 / 145.0);
  EXPECT_EQ(shock.iceberg(1, 0, 0), 1.0);  // between senders and third countries
  EXPECT_EQ(shock.iceberg(2, 2, 0), 1.0);
}

TEST(FinancialSanctions, CloseADeficitAndNoSurplus) {
  const World world = small_world();
  for (Index n = 0; n < 3; ++n) {
    const std::string target = world.countries[static_cast<std::size_t>(n)].code, sender = n == 0 ? "BBB" : "AAA";
    const std::string policy = "[[policy]]\nname=\"f\"\ninstrument=\"financial_sanctions\"\nsenders=\"" + sender +
                               "\"\ntargets=\"" + target + "\"\ncost=0.1\ndeficit_closed=";
    const Shock shock = shock_of(policy + "0.5\n");
    ASSERT_EQ(shock.closed_deficit.size(), 3);
    EXPECT_EQ(shock.closed_deficit(n), world.deficit(n) > 0.0 ? 0.5 : 0.0) << target;
    EXPECT_EQ(shock.closed_deficit.sum(), shock.closed_deficit(n));
    EXPECT_EQ(shock_of(policy + "0\n").closed_deficit.size(), 0);
    const std::string text = explain(world, scenario_of(policy + "0.5\n"), blocs());
    EXPECT_THAT(
        text, HasSubstr(world.deficit(n) > 0.0 ? target + " 0.00 % -> 50.00 % of " : target + ": no deficit to close"));
  }
  ASSERT_TRUE((world.deficit.array() > 1.0).any() && (world.deficit.array() < -1.0).any());
}

TEST(FinancialSanctions, CheckNamesTheExposed) {
  EXPECT_THAT(explain(small_world(), scenario_of(std::string(kSanctions) + "cost=0.1\n"), blocs()),
              HasSubstr("third countries by their exposure to the senders: BBB 68.97 %"));
}

TEST(FinancialSanctions, WithoutStrengthChangeNothing) {
  const Shock shock = shock_of(std::string(kSanctions) + "cost=0\ndeficit_closed=0\n");
  EXPECT_THAT(shock.iceberg.values(), Each(1.0));
  EXPECT_EQ(shock.closed_deficit.size(), 0);
  const Shock alone = shock_of(std::string(kSanctions) + "cost=0.1\nspillover=0\n");
  EXPECT_EQ(alone.iceberg(2, 1, 0), 1.0);
}

TEST(FinancialSanctions, TwoBlocksOfSectorsEqualOne) {
  const std::string second = std::string(kSanctions).replace(std::string(kSanctions).find("\"f\""), 3, "\"g\"");
  const Shock one = shock_of(std::string(kSanctions) + "cost={food=0.2,steel=0.1}\n");
  const Shock two = shock_of(kSanctions + ("cost=0.2\nsectors=\"food\"\n" + second) + "cost=0.1\nsectors=\"steel\"\n");
  EXPECT_EQ(one.iceberg.values(), two.iceberg.values());
}

TEST(FinancialSanctions, WrongInput) {
  EXPECT_THAT(problems_of(std::string(kSanctions) + "cost=15\nspillover=2\n"),
              HasSubstr("policy.f.spillover: this is 2"));
  EXPECT_THAT(problems_of(std::string(kSanctions)), HasSubstr("policy.f.cost: this key is missing"));
  EXPECT_THAT(problems_of(std::string(kSanctions) + "cost={stel=0.1}\n"),
              HasSubstr("there is no sector 'stel' in this baseline; did you mean 'steel'?"));
  EXPECT_THAT(problems_of("[[policy]]\nname=\"f\"\ninstrument=\"financial_sanctions\"\nsenders=\"AAA\"\n"
                          "targets=\"AAA\"\ncost=0.1\n"),
              HasSubstr("policy.f.targets: senders and targets are the same: AAA"));
  EXPECT_THAT(explain(small_world(),
                      scenario_of("[reference]\nclosure=\"balanced\"\n[[policy]]\nname=\"f\"\n"
                                  "instrument=\"financial_sanctions\"\nsenders=[\"AAA\",\"BBB\"]\ntargets=[\"BBB\","
                                  "\"CCC\"]\ncost=0.1\n"),
                      blocs()),
              AllOf(HasSubstr("BBB: sender and target at once"), HasSubstr("so there is no deficit to close")));
}

}  // namespace
}  // namespace entrepot::testing
