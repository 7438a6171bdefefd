#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/result_reader.hpp"
#include "results/result_variables.hpp"
#include "results/show.hpp"
#include "small_runs.hpp"
#include "text/input_error.hpp"
#include "world/split_zone.hpp"

namespace entrepot {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A quarter of Iran's fuel, which pays nothing on its inputs from abroad, sells home at 10 % and has a tenth of its
/// receipts handed back. Quantities as before: what the rates do to one side alone.
struct Aras {
  World world = split_zone(test::three_countries(), 1, "aras", Vector{{0.0, 0.25}});
  Shock shock;
  RunResults run = test::full_run();
  Aras() {
    shock.tariff = world.tariff;
    shock.export_tax = world.export_tax;
    for (Index m = 0; m < world.market_count(); ++m)
      shock.export_tax(m, 3, 1) = 0.9 * (1.0 + world.export_tax(m, 1, 1)) - 1.0;
    for (Index j = 0; j < 2; ++j)
      for (const Index i : {0, 2}) shock.tariff(3, i, j) = 0.0;
    for (Index use = 0; use < 2; ++use) shock.tariff(world.market(use, 1), 3, 1) = 0.1;
    run.locations = world.locations;
    run.zones = world.zones;
    const Equilibrium unchanged = test::unchanged(world);
    run.measures = measure(world, shock, unchanged);
    run.zone_measures = measure_zones(world, shock, unchanged);
  }
};

TEST(ZoneResults, CompareSaysThatZonesAreInTheirCountries) {
  const test::TemporaryFolder folder;
  write_results(Aras().run, folder / "zone.nc");
  write_results(test::full_run(), folder / "none.nc");
  std::vector<ResultReader> readers;
  readers.emplace_back(folder / "none.nc");
  readers.emplace_back(folder / "zone.nc");
  const std::string file = (folder / "zone.nc").string();
  const std::string text = compare(readers, {.measures = {"exports"}});
  EXPECT_THAT(text, HasSubstr("Zones of zone, here a part of their countries: aras; entrepot show " + file +
                              " has their own figures.\n"));
  EXPECT_THAT(text, Not(HasSubstr("Zones of none")));
  try {
    (void)compare(readers, {.measures = {"zone_output"}});
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("'zone_output' has one value per zone, and countries are compared here; "
                                        "entrepot show " +
                                        file + " zone_output"));
  }
}

TEST(ZoneResults, EveryFigureComesBackToTheLastBit) {
  const test::TemporaryFolder folder;
  const Aras aras;
  write_results(aras.run, folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_THAT(reader.labels("zone"), ElementsAre("aras"));
  EXPECT_THAT(reader.labels("location_country"), ElementsAre("BLR", "IRN", "TUR", "IRN"));
  const ZoneMeasures& measures = aras.run.zone_measures;
  for (const bool base : {false, true}) {
    const ZoneFigures& figures = base ? measures.base : measures.after;
    const std::string ending = base ? "_base" : "";
    for (const auto& variable : zone_variables()) {
      const ResultVariable back = reader.read(variable.name + ending);
      EXPECT_THAT(back.values, ElementsAre((figures.*variable.values)(0))) << variable.name;
      EXPECT_THAT(back.info.dimensions, ElementsAre("zone"));
      EXPECT_EQ(back.info.units, "million USD");
    }
    for (const auto& variable : zone_sector_variables()) {
      const ResultVariable back = reader.read(variable.name + ending);
      const Matrix& values = figures.*variable.values;
      EXPECT_THAT(back.values, ElementsAre(values(0, 0), values(0, 1))) << variable.name;
      EXPECT_EQ(back.info.units, "percent");
    }
  }
  EXPECT_EQ(reader.read("zone_employment").values[0], measures.employment(0));
}

TEST(ZoneResults, SavingsByHand) {
  const Aras aras;
  const ZoneFigures &after = aras.run.zone_measures.after, &base = aras.run.zone_measures.base;
  EXPECT_NEAR(after.saving(0, 1), 10.0, 1e-12) << "1 − 0.9";
  EXPECT_NEAR(after.saving_at_home(0, 1), 1.0, 1e-12) << "1 − 0.9·1.1";
  EXPECT_EQ(after.saving(0, 0), 0.0) << "it makes no food";
  EXPECT_NEAR(base.saving(0, 1), 0.0, 1e-12);
  EXPECT_NEAR(base.output(0), 0.25 * output(test::three_countries())(1, 1), 1e-12);
  EXPECT_EQ(base.taxes_waived(0), 0.0);
  EXPECT_EQ(base.home_duties(0), 0.0);
}

TEST(ZoneResults, AreShown) {
  const test::TemporaryFolder folder;
  write_results(Aras().run, folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_THAT(show(reader, {}), AllOf(HasSubstr("Zone aras in Iran, million USD: output "),
                                      HasSubstr("cost saved by moving in: fuel 10.00 %, 1.00 % sold home\n")));
  EXPECT_THAT(
      show(reader, {.variable = "zone_saving", .country = "IRN", .csv = true}),
      AllOf(HasSubstr(",base (percent),change (percentage points)\naras,fuel,"), HasSubstr("\naras,food,0,0,0\n")));
  EXPECT_EQ(show(reader, {.variable = "zone_output", .country = "BLR", .csv = true}).find("aras"), std::string::npos);
}

TEST(ZoneResults, WithoutAnEquilibriumHaveTheBaseAlone) {
  const test::TemporaryFolder folder;
  Aras aras;
  aras.run.measures = base_measures(aras.world);
  aras.run.zone_measures = base_zone_measures(aras.world);
  aras.run.report.status = SolveStatus::kNoConvergence;
  aras.run.exact = aras.run.first_order = {};
  write_results(aras.run, folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_TRUE(reader.has("zone_output_base"));
  EXPECT_FALSE(reader.has("zone_output"));
  EXPECT_FALSE(reader.has("zone_employment"));
  EXPECT_EQ(show(reader, {}).find("Zone aras"), std::string::npos);
}

}  // namespace
}  // namespace entrepot
