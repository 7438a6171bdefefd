#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// By hand from tests/support/small_world.hpp. Indices are market, origin, sector.

namespace entrepot::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUnion =
    "[[policy]]\nname=\"p\"\ninstrument=\"customs_union\"\nmembers=[\"AAA\",\"BBB\"]\nexternal_tariff=";

/// AAA levies 25 % on the food of CCC, 10 at purchasers' prices, so 8 before duty; BBB buys 5 there free of duty.
World taxed_world() {
  World world = small_world();
  world.tariff(0, 2, 0) = 0.25;
  return world;
}

TEST(CustomsUnion, EndsDutiesInsideAndLeviesOneRateOutside) {
  const Shock shock = shock_of(kUnion + std::string("0.07\n"));
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.0);
  EXPECT_EQ(shock.tariff(0, 2, 0), 0.07);
  EXPECT_EQ(shock.tariff(1, 2, 1), 0.07);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.20);  // what outsiders levy is theirs
  EXPECT_EQ(shock.tariff(2, 2, 0), 0.0);
  EXPECT_TRUE(shock.iceberg.empty());
}

TEST(CustomsUnion, TheAverageIsWeightedByImportsBeforeDuty) {
  const Shock shock = shock_of(kUnion + std::string("\"average\"\n"), taxed_world());
  EXPECT_DOUBLE_EQ(shock.tariff(0, 2, 0), 2.0 / 13.0);
  EXPECT_DOUBLE_EQ(shock.tariff(1, 2, 0), 2.0 / 13.0);
  EXPECT_EQ(shock.tariff(1, 2, 1), 0.0);
}

TEST(CustomsUnion, TheOthersTakeTheLeadsTariff) {
  const std::string lead = kUnion + std::string("\"lead\"\nlead=");
  EXPECT_EQ(shock_of(lead + "\"AAA\"\n", taxed_world()).tariff(1, 2, 0), 0.25);
  const Shock other = shock_of(lead + "\"BBB\"\n", taxed_world());
  EXPECT_EQ(other.tariff(0, 2, 0), 0.0);
  EXPECT_EQ(other.tariff(1, 2, 0), 0.0);
}

TEST(CustomsUnion, WhereTheLeadBuysNothingItsAverageStands) {
  World world = World::of_shape({{"AAA", "", {}}, {"BBB", "", {}}, {"CCC", "", {}}, {"DDD", "", {}}}, {{"food", ""}});
  world.expenditure = Bilateral(4, 4, 1, 12.0);
  world.tariff = Bilateral(4, 4, 1);
  world.tariff(0, 2, 0) = 0.20;
  world.tariff(1, 3, 0) = 0.50;
  world.expenditure(0, 3, 0) = 0.0;  // AAA buys nothing from DDD
  const std::string lead = kUnion + std::string("\"lead\"\nlead=\"AAA\"\n");
  const Shock shock = shock_of(lead, world);
  EXPECT_EQ(shock.tariff(1, 2, 0), 0.20);
  EXPECT_DOUBLE_EQ(shock.tariff(1, 3, 0), 0.20);
  EXPECT_EQ(shock.tariff(0, 3, 0), 0.0);
  world.expenditure(0, 2, 0) = 0.0;
  world.tariff(0, 2, 0) = 0.0;
  EXPECT_EQ(shock_of(lead, world).tariff(1, 3, 0), 0.50) << "a lead without any tariff changes nothing";
}

TEST(CustomsUnion, SectorsMayHaveRulesOfTheirOwnAndOthersStay) {
  const Shock shock = shock_of(kUnion + std::string("{steel=0.04}\ncut={food=0.5}\n"), taxed_world());
  EXPECT_EQ(shock.tariff(0, 2, 0), 0.25);
  EXPECT_EQ(shock.tariff(0, 2, 1), 0.04);
  EXPECT_DOUBLE_EQ(shock.tariff(1, 0, 0), 0.05);
  const Shock mixed = shock_of(kUnion + std::string("{steel=0.04,all=\"average\"}\n"), taxed_world());
  EXPECT_DOUBLE_EQ(mixed.tariff(0, 2, 0), 2.0 / 13.0);
  EXPECT_EQ(mixed.tariff(0, 2, 1), 0.04);
}

