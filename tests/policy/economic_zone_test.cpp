#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"
#include "world/split_zone.hpp"

namespace entrepot::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// CCC makes 55 of steel (5 + 10 + 40); the park, location 3, makes 16.5 and uses 3.3 of food and of steel. CCC spends
/// 79 on steel, 24 of that on BBB's, of which 4 are the duty of 20 %.
constexpr const char* kPark =
    "[[policy]]\nname=\"park\"\ninstrument=\"economic_zone\"\nhost=\"CCC\"\nsectors=\"steel\"\nshare=0.3\n";

World with_park(const std::string& text = kPark) { return add_zones(small_world(), scenario_of(text), blocs()); }

TEST(EconomicZone, SuspendsTheDutiesOnItsInputsAndChargesItsSalesHome) {
  const Shock shock = shock_of(kPark);
  ASSERT_EQ(shock.tariff.origins(), 4);
  EXPECT_EQ(shock.tariff(3, 1, 1), 0.0) << "steel from BBB to the park";
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.2) << "steel from BBB to the rest of CCC";
  EXPECT_DOUBLE_EQ(shock.tariff(2, 3, 1), 0.2) << "steel from the park home";
  EXPECT_EQ(shock.tariff(3, 2, 1), 0.0) << "steel from home to the park";
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.1) << "elsewhere";
  EXPECT_TRUE(shock.export_tax.empty());
  EXPECT_EQ(shock.productivity.size(), 0);
}

TEST(EconomicZone, PartOfTheDutiesMayBeSuspendedAndThoseOnInputsChargedBack) {
  const Shock shock = shock_of(std::string(kPark) + "duty_suspension=0.75\nhome_duty=\"inputs\"\n");
  EXPECT_DOUBLE_EQ(shock.tariff(3, 1, 1), 0.05);
  const double suspended = 0.75 * 4.0 * 0.2 / 79.0;  // of each unit of cost
  EXPECT_NEAR(shock.tariff(2, 3, 1), suspended / (1.0 - suspended), 1e-15);
}

TEST(EconomicZone, TakesItsHomeDutyBySector) {
  const Shock shock = shock_of(
      "[[policy]]\nname=\"park\"\ninstrument=\"economic_zone\"\nhost=\"CCC\"\nsectors=\"all\"\nshare=0.3\n"
      "home_duty={food=0.05}\n");
  EXPECT_EQ(shock.tariff(2, 3, 0), 0.05);
  EXPECT_EQ(shock.tariff(2, 3, 1), 0.0);
}

TEST(EconomicZone, ACustomsTerritoryChargesItAsItsHostDoes) {
  const std::string home = "home_duty=0.15\ncustoms_territory=\"WEST\"\n";  // AAA and BBB
  const Shock shock = shock_of(std::string(kPark) + home);
  for (const Index n : {0, 1, 2}) EXPECT_EQ(shock.tariff(n, 3, 1), 0.15);
  for (const Index n : {0, 1}) EXPECT_EQ(shock.tariff(n, 2, 1), 0.0) << "goods of the host are free";
  EXPECT_EQ(shock.tariff(0, 3, 0), 0.0);
  const Shock taxed = shock_of(std::string(kPark) + home + "[[policy]]\nname=\"t\"\ninstrument=\"tariff\"\n" +
                               "importers=\"AAA\"\nexporters=\"CCC\"\nrate=0.4\n");
  EXPECT_EQ(taxed.tariff(0, 3, 1), 0.4) << "where the host's goods pay more, so does the zone";
}

TEST(EconomicZone, WaivesTaxesOnAllItsSalesAndRaisesProductivity) {
  const World world = with_park();
  const Shock shock = shock_of(std::string(kPark) + "tax_advantage=0.1\nproductivity=0.02\n");
  for (Index m = 0; m < 4; ++m) {
    EXPECT_NEAR(shock.export_tax(m, 3, 1), -0.06, 1e-15) << "value added is 0.6 of cost";
    EXPECT_EQ(shock.export_tax(m, 2, 1), 0.0);
    EXPECT_EQ(shock.export_tax(m, 3, 0), 0.0) << "it makes no food";
  }
  EXPECT_EQ(shock.productivity(3, 1), 1.02);
  EXPECT_EQ(shock.productivity(2, 1), 1.0);
  EXPECT_EQ(shock.productivity(3, 0), 1.0);
}

TEST(EconomicZone, WithoutPrivilegesIsNothing) {
  const Shock shock = shock_of(std::string(kPark) + "duty_suspension=0\nhome_duty=0\n");
  EXPECT_TRUE(shock.tariff.empty());
  EXPECT_TRUE(shock.export_tax.empty());
  EXPECT_EQ(shock.productivity.size(), 0);
}

constexpr const char* kTariff =
    "[[policy]]\nname=\"duties\"\ninstrument=\"tariff\"\nimporters=\"CCC\"\nexporters=\"all\"\nsectors=\"steel\"\nrate="
    "0.5\n";
constexpr const char* kBan =
    "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\ncoverage=0.4\n";
constexpr const char* kTax =
    "[[policy]]\nname=\"tax\"\ninstrument=\"export_tax\"\nimporters=\"all\"\nexporters=\"CCC\"\nrate=0.25\n";

