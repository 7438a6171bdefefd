#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// What price_cap and burden_sharing compile to; that the conditions then hold is in equilibrium/conditions_test.cpp.

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string cap(const std::string& name, const std::string& buyers, const std::string& rest) {
  return "[[policy]]\nname=\"" + name + "\"\ninstrument=\"price_cap\"\nexporters=\"AAA\"\nbuyers=" + buyers + "\n" +
         rest;
}

const std::string kFood = "sectors=\"food\"\n";

TEST(PriceCapPolicy, IsTheRatioOfCapAndBasePrice) {
  const Shock shock = shock_of(cap("p", "[\"BBB\",\"CCC\"]", kFood + "price_cap=60\nbase_price=75\n"));
  ASSERT_EQ(shock.price_caps.size(), 1u);
  EXPECT_EQ(shock.price_caps[0].limit, 0.8);
  EXPECT_EQ(shock.price_caps[0].origin, 0);
  EXPECT_EQ(shock.price_caps[0].sector, 0);
  EXPECT_THAT(shock.price_caps[0].markets, ElementsAre(1, 2));
  EXPECT_TRUE(shock.rent.empty());
}

TEST(PriceCapPolicy, LimitsMayDifferBySector) {
  const Shock shock = shock_of(cap("p", "\"BBB\"", "sectors=\"all\"\nlimit={food=0.9,all=0.7}\n"));
  ASSERT_EQ(shock.price_caps.size(), 2u);
  EXPECT_EQ(shock.price_caps[0].limit, 0.9);
  EXPECT_EQ(shock.price_caps[1].limit, 0.7);
}

TEST(PriceCapPolicy, InTwoBlocksIsOne) {
  const Shock two = shock_of(cap("p", "\"CCC\"", kFood + "limit=0.9\n") + cap("q", "\"BBB\"", kFood + "limit=0.9\n"));
  ASSERT_EQ(two.price_caps.size(), 1u);
  EXPECT_THAT(two.price_caps[0].markets, ElementsAre(1, 2));
}

TEST(PriceCapPolicy, TheStricterStandsWhereTwoOverlapInAnyOrder) {
  const std::string loose = cap("p", "[\"BBB\",\"CCC\"]", kFood + "limit=0.9\n"),
                    strict = cap("q", "\"BBB\"", kFood + "limit=0.8\n");
  for (const std::string& text : {loose + strict, strict + loose}) {
    const Shock shock = shock_of(text);
    ASSERT_EQ(shock.price_caps.size(), 2u);
    for (const PriceCap& one : shock.price_caps) {
      if (one.limit == 0.9)
        EXPECT_THAT(one.markets, ElementsAre(2));
      else
        EXPECT_THAT(one.markets, ElementsAre(1));
    }
  }
  const Shock covered = shock_of(strict + cap("r", "\"BBB\"", kFood + "limit=0.95\n"));
  ASSERT_EQ(covered.price_caps.size(), 1u);
  EXPECT_EQ(covered.price_caps[0].limit, 0.8);
}

TEST(PriceCapPolicy, IsExplained) {
  const std::string text = explain(
      small_world(), scenario_of(cap("oil", "[\"BBB\",\"CCC\"]", kFood + "price_cap=60\nbase_price=75\n")), blocs());
  EXPECT_THAT(text, HasSubstr("oil (price_cap)"));
  EXPECT_THAT(text, HasSubstr("exporters: AAA\n     buyers: BBB, CCC\n     sectors: food\n"));
  EXPECT_THAT(text, HasSubstr("touches 2 flows worth 40.0 million USD before duty"));
  EXPECT_THAT(text, HasSubstr("food: at most 80.00 % of the price in the reference world"));
}

TEST(BurdenSharingPolicy, IsAGroup) {
  const std::string duty =
      "[[policy]]\nname=\"t\"\ninstrument=\"tariff\"\nimporters=\"AAA\"\nexporters=\"BBB\"\nrate=0.3\n";
  const Scenario scenario =
      scenario_of(duty + "[[policy]]\nname=\"b\"\ninstrument=\"burden_sharing\"\nmembers=\"all\"\nexclude=\"CCC\"\n");
  const Shock shock = compile_policies(small_world(), scenario, blocs());
  ASSERT_EQ(shock.burden_groups.size(), 1u);
  EXPECT_THAT(shock.burden_groups[0], ElementsAre(0, 1));
  EXPECT_EQ(shock.transfer.size(), 0);
  const std::string text = explain(small_world(), scenario, blocs());
  EXPECT_THAT(text, HasSubstr("b (burden_sharing)\n     members: AAA, BBB\n     note: the transfers are found"));
}

}  // namespace
}  // namespace entrepot::testing