TEST(CustomsUnion, KeepsWhatMembersLevyOnPartnersOfTheirOwn) {
  const Shock shock = shock_of(
      "[[policy]]\nname=\"p\"\ninstrument=\"customs_union\"\nmembers=[\"BBB\",\"CCC\"]\n"
      "external_tariff=0.5\nexclude_partners=\"AAA\"\n");
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.10);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.0);
}

TEST(CustomsUnion, PhasesInFromTheDutiesInForce) {
  const std::string steps = kUnion + std::string("0.05\nphase_in={2025=0.5,2030=1}\n");
  const auto shock = [&](const std::string& date) { return shock_of("date=" + date + "\n" + steps, taxed_world()); };
  EXPECT_DOUBLE_EQ(shock("2026-01-01").tariff(0, 2, 0), 0.15);
  EXPECT_DOUBLE_EQ(shock("2026-01-01").tariff(1, 0, 0), 0.05);
  EXPECT_EQ(shock("2031-01-01").tariff(0, 2, 0), 0.05);
  EXPECT_EQ(shock("2020-01-01").tariff.values(), taxed_world().tariff.values());
}

TEST(CustomsUnion, WhereItsTariffIsInForceItChangesNothing) {
  World world = taxed_world();
  world.tariff(1, 0, 0) = 0.0;
  world.tariff(0, 2, 0) = world.tariff(1, 2, 0) = 0.1;
  world.tariff(0, 2, 1) = world.tariff(1, 2, 1) = 0.3;
  for (const char* same : {"{food=0.1,steel=0.3}\n", "\"average\"\n", "\"lead\"\nlead=\"BBB\"\n",
                           "0.9\nphase_in={2030=0}\n", "0.9\nexclude_partners=\"CCC\"\n"})
    EXPECT_EQ(shock_of(kUnion + std::string(same), world).tariff.values(), world.tariff.values()) << same;
}

TEST(CustomsUnion, TwoBlocksOfSectorsEqualOne) {
  const std::string average = kUnion + std::string("\"average\"\n");
  const std::string second = std::string(average).replace(average.find("\"p\""), 3, "\"q\"");
  const Shock two = shock_of(average + "sectors=\"food\"\n" + second + "sectors=\"steel\"\n", taxed_world());
  EXPECT_EQ(two.tariff.values(), shock_of(average, taxed_world()).tariff.values());
}

TEST(CustomsUnion, TheAverageIsThatOfTheRatesInForce) {
  const Shock shock =
      shock_of("[[policy]]\nname=\"first\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"CCC\"\nrate=0.13\n" +
                   std::string(kUnion) + "\"average\"\n",
               taxed_world());
  EXPECT_DOUBLE_EQ(shock.tariff(0, 2, 0), (8 * 0.25 + 5 * 0.13) / 13.0);
}

TEST(CustomsUnion, IsExplainedInsideAndOutside) {
  const std::string text = explain(taxed_world(), scenario_of(kUnion + std::string("{food=\"average\"}\n")), blocs());
  EXPECT_THAT(text, HasSubstr("partners: CCC\n"));
  EXPECT_THAT(text, HasSubstr("between members: touches 4 flows worth 100.0 million USD"));
  EXPECT_THAT(text, HasSubstr("from outside: touches 2 flows worth 13.0 million USD"));
  EXPECT_THAT(text, HasSubstr("average tariff: 15.38 % -> 15.38 %"));
  EXPECT_THAT(text, HasSubstr("the members' average tariff: food 15.38 %\n"));
}

TEST(CustomsUnion, SaysWhatItCannotRead) {
  EXPECT_THAT(problems_of(kUnion + std::string("\"avrage\"\n")), HasSubstr("did you mean 'average'"));
  EXPECT_THAT(problems_of(kUnion + std::string("{food=7,steel=\"led\"}\n")), HasSubstr("did you mean 'lead'"));
  EXPECT_THAT(problems_of(kUnion + std::string("0.1\nlead=\"AAA\"\n")), HasSubstr("nobody follows it"));
  EXPECT_THAT(problems_of(kUnion + std::string("\"lead\"\nlead=\"WEST\"\n")),
              HasSubstr("2 countries; one is expected"));
  EXPECT_THAT(problems_of("[[policy]]\nname=\"p\"\ninstrument=\"customs_union\"\nmembers=\"AAA\"\n"
                          "external_tariff=0.1\n"),
              HasSubstr("no flow between two different countries"));
}

}  // namespace
}  // namespace entrepot::testing
