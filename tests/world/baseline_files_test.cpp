// A baseline folder read, written and refused.
#include "world/baseline_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "support/random_world.hpp"
#include "support/small_world.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"
#include "text/read_file.hpp"
#include "world/balance.hpp"

namespace entrepot::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class BaselineFolder : public ::testing::Test {
 protected:
  void write(const World& world) {
    write_baseline(world, {"x", "A \"test\" world", 2021, {"drawn"}, "none", {"all estimated"}}, folder_);
  }
  std::string text(const char* file) const { return read_file(folder_ / file); }
  void replace(const char* file, const std::string& from, const std::string& to) {
    std::string content = text(file);
    const std::size_t place = content.find(from);
    ASSERT_NE(place, std::string::npos) << from;
    content.replace(place, from.size(), to);
    std::ofstream(folder_ / file, std::ios::binary) << content;
  }
  std::string complaint() const {
    try {
      read_baseline(folder_);
    } catch (const InputError& error) {
      return error.what();
    }
    return "accepted";
  }

  test::TemporaryFolder temporary_;
  std::filesystem::path folder_ = temporary_.path();
};

void expect_identical(const World& a, const World& b) {
  EXPECT_EQ(a.expenditure.values(), b.expenditure.values());
  EXPECT_EQ(a.tariff.values(), b.tariff.values());
  EXPECT_EQ(a.export_tax.values(), b.export_tax.values());
  EXPECT_EQ(a.input, b.input);
  EXPECT_EQ(a.value_added, b.value_added);
  EXPECT_EQ(a.final_use, b.final_use);
  EXPECT_EQ(a.deficit, b.deficit);
  EXPECT_EQ(a.theta, b.theta);
  EXPECT_EQ(a.uses, b.uses);
}

TEST_F(BaselineFolder, ReadsBackToTheLastBit) {
  for (const Index uses : {1, 2}) {
    World world = random_world({.countries = 4, .sectors = 3, .uses = uses, .highest_export_tax = 0.1}, 21);
    world.countries[2].members = {"AAA", "BBB"};
    write(world);
    const Baseline back = read_baseline(folder_);
    expect_identical(world, back.world);
    EXPECT_EQ(back.world.countries[2].members, world.countries[2].members);
    EXPECT_EQ(back.info.title, "A \"test\" world");
    EXPECT_EQ(back.world.year, 2021);
    EXPECT_EQ(back.sha256.size(), 64u);
  }
}

TEST_F(BaselineFolder, SectorsMayBeMarkedAsGoodsOrServices) {
  World world = small_world();
  write(world);
  EXPECT_EQ(read_baseline(folder_).world.sectors[0].kind, SectorKind::kUnmarked);
  world.sectors[0].kind = SectorKind::kServices;
  write(world);
  EXPECT_EQ(read_baseline(folder_).world.sectors[0].kind, SectorKind::kServices);
  EXPECT_EQ(read_baseline(folder_).world.sectors[1].kind, SectorKind::kUnmarked);
  world.sectors[1].kind = SectorKind::kGoods;
  write(world);
  EXPECT_EQ(read_baseline(folder_).world.sectors[1].kind, SectorKind::kGoods);
  replace("sectors.csv", "goods", "good");
  EXPECT_THAT(complaint(), HasSubstr("sectors.csv:3: kind: 'good' is not a kind of sector; did you mean 'goods'?"));
}

TEST_F(BaselineFolder, ElasticitiesOfOtherSourcesAreKept) {
  World world = small_world();
  world.theta_sets = {{"other", Vector::LinSpaced(world.sector_count(), 2.5, 7.25)}};
  write(world);
  const Baseline back = read_baseline(folder_);
  ASSERT_EQ(back.world.theta_sets.size(), 1u);
  EXPECT_EQ(back.world.theta_sets[0].name, "other");
  EXPECT_EQ(back.world.theta_sets[0].theta, world.theta_sets[0].theta);
  const World merged = aggregate(world, {{}, {{"food", "all"}, {"steel", "all"}}});
  ASSERT_EQ(merged.theta_sets.size(), 1u);
  EXPECT_GT(merged.theta_sets[0].theta(0), 2.5);
  EXPECT_LT(merged.theta_sets[0].theta(0), 7.25);
  replace("sectors.csv", "7.25", "-1");
  EXPECT_THAT(complaint(), HasSubstr("theta_other: the trade elasticity θ is -1; it must be positive"));
}

TEST(Aggregate, SectorsOfOneKindKeepIt) {
  World world = small_world();
  world.sectors[0].kind = world.sectors[1].kind = SectorKind::kGoods;
  const Merge merge{{}, {{"food", "all_goods"}, {"steel", "all_goods"}}};
  EXPECT_EQ(aggregate(world, merge).sectors[0].kind, SectorKind::kGoods);
  world.sectors[1].kind = SectorKind::kServices;
  EXPECT_EQ(aggregate(world, merge).sectors[0].kind, SectorKind::kUnmarked);
  EXPECT_EQ(aggregate(world, {}).sectors[1].kind, SectorKind::kServices);
}

TEST_F(BaselineFolder, ChecksumFollowsTheAccounts) {
  write(small_world());
  const std::string before = read_baseline(folder_).sha256;
  EXPECT_EQ(read_baseline(folder_).sha256, before);
  replace("countries.csv", "Alphaland", "Elsewhere");
  EXPECT_NE(read_baseline(folder_).sha256, before);
}

