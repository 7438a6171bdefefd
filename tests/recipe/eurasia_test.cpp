// The committed base year data/eurasia-2021: sound as it stands, and what the recipe gives from the raw tables where
// these are at hand (ENTREPOT_RAW_DATA, or shared/data/raw beside the sources).
#include <set>

#include "recipe/build_baseline.hpp"
#include "recipe_fixture.hpp"
#include "results/baseline_checks.hpp"
#include "support/temporary_folder.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {
namespace {

std::filesystem::path source_folder() { return ENTREPOT_SOURCE_DIR; }

std::filesystem::path raw_folder() {
  if (const char* folder = std::getenv("ENTREPOT_RAW_DATA")) return folder;
  return source_folder() / ".." / "shared" / "data" / "raw";
}

const Baseline& committed() {
  static const Baseline baseline = read_baseline(source_folder() / "data" / "eurasia-2021");
  return baseline;
}

Index country(const World& world, const std::string& code) {
  for (Index n = 0; n < world.country_count(); ++n)
    if (world.countries[static_cast<std::size_t>(n)].code == code) return n;
  ADD_FAILURE() << "no country " << code;
  return 0;
}

Index sector(const World& world, const std::string& code) {
  for (Index j = 0; j < world.sector_count(); ++j)
    if (world.sectors[static_cast<std::size_t>(j)].code == code) return j;
  ADD_FAILURE() << "no sector " << code;
  return 0;
}

double exports(const World& world, Index i, Index n) {  // of the 15 goods sectors
  double sum = 0.0;
  for (Index j = 0; j < sector(world, "utilities"); ++j)
    for (Index use = 0; use < world.uses; ++use) sum += world.receipts_at(world.market(use, n), i, j);
  return sum;
}

TEST(Eurasia2021, CommittedAccountsAreSoundAndBalance) {
  const World& world = committed().world;
  EXPECT_EQ(world.year, 2021);
  EXPECT_EQ(world.country_count(), 41);
  EXPECT_EQ(world.sector_count(), 27);
  EXPECT_EQ(world.uses, 2);
  EXPECT_TRUE(check_values(world).empty());
  EXPECT_LE(check_balance(world).worst(), BalanceReport::kTolerance);
}

TEST(Eurasia2021, ProducersAndHouseholdsBuyFromDifferentOrigins) {
  const World& world = committed().world;
  const auto share = [&](const char* importer, const char* exporter, const char* good, Index use) {
    const Index m = world.market(use, country(world, importer)), j = sector(world, good);
    double all = 0.0;
    for (Index i = 0; i < world.location_count(); ++i) all += world.expenditure(m, i, j);
    return world.expenditure(m, country(world, exporter), j) / all;
  };
  // WIOD 2011: what China sells to the United States in electrical goods are finished goods more than parts.
  EXPECT_GT(share("USA", "CHN", "electrical", 1), share("USA", "CHN", "electrical", 0));
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index n = 0; n < world.location_count(); ++n) {
      double inputs = 0.0;
      for (Index i = 0; i < world.location_count(); ++i) inputs += world.expenditure(world.market(0, n), i, j);
      const double used = world.input[static_cast<std::size_t>(n)].row(j).sum();
      EXPECT_NEAR(inputs, used, 1e-9 * used);
    }
}

