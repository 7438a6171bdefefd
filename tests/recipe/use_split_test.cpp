#include "recipe/use_split.hpp"

#include "recipe_fixture.hpp"
#include "world/balance.hpp"

namespace entrepot {
namespace {

TEST(SplitPurchases, MeetsTheTotalAndKeepsTheRatioOfOdds) {
  const Vector purchases = (Vector(3) << 100.0, 50.0, 10.0).finished();
  const Vector share = (Vector(3) << 0.5, 0.2, 0.9).finished();
  for (const double needed : {0.001, 30.0, 80.0, 159.999}) {
    const Vector part = split_purchases(purchases, share, needed);
    EXPECT_NEAR(part.sum(), needed, 1e-12 * needed);
    const Vector odds = part.array() / (purchases - part).array();
    EXPECT_NEAR(odds(0) / odds(1), (0.5 / 0.5) / (0.2 / 0.8), 1e-6) << needed;
    EXPECT_NEAR(odds(2) / odds(1), (0.9 / 0.1) / (0.2 / 0.8), 1e-4) << needed;
  }
}

TEST(SplitPurchases, LeavesSharesThatAlreadyMeetTheTotal) {
  const Vector purchases = (Vector(2) << 80.0, 20.0).finished(), share = (Vector(2) << 0.25, 0.75).finished();
  const Vector part = split_purchases(purchases, share, 35.0);
  EXPECT_NEAR(part(0), 20.0, 1e-9);
  EXPECT_NEAR(part(1), 15.0, 1e-9);
}

TEST(SplitPurchases, AllOrNothing) {
  const Vector purchases = (Vector(2) << 80.0, 20.0).finished(), share = (Vector(2) << 0.25, 0.75).finished();
  EXPECT_EQ(split_purchases(purchases, share, 0.0), Vector::Zero(2));
  EXPECT_EQ(split_purchases(purchases, share, 100.0), purchases);
}

class IntermediateShares : public RecipeFolder {};

TEST_F(IntermediateShares, AreTheTablesThenTheDonorsThenTheImportersOwn) {
  const Recipe recipe = read_recipe(write_recipe());  // Arcadia and the rest in the table; Borduria half as either
  const RecipeTables tables = read_recipe_tables(recipe);
  Structure structure;
  structure.in_table = {true, false, true};
  structure.inputs = structure.final_purchases = Bilateral(3, 3, 3);
  const auto set = [&](Index importer, Index exporter, double inputs, double final_use) {
    structure.inputs(importer, exporter, 0) = inputs;
    structure.final_purchases(importer, exporter, 0) = final_use;
  };
  set(0, 0, 30.0, 10.0);  // Arcadia's own
  set(0, 2, 1.0, 3.0);    // Arcadia from the rest
  set(2, 0, 5.0, 0.0);    // the rest from Arcadia: inputs alone
  set(2, 2, 1.0, 1.0);
  const Bilateral share = intermediate_shares(recipe, tables, structure);
  EXPECT_DOUBLE_EQ(share(0, 0, 0), 0.75);
  EXPECT_DOUBLE_EQ(share(0, 2, 0), 0.25);
  EXPECT_DOUBLE_EQ(share(0, 1, 0), 0.25);                    // Borduria sells as the rest does
  EXPECT_DOUBLE_EQ(share(2, 0, 0), 1.0 - kLeastUse);         // a split must stay possible
  EXPECT_DOUBLE_EQ(share(1, 1, 0), 0.5 * 0.75 + 0.5 * 0.5);  // at home as its donors at home
  EXPECT_DOUBLE_EQ(share(1, 2, 0), 0.5 * 0.25 + 0.5 * 1.0);  // … the rest from abroad, as it buys from all
  EXPECT_DOUBLE_EQ(share(0, 1, 1), 0.5);                     // nothing is known of metals
}

TEST_F(IntermediateShares, ASplitWorldBalancesAndKeepsItsAccounts) {
  World world = World::of_shape({{"AAA", "A", {}}, {"BBB", "B", {}}}, {{"ore", "Ore", SectorKind::kGoods}});
  world.tariff = Bilateral(2, 2, 1);
  world.tariff(1, 0, 0) = 0.25;
  world.expenditure(0, 0, 0) = 100.0;
  world.expenditure(0, 1, 0) = 20.0;
  world.expenditure(1, 0, 0) = 25.0;
  world.expenditure(1, 1, 0) = 60.0;
  world.input = {Matrix::Constant(1, 1, 50.0), Matrix::Constant(1, 1, 5.0)};
  world.value_added << 70.0, 75.0;
  world.final_use << 70.0, 80.0;
  world.deficit << 0.0, 0.0;
  ASSERT_LE(check_balance(world).worst(), BalanceReport::kTolerance);
  Bilateral share(2, 2, 1, 0.5);
  share(0, 1, 0) = 0.9;
  const World split = split_uses(world, share);
  EXPECT_EQ(split.uses, 2);
  EXPECT_LE(check_balance(split).worst(), BalanceReport::kTolerance);
  for (Index n = 0; n < 2; ++n)
    for (Index i = 0; i < 2; ++i)
      EXPECT_NEAR(split.expenditure(split.market(0, n), i, 0) + split.expenditure(split.market(1, n), i, 0),
                  world.expenditure(n, i, 0), 1e-10);
  EXPECT_GT(split.expenditure(0, 1, 0) / split.expenditure(0, 0, 0),  // A's producers buy more of B than its households
            split.expenditure(2, 1, 0) / split.expenditure(2, 0, 0));
  EXPECT_DOUBLE_EQ(split.tariff(3, 0, 0), 0.25);
  EXPECT_EQ(split.value_added, world.value_added);
  EXPECT_EQ(split.input, world.input);
}

}  // namespace
}  // namespace entrepot