TEST_F(BaselineFolder, MistakesAreToldWithLineColumnAndNearestName) {
  write(small_world());
  replace("trade.csv", "food,AAA,BBB,33", "fod,AAA,BBBB,nan");
  replace("trade.csv", "steel,AAA,AAA,50", "steel,AAA,AAA,-50");
  replace("accounts.csv", "AAA,food,", "AAA,food,x");
  replace("sectors.csv", "food,Food,4", "food,Food,-4");
  // Sectors first: nothing else can be read without them.
  EXPECT_THAT(complaint(), AllOf(HasSubstr("sectors.csv:2: theta: the trade elasticity θ is -4; it must be positive"),
                                 HasSubstr("    food,Food,-4")));
  replace("sectors.csv", "food,Food,-4", "food,Food,4");
  EXPECT_THAT(complaint(),
              AllOf(HasSubstr("sector: there is no sector 'fod' in this baseline; did you mean 'food'?"),
                    HasSubstr("importer: there is no country 'BBBB' in this baseline; did you mean 'BBB'?"),
                    HasSubstr("value: 'nan' is not a finite number"), HasSubstr("value: -50 is negative"),
                    HasSubstr("accounts.csv:2: value_added: 'x")));
}

TEST_F(BaselineFolder, MissingCellsColumnsFilesAndDoubleAccounts) {
  write(small_world());
  replace("deficits.csv", "AAA,", "AAA,1\nAAA,");
  EXPECT_THAT(complaint(), HasSubstr("deficits.csv:3: this account is listed twice"));
  write(small_world());
  replace("trade.csv", "value,tariff", "value,tarif");
  EXPECT_THAT(complaint(), HasSubstr("trade.csv:1: tarif: there is no such column; did you mean 'tariff'?"));
  write(small_world());
  replace("trade.csv", ",100,0", ",,0");
  EXPECT_THAT(complaint(), HasSubstr("value: this cell is empty; a number is expected"));
  write(small_world());
  std::filesystem::remove(folder_ / "accounts.csv");
  EXPECT_THAT(complaint(), HasSubstr("accounts.csv: this file can't be read"));
  write(small_world());
  replace("baseline.toml", "million USD", "billion USD");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("baseline.toml:3"), HasSubstr("million USD")));
}

TEST_F(BaselineFolder, UnbalancedAccountsAreRefusedByName) {
  write(small_world());
  replace("accounts.csv", "BBB,steel,", "BBB,steel,9");
  EXPECT_THAT(complaint(), AllOf(HasSubstr("producers: the accounts do not balance"), HasSubstr("steel in BBB"),
                                 HasSubstr("budgets")));
  EXPECT_GT(check_balance(read_baseline_unchecked(folder_).world).worst(), 1e-3);
}

TEST_F(BaselineFolder, AFileThatCanNotBeWrittenIsTold) {
  const std::filesystem::path file = folder_ / "file";
  std::ofstream(file) << "x";
  EXPECT_THROW(write_baseline(small_world(), {}, file / "below"), FileError);
}

TEST(ShippedBaselines, AreSoundAndBalanced) {
  for (const char* name : {"cp2015-nafta", "eurasia-2021"}) {
    const Baseline baseline = read_baseline(std::filesystem::path(ENTREPOT_SOURCE_DIR) / "data" / name);
    EXPECT_LE(check_balance(baseline.world).worst(), BalanceReport::kTolerance) << name;
  }
}

// ---- Merging -----------------------------------------------------------------------------------------------------

TEST(Aggregate, KeepsTotalsRevenuesAndBalance) {
  const World world = random_world({.countries = 5, .sectors = 4, .highest_export_tax = 0.1}, 22);
  const World merged = aggregate(world, {{{"C01", "EU"}, {"C03", "EU"}}, {{"s00", "goods"}, {"s02", "goods"}}});
  EXPECT_EQ(merged.country_count(), 4);
  EXPECT_EQ(merged.sector_count(), 3);
  EXPECT_EQ(merged.countries[1].code, "EU");
  EXPECT_EQ(merged.countries[1].members, (std::vector<std::string>{"C01", "C03"}));
  EXPECT_LE(check_balance(merged).worst(), 1e-12);
  EXPECT_NEAR(factor_income(merged).sum(), factor_income(world).sum(), 1e-9);
  EXPECT_NEAR(tariff_revenue(merged)(1), tariff_revenue(world)(1) + tariff_revenue(world)(3), 1e-9);
  EXPECT_NEAR(export_tax_revenue(merged)(1), export_tax_revenue(world)(1) + export_tax_revenue(world)(3), 1e-9);
}

TEST(Aggregate, MergingNothingChangesNothing) {
  const World world = random_world({.countries = 3, .sectors = 3}, 23);
  const World same = aggregate(world, {});
  EXPECT_EQ(same.expenditure.values(), world.expenditure.values());
  EXPECT_EQ(same.theta, world.theta);
}

TEST(Aggregate, MistakesNameTheNearestCode) {
  const World world = small_world();
  try {
    aggregate(world, {{{"AAB", "X"}}, {}});
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("there is no country 'AAB' in this baseline; did you mean 'AAA'?"));
  }
  EXPECT_THROW(aggregate(world, {{{"AAA", "CCC"}}, {}}), InputError);  // CCC would be two things
}

TEST(CheckValues, NamesWhatCanNotBe) {
  World world = small_world();
  world.theta(0) = -1.0;
  world.tariff(1, 0, 1) = -1.0;
  world.expenditure(0, 0, 0) = std::numeric_limits<double>::quiet_NaN();
  world.labour_mobility(2) = 0.5;
  const std::vector<std::string> found = check_values(world);
  EXPECT_THAT(found, ::testing::UnorderedElementsAre(HasSubstr("the trade elasticity θ of food is -1"),
                                                     HasSubstr("the tariff on steel from AAA to BBB is -1"),
                                                     HasSubstr("the flow of food from AAA to AAA is nan"),
                                                     HasSubstr("labour mobility ν of CCC is 0.5")));
}

}  // namespace
}  // namespace entrepot::testing