TEST(Eurasia2021, SizesAreThePublishedOnes) {
  const World& world = committed().world;
  const Vector gdp = factor_income(world) + tariff_revenue(world);  // World Bank, WDI, 2021, million USD
  EXPECT_NEAR(gdp(country(world, "IRN")), 359097, 1);
  EXPECT_NEAR(gdp(country(world, "BLR")), 69674, 1);
  EXPECT_NEAR(gdp(country(world, "RUS")), 1836892, 1);
  double russia = 0.0;  // UN Comtrade: 492.3 billion USD
  for (Index n = 0; n < world.country_count(); ++n)
    if (n != country(world, "RUS")) russia += exports(world, country(world, "RUS"), n);
  EXPECT_NEAR(russia, 492300, 0.01 * 492300);
  // UN Comtrade, to Iran: China 8.278, United Arab Emirates 6.581, Russia 3.068, Türkiye 2.771 billion USD.
  const Index iran = country(world, "IRN");
  EXPECT_NEAR(exports(world, country(world, "CHN"), iran), 8278, 1);
  EXPECT_NEAR(exports(world, country(world, "ARE"), iran), 6581, 1);
  EXPECT_NEAR(exports(world, country(world, "RUS"), iran), 3068, 1);
  EXPECT_NEAR(exports(world, country(world, "TUR"), iran), 2771, 1);
  EXPECT_NEAR(exports(world, country(world, "BLR"), iran), 11.2, 0.1);
  // Reuters 2022-05-25: Belarus to the European Union 9.5, to Ukraine 5.4 billion USD.
  double union_ = 0.0;
  for (const char* code : {"DEU", "FRA", "ITA", "POL", "LTU", "LVA", "NLD", "REU"})
    union_ += exports(world, country(world, "BLR"), country(world, code));
  EXPECT_NEAR(union_, 9500, 0.01 * 9500);
  EXPECT_NEAR(exports(world, country(world, "BLR"), country(world, "UKR")), 5400, 0.01 * 5400);
}

TEST(Eurasia2021, TariffsAreFractionsAndPreferencesAreThoseInForce) {
  const World& world = committed().world;
  const Index food = sector(world, "food"), iran = country(world, "IRN"), belarus = country(world, "BLR");
  EXPECT_DOUBLE_EQ(world.tariff_at(iran, belarus, food), 0.30);
  EXPECT_DOUBLE_EQ(world.tariff_at(belarus, iran, food), 0.031);
  EXPECT_DOUBLE_EQ(world.tariff_at(belarus, country(world, "RUS"), food), 0.0);
  EXPECT_DOUBLE_EQ(world.tariff_at(country(world, "DEU"), country(world, "REU"), food), 0.0);
  const Index cars = sector(world, "vehicles");
  const auto free = [&](const char* importer, const char* exporter, Index j) {
    EXPECT_DOUBLE_EQ(world.tariff_at(country(world, importer), country(world, exporter), j), 0.0)
        << importer << " from " << exporter;
  };
  free("TUR", "DEU", cars);  // industrial goods alone
  EXPECT_GT(world.tariff_at(country(world, "TUR"), country(world, "DEU"), food), 0.0);
  free("RUS", "UZB", food);
  free("MEX", "USA", food);
  free("DEU", "KOR", cars);
  free("ITA", "JPN", cars);
  free("NOR", "DEU", cars);
  free("GBR", "FRA", food);
  free("IDN", "CHN", cars);
  EXPECT_GT(world.tariff_at(country(world, "RUS"), country(world, "UKR"), food), 0.0);  // suspended in 2016
  EXPECT_GT(world.tariff_at(country(world, "JPN"), country(world, "CHN"), food), 0.0);  // RCEP came in 2022
  EXPECT_DOUBLE_EQ(world.tariff_at(iran, belarus, sector(world, "finance")), 0.0);
  EXPECT_DOUBLE_EQ(world.tariff_at(country(world, "KAZ"), country(world, "CHN"), food),
                   world.tariff_at(country(world, "RUS"), country(world, "CHN"), food));
}