TEST(EconomicZone, IsReachedByPoliciesOnItsHostWhateverTheirOrder) {
  const std::string zone = std::string(kPark) + "tax_advantage=0.1\n", others = std::string(kTariff) + kBan + kTax;
  for (const std::string& text : {zone + others, others + zone}) {
    const Shock shock = shock_of(text);
    EXPECT_EQ(shock.tariff(3, 1, 1), 0.0);
    EXPECT_EQ(shock.tariff(2, 1, 1), 0.5);
    EXPECT_EQ(shock.tariff(2, 3, 1), 0.5);
    EXPECT_EQ(shock.open_share(0, 3, 1), 0.6) << "AAA buys less from the park";
    EXPECT_EQ(shock.open_share(3, 0, 0), 0.6) << "and sells less to it";
    EXPECT_EQ(shock.open_share(2, 3, 1), 1.0);
    EXPECT_NEAR(shock.export_tax(0, 3, 1), 1.25 * 0.94 - 1.0, 1e-15);
    EXPECT_NEAR(shock.export_tax(2, 3, 1), -0.06, 1e-15);
  }
}

/// The reference world of a scenario, its rates in place and nothing solved, and the shock of its policies to that.
struct AfterReference {
  explicit AfterReference(const std::string& text) {
    const Scenario scenario = scenario_of(text);
    const World base = add_zones(small_world(), scenario, blocs());
    world = with_shock(base, compile_reference(base, scenario, blocs()));
    shock = compile_policies(world, scenario, blocs());
  }
  World world;
  Shock shock;
};

std::string in_reference(std::string text) { return text.replace(0, 10, "[[reference.policy]]"); }

TEST(EconomicZone, OfTheReferenceKeepsItsPrivilegesUnderThePolicies) {
  const std::string zone = in_reference(kPark) + "tax_advantage=0.1\nproductivity=0.02\n";
  const AfterReference after(zone + kTariff + kTax);
  EXPECT_EQ(after.world.tariff(3, 1, 1), 0.0);
  EXPECT_NEAR(after.world.export_tax(0, 3, 1), -0.06, 1e-15);
  EXPECT_EQ(after.shock.tariff(3, 1, 1), 0.0);
  EXPECT_DOUBLE_EQ(after.shock.tariff(2, 3, 1), 0.5);
  EXPECT_NEAR(after.shock.export_tax(0, 3, 1), 1.25 * 0.94 - 1.0, 1e-15);
  EXPECT_EQ(after.shock.productivity.size(), 0) << "it grew once";
}

TEST(EconomicZone, OfTheReferenceMovesOnlyWithItsHostsRates) {
  const std::string zone = in_reference(kPark) + "tax_advantage=0.1\nhome_duty=\"inputs\"\n";
  EXPECT_TRUE(AfterReference(zone).shock.tariff.empty());
  // A duty of another country moves nothing of it, to the last bit.
  const AfterReference after(zone +
                             "[[policy]]\nname=\"t\"\ninstrument=\"tariff\"\nimporters=\"AAA\"\nexporters="
                             "\"all\"\nrate=0.3\n");
  for (Index j = 0; j < 2; ++j)
    for (Index i = 0; i < 4; ++i)
      for (const Index m : {2, 3}) EXPECT_EQ(after.shock.tariff(m, i, j), after.world.tariff(m, i, j));
}

TEST(EconomicZone, TwoInOneCountryShareIt) {
  const std::string second = std::string(kPark).replace(17, 4, "port");
  const World world = with_park(std::string(kPark) + second);
  ASSERT_EQ(world.zones.size(), 2U);
  EXPECT_NEAR(output(world)(3, 1), 16.5, 1e-12);
  EXPECT_NEAR(output(world)(4, 1), 16.5, 1e-12);
  EXPECT_THAT(
      problems_of(std::string(kPark) + second.substr(0, second.rfind("share")) + "share=0.7\n"),
      HasSubstr("policy.port.share: with its other zones this takes 1 of CCC's steel; together they stay below"));
}

TEST(EconomicZone, NeedsProducersToTakeAShareOf) {
  World world = small_world();
  world.expenditure.sector(1).col(2).setZero();
  EXPECT_THAT(
      problems_of(kPark, world),
      HasSubstr("policy.park.sectors: CCC makes nothing in steel in the base year, so that nothing can be split"));
}

TEST(EconomicZone, IsExplained) {
  const Scenario scenario = scenario_of(std::string(kPark) + "tax_advantage=0.1\nproductivity=0.02\n");
  EXPECT_THAT(explain(add_zones(small_world(), scenario, blocs()), scenario, blocs()),
              AllOf(HasSubstr("1. park (economic_zone)\n     host: CCC\n     sectors: steel\n"),
                    HasSubstr("productivity +2.00 % where 9.9 million USD of value added is made"),
                    HasSubstr("note: splits off 16.5 million USD of output a year in the base year"),
                    HasSubstr("note: suspends duties of 0.17 million USD a year on its inputs"),
                    HasSubstr("note: duty on its sales home: steel 20.00 %"),
                    HasSubstr("note: waives taxes of 0.99 million USD a year")));
}

TEST(EconomicZone, CannotBeNamedByOtherPolicies) {
  EXPECT_THAT(
      problems_of(std::string(kPark) + std::string(kBan).replace(std::string(kBan).find("CCC"), 3, "park")),
      HasSubstr("policy.ban.targets: 'park' is a zone of CCC; policies are on countries, and those on CCC reach "
                "its zones too; name CCC"));
}

}  // namespace
}  // namespace entrepot::testing
