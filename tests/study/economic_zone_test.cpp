// Zones in whole runs: nothing without a privilege, and what each privilege does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "results/result_variables.hpp"
#include "study/scenario_run.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"
#include "world/balance.hpp"
#include "world/split_zone.hpp"

namespace entrepot::testing {
namespace {

BlocTable blocs() { return BlocTable::read(std::string(ENTREPOT_SOURCE_DIR) + "/tests/data/blocs.csv"); }

Scenario scenario_of(const std::string& text) {
  return parse_scenario("baseline = \"random\"\n" + text, "scenario.toml");
}

RunResults run(const std::string& text, const World& world) {
  Baseline baseline;
  baseline.world = world;
  RunResults results = run_scenario(scenario_of(text), baseline, blocs());
  EXPECT_TRUE(results.report.solved()) << results.report.sentence << " " << results.report.residual;
  return results;
}

World some_world(Index uses = 1) { return random_world({.uses = uses, .untraded = 0.3}, 11); }

std::string zone(const std::string& privileges, double share = 0.2, const std::string& table = "policy") {
  return fmt::format(
      "[[{}]]\nname=\"park\"\ninstrument=\"economic_zone\"\nhost=\"C01\"\nsectors=[\"s00\",\"s01\",\"s02\"]\n"
      "share={}\n{}\n",
      table, share, privileges);
}
const std::string kNothing = "duty_suspension=0\nhome_duty=0";
const std::string kCustomsOnly = "home_duty=0";

const std::string kOthers =
    "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=[\"C00\"]\ntargets=[\"C01\"]\ncoverage=0.7\n"
    "[[policy]]\nname=\"duty\"\ninstrument=\"tariff\"\nimporters=[\"C01\"]\nexporters=\"all\"\naction="
    "\"multiply\"\nrate="
    "2\n"
    "[[policy]]\nname=\"fta\"\ninstrument=\"free_trade_agreement\"\nmembers=[\"C01\",\"C02\"]\n"
    "[[policy]]\nname=\"union\"\ninstrument=\"customs_union\"\nmembers=[\"C03\",\"C01\"]\nexternal_tariff=\"average\"\n"
    "[[policy]]\nname=\"venture\"\ninstrument=\"investment\"\nhost=\"C01\"\ninvestors=[\"C03\"]\nsectors=[\"s01\"]\n"
    "amount_million_usd=0.5\nannual_return=0.1\n";

/// After kOthers: what it bans goes through hubs, which keep a part.
const std::string kEvasion =
    "[[policy]]\nname=\"detour\"\ninstrument=\"evasion\"\nhubs=[\"C02\",\"C04\"]\npremium=0.2\nmargin=0.5\n"
    "[[policy]]\nname=\"banks\"\ninstrument=\"financial_sanctions\"\nsenders=[\"C00\"]\ntargets=[\"C01\"]\ncost=0.1\n";

class WithoutPrivileges : public ::testing::TestWithParam<std::tuple<const char*, Index>> {};

TEST_P(WithoutPrivileges, AZoneChangesNoResultOfAnyCountry) {
  const auto& [options, uses] = GetParam();
  const World world = some_world(uses);
  const std::string zones = zone(kNothing) + zone(kNothing, 0.3).replace(17, 4, "port");
  const std::string text = std::string(options) + "[solver]\ntolerance=1e-13\n" + kOthers + kEvasion;
  const RunResults whole = run(text, world), split = run(text + zones, world);
  ASSERT_EQ(split.locations.size(), 7U);
  for (const auto& variable : country_variables()) {
    const Vector &a = whole.measures.*variable.values, &b = split.measures.*variable.values;
    ASSERT_EQ(a.size(), b.size());
    const double unit = std::string(variable.units) == "percent" ? 100.0 : whole.measures.income.maxCoeff();
    for (Index n = 0; n < a.size(); ++n) EXPECT_NEAR(a(n), b(n), 1e-12 * unit) << variable.name << n;
  }
  EXPECT_LE((whole.first_order.percent - split.first_order.percent).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LE(split.zone_measures.after.saving.cwiseAbs().maxCoeff(), 1e-11);
  EXPECT_LE(split.zone_measures.after.saving_at_home.cwiseAbs().maxCoeff(), 1e-11);

  // The path is integrated at the usual tolerance.
  const RunResults one = run(options + kOthers, world), two = run(options + kOthers + zones, world);
  ASSERT_FALSE(one.exact.empty()) << one.report.sentence;
  ASSERT_FALSE(two.exact.empty()) << two.report.sentence;
  EXPECT_LE((one.exact.percent - two.exact.percent).cwiseAbs().maxCoeff(), 1e-7);
}

INSTANTIATE_TEST_SUITE_P(
    Options, WithoutPrivileges,
    ::testing::Combine(::testing::Values("", "reference.closure=\"balanced\"\n", "reference.closure=\"proportional\"\n",
                                         "model.labour_mobility=1.5\n",
                                         "model.value_added_elasticity=0.7\nmodel.input_elasticity=1.5\n"),
                       ::testing::Values(1, 2)));

TEST(Zone, EveryFigureIsWhatTheRunSays) {
  const World world = some_world();
  const RunResults r = run(zone("tax_advantage=0.1\nproductivity=0.03"), world);
  const ZoneMeasures& found = r.zone_measures;
  const Measures& m = r.measures;
  const World split = add_zones(world, scenario_of(zone("")), blocs());
  const Shock shock = compile_policies(split, scenario_of(zone("tax_advantage=0.1\nproductivity=0.03")), blocs());
  ASSERT_EQ(r.zones.size(), 1U);
  const Index z = 5, host = 1;
  double exports = 0, imports = 0, sales = 0, purchases = 0, suspended = 0, duties = 0, waived = 0, labour = 0;
  for (Index j = 0; j < 4; ++j) {
    const double cost = world.input[1].col(j).sum() + world.value_added(1, j),
                 labour_share = world.value_added(1, j) / cost;
    const double price = 1.0 - 0.1 * labour_share;  // of what producers receive
    if (j < 3) waived += 0.1 * labour_share * m.output(z, j);
    labour += m.value_added(z, j);
    for (Index n = 0; n < 5; ++n) {
      (n == host ? sales : exports) += m.trade(n, z, j) * price;
      (n == host ? purchases : imports) += m.trade(z, n, j);
      if (n != host) suspended += m.trade(z, n, j) * world.tariff(host, n, j);
    }
    duties += m.trade(host, z, j) * price * shock.tariff(host, z, j);
    if (j == 3) continue;
    const double ratio = (1.0 + m.producer_price(z, j) / 100.0) / (1.0 + m.producer_price(host, j) / 100.0) * price;
    EXPECT_NEAR(found.after.saving(0, j), 100.0 * (1.0 - ratio), 1e-10);
    EXPECT_NEAR(found.after.saving_at_home(0, j), 100.0 * (1.0 - ratio * (1.0 + shock.tariff(host, z, j))), 1e-10);
    EXPECT_GT(found.after.saving(0, j), 0.0);
  }
  const double near = 1e-11 * found.after.output(0);
  EXPECT_NEAR(found.after.output(0), m.output.row(z).sum(), near);
  EXPECT_NEAR(found.after.value_added(0), labour, near);
  EXPECT_NEAR(found.after.exports(0), exports, near);
  EXPECT_NEAR(found.after.imports(0), imports, near);
  EXPECT_NEAR(found.after.home_sales(0), sales, near);
  EXPECT_NEAR(found.after.home_purchases(0), purchases, near);
  EXPECT_NEAR(found.after.duties_suspended(0), suspended, near);
  EXPECT_NEAR(found.after.home_duties(0), duties, near);
  EXPECT_NEAR(found.after.taxes_waived(0), waived, near);
  const double wage = (m.gdp(1) - m.tariff_revenue(1) - m.export_tax_revenue(1)) / world.value_added.row(1).sum();
  EXPECT_NEAR(found.employment(0), 100.0 * (labour / wage / split.value_added.row(z).sum() - 1.0), 1e-9);
  // Money: what the host collects is what it collects elsewhere, and the zone's; and who pays for the taxes waived.
  EXPECT_GT(found.after.duties_suspended(0), 0.0);
  EXPECT_EQ(found.base.duties_suspended(0), 0.0);
  EXPECT_NEAR(m.export_tax_revenue(1), -waived, near);
  // The parts of welfare add up.
  EXPECT_LE((r.exact.percent.colwise().sum().transpose() - m.welfare).cwiseAbs().maxCoeff(), 1e-7);
}

TEST(Zone, SellsWhatItMakesThroughHubsToo) {
  const World world = some_world();
  const RunResults results = run(kOthers + kEvasion + zone(kCustomsOnly), world);
  const Index park = static_cast<Index>(results.locations.size()) - 1;
  double own = 0.0;
  for (Index j = 0; j < world.sector_count(); ++j) own += results.measures.trade(park, park, j);
  const ZoneFigures& now = results.zone_measures.after;
  ASSERT_GT(results.measures.re_exports.sum(), 0.0);
  EXPECT_NEAR(now.exports(0) + now.home_sales(0) + own, now.output(0), 1e-8 * now.output(0));
}

TEST(Zone, ObeysTheEquationsWithItsPrivileges) {
  for (const Index uses : {1, 2})
    for (const double mobility : {1.5, std::numeric_limits<double>::infinity()}) {
      World world = some_world(uses);
      world.labour_mobility.setConstant(mobility);
      const Scenario scenario =
          scenario_of(kOthers + zone("tax_advantage=0.1\nproductivity=0.03\nhome_duty=\"inputs\""));
      const World split = add_zones(world, scenario, blocs());
      const Shock shock = compile_policies(split, scenario, blocs());
      const Solution solution = solve(split, shock);
      ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
      const EquationCheck check = check_equations(split, shock, solution.equilibrium);
      EXPECT_LE(check.residual, 1e-9) << check.where;
      EXPECT_LE(check_balance(rebase(split, shock, solution.equilibrium)).worst(), 1e-9);
    }
}

TEST(Zone, ProductivityAndTaxesSaveWhatOneCanWriteDown) {
  // Cobb–Douglas and equal input prices: ĉ_zone/ĉ_host = (1 + p)^−γV, and taxes take t γV off, whatever else happens.
  const World world = some_world();
  const RunResults r = run(zone(kNothing + "\ntax_advantage=0.1\nproductivity=0.05") + kOthers, world);
  for (Index j = 0; j < 3; ++j) {
    const double share = world.value_added(1, j) / (world.input[1].col(j).sum() + world.value_added(1, j));
    EXPECT_NEAR(r.zone_measures.after.saving(0, j), 100.0 * (1.0 - std::pow(1.05, -share) * (1.0 - 0.1 * share)), 1e-9);
  }
}

TEST(Zone, SuspendedDutiesLowerItsCostAndDutiesOnSalesHomeBringRevenue) {
  const World world = some_world();
  const RunResults nothing = run(zone(kNothing), world), suspended = run(zone(kCustomsOnly), world),
                   back = run(zone("home_duty=\"product\""), world), inputs = run(zone("home_duty=\"inputs\""), world);
  EXPECT_TRUE((suspended.zone_measures.after.saving.leftCols(3).array() > 0.0).all());
  EXPECT_GT(suspended.zone_measures.after.output(0), nothing.zone_measures.after.output(0));
  EXPECT_GT(suspended.zone_measures.after.exports(0), nothing.zone_measures.after.exports(0));
  EXPECT_GT(back.measures.tariff_revenue(1), suspended.measures.tariff_revenue(1));
  EXPECT_LT(back.zone_measures.after.home_sales(0), suspended.zone_measures.after.home_sales(0));
  EXPECT_GT(back.zone_measures.after.home_duties(0), 0.0);
  // Duties on the inputs in them take most of the gain from sales home, but substitution leaves a little.
  for (Index j = 0; j < 3; ++j) {
    EXPECT_GT(inputs.zone_measures.after.saving_at_home(0, j), -1e-9);
    EXPECT_LT(inputs.zone_measures.after.saving_at_home(0, j), 0.5 * inputs.zone_measures.after.saving(0, j));
  }
}

TEST(Zone, GrowsWithItsProductivity) {
  const World world = some_world();
  double output = 0.0, saving = -100.0;
  for (const char* productivity : {"-0.1", "-0.02", "0", "0.02", "0.1"}) {
    const RunResults r = run(zone(kCustomsOnly + "\nproductivity=" + productivity), world);
    EXPECT_GT(r.zone_measures.after.output(0), output);
    EXPECT_GT(r.zone_measures.after.saving(0, 0), saving);
    output = r.zone_measures.after.output(0);
    saving = r.zone_measures.after.saving(0, 0);
  }
}

TEST(Zone, VanishesWithItsShare) {
  const World world = some_world();
  const auto effect = [&](double share) {
    return run(zone("tax_advantage=0.1", share) + "[solver]\ntolerance=1e-12\n", world).measures.welfare(1);
  };
  const double small = effect(1e-4), half = effect(0.5e-4);
  EXPECT_NE(small, 0.0);
  EXPECT_NEAR(small / half, 2.0, 0.01);
}

TEST(Zone, TwoAreAsOneWhereTheyAreAlike) {
  const World world = some_world();
  const std::string first = zone("tax_advantage=0.1", 0.1),
                    second = zone("tax_advantage=0.1", 0.1).replace(17, 4, "port");
  const RunResults one = run(zone("tax_advantage=0.1", 0.2), world), two = run(first + second, world);
  EXPECT_LE((one.measures.welfare - two.measures.welfare).cwiseAbs().maxCoeff(), 1e-8);
  EXPECT_NEAR(two.zone_measures.after.output.sum(), one.zone_measures.after.output(0),
              1e-9 * one.zone_measures.after.output(0));
  EXPECT_NEAR(two.zone_measures.after.saving(1, 0), one.zone_measures.after.saving(0, 0), 1e-8);
}

TEST(Zone, OfTheReferenceIsReadFromTheWorldItMade) {
  const World world = some_world(2);
  const std::string privileges = "tax_advantage=0.1\nproductivity=0.03\n[solver]\ntolerance=1e-12";
  const RunResults as_policy = run(zone(privileges), world),
                   as_reference = run(zone(privileges, 0.2, "reference.policy"), world);
  const ZoneFigures &after = as_policy.zone_measures.after, &base = as_reference.zone_measures.base;
  for (const auto& variable : zone_variables())
    EXPECT_NEAR((base.*variable.values)(0), (after.*variable.values)(0), 1e-9 * after.output(0)) << variable.name;
  for (const auto& variable : zone_sector_variables())
    EXPECT_LE((base.*variable.values - after.*variable.values).cwiseAbs().maxCoeff(), 1e-8) << variable.name;
  EXPECT_LE(as_reference.measures.welfare.cwiseAbs().maxCoeff(), 1e-9) << "nothing else happens";
}

TEST(Zone, OfTheReferenceAnswersPoliciesOnItsHost) {
  // One zone in both worlds against the same with the zone's privileges and the duty together: the end is one world.
  const World world = some_world();
  const std::string duty =
      "[[policy]]\nname=\"duty\"\ninstrument=\"tariff\"\nimporters=[\"C01\"]\nexporters=\"all\"\naction=\"add\"\nrate="
      "0.2\n";
  const RunResults after = run(zone("tax_advantage=0.1", 0.2, "reference.policy") + duty, world),
                   together = run(zone("tax_advantage=0.1") + duty, world);
  EXPECT_GT(after.zone_measures.after.duties_suspended(0), after.zone_measures.base.duties_suspended(0));
  // The average duty on imports is weighted by another year's imports; all else is the same.
  EXPECT_NEAR(after.zone_measures.after.output(0), together.zone_measures.after.output(0),
              0.02 * together.zone_measures.after.output(0));
}

}  // namespace
}  // namespace entrepot::testing
