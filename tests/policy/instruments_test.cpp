#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios.hpp"
#include "world/balance.hpp"

// Every number here is worked out by hand from the base year in tests/support/small_world.hpp. Indices are market,
// origin, sector: (1, 0, 0) is BBB buying food from AAA.

namespace entrepot::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTariff = "[[policy]]\nname = \"p\"\ninstrument = \"tariff\"\nimporters = [\"BBB\"]\n";

TEST(SmallWorld, IsSoundAndBalances) {
  EXPECT_TRUE(check_values(small_world()).empty());
  EXPECT_LE(check_balance(small_world()).worst(), BalanceReport::kTolerance);
}

TEST(Tariff, SetReplacesTheRateOfTheFlowsSelectedOnly) {
  const Shock shock = shock_of(std::string(kTariff) + "exporters = [\"AAA\"]\nsectors = [\"food\"]\nrate = 0.04\n");
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.04);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.20);  // as in the base
  EXPECT_EQ(shock.tariff(1, 0, 1), 0.0);
  EXPECT_EQ(shock.tariff(0, 1, 0), 0.0);  // the other way round
}

TEST(Tariff, AddAndMultiplyStartFromTheBaseRate) {
  const std::string from = "exporters = [\"AAA\"]\n";
  const Shock added = shock_of(kTariff + from + "action = \"add\"\nrate = 0.05\n");
  EXPECT_DOUBLE_EQ(added.tariff(1, 0, 0), 0.15);
  EXPECT_DOUBLE_EQ(added.tariff(1, 0, 1), 0.05);
  const Shock halved = shock_of(kTariff + from + "action = \"multiply\"\nrate = 0.5\n");
  EXPECT_DOUBLE_EQ(halved.tariff(1, 0, 0), 0.05);
  EXPECT_EQ(halved.tariff(1, 0, 1), 0.0);
}

TEST(Tariff, TradeWithinACountryBearsNone) {
  const Shock shock =
      shock_of("[[policy]]\nname=\"p\"\ninstrument=\"tariff\"\nimporters=\"all\"\nexporters=\"all\"\nrate=0.5\n");
  for (Index j = 0; j < 2; ++j)
    for (Index i = 0; i < 3; ++i)
      for (Index m = 0; m < 3; ++m) EXPECT_EQ(shock.tariff(m, i, j), m == i ? 0.0 : 0.5);
}

TEST(Tariff, PoliciesApplyInTheOrderOfTheFile) {
  const std::string from = "exporters = [\"AAA\"]\nsectors = [\"food\"]\n";
  const std::string set = kTariff + from + "action = \"set\"\nrate = 0.04\n";
  const std::string add = "[[policy]]\nname = \"q\"\ninstrument = \"tariff\"\nimporters = [\"BBB\"]\n" + from +
                          "action = \"add\"\nrate = 0.01\n";
  EXPECT_DOUBLE_EQ(shock_of(set + add).tariff(1, 0, 0), 0.05);
  EXPECT_DOUBLE_EQ(shock_of(add + set).tariff(1, 0, 0), 0.04);
}

TEST(Tariff, AWorldWithoutTariffsHasZeroEverywhere) {
  World world = small_world();
  world.tariff = {};
  const Shock shock = shock_of(std::string(kTariff) + "exporters=[\"AAA\"]\naction=\"add\"\nrate=0.05\n", world);
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.05);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.0);
}

TEST(Tariff, ATableGivesRatesFlowByFlowAndLaterRowsWin) {
  const Shock shock = shock_of("[[policy]]\nname=\"p\"\ninstrument=\"tariff\"\naction=\"table\"\nfile=\"rates.csv\"\n");
  EXPECT_EQ(shock.tariff(2, 0, 0), 0.25);  // food AAA -> CCC
  EXPECT_EQ(shock.tariff(2, 0, 1), 0.30);  // steel AAA -> CCC, by the row for WEST
  EXPECT_EQ(shock.tariff(2, 1, 0), 0.30);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.30);
  EXPECT_EQ(shock.tariff(0, 2, 1), -0.10);
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.10);  // not in the table: as in the base
  EXPECT_EQ(shock.tariff(2, 2, 1), 0.0);   // within a country
}

