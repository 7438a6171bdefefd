// Price caps, found together with the equilibrium.
#include <gmock/gmock.h>

#include "equilibrium/decomposition.hpp"
#include "settled.hpp"

namespace entrepot::testing {
namespace {

TEST(PriceCap, AboveThePriceChangesNothingToTheBit) {
  const World world = some_world(1);
  Shock shock = some_policies(world, 7, 0.5);
  const Solution without = solve(world, shock);
  shock.price_caps = {cap_on(world, 0, 1, 1.05 * without.equilibrium.cost(0, 1) * 1.3, {1, 2})};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  EXPECT_EQ(settled.caps.at(0).state, State::kSlack);
  EXPECT_EQ(settled.caps.at(0).rent, 0.0);
  EXPECT_TRUE(settled.shock.rent.empty());
  EXPECT_EQ(settled.solution.report.sentence, without.report.sentence);
  expect_same_bits(settled.solution.equilibrium, without.equilibrium);
}

TEST(PriceCap, AtTheBasePriceOfAnUntouchedWorldIsSlack) {
  const World world = some_world(1);
  Shock shock;
  shock.price_caps = {cap_on(world, 0, 1, 1.0, {1, 2, 3, 4})};
  const Settlement settled = settle(world, shock);
  EXPECT_EQ(settled.caps.at(0).state, State::kSlack);
  expect_same_bits(settled.solution.equilibrium, solve(world, {}).equilibrium);
}

TEST(PriceCap, TwoCountriesByHand) {
  // The cap is A's wage: w_A = L, w_B = (150 − 100 L)/50. Then A's own share, its exports E = w_A V_A − π_AA w_A V_A
  // and from π_BA ((1+r)) (w_B V_B + r E) = (1+r) E the rent: (1+r)² = a (w_B V_B − E)/(E b), a/b the base shares'
  // ratio times w_B/w_A.
  for (const double limit : {0.98, 0.9, 0.8}) {
    Shock shock;
    shock.price_caps = {{0, 0, limit, {1}}};
    const World world = pair();
    const Settlement settled = settle(world, shock, {.tolerance = 1e-12});
    ASSERT_TRUE(settled.solution.report.solved()) << settled.solution.report.sentence;
    const double wage = limit, other = (150.0 - 100.0 * limit) / 50.0;
    const double own = 0.8 / wage / (0.8 / wage + 0.2 / other);
    const double exports = 100.0 * wage * (1.0 - own);
    const double ratio = 0.4 / 0.6 * other / wage;
    const double rent = std::sqrt(ratio * (50.0 * other - exports) / exports) - 1.0;
    EXPECT_NEAR(settled.caps.at(0).rent, rent, 1e-9) << limit;
    EXPECT_NEAR(settled.caps.at(0).kept(1), rent * exports, 1e-8) << limit;
    EXPECT_EQ(settled.caps.at(0).kept(0), 0.0);
    EXPECT_NEAR(settled.solution.equilibrium.rent(1), rent * exports, 1e-8) << limit;
    EXPECT_NEAR(settled.solution.equilibrium.factor_price(0), limit, 1e-11);
  }
}

TEST(PriceCap, ALowerOneTakesMoreFromTheSeller) {
  const World world = pair();
  double welfare = 0.0, rent = 0.0;
  for (const double limit : {0.97, 0.9, 0.8, 0.7}) {
    Shock shock;
    shock.price_caps = {{0, 0, limit, {1}}};
    const Settlement settled = settle(world, shock);
    ASSERT_TRUE(settled.solution.report.solved());
    const double now = std::log(real_income_change(world, settled.solution.equilibrium)(0));
    EXPECT_LT(now, welfare) << limit;
    EXPECT_GT(settled.caps.at(0).rent, rent) << limit;
    welfare = now;
    rent = settled.caps.at(0).rent;
  }
}

TEST(PriceCap, MildOnesPayTheBuyers) {
  // From no rent a little of one has no first-order cost to the buyer, only better terms of trade (optimal tariff).
  const World world = pair();
  Shock shock;
  shock.price_caps = {{0, 0, 0.99, {1}}};
  const Settlement settled = settle(world, shock);
  ASSERT_TRUE(settled.solution.report.solved());
  EXPECT_GT(real_income_change(world, settled.solution.equilibrium)(1), 1.0);
}

TEST(PriceCap, BelowAnyPriceIsAnEmbargoAndReportedSo) {
  const World world = some_world(2);
  const std::vector<Index> buyers{0, 1, 2};
  Shock shock, banned;
  shock.price_caps = {cap_on(world, 4, 1, 0.2, buyers)};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  const CapOutcome& outcome = settled.caps.at(0);
  EXPECT_EQ(outcome.state, State::kEmbargo);
  EXPECT_EQ(outcome.rent, 0.0);
  EXPECT_EQ(outcome.kept, Vector(Vector::Zero(5)));
  EXPECT_GT(outcome.price, 0.2);
  banned.open_share = Bilateral(5, 5, 4, 1.0);
  for (const Index m : buyers) banned.open_share(m, 4, 1) = 0.0;
  const Solution direct = solve(world, banned);
  EXPECT_LE((settled.solution.equilibrium.cost - direct.equilibrium.cost).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(PriceCap, JustAboveThePriceUnderAnEmbargoStillHasARent) {
  const World world = some_world(2);
  Shock shock;
  shock.price_caps = {cap_on(world, 4, 1, 0.2, {0, 1, 2})};
  const double least = settle(world, shock).caps.at(0).price;
  for (const double above : {1e-2, 1e-3, 1e-5}) {
    shock.price_caps[0].limit = least * (1.0 + above);
    const Settlement settled = settle(world, shock);
    expect_answer(world, settled);
    EXPECT_EQ(settled.caps.at(0).state, State::kBinding) << above;
    expect_complementary(world, settled, settled.caps.at(0));
  }
}

TEST(PriceCap, SplitInTwoIsTheSame) {
  const World world = some_world(3);
  Shock one, two;
  one.price_caps = {biting_cap(world, {}, 4, 0, {0, 1, 2})};
  const double limit = one.price_caps[0].limit;
  two.price_caps = {cap_on(world, 4, 0, limit, {0}), cap_on(world, 4, 0, limit, {1, 2})};
  const Settlement a = settle(world, one), b = settle(world, two);
  ASSERT_TRUE(a.solution.report.solved() && b.solution.report.solved());
  EXPECT_EQ(a.caps.at(0).state, State::kBinding);
  ASSERT_EQ(b.caps.size(), 1u);
  expect_same_bits(a.solution.equilibrium, b.solution.equilibrium);
}

TEST(PriceCap, OnlyTheStricterOfTwoOnOneGoodBinds) {
  const World world = some_world(3);
  Shock both, strict;
  strict.price_caps = {cap_on(world, 4, 0, 0.98, {0, 2})};
  both.price_caps = {cap_on(world, 4, 0, 0.99, {1}), strict.price_caps[0]};
  const Settlement a = settle(world, strict), b = settle(world, both);
  ASSERT_TRUE(a.solution.report.solved() && b.solution.report.solved());
  EXPECT_EQ(b.caps.at(0).state, State::kSlack);
  EXPECT_EQ(b.caps.at(1).state, State::kBinding);
  EXPECT_LE((a.solution.equilibrium.cost - b.solution.equilibrium.cost).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(PriceCap, TheLooserTakesOverWhereTheStricterIsAnEmbargo) {
  const World world = some_world(3);
  Shock shock;
  shock.price_caps = {cap_on(world, 4, 0, 0.5, {3})};
  shock.price_caps.insert(shock.price_caps.begin(), biting_cap(world, shock, 4, 0, {0, 1, 2}));
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  EXPECT_EQ(settled.caps.at(1).state, State::kEmbargo);
  EXPECT_EQ(settled.caps.at(0).state, State::kBinding);
  for (const CapOutcome& outcome : settled.caps) expect_complementary(world, settled, outcome);
}

TEST(PriceCap, IsReadAtTheBorderWithTheExportTax) {
  // An export tax that the exporter raises is part of its price.
  const World world = some_world(1);
  Shock shock;
  shock.export_tax = Bilateral(5, 5, 4);
  for (Index m = 0; m < 4; ++m) shock.export_tax(m, 4, 0) = 0.05;
  shock.price_caps = {cap_on(world, 4, 0, 1.0, {0, 1, 2})};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  EXPECT_EQ(settled.caps.at(0).state, State::kBinding);
  EXPECT_NEAR(settled.solution.equilibrium.cost(4, 0), 1.0 / 1.05, kHolds);
  expect_complementary(world, settled, settled.caps.at(0));
}

TEST(PriceCap, WhereTheExportTaxDiffersTheDearestBuyerIsCappedFirst) {
  const World world = some_world(1);
  Shock shock;
  shock.export_tax = Bilateral(5, 5, 4);
  shock.export_tax(0, 4, 0) = 0.012;
  shock.price_caps = {cap_on(world, 4, 0, 1.01, {0, 1})};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  ASSERT_EQ(settled.caps.size(), 2u);
  EXPECT_EQ(settled.caps[0].state, State::kBinding);
  EXPECT_EQ(settled.caps[1].state, State::kSlack);
  for (const CapOutcome& outcome : settled.caps) expect_complementary(world, settled, outcome);
}

TEST(PriceCap, OnFlowsThatAreNotTradedIsSlack) {
  World world = some_world(1);
  Shock shock;
  shock.open_share = Bilateral(5, 5, 4, 1.0);
  for (const Index m : {0, 1}) shock.open_share(m, 4, 0) = 0.0;
  const Solution without = solve(world, shock);
  shock.price_caps = {cap_on(world, 4, 0, 0.1, {0, 1})};
  const Settlement settled = settle(world, shock);
  ASSERT_EQ(settled.caps.size(), 1u);
  EXPECT_EQ(settled.caps[0].state, State::kSlack);
  EXPECT_TRUE(settled.caps[0].cap.markets.empty());
  expect_same_bits(settled.solution.equilibrium, without.equilibrium);
}

TEST(PriceCap, ItsRentsAreThoseOfTheFlows) {
  const World world = some_world(5);
  Shock shock = some_policies(world, 9, 0.3);
  const double price = solve(world, shock).equilibrium.cost(4, 0);
  shock.price_caps = {cap_on(world, 4, 0, 0.98 * price, {0, 1, 2})};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  const CapOutcome& outcome = settled.caps.at(0);
  ASSERT_EQ(outcome.state, State::kBinding);
  const Bilateral flows = trade_flows(world, settled.shock, settled.solution.equilibrium);
  for (Index n = 0; n < 5; ++n) {
    const double kept = n < 3 ? flows(n, 4, 0) * (1.0 - 1.0 / (1.0 + outcome.rent)) : 0.0;
    EXPECT_NEAR(outcome.kept(n), kept, kHolds * world.value_added.sum());
    EXPECT_NEAR(settled.solution.equilibrium.rent(n), kept, kHolds * world.value_added.sum());
  }
}

TEST(PriceCap, ImmobileLabourLetsOnePriceFallFurther) {
  // The price that an embargo would leave is the least a cap can reach.
  double last = 0.0;
  for (const double mobility : {1.1, 2.0, 10.0, std::numeric_limits<double>::infinity()}) {
    Shock shock;
    const World world = some_world(2, mobility);
    shock.price_caps = {cap_on(world, 4, 1, 0.01, {0, 1, 2})};
    const Settlement settled = settle(world, shock);
    ASSERT_TRUE(settled.solution.report.solved());
    EXPECT_GT(settled.caps.at(0).price, last);
    last = settled.caps.at(0).price;
  }
}

TEST(PriceCap, IsDecomposedWithItsRent) {
  const World world = some_world(2);
  Shock shock;
  shock.price_caps = {cap_on(world, 4, 1, 0.99, {0, 1, 2})};
  const Settlement settled = settle(world, shock);
  ASSERT_TRUE(settled.solution.report.solved());
  const ExactDecomposition exact = decompose(world, settled.shock, settled.solution.equilibrium);
  ASSERT_FALSE(exact.parts.empty()) << exact.sentence;
  const Vector change = 100.0 * (real_income_change(world, settled.solution.equilibrium).array() - 1.0);
  EXPECT_LE((exact.parts.percent.colwise().sum().transpose() - change).cwiseAbs().maxCoeff(), 1e-6);
}

class CapsInEveryWorld : public ::testing::TestWithParam<std::tuple<std::uint32_t, Closure, double>> {};

TEST_P(CapsInEveryWorld, HoldAndAreComplementary) {
  const auto [seed, closure, mobility] = GetParam();
  const World world = some_world(seed, mobility);
  Shock shock = some_policies(world, seed + 40, 0.3);
  shock.closure = closure;
  const Solution free = solve(world, shock);
  ASSERT_TRUE(free.report.solved());
  for (const double discount : {1.001, 0.99, 0.97, 0.8}) {
    shock.price_caps.clear();
    for (Index j = 0; j < 2; ++j)
      shock.price_caps.push_back(cap_on(world, 4, j, discount * free.equilibrium.cost(4, j), {0, 1, 2}));
    const Settlement settled = settle(world, shock);
    expect_answer(world, settled);
    for (const CapOutcome& outcome : settled.caps) {
      expect_complementary(world, settled, outcome);
      if (discount > 1.0) {
        EXPECT_EQ(outcome.state, State::kSlack);
      }
    }
    EXPECT_EQ(discount < 1.0,
              std::ranges::any_of(
                  settled.caps, [](const CapOutcome& outcome) { return outcome.state != State::kSlack; }));
  }
}

INSTANTIATE_TEST_SUITE_P(, CapsInEveryWorld,
                         ::testing::Combine(::testing::Values(1u, 2u, 3u, 9u, 24u),
                                            ::testing::Values(Closure::kFixed, Closure::kBalanced,
                                                              Closure::kProportional),
                                            ::testing::Values(1.2, 3.0, std::numeric_limits<double>::infinity())));

TEST(PriceCap, HoldsInAWorldWithUsesAndNests) {
  World world = some_world(4, 2.0, {.uses = 2});
  world.value_added_elasticity.setConstant(0.5);
  world.input_elasticity.setConstant(0.7);
  Shock shock;
  shock.price_caps = {cap_on(world, 4, 1, 0.985, {0, 1, 2})};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  EXPECT_EQ(settled.caps.at(0).cap.markets.size(), 6u);
  EXPECT_EQ(settled.caps.at(0).state, State::kBinding);
  expect_complementary(world, settled, settled.caps.at(0));
}

// ---- Burden sharing ----

}  // namespace
}  // namespace entrepot::testing