TEST(Eurasia2021, TheRecipeGivesTheCommittedAccounts) {
  if (!std::filesystem::exists(raw_folder() / "wiod_2011.h5")) GTEST_SKIP() << "the raw tables are not here";
  BuildReport report;
  const Baseline built =
      build_baseline(source_folder() / "data" / "eurasia-2021" / "recipe.toml", raw_folder(), report);
  EXPECT_LE(report.balance.worst(), BalanceReport::kTolerance);
  const World &now = built.world, &then = committed().world;
  ASSERT_EQ(now.country_count(), then.country_count());
  ASSERT_EQ(now.sector_count(), then.sector_count());
  // To the bit on one processor; another may round differently on the way.
  const auto close = [](const auto& a, const auto& b) { return (a - b).norm() <= 1e-9 * b.norm(); };
  for (Index j = 0; j < now.sector_count(); ++j) {
    EXPECT_EQ(now.sectors[static_cast<std::size_t>(j)].code, then.sectors[static_cast<std::size_t>(j)].code);
    EXPECT_TRUE(close(Matrix(now.expenditure.sector(j)), Matrix(then.expenditure.sector(j))));
    EXPECT_TRUE(close(Matrix(now.tariff.sector(j)), Matrix(then.tariff.sector(j))));
  }
  for (Index n = 0; n < now.country_count(); ++n) {
    EXPECT_EQ(now.countries[static_cast<std::size_t>(n)].code, then.countries[static_cast<std::size_t>(n)].code);
    EXPECT_EQ(now.countries[static_cast<std::size_t>(n)].members, then.countries[static_cast<std::size_t>(n)].members);
    EXPECT_TRUE(close(now.input[static_cast<std::size_t>(n)], then.input[static_cast<std::size_t>(n)]));
  }
  EXPECT_TRUE(close(now.value_added, then.value_added));
  EXPECT_TRUE(close(now.final_use, then.final_use));
  EXPECT_TRUE(close(now.deficit, then.deficit));
  EXPECT_TRUE(close(now.theta, then.theta));
  ASSERT_EQ(now.theta_sets.size(), 1u);
  ASSERT_EQ(then.theta_sets.size(), 1u);
  EXPECT_EQ(then.theta_sets[0].name, "cp2015");
  EXPECT_TRUE(close(now.theta_sets[0].theta, then.theta_sets[0].theta));
}

TEST(Eurasia2021, BuildingTwiceGivesTheSameBits) {
  if (!std::filesystem::exists(raw_folder() / "wiod_2011.h5")) GTEST_SKIP() << "the raw tables are not here";
  BuildReport report;
  const std::filesystem::path recipe = source_folder() / "data" / "eurasia-2021" / "recipe.toml";
  const World once = build_baseline(recipe, raw_folder(), report).world;
  const World twice = build_baseline(recipe, raw_folder(), report).world;
  EXPECT_EQ(once.expenditure.values(), twice.expenditure.values());
  EXPECT_EQ(once.input, twice.input);
  EXPECT_EQ(once.value_added, twice.value_added);
}

TEST(Eurasia2021, EveryLargeDifferenceFromAPublishedFigureIsExplained) {
  const World& world = committed().world;
  const auto checks = check_figures(world, read_published_figures(source_folder() / "data" / "eurasia-2021", world));
  std::set<std::string> with_gdp, with_partners;
  for (const BaselineCheck& check : checks) {
    const PublishedFigure& figure = check.figure;
    if (check.large) {
      EXPECT_FALSE(figure.remark.empty()) << figure.country << " " << figure.figure << " " << figure.of;
    }
    if (figure.figure == "gdp") {
      with_gdp.insert(figure.country);
      EXPECT_NEAR(check.difference, 0.0, 1e-3) << figure.country;
    }
    if (figure.figure == "exports_to" || figure.figure == "imports_from") with_partners.insert(figure.country);
  }
  EXPECT_EQ(with_gdp.size(), 39u);  // all but the two regions
  for (const char* code : {"BLR", "RUS", "CHN", "IND", "TUR", "KAZ", "DEU", "USA"})
    EXPECT_EQ(with_partners.count(code), 1u) << code;
}

TEST(Eurasia2021, PublishedFiguresAreThoseOfTheRawTables) {
  if (!std::filesystem::exists(raw_folder() / "wiod_2011.h5")) GTEST_SKIP() << "the raw tables are not here";
  const std::filesystem::path folder = source_folder() / "data" / "eurasia-2021";
  const std::filesystem::path again = std::filesystem::temp_directory_path() / "entrepot-published.csv";
  const std::string command = "/usr/bin/python3 '" + (folder / "published.py").string() + "' '" +
                              raw_folder().string() + "' '" + again.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(test::content_of(again), test::content_of(folder / "published.csv"));
  std::filesystem::remove(again);
}

TEST(Eurasia2021, MissingRawTablesAreNamed) {
  BuildReport report;
  const std::filesystem::path recipe = source_folder() / "data" / "eurasia-2021" / "recipe.toml";
  EXPECT_THAT(message_of([&] { build_baseline(recipe, "no-such-folder", report); }),
              ::testing::HasSubstr("un_comtrade_exports_2021.csv"));
}

}  // namespace
}  // namespace entrepot
