#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// By hand from tests/support/small_world.hpp: BBB levies 10 % on food from AAA, CCC 20 % on steel from BBB. Indices are
// market, origin, sector.

namespace entrepot::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

constexpr const char* kAgreement =
    "[[policy]]\nname=\"p\"\ninstrument=\"free_trade_agreement\"\nmembers=[\"AAA\",\"BBB\",\"CCC\"]\n";

TEST(FreeTradeAgreement, EndsDutiesAmongItsMembers) {
  const Shock shock = shock_of(kAgreement);
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.0);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.0);
  EXPECT_TRUE(shock.iceberg.empty());
}

TEST(FreeTradeAgreement, BetweenTwoSidesLeavesTradeWithinThemAlone) {
  const Shock shock = shock_of(
      "[[policy]]\nname=\"p\"\ninstrument=\"free_trade_agreement\"\nmembers=[\"BBB\",\"CCC\"]\npartners=[\"AAA\"]\n");
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.0);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.20);  // between two members
}

TEST(FreeTradeAgreement, CutsWhatIsCoveredAndClaimed) {
  const Shock shock = shock_of(std::string(kAgreement) + "cut={food=0.5,all=1}\ncovered=0.8\nuse_rate=0.5\n");
  EXPECT_DOUBLE_EQ(shock.tariff(1, 0, 0), 0.10 - 0.4 * 0.05);
  EXPECT_DOUBLE_EQ(shock.tariff(2, 1, 1), 0.20 - 0.4 * 0.20);
}

TEST(FreeTradeAgreement, ASectorThatItsScheduleDoesNotNameKeepsItsDuty) {
  EXPECT_EQ(shock_of(std::string(kAgreement) + "cut={steel=1}\n").tariff(1, 0, 0), 0.10);
}

TEST(FreeTradeAgreement, NobodyProvesOriginWhereThatCostsMoreThanTheDuty) {
  const Shock shock = shock_of(std::string(kAgreement) + "origin_cost=0.15\nuse_rate=0.5\n");
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.10);
  EXPECT_EQ(shock.iceberg(1, 0, 0), 1.0);
  EXPECT_DOUBLE_EQ(shock.tariff(2, 1, 1), 0.10);
  EXPECT_DOUBLE_EQ(shock.iceberg(2, 1, 1) * 1.10, 0.5 * 1.20 + 0.5 * 1.15);
  EXPECT_EQ(shock.iceberg(0, 1, 1), 1.0);  // no duty, no claim
}

TEST(FreeTradeAgreement, TheMoreClaimItTheLessIsPaid) {
  // The duty saved, 0.10, hardly pays for the proof of origin, 0.0905.
  double paid = 1.10;
  for (const char* rate : {"0.01", "0.1", "0.5", "0.9", "1"}) {
    const Shock shock = shock_of(kAgreement + std::string("origin_cost=0.0905\nuse_rate=") + rate + "\n");
    const double now = (1.0 + shock.tariff(1, 0, 0)) * shock.iceberg(1, 0, 0);
    EXPECT_LT(now, paid) << rate;
    paid = now;
  }
  EXPECT_DOUBLE_EQ(paid, 1.0905);
}

TEST(FreeTradeAgreement, PhasesInByTheScenariosYear) {
  const auto tariff = [](const std::string& date) {
    return shock_of(date + kAgreement + "phase_in={2025=0.5,2030=1}\n").tariff(2, 1, 1);
  };
  EXPECT_EQ(tariff("date=2024-12-31\n"), 0.20);
  EXPECT_EQ(tariff("date=2025-05-15\n"), 0.10);
  EXPECT_EQ(tariff("date=2029-01-01\n"), 0.10);
  EXPECT_EQ(tariff("date=2031-01-01\n"), 0.0);
  EXPECT_EQ(tariff(""), 0.0);
}

TEST(FreeTradeAgreement, AtZeroStrengthLeavesEveryRateAsItWas) {
  for (const char* zero : {"cut=0\n", "covered=0\n", "use_rate=0\n", "cut={all=0}\n"}) {
    const Shock shock = shock_of(std::string(kAgreement) + zero + "origin_cost=0.01\n");
    EXPECT_EQ(shock.tariff.values(), small_world().tariff.values()) << zero;
    EXPECT_THAT(shock.iceberg.values(), Each(1.0)) << zero;
  }
}

TEST(FreeTradeAgreement, SaysWhatItCannotRead) {
  EXPECT_THAT(problems_of(std::string(kAgreement) + "cut={foot=1}\n"), HasSubstr("did you mean 'food'"));
  EXPECT_THAT(problems_of(std::string(kAgreement) + "cut={food=2}\n"), HasSubstr("policy.p.cut.food"));
  EXPECT_THAT(problems_of(std::string(kAgreement) + "sectors=\"food\"\ncut={steel=1}\n"),
              HasSubstr("'steel' is not among the sectors that this policy covers"));
  EXPECT_THAT(problems_of(std::string(kAgreement) + "phase_in={soon=1}\n"), HasSubstr("'soon' is not a year"));
  EXPECT_THAT(problems_of(std::string(kAgreement) + "phase_in={2025=50}\n"), HasSubstr("is 0.5 (50 %) meant?"));
  EXPECT_THAT(problems_of(std::string(kAgreement) + "phase_in={}\n"), HasSubstr("no year is given"));
}

TEST(FreeTradeAgreement, IsExplainedWithBothItsEffects) {
  // Two parts of the shock on the same flows: counted once.
  const std::string text =
      explain(small_world(), scenario_of(std::string(kAgreement) + "origin_cost=0.02\nuse_rate=0.5\n"), blocs());
  EXPECT_THAT(text, HasSubstr("average tariff"));
  EXPECT_THAT(text, HasSubstr("average change of trade cost"));
  EXPECT_EQ(text.find("touches"), text.rfind("touches"));
}