TEST(Tariff, ATableStaysInsideTheSelection) {
  const Shock shock = shock_of(
      "[[policy]]\nname=\"p\"\ninstrument=\"tariff\"\naction=\"table\"\nfile=\"rates.csv\"\nexporters=[\"AAA\"]\n");
  EXPECT_EQ(shock.tariff(2, 0, 0), 0.25);
  EXPECT_EQ(shock.tariff(2, 1, 1), 0.20);  // BBB is not selected
  EXPECT_EQ(shock.tariff(0, 2, 1), 0.0);
}

TEST(Tariff, BothUsesOfAPurchaseAndEveryZoneOfACountryBearIt) {
  World world = World::of_shape({{"AAA", "", {}}, {"BBB", "", {}}}, {{"food", ""}}, 2);
  world.locations.push_back({"BBB-zone", 1});  // locations: AAA, BBB, zone; markets: 3 of each use
  world.expenditure = Bilateral(6, 3, 1, 1.0);
  const Shock shock = shock_of(std::string(kTariff) + "exporters=[\"AAA\"]\nrate=0.2\n", world);
  const std::vector<double> expected = {0.0, 0.2, 0.2, 0.0, 0.2, 0.2};
  for (Index m = 0; m < 6; ++m) EXPECT_EQ(shock.tariff(m, 0, 0), expected[static_cast<std::size_t>(m)]) << m;
  for (Index m = 0; m < 6; ++m) EXPECT_EQ(shock.tariff(m, 2, 0), 0.0) << "zone and host are one country, " << m;
}

TEST(Tariff, AnAddedRateMayNotTakeARateToMinusOneHundredPercent) {
  EXPECT_EQ(problems_of(std::string(kTariff) + "exporters=[\"AAA\",\"CCC\"]\naction=\"add\"\nrate=-1\n"),
            "policy.p.rate: this leaves a rate of -1 on food from CCC to BBB; rates stay above -1 (-100 %)\n");
}

TEST(Tariff, AskedOnlyOfItselfIsAnEmptySelection) {
  EXPECT_EQ(problems_of(std::string(kTariff) + "exporters=[\"BBB\"]\nrate=0.1\n"),
            "policy.p: no flow between two different countries is selected\n");
}

TEST(ExportTax, ChangesTheExportersRateAndNoTariff) {
  World world = small_world();
  world.export_tax = Bilateral(3, 3, 2);
  world.export_tax(0, 1, 1) = 0.04;
  const std::string policy =
      "[[policy]]\nname=\"p\"\ninstrument=\"export_tax\"\nimporters=[\"AAA\"]\nexporters=[\"BBB\"]\n";
  const Shock added = shock_of(policy + "action=\"add\"\nrate=-0.05\n", world);
  EXPECT_DOUBLE_EQ(added.export_tax(0, 1, 1), -0.01);
  EXPECT_DOUBLE_EQ(added.export_tax(0, 1, 0), -0.05);
  EXPECT_EQ(added.export_tax(1, 0, 0), 0.0);
  EXPECT_TRUE(added.tariff.empty());
  EXPECT_EQ(shock_of(policy + "action=\"multiply\"\nrate=2\n", world).export_tax(0, 1, 1), 0.08);
  EXPECT_EQ(shock_of(policy + "rate=0.3\nsectors=[\"food\"]\n", world).export_tax(0, 1, 1), 0.04);
}

