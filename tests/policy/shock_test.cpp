#include "policy/shock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/small_world.hpp"

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Shock full_shock() {
  Shock shock;
  shock.tariff = Bilateral(3, 3, 2, 0.3);
  shock.export_tax = Bilateral(3, 3, 2, -0.2);
  shock.iceberg = Bilateral(3, 3, 2, 4.0);
  shock.open_share = Bilateral(3, 3, 2, 0.0);
  shock.rent = Bilateral(3, 3, 2, 0.5);
  shock.rent_beneficiary.assign(18, -1);
  shock.productivity = Matrix::Constant(3, 2, 9.0);
  shock.transfer = Vector::Zero(3);
  shock.transfer << 10.0, -4.0, -6.0;
  shock.closure = Closure::kProportional;
  return shock;
}

TEST(PartWay, RatesMoveLinearlyFromTheBaseAndRatiosInLogs) {
  const Shock half = part_way(small_world(), full_shock(), 0.5);
  EXPECT_DOUBLE_EQ(half.tariff(1, 0, 0), 0.2);  // 0.10 -> 0.30
  EXPECT_DOUBLE_EQ(half.tariff(0, 1, 0), 0.15);
  EXPECT_DOUBLE_EQ(half.export_tax(1, 0, 0), -0.1);
  EXPECT_DOUBLE_EQ(half.iceberg(1, 0, 0), 2.0);
  EXPECT_DOUBLE_EQ(half.open_share(1, 0, 0), 0.5);
  EXPECT_DOUBLE_EQ(half.rent(1, 0, 0), 0.25);
  EXPECT_DOUBLE_EQ(half.productivity(1, 0), 3.0);
  EXPECT_DOUBLE_EQ(half.transfer(2), -3.0);
  EXPECT_EQ(half.closure, Closure::kProportional);
  EXPECT_EQ(half.rent_beneficiary, full_shock().rent_beneficiary);
}

TEST(PartWay, TheEndsAreExactlyTheBaseAndTheShock) {
  const World world = small_world();
  Shock shock = full_shock();
  shock.tariff(1, 0, 0) = 0.7;
  const Shock start = part_way(world, shock, 0.0), end = part_way(world, shock, 1.0);
  EXPECT_EQ(start.tariff.values(), world.tariff.values());
  EXPECT_EQ(start.export_tax.values(), std::vector<double>(18, 0.0));
  EXPECT_EQ(start.iceberg.values(), std::vector<double>(18, 1.0));
  EXPECT_EQ(start.open_share.values(), std::vector<double>(18, 1.0));
  EXPECT_EQ(start.productivity, Matrix::Ones(3, 2));
  EXPECT_EQ(end.tariff.values(), shock.tariff.values());
  EXPECT_EQ(end.iceberg.values(), shock.iceberg.values());
  EXPECT_EQ(end.open_share.values(), shock.open_share.values());
  EXPECT_EQ(end.rent.values(), shock.rent.values());
  EXPECT_EQ(end.productivity, shock.productivity);
  EXPECT_EQ(end.transfer, shock.transfer);
}

TEST(PartWay, EmptyStaysEmpty) {
  const Shock part = part_way(small_world(), Shock{}, 0.3);
  EXPECT_TRUE(part.tariff.empty());
  EXPECT_TRUE(part.open_share.empty());
  EXPECT_EQ(part.productivity.size(), 0);
  EXPECT_EQ(part.transfer.size(), 0);
}

TEST(CheckValues, ASoundShockHasNoProblems) {
  EXPECT_THAT(check_values(small_world(), full_shock()), IsEmpty());
  EXPECT_THAT(check_values(small_world(), Shock{}), IsEmpty());
}

TEST(CheckValues, EachImpossibleValueIsNamed) {
  Shock shock = full_shock();
  shock.tariff(1, 0, 0) = -1.0;
  shock.export_tax(0, 2, 1) = std::numeric_limits<double>::quiet_NaN();
  shock.iceberg(2, 1, 0) = 0.0;
  shock.open_share(2, 1, 1) = 1.5;
  shock.rent(0, 1, 1) = -2.0;
  shock.rent_beneficiary[3] = 3;
  shock.productivity(1, 1) = -0.5;
  shock.transfer(0) = 11.0;
  EXPECT_THAT(check_values(small_world(), shock),
              ElementsAre("the tariff of food from AAA to BBB is -1; it must be above -1 (-100 %)",
                          "the export tax of steel from CCC to AAA is nan; it must be above -1 (-100 %)",
                          "the iceberg cost of food from BBB to CCC is 0; it must be above 0",
                          "the open share of steel from BBB to CCC is 1.5; it must be between 0 and 1",
                          "the rent of steel from BBB to AAA is -2; it must be above -1 (-100 %)",
                          "a rent's beneficiary is country number 3, which there is not",
                          "the productivity change of steel in BBB is -0.5; it must be above 0",
                          "transfers sum to 1 million USD; they must sum to zero"));
}

TEST(CheckValues, ManyOfAKindAreCounted) {
  Shock shock;
  shock.open_share = Bilateral(3, 3, 2, -1.0);
  const std::vector<std::string> sentences = check_values(small_world(), shock);
  ASSERT_EQ(sentences.size(), 4u);
  EXPECT_EQ(sentences[3], "and 15 more like it");
}

TEST(CheckValues, AWrongShapeIsReportedBeforeAnythingIsRead) {
  Shock shock;
  shock.iceberg = Bilateral(3, 2, 2, 1.0);
  EXPECT_EQ(check_values(small_world(), shock).size(), 1u);
  shock = Shock{};
  shock.transfer = Vector::Zero(2);
  EXPECT_EQ(check_values(small_world(), shock).size(), 1u);
  shock = Shock{};
  shock.rent_beneficiary.assign(5, 0);
  EXPECT_EQ(check_values(small_world(), shock).size(), 1u);
}

TEST(CheckValues, AnInfiniteTransferIsNotZeroInSum) {
  Shock shock;
  shock.transfer = Vector::Zero(3);
  shock.transfer(0) = std::numeric_limits<double>::infinity();
  EXPECT_THAT(check_values(small_world(), shock), ElementsAre("a transfer is not a finite number"));
}

}  // namespace
}  // namespace entrepot::testing
