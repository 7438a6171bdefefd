#include "world/split_zone.hpp"

#include <gtest/gtest.h>

#include "support/random_world.hpp"
#include "support/small_world.hpp"
#include "world/balance.hpp"

namespace entrepot::testing {
namespace {

TEST(SplitZone, ByHand) {
  // A quarter of BBB's steel. BBB makes 30 + 120 + 20 (24 less 20 % duty) of steel: the zone makes 42.5, and buys a
  // fifth of that, 8.5, of food and of steel. BBB spends 118 on food and 150 on steel.
  const World world = small_world();
  const World split = split_zone(world, 1, "park", Vector{{0.0, 0.25}});
  ASSERT_EQ(split.location_count(), 4);
  EXPECT_EQ(split.locations[3].code, "park");
  EXPECT_EQ(split.country_of_location(3), 1);
  ASSERT_EQ(split.zones.size(), 1U);
  EXPECT_EQ(split.zones[0].location, 3);
  EXPECT_EQ(split.zones[0].host, 1);
  EXPECT_EQ(find_zone(split, "park"), &split.zones[0]);
  EXPECT_EQ(find_zone(split, "BBB"), nullptr);
  EXPECT_EQ(home_locations(split)[1], 1);
  const Matrix made = output(split);
  EXPECT_NEAR(made(3, 1), 42.5, 1e-12);
  EXPECT_NEAR(made(1, 1), 127.5, 1e-12);
  EXPECT_EQ(made(3, 0), 0.0);
  EXPECT_NEAR(split.value_added(3, 1), 0.6 * 42.5, 1e-12);
  EXPECT_EQ(split.final_use.row(3).sum(), 0.0);
  // Food: the zone buys 8.5/118 of each flow to BBB, duty of 10 % on Alphaland's included.
  EXPECT_NEAR(split.expenditure(3, 0, 0), 33.0 * 8.5 / 118.0, 1e-12);
  EXPECT_NEAR(split.expenditure(1, 0, 0), 33.0 * 109.5 / 118.0, 1e-12);
  EXPECT_EQ(split.tariff(3, 0, 0), 0.10);
  // Steel: a quarter of what BBB sells, bought to the part 8.5/150.
  EXPECT_NEAR(split.expenditure(2, 3, 1), 6.0, 1e-12);
  EXPECT_EQ(split.tariff(2, 3, 1), 0.20);
  EXPECT_NEAR(split.expenditure(3, 3, 1), 30.0 * 8.5 / 150.0, 1e-12);
  EXPECT_NEAR(split.expenditure(3, 1, 1), 90.0 * 8.5 / 150.0, 1e-12);
  EXPECT_NEAR(split.expenditure(1, 3, 1), 30.0 * 141.5 / 150.0, 1e-12);
  EXPECT_LE(check_balance(split).worst(), 1e-12);
}

TEST(SplitZone, SumsOverHostAndZoneAreWhatTheyWere) {
  for (const Index uses : {1, 2}) {
    const World world = random_world({.countries = 4, .sectors = 5, .uses = uses, .highest_export_tax = 0.1}, 7);
    Vector share = Vector::Zero(5);
    share << 0.3, 0.0, 0.1, 0.6, 0.05;
    const World split = split_zone(split_zone(world, 2, "one", share), 2, "two", 0.5 * share);
    EXPECT_TRUE(check_values(split).empty());
    EXPECT_LE(check_balance(split).worst(), 1e-12) << uses;
    EXPECT_EQ(home_locations(split)[2], 2);
    EXPECT_TRUE(unzoned_share(split, 2).isApprox(Vector::Ones(5) - 1.5 * share));
    const auto original = [&](Index l) { return l < 4 ? l : Index{2}; };
    Bilateral sum(world.market_count(), 4, 5);
    for (Index j = 0; j < 5; ++j)
      for (Index i = 0; i < 6; ++i)
        for (Index m = 0; m < split.market_count(); ++m) {
          const Index there = world.market(m / 6, original(split.location_of_market(m)));
          sum(there, original(i), j) += split.expenditure(m, i, j);
          EXPECT_EQ(split.tariff(m, i, j), world.tariff(there, original(i), j));
          EXPECT_EQ(split.export_tax(m, i, j), world.export_tax(there, original(i), j));
        }
    for (std::size_t k = 0; k < sum.values().size(); ++k)
      EXPECT_NEAR(sum.values()[k], world.expenditure.values()[k], 1e-12 * (1.0 + world.expenditure.values()[k]));
    const Matrix made = output(world), parts = output(split);
    for (Index j = 0; j < 5; ++j) {
      EXPECT_NEAR(parts(4, j), share(j) * made(2, j), 1e-12 * made(2, j));
      EXPECT_NEAR(parts(5, j), 0.5 * share(j) * made(2, j), 1e-12 * made(2, j));
    }
    EXPECT_TRUE(income(split).isApprox(income(world), 1e-14));
    EXPECT_TRUE(tariff_revenue(split).isApprox(tariff_revenue(world), 1e-14));
  }
}

}  // namespace
}  // namespace entrepot::testing