TEST(Ntb, CostsMultiplyTheIcebergAndCompose) {
  const std::string first =
      "[[policy]]\nname=\"p\"\ninstrument=\"ntb\"\nimporters=[\"CCC\"]\nexporters=\"all\"\ncost=0.1\n";
  const std::string second =
      "[[policy]]\nname=\"q\"\ninstrument=\"ntb\"\nimporters=\"all\"\nexporters=[\"AAA\"]\nsectors=\"steel\"\ncost=-0."
      "5\n";
  const Shock shock = shock_of(first + second);
  EXPECT_DOUBLE_EQ(shock.iceberg(2, 0, 1), 0.55);
  EXPECT_DOUBLE_EQ(shock.iceberg(2, 0, 0), 1.1);
  EXPECT_DOUBLE_EQ(shock.iceberg(1, 0, 1), 0.5);
  EXPECT_EQ(shock.iceberg(2, 2, 0), 1.0);  // within CCC
  EXPECT_EQ(shock.iceberg(0, 0, 1), 1.0);  // within AAA
}

constexpr const char* kEmbargo = "[[policy]]\nname=\"p\"\ninstrument=\"embargo\"\n";

TEST(Embargo, DirectionIsAsTheSendersSeeIt) {
  const std::string sides = std::string(kEmbargo) + "senders=[\"AAA\"]\ntargets=[\"CCC\"]\ncoverage=0.25\n";
  const Shock exports = shock_of(sides + "direction=\"exports\"\n");
  EXPECT_EQ(exports.open_share(2, 0, 0), 0.75);  // CCC buys from AAA
  EXPECT_EQ(exports.open_share(0, 2, 0), 1.0);
  const Shock imports = shock_of(sides + "direction=\"imports\"\n");
  EXPECT_EQ(imports.open_share(2, 0, 0), 1.0);
  EXPECT_EQ(imports.open_share(0, 2, 0), 0.75);
  const Shock both = shock_of(sides);
  EXPECT_EQ(both.open_share(2, 0, 0), 0.75);
  EXPECT_EQ(both.open_share(0, 2, 0), 0.75);
  EXPECT_EQ(both.open_share(1, 0, 0), 1.0);
}

TEST(Embargo, FullCoverageIsAnExactZeroAndTheDefault) {
  EXPECT_EQ(shock_of(std::string(kEmbargo) + "senders=\"AAA\"\ntargets=\"CCC\"\n").open_share(2, 0, 0), 0.0);
}

TEST(Embargo, ACountryOnBothListsIsNotEmbargoedAgainstItselfAndNoFlowTwice) {
  const Shock shock =
      shock_of(std::string(kEmbargo) + "senders=[\"AAA\",\"BBB\"]\ntargets=[\"BBB\",\"AAA\"]\ncoverage=0.5\n");
  EXPECT_EQ(shock.open_share(0, 0, 0), 1.0);
  EXPECT_EQ(shock.open_share(1, 1, 0), 1.0);
  EXPECT_EQ(shock.open_share(0, 1, 0), 0.5);  // not 0.25
  EXPECT_EQ(shock.open_share(1, 0, 0), 0.5);
}

TEST(Embargo, TwoEmbargoesLeaveTheProductOfTheirOpenShares) {
  const std::string second =
      "[[policy]]\nname=\"q\"\ninstrument=\"embargo\"\nsenders=[\"AAA\"]\ntargets=[\"CCC\"]\nsectors=\"food\"\n"
      "coverage=0.5\n";
  const Shock shock = shock_of(std::string(kEmbargo) + "senders=[\"AAA\"]\ntargets=[\"CCC\"]\ncoverage=0.2\n" + second);
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 0), 0.4);
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 1), 0.8);
}

