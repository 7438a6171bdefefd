#include "results/measures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "results/first_order.hpp"
#include "results/result_variables.hpp"
#include "small_runs.hpp"

namespace entrepot {
namespace {

constexpr double kTight = 1e-10;

std::string pair_name(const std::string& name) { return name + "_base"; }

TEST(Measures, NoPolicyNoChange) {
  const World world = test::three_countries();
  const Measures measures = measure(world, {}, test::unchanged(world));
  const auto flat = [](const auto& array) { return std::vector<double>(array.data(), array.data() + array.size()); };
  std::map<std::string, std::vector<double>> values;
  std::map<std::string, std::string> units;
  const auto keep = [&](const auto& variable, const std::vector<double>& numbers) {
    values[variable.name] = numbers;
    units[variable.name] = variable.units;
  };
  for (const auto& variable : country_variables()) keep(variable, flat(measures.*variable.values));
  for (const auto& variable : sector_variables()) keep(variable, flat(measures.*variable.values));
  for (const auto& variable : trade_variables()) keep(variable, (measures.*variable.values).values());
  const std::set<std::string> only_with_evasion{"re_exports", "evaded_trade", "leakage", "outlawed_trade",
                                                "recorded_trade"};
  int changes = 0, pairs = 0;
  for (const auto& [name, numbers] : values) {
    if (only_with_evasion.contains(name)) continue;
    ASSERT_FALSE(numbers.empty()) << name;
    if (units[name] == "percent" || name == "welfare_usd") {
      ++changes;
      for (const double number : numbers) EXPECT_NEAR(number, 0.0, kTight) << name;
    } else if (values.contains(pair_name(name))) {
      ++pairs;
      for (std::size_t k = 0; k < numbers.size(); ++k)
        EXPECT_NEAR(numbers[k], values[pair_name(name)][k], kTight) << name;
    }
  }
  EXPECT_EQ(changes, 12);
  EXPECT_EQ(pairs, 11);
}

TEST(Measures, AFileOfTheBaseAloneHasTheBaseOfAFullOne) {
  const World world = test::three_countries();
  const Measures full = measure(world, {}, test::unchanged(world)), base = base_measures(world);
  EXPECT_EQ(base.exports_base, full.exports_base);
  EXPECT_EQ(base.gdp_base, full.gdp_base);
  EXPECT_EQ(base.output_base, full.output_base);
  EXPECT_EQ(base.trade_base.values(), full.trade_base.values());
  EXPECT_EQ(base.welfare.size(), 0);
  EXPECT_TRUE(base.trade.empty());
}

TEST(Measures, AccountsOfTheBaseAgree) {
  const World world = test::three_countries();
  const Measures base = base_measures(world);
  EXPECT_NEAR(base.exports_base.sum(), base.imports_base.sum(), kTight);
  EXPECT_NEAR(base.trade_balance_base.sum(), 0.0, kTight);
  for (Index j = 0; j < 2; ++j)
    for (Index i = 0; i < 3; ++i) EXPECT_NEAR(base.trade_base.sector(j).col(i).sum(), base.output_base(i, j), kTight);
  // Border prices hold the export tax, producer prices do not.
  double receipts_abroad = 0.0;
  for (Index j = 0; j < 2; ++j)
    for (Index m : {0, 2}) receipts_abroad += base.trade_base(m, 1, j);
  EXPECT_NEAR(base.exports_base(1), receipts_abroad + base.export_tax_revenue_base(1), kTight);
}

/// A (aaa) drops its tariff of 25 % on B's goods. Not an equilibrium: chosen so that each figure is found by hand.
struct TariffDropped {
  World world = test::two_countries();
  Shock shock;
  Equilibrium equilibrium = test::unchanged(world);