constexpr const char* kEmbargo =
    "[[policy]]\nname=\"p\"\ninstrument=\"embargo\"\nsenders=[\"AAA\"]\ntargets=[\"CCC\"]\n";

TEST(EmbargoBySector, CoversTheSectorsOfItsTableAsFarAsItIsEnforced) {
  const Shock shock = shock_of(std::string(kEmbargo) + "coverage={steel=0.5}\nenforcement=0.8\n");
  EXPECT_EQ(shock.open_share(2, 0, 0), 1.0);
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 1), 0.6);
  const Shock rest = shock_of(std::string(kEmbargo) + "coverage={steel=0.5,all=1}\n");
  EXPECT_EQ(rest.open_share(2, 0, 0), 0.0);
  EXPECT_EQ(rest.open_share(2, 0, 1), 0.5);
}

TEST(EmbargoBySector, TouchesOnlyWhatItCovers) {
  const std::string second = std::string(kEmbargo).replace(std::string(kEmbargo).find("\"p\""), 3, "\"q\"");
  const std::string text = explain(
      small_world(), scenario_of(std::string(kEmbargo) + "coverage={food=0.3}\n" + second + "coverage={steel=0.7}\n"),
      blocs());
  EXPECT_THAT(text, HasSubstr("touches 2 flows worth 20.0 million USD"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("on top of")));
}

TEST(EmbargoBySector, TwoBlocksOfSectorsEqualOne) {
  const Shock one = shock_of(std::string(kEmbargo) + "coverage={food=0.3,steel=0.7}\n");
  const std::string second = std::string(kEmbargo).replace(std::string(kEmbargo).find("\"p\""), 3, "\"q\"");
  const Shock two = shock_of(std::string(kEmbargo) + "coverage={food=0.3}\n" + second + "coverage={steel=0.7}\n");
  EXPECT_EQ(one.open_share.values(), two.open_share.values());
}

TEST(EmbargoBySector, WithoutCoverageOrEnforcementChangesNothing) {
  for (const char* zero : {"coverage=0\n", "enforcement=0\n", "coverage={all=0}\n", "coverage={food=0}\n"})
    EXPECT_THAT(shock_of(std::string(kEmbargo) + zero).open_share.values(), Each(1.0)) << zero;
}

TEST(CustomsCooperation, SavesTheCostOfItsDays) {
  const std::string policy =
      "[[policy]]\nname=\"p\"\ninstrument=\"customs_cooperation\"\nmembers=[\"AAA\",\"BBB\"]\nsectors=\"all\"\n";
  const Shock shock = shock_of(policy + "days_saved=2\ncost_of_day={food=0.02}\n");
  EXPECT_DOUBLE_EQ(shock.iceberg(0, 1, 0), 1.0 / (1.02 * 1.02));
  EXPECT_EQ(shock.iceberg(0, 1, 1), 1.0);
  EXPECT_EQ(shock.iceberg(0, 2, 0), 1.0);
  EXPECT_DOUBLE_EQ(shock_of(policy + "days_saved=1\n").iceberg(1, 0, 1), 1.0 / 1.006);
  EXPECT_THAT(shock_of(policy + "days_saved=0\n").iceberg.values(), Each(1.0));
}

TEST(Corridor, SavesDaysForTheShareThatUsesItAndTakesItsFee) {
  const std::string policy =
      "[[policy]]\nname=\"p\"\ninstrument=\"corridor\"\nfrom=[\"AAA\"]\nto=[\"CCC\"]\nsectors=[\"food\"]\n"
      "days_now=40\n";
  const Shock shock = shock_of(policy + "days_corridor=25\ncost_of_day=0.01\nuse_rate=0.4\nfee=0.05\n");
  const double saved = 1.0 - 0.4 * (1.0 - std::pow(1.01, -15.0));
  EXPECT_DOUBLE_EQ(shock.iceberg(0, 2, 0), saved * 1.02);
  EXPECT_DOUBLE_EQ(shock.iceberg(2, 0, 0), saved * 1.02);
  EXPECT_EQ(shock.iceberg(2, 0, 1), 1.0);
  EXPECT_EQ(shock.iceberg(1, 0, 0), 1.0);
  for (const char* idle : {"days_corridor=25\nuse_rate=0\nfee=0.05\n", "days_corridor=50\nfee=0.05\n"})
    EXPECT_THAT(shock_of(policy + idle).iceberg.values(), Each(1.0)) << idle;
  EXPECT_THAT(explain(small_world(), scenario_of(policy + "days_corridor=50\n"), blocs()), HasSubstr("no faster"));
}

TEST(AssetFreeze, MovesWhatTheAssetsEarn) {
  const std::string policy =
      "[[policy]]\nname=\"p\"\ninstrument=\"asset_freeze\"\nowners=[\"CCC\"]\nassets_million_usd=200\n"
      "annual_return=0.02\nsplit=\"equal\"\n";
  const Shock shock = shock_of(policy + "holders=[\"AAA\",\"BBB\"]\n");
  EXPECT_DOUBLE_EQ(shock.transfer(2), -4.0);
  EXPECT_DOUBLE_EQ(shock.transfer(0), 2.0);
  EXPECT_DOUBLE_EQ(shock.transfer(1), 2.0);
  EXPECT_THAT(problems_of(policy + "holders=[\"AAA\",\"CCC\"]\n"), HasSubstr("CCC is on both sides"));
}

}  // namespace
}  // namespace entrepot::testing