TEST(Productivity, ChangesTheSectorsOfTheCountriesAndComposes) {
  const std::string policy =
      "[[policy]]\nname=\"p\"\ninstrument=\"productivity\"\ncountries=[\"BBB\"]\nsectors=[\"steel\"]\nchange=0.1\n"
      "[[policy]]\nname=\"q\"\ninstrument=\"productivity\"\ncountries=\"all\"\nexclude=[\"AAA\"]\nchange=-0.5\n";
  const Shock shock = shock_of(policy);
  EXPECT_EQ(shock.productivity(0, 1), 1.0);
  EXPECT_DOUBLE_EQ(shock.productivity(1, 1), 0.55);
  EXPECT_EQ(shock.productivity(1, 0), 0.5);
  EXPECT_EQ(shock.productivity(2, 1), 0.5);
}

constexpr const char* kTransfer = "[[policy]]\nname=\"p\"\ninstrument=\"transfer\"\n";

TEST(Transfer, MovesTheAmountAndSumsToZero) {
  const Shock shock = shock_of(std::string(kTransfer) + "from=\"AAA\"\nto=\"CCC\"\namount_million_usd=12\n");
  EXPECT_EQ(shock.transfer(0), -12.0);
  EXPECT_EQ(shock.transfer(1), 0.0);
  EXPECT_EQ(shock.transfer(2), 12.0);
}

TEST(Transfer, SeveralGiversShareByFactorIncomeOrEqually) {
  // Receipts: AAA 140 + 85, BBB 110 + 170, so value added (three fifths) is 135 and 168.
  const std::string sides = std::string(kTransfer) + "from=[\"AAA\",\"BBB\"]\nto=\"CCC\"\namount_million_usd=30.3\n";
  const Shock by_income = shock_of(sides);
  EXPECT_NEAR(by_income.transfer(0), -13.5, 1e-12);
  EXPECT_NEAR(by_income.transfer(1), -16.8, 1e-12);
  EXPECT_NEAR(by_income.transfer(2), 30.3, 1e-12);
  const Shock equal = shock_of(sides + "split=\"equal\"\n");
  EXPECT_DOUBLE_EQ(equal.transfer(0), -15.15);
  EXPECT_DOUBLE_EQ(equal.transfer(1), -15.15);
}

TEST(Transfer, NobodyIsOnBothSides) {
  EXPECT_EQ(problems_of(std::string(kTransfer) + "from=[\"AAA\",\"BBB\"]\nto=\"all\"\namount_million_usd=1\n"),
            "policy.p.to: AAA is on both sides of this transfer\n");
}

TEST(Instruments, WhatAPolicyDoesNotUseStaysEmpty) {
  const Shock shock = shock_of(std::string(kEmbargo) + "senders=[\"AAA\"]\ntargets=[\"CCC\"]\n");
  EXPECT_TRUE(shock.tariff.empty());
  EXPECT_TRUE(shock.export_tax.empty());
  EXPECT_TRUE(shock.iceberg.empty());
  EXPECT_TRUE(shock.rent.empty());
  EXPECT_EQ(shock.productivity.size(), 0);
  EXPECT_EQ(shock.transfer.size(), 0);
}

TEST(Instruments, NoPolicyIsAnEmptyShock) {
  const Shock shock = shock_of("");
  EXPECT_TRUE(shock.tariff.empty());
  EXPECT_TRUE(shock.open_share.empty());
}

TEST(Instruments, EachExampleIsAValidPolicy) {
  for (const Instrument* instrument : instruments()) {
    const Scenario scenario = scenario_of(instrument->example);
    ASSERT_FALSE(scenario.policies.empty());
    EXPECT_EQ(scenario.policies.back().instrument, instrument);
  }
}

TEST(Instruments, EveryParameterSaysWhatItMeans) {
  for (const Instrument* instrument : instruments())
    for (const Parameter& parameter : instrument->parameters) {
      EXPECT_FALSE(parameter.meaning.empty()) << instrument->name << "." << parameter.name;
      const bool number = parameter.type == ValueType::kNumber;
      EXPECT_TRUE(!number || !parameter.unit.empty()) << instrument->name << "." << parameter.name;
    }
}

}  // namespace
}  // namespace entrepot::testing
