// A world table of three countries (ARC, DOR, RoW) and three industries small enough to check by hand.
#include "recipe/structure.hpp"

#include "recipe/product_mix.hpp"
#include "recipe/services_trade.hpp"
#include "recipe_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Every country uses 10 of each of its own industries' goods in each of its industries and 1 of each foreign one, and
/// buys 100 of each at home and 20 of each from each other country for final use.
WorldTable small_table() {
  WorldTable table;
  table.countries = {"ARC", "DOR", "RoW"};
  table.industries = {"c1", "c2", "c3"};
  table.flow = Matrix::Ones(9, 9);
  table.final_use = Matrix::Constant(9, 3, 20.0);
  for (Index n = 0; n < 3; ++n) {
    table.flow.block(3 * n, 3 * n, 3, 3).setConstant(10.0);
    table.final_use.block(3 * n, n, 3, 1).setConstant(100.0);
  }
  table.output = table.flow.rowwise().sum() + table.final_use.rowwise().sum();
  return table;
}

class RecipeStructure : public RecipeFolder {
 protected:
  void SetUp() override {
    RecipeFolder::SetUp();
    recipe_ = read_recipe(write_recipe());
    tables_ = read_recipe_tables(recipe_);
  }
  Structure structure_of(const WorldTable& table) const { return read_structure(recipe_, tables_, table, "table.h5"); }
  ProductProfile profile() const {
    return ProductProfile::read(
        write("profile.csv",
              "iso3,measure,product_group,year,value\nBOR,export_share_pct,Fuels,2015,40\n"
              "BOR,export_share_pct,Food Products,2015,10\nBOR,import_share_pct,Consumer goods,2015,30\n"
              "BOR,import_share_pct,Intermediate goods,2015,30\n"));
  }
  Recipe recipe_;
  RecipeTables tables_;
};

TEST_F(RecipeStructure, SharesSumToOneAndCountriesLandInTheirRegions) {
  const Structure structure = structure_of(small_table());
  ASSERT_EQ(structure.cost.size(), 3u);
  for (const CostStructure& cost : structure.cost) {
    EXPECT_TRUE(
        (cost.input_share.colwise().sum().transpose() + cost.value_added_share).isApprox(Vector::Ones(3), 1e-14));
    EXPECT_NEAR(cost.final_share.sum(), 1.0, 1e-14);
  }
  EXPECT_TRUE(structure.in_table[0]);
  EXPECT_FALSE(structure.in_table[1]);                           // Borduria has donors
  EXPECT_DOUBLE_EQ(structure.trade(0, 2, 0), 2 * (20.0 + 3.0));  // DOR and RoW to ARC
  // Output 10·3 + 1·6 + 100 + 40 = 176, inputs 12·3 = 36.
  EXPECT_DOUBLE_EQ(structure.value_added(0, 0), 176.0 - 36.0);
  EXPECT_DOUBLE_EQ(structure.value_added(2, 0), 2 * (176.0 - 36.0));
  EXPECT_DOUBLE_EQ(structure.cost[0].value_added_share(0), 140.0 / 176.0);
}

TEST_F(RecipeStructure, NegativeFinalUseIsSetToZeroAndCounted) {
  WorldTable table = small_table();
  table.final_use(0, 0) = -50.0;  // with 2 × 20 from abroad the sector's final use is −10
  const Structure structure = structure_of(table);
  EXPECT_DOUBLE_EQ(structure.folded, 10.0);
  EXPECT_DOUBLE_EQ(structure.cost[0].final_share(0), 0.0);
}

TEST_F(RecipeStructure, ASectorThatIsNotProducedGetsTheWorldsCostShares) {
  WorldTable table = small_table();
  table.flow.col(0).setZero();
  table.output(0) = 0.0;
  const Structure structure = structure_of(table);
  EXPECT_GT(structure.cost[0].value_added_share(0), 0.0);
  EXPECT_NEAR(structure.cost[0].input_share.col(0).sum() + structure.cost[0].value_added_share(0), 1.0, 1e-14);
}