  TariffDropped() {
    shock.tariff = Bilateral(2, 2, 1);
    equilibrium.factor_price << 0.98, 1.04;
    equilibrium.wage << 0.98, 1.04;
    equilibrium.cost << 0.98, 1.04;
    equilibrium.price << 0.9, 1.01;
    equilibrium.income << 198.0, 313.0;
    equilibrium.spending << 198.0, 313.0;
    equilibrium.value_added << 196.0, 312.0;
    equilibrium.output << 196.0, 312.0;
    equilibrium.tariff_revenue.setZero();
  }
};

TEST(Measures, HandComputedWorld) {
  const TariffDropped t;
  const Measures m = measure(t.world, t.shock, t.equilibrium);
  // A: income 220 → 198, prices −10 %: real income is unchanged. B: 313/300/1.01.
  EXPECT_NEAR(m.welfare(0), 0.0, kTight);
  EXPECT_NEAR(m.welfare(1), 100.0 * (313.0 / 300.0 / 1.01 - 1.0), kTight);
  EXPECT_NEAR(m.welfare_usd(1), 313.0 / 1.01 - 300.0, kTight);
  EXPECT_NEAR(m.consumer_prices(0), -10.0, kTight);
  EXPECT_NEAR(m.real_wage(0), 100.0 * (0.98 / 0.9 - 1.0), kTight);
  // GDP at market prices of A: 200 + 20 of tariffs before, 196 after.
  EXPECT_NEAR(m.gdp_base(0), 220.0, kTight);
  EXPECT_NEAR(m.gdp(0), 196.0, kTight);
  EXPECT_NEAR(m.real_gdp(0), 100.0 * (196.0 / 0.9 / 220.0 - 1.0), kTight);
  EXPECT_NEAR(m.tariff_revenue_base(0), 20.0, kTight);
  EXPECT_NEAR(m.imports_base(0), 80.0, kTight);
  EXPECT_NEAR(m.exports_base(0), 80.0, kTight);
  // A's purchases from B: share 100/220, price of the flow 1.04/1.25 against P̂ = 0.9, θ = 5, spending 198, no tariff
  // left.
  const double flow = 100.0 / 220.0 * std::pow(1.04 / 1.25 / 0.9, -5.0) * 198.0;
  EXPECT_NEAR(m.imports(0), flow, kTight);
  EXPECT_NEAR(m.exports(1), flow, kTight);
  EXPECT_NEAR(m.trade(0, 1, 0), flow, kTight);
  EXPECT_NEAR(m.trade_base(0, 1, 0), 80.0, kTight);
  EXPECT_NEAR(m.trade_volume_change(0, 1, 0), 100.0 * (flow / 80.0 / 1.04 - 1.0), kTight);
  EXPECT_NEAR(m.import_volume(0), m.trade_volume_change(0, 1, 0), kTight);
  EXPECT_NEAR(m.trade_balance(0), m.exports(0) - flow, kTight);
  // Labour does not move between countries: value added grew as the wage did.
  EXPECT_NEAR(m.employment(0, 0), 0.0, kTight);
  EXPECT_NEAR(m.employment(1, 0), 0.0, kTight);
  EXPECT_NEAR(m.producer_price(1, 0), 4.0, kTight);
  EXPECT_NEAR(m.price(0, 0), -10.0, kTight);
  EXPECT_EQ(m.input_price.size(), 0);
}

TEST(Measures, ZonesShareTheirHostsIncomeAndPrices) {
  World world = test::two_countries();
  world.locations.back().country = 0;  // B becomes a zone of A
  world.countries.pop_back();
  world.deficit = Vector::Zero(1);
  world.labour_mobility = Vector::Ones(1);
  Equilibrium equilibrium = test::unchanged(world);
  equilibrium.price << 1.1, 1.2;
  const Measures m = measure(world, {}, equilibrium);
  const double index = std::pow(1.1, 220.0 / 520.0) * std::pow(1.2, 300.0 / 520.0);
  EXPECT_NEAR(m.welfare(0), 100.0 * (1.0 / index - 1.0), kTight);
  EXPECT_EQ(m.exports_base(0), 0.0);
  EXPECT_EQ(m.trade_base.origins(), 2);
}

TEST(Measures, NothingBoughtOrMadeIsNoChangeNotNan) {
  World world = test::two_countries();
  world.expenditure = Bilateral(2, 2, 1);
  world.value_added.setZero();
  world.final_use.setZero();
  const Measures m = measure(world, {}, test::unchanged(world));
  EXPECT_EQ(m.welfare, Vector::Zero(2));
  EXPECT_EQ(m.real_gdp, Vector::Zero(2));
  EXPECT_EQ(m.import_volume, Vector::Zero(2));
  EXPECT_EQ(m.employment, Matrix::Zero(2, 1));
  EXPECT_EQ(first_order(world, {}, test::unchanged(world)).percent, Matrix::Zero(7, 2));
}

TEST(FirstOrder, NoPolicyNoChange) {
  const World world = test::three_countries();
  const Decomposition parts = first_order(world, {}, test::unchanged(world));
  EXPECT_THAT(parts.components, testing::ElementsAre("terms_of_trade", "volume_of_trade", "iceberg", "ban",
                                                     "productivity", "rent", "transfer"));
  EXPECT_LT(parts.percent.cwiseAbs().maxCoeff(), kTight);
}

TEST(FirstOrder, HandComputedWorld) {
  const TariffDropped t;
  const Decomposition parts = first_order(t.world, t.shock, t.equilibrium);
  const double flow = 100.0 / 220.0 * std::pow(1.04 / 1.25 / 0.9, -5.0) * 198.0;
  // A exports 80 at −2 % and imports 80 at +4 %; its only tariff is 25 % on B's goods, at base rates.
  EXPECT_NEAR(parts.percent(0, 0), 100.0 * (80.0 * -0.02 - 80.0 * 0.04) / 220.0, kTight);
  EXPECT_NEAR(parts.percent(0, 1), 100.0 * (80.0 * 0.04 - 80.0 * -0.02) / 300.0, kTight);
  EXPECT_NEAR(parts.percent(1, 0), 100.0 * 0.25 * (flow - 80.0 * 1.04) / 220.0, kTight);
  EXPECT_NEAR(parts.percent(1, 1), 0.0, kTight);
}

TEST(FirstOrder, AnExportTaxIsTheExportersGainInTerms) {
  TariffDropped t;
  t.shock.tariff = {};
  t.equilibrium = test::unchanged(t.world);
  t.shock.export_tax = Bilateral(2, 2, 1);
  t.shock.export_tax(0, 1, 0) = 0.1;
  const Decomposition parts = first_order(t.world, t.shock, t.equilibrium);
  EXPECT_NEAR(parts.percent(0, 1), 100.0 * 80.0 * 0.1 / 300.0, kTight);
  EXPECT_NEAR(parts.percent(0, 0), -100.0 * 80.0 * 0.1 / 220.0, kTight);
}

}  // namespace
}  // namespace entrepot