TEST_F(RecipeStructure, UnknownDonorsAndIndustriesAreNamed) {
  tables_.donors["BOR"][0].country = "ARX";
  EXPECT_THAT(message_of([&] { structure_of(small_table()); }), AllOf(HasSubstr("donors.csv:2"), HasSubstr("'ARC'")));
  tables_.donors.clear();
  EXPECT_THAT(message_of([&] { structure_of(small_table()); }), AllOf(HasSubstr("BOR"), HasSubstr("needs donors")));
  recipe_.sectors[0].industries = {"c11"};
  EXPECT_THAT(message_of([&] { structure_of(small_table()); }), HasSubstr("there is no industry 'c11'"));
}

TEST_F(RecipeStructure, GoodsKeepPairTotalsAndTheExportersMix) {
  Matrix total(3, 3);
  total << 0.0, 30.0, 70.0, 40.0, 0.0, 60.0, 50.0, 20.0, 0.0;
  const Structure structure = structure_of(small_table());
  const Bilateral flows = goods_by_sector(recipe_, tables_, profile(), structure, total);
  Matrix sums = Matrix::Zero(3, 3);
  for (Index k = 0; k < 3; ++k) sums += flows.sector(k).transpose();
  EXPECT_TRUE(sums.isApprox(total, 1e-12));
  EXPECT_TRUE((flows.sector(2).array() == 0.0).all());  // services
  // Borduria: fuels 80 % (a quarter of them food, by product_groups.csv), food 20 %.
  const Vector mix = export_mix(recipe_, tables_, profile(), 1);
  EXPECT_NEAR(mix(0), 0.4, 1e-14);
  EXPECT_NEAR(mix(1), 0.6, 1e-14);
  EXPECT_NEAR(flows.sector(0).col(1).sum(), 0.4 * 100.0, 1e-9);
}

TEST_F(RecipeStructure, StatedMixesOverrideTheRest) {
  tables_.estimates.push_back({"pair_share", "BOR", "ARC", "metals", 1.0, {}});
  Matrix total(3, 3);
  total << 0.0, 30.0, 70.0, 40.0, 0.0, 60.0, 50.0, 20.0, 0.0;
  const Bilateral flows = goods_by_sector(recipe_, tables_, profile(), structure_of(small_table()), total);
  EXPECT_DOUBLE_EQ(flows(0, 1, 1), 40.0);
  EXPECT_DOUBLE_EQ(flows(0, 1, 0), 0.0);
}

TEST_F(RecipeStructure, ServicesMeetPublishedTotalsAndPairs) {
  ServicesTrade published;
  published.total = {{"ARC", 200.0}};
  published.value = {{{"ARC", "BOR"}, 25.0}};
  const Structure structure = structure_of(small_table());
  const Vector gdp = Vector::Constant(3, 100.0);
  const ServicesFlows services = services_by_sector(recipe_, tables_, published, structure, gdp);
  EXPECT_DOUBLE_EQ(services.flow(1, 0, 2), 25.0);
  EXPECT_DOUBLE_EQ(services.flow.sector(2).col(0).sum(), 200.0);
  EXPECT_TRUE((services.flow.sector(0).array() == 0.0).all());
  // Arcadia exported 2 × 23 of services in the table's year; the others grow as it did.
  EXPECT_DOUBLE_EQ(services.growth, 200.0 / 46.0);
  // Borduria's part of what the rest sold Arcadia is half, by GDP.
  EXPECT_DOUBLE_EQ(services.flow(0, 1, 2), services.flow(0, 2, 2));
  recipe_.no_trade = {"services"};
  EXPECT_DOUBLE_EQ(services_by_sector(recipe_, tables_, {}, structure, gdp).total, 0.0);
}

}  // namespace
}  // namespace entrepot
