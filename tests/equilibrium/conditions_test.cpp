// Price caps and shared burdens, found together with the equilibrium.
#include "equilibrium/conditions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "equilibrium/decomposition.hpp"
#include "equilibrium/welfare.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"

namespace entrepot::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using State = CapOutcome::State;

constexpr double kHolds = 1e-9;

World some_world(std::uint32_t seed, double mobility = 1.5, WorldShape shape = {}) {
  shape.untraded = 0.0;
  shape.missing = 0.0;
  World world = random_world(shape, seed);
  world.labour_mobility.setConstant(mobility);
  return world;
}

/// Policies without rents and detours, which caps do not share flows with.
Shock some_policies(const World& world, std::uint32_t seed, double size) {
  Shock shock = random_shock(world, seed, size);
  shock.rent = {};
  shock.rent_beneficiary.clear();
  shock.detours.clear();
  shock.hub_margin = {};
  shock.export_tax = {};
  return shock;
}

PriceCap cap_on(const World& world, Index origin, Index sector, double limit, const std::vector<Index>& buyers) {
  PriceCap cap{origin, sector, limit, {}};
  for (Index m = 0; m < world.market_count(); ++m)
    for (const Index n : buyers)
      if (world.country_of_market(m) == n) cap.markets.push_back(m);
  return cap;
}

/// The same half-way between the price without a cap and the least that one can reach.
PriceCap biting_cap(const World& world, Shock shock, Index origin, Index sector, const std::vector<Index>& buyers) {
  const double free = settle(world, shock).solution.equilibrium.cost(origin, sector);
  shock.price_caps.push_back(cap_on(world, origin, sector, 1e-3 * free, buyers));
  const Settlement banned = settle(world, shock);
  EXPECT_EQ(banned.caps.back().state, State::kEmbargo) << banned.solution.report.sentence;
  PriceCap cap = shock.price_caps.back();
  cap.limit = 0.5 * (free + banned.caps.back().price);
  return cap;
}

/// What the exporter gets for a unit at its border, against the base, from values alone: flows and the quantities that
/// the share equation leaves, q̂ = X̂ / (κ̂ ĉ) (model eq. 3), with no use of the outcome's own price.
double price_from_flows(const World& world, const Shock& shock, const Equilibrium& e, const PriceCap& cap) {
  const Index m = cap.markets.front(), i = cap.origin, j = cap.sector;
  const Bilateral flows = trade_flows(world, shock, e);
  // π'/π = s (κ̂ ĉ/P̂)^−θ, solved for ĉ.
  const double spent = world.expenditure.sector(j).row(m).sum();
  const double share = flows(m, i, j) / e.spending(m, j) / (world.expenditure(m, i, j) / spent);
  const Wedges now = wedges_at(world, shock, m, i, j);
  const double dearer =
      now.iceberg * now.paid() / ((1.0 + world.tariff_at(m, i, j)) * (1.0 + world.export_tax_at(m, i, j)));
  const double cost = e.price(m, j) * std::pow(share / now.open_share, -1.0 / world.theta(j)) / dearer;
  return cost * (1.0 + now.export_tax) / (1.0 + world.export_tax_at(m, i, j));
}

void expect_answer(const World& world, const Settlement& settled) {
  ASSERT_TRUE(settled.solution.report.solved()) << settled.solution.report.sentence;
  EXPECT_TRUE(check_values(world, settled.shock).empty()) << check_values(world, settled.shock).front();
  EXPECT_TRUE(settled.shock.price_caps.empty() && settled.shock.burden_groups.empty());
  const EquationCheck check = check_equations(world, settled.shock, settled.solution.equilibrium);
  EXPECT_LE(check.residual, 1e-9) << check.where;
}

/// 0 ≤ r ⟂ price ≤ limit.
void expect_complementary(const World& world, const Settlement& settled, const CapOutcome& outcome) {
  if (outcome.state == State::kEmbargo) {
    const Bilateral flows = trade_flows(world, settled.shock, settled.solution.equilibrium);
    for (const Index m : outcome.cap.markets) EXPECT_EQ(flows(m, outcome.cap.origin, outcome.cap.sector), 0.0);
    return;
  }
  const double price = price_from_flows(world, settled.shock, settled.solution.equilibrium, outcome.cap);
  EXPECT_NEAR(price, outcome.price, kHolds);
  EXPECT_GE(outcome.rent, 0.0);
  EXPECT_EQ(outcome.rent > 0.0, outcome.state == State::kBinding);
  if (outcome.rent > 0.0)
    EXPECT_NEAR(price / outcome.cap.limit, 1.0, kHolds);
  else
    EXPECT_LE(price / outcome.cap.limit, 1.0 + kHolds);
}

void expect_same_bits(const Equilibrium& a, const Equilibrium& b) {
  EXPECT_EQ(a.wage, b.wage);
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.price, b.price);
  EXPECT_EQ(a.spending, b.spending);
  EXPECT_EQ(a.output, b.output);
  EXPECT_EQ(a.income, b.income);
  EXPECT_EQ(a.rent, b.rent);
  EXPECT_EQ(a.deficit, b.deficit);
}

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

/// Two countries, one sector, no inputs, θ = 1, balanced trade of 20 at home shares of 0.8 and 0.6 (incomes 100 and
/// 50).
World pair() {
  World world = World::of_shape({{"A", "A", {}}, {"B", "B", {}}}, {{"x", "X"}});
  world.expenditure.sector(0) << 80, 20, 20, 30;
  world.value_added << 100, 50;
  world.final_use << 100, 50;
  world.deficit = Vector::Zero(2);
  world.theta << 1.0;
  return world;
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

/// All members change alike, and what some give the others receive.
void expect_shared(const World& world, const Settlement& settled, std::size_t group = 0) {
  const BurdenOutcome& burden = settled.burdens.at(group);
  const Vector change = real_income_change(world, settled.solution.equilibrium);
  for (const Index n : burden.countries) EXPECT_NEAR(change(n), 1.0 + burden.welfare / 100.0, kHolds);
  EXPECT_NEAR(burden.transfer.sum(), 0.0, 1e-12 * world.value_added.sum());
}

class BurdensInEveryWorld : public ::testing::TestWithParam<std::tuple<std::uint32_t, Closure>> {};

TEST_P(BurdensInEveryWorld, AreBorneAlike) {
  const auto [seed, closure] = GetParam();
  const World world = some_world(seed);
  Shock shock = some_policies(world, seed + 60, 0.6);
  shock.closure = closure;
  shock.burden_groups = {{0, 2}, {1, 3, 4}};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  ASSERT_EQ(settled.burdens.size(), 2u);
  expect_shared(world, settled, 0);
  expect_shared(world, settled, 1);
  Vector before = shock.transfer;
  for (const BurdenOutcome& burden : settled.burdens)
    for (std::size_t k = 0; k < burden.countries.size(); ++k)
      before(burden.countries[k]) += burden.transfer(static_cast<Index>(k));
  EXPECT_LE((before - settled.shock.transfer).cwiseAbs().maxCoeff(), 1e-12 * world.value_added.sum());
}

INSTANTIATE_TEST_SUITE_P(, BurdensInEveryWorld,
                         ::testing::Combine(::testing::Values(1u, 2u, 3u, 4u, 5u),
                                            ::testing::Values(Closure::kFixed, Closure::kBalanced,
                                                              Closure::kProportional)));

TEST(BurdenSharing, OfNothingMovesNothing) {
  const World world = some_world(1);
  Shock shock;
  shock.burden_groups = {{0, 1, 2}};
  const Settlement settled = settle(world, shock);
  ASSERT_TRUE(settled.solution.report.solved());
  EXPECT_EQ(settled.burdens.at(0).transfer, Vector(Vector::Zero(3)));
  expect_same_bits(settled.solution.equilibrium, solve(world, {}).equilibrium);
}

TEST(BurdenSharing, TakesFromThoseWhoLoseLess) {
  const World world = some_world(1);
  Shock shock;
  shock.tariff = world.tariff;
  for (Index j = 0; j < 4; ++j) shock.tariff(0, 4, j) = 1.0;  // country 0 alone bears its own policy against 4
  const Vector alone = real_income_change(world, solve(world, shock).equilibrium);
  shock.burden_groups = {{0, 1}};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  expect_shared(world, settled);
  const Vector& transfer = settled.burdens[0].transfer;
  EXPECT_EQ(transfer(0) > 0.0, alone(0) < alone(1));
  const double welfare = 1.0 + settled.burdens[0].welfare / 100.0;
  EXPECT_GT(welfare, std::min(alone(0), alone(1)));
  EXPECT_LT(welfare, std::max(alone(0), alone(1)));
}

TEST(BurdenSharing, TwoCountriesByHand) {
  // Two countries that make one good each and trade it freely: with a common price index both change alike only if
  // their incomes do. A's productivity falls by a tenth, and it takes the transfer that makes up for that.
  World world = pair();
  world.expenditure.sector(0) << 100.0 * 2 / 3, 100.0 / 3, 50.0 * 2 / 3, 50.0 / 3;
  Shock shock;
  shock.productivity = Matrix::Constant(2, 1, 1.0);
  shock.productivity(0, 0) = 0.9;
  shock.burden_groups = {{0, 1}};
  const Settlement settled = settle(world, shock, {.tolerance = 1e-12});
  ASSERT_TRUE(settled.solution.report.solved()) << settled.solution.report.sentence;
  // I'_A/100 = I'_B/50 = 1 as world income stays 150; each spends p_i^−θ-shares on both, so ŵ_A V_A/ŵ_B V_B =
  // 2 (ŵ_A/0.9)^−1/ŵ_B^−1: (ŵ_A/ŵ_B)² = 0.9.
  const double ratio = std::sqrt(0.9), other = 150.0 / (100.0 * ratio + 50.0);
  EXPECT_NEAR(settled.burdens.at(0).transfer(0), 100.0 - 100.0 * ratio * other, 1e-9);
  EXPECT_NEAR(settled.burdens.at(0).transfer(1), 50.0 - 50.0 * other, 1e-9);
}

TEST(BurdenSharing, WithClosedDeficitsAndCapsTogether) {
  const World world = some_world(2);
  Shock shock = some_policies(world, 8, 0.4);
  shock.closed_deficit = Vector::Zero(5);
  shock.closed_deficit(4) = 1.0;
  shock.closed_deficit(1) = 0.5;
  shock.price_caps = {biting_cap(world, shock, 4, 1, {0, 1, 2})};
  shock.burden_groups = {{0, 1, 2}};
  const Settlement settled = settle(world, shock);
  expect_answer(world, settled);
  expect_shared(world, settled);
  EXPECT_EQ(settled.caps.at(0).state, State::kBinding);
  expect_complementary(world, settled, settled.caps.at(0));
}

TEST(BurdenSharing, WithSomeoneCutOffHasNoAnswerAndSaysWhy) {
  const World world = some_world(1);
  Shock shock;
  shock.closure = Closure::kBalanced;
  shock.open_share = Bilateral(5, 5, 4, 1.0);
  for (Index j = 0; j < 4; ++j)
    for (Index i = 0; i < 5; ++i)
      for (Index m = 0; m < 5; ++m)
        if ((m == 0) != (i == 0)) shock.open_share(m, i, j) = 0.0;
  shock.burden_groups = {{0, 1}};
  const Settlement settled = settle(world, shock);
  EXPECT_EQ(settled.solution.report.status, SolveStatus::kNoEquilibrium);
  EXPECT_THAT(settled.solution.report.sentence,
              HasSubstr("C00 and C01 share their burden, yet the policies leave no trade"));
  EXPECT_TRUE(settled.solution.equilibrium.income.allFinite());
}

TEST(Conditions, OfAWholeWorldHoldOrAreSaidNotTo) {
  // Most of the world's exporters capped in every good: nothing says that there are such rents.
  int solved = 0;
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    const World world = some_world(seed);
    Shock shock;
    for (Index j = 0; j < 4; ++j)
      for (Index i = 2; i < 5; ++i) shock.price_caps.push_back(cap_on(world, i, j, 0.95 + 0.003 * double(j), {0, 1}));
    shock.burden_groups = {{0, 1}};
    const Settlement settled = settle(world, shock);
    const SolveReport& report = settled.solution.report;
    if (report.solved()) {
      ++solved;
      expect_answer(world, settled);
      for (const CapOutcome& outcome : settled.caps) expect_complementary(world, settled, outcome);
      expect_shared(world, settled);
    } else {
      EXPECT_EQ(report.status, SolveStatus::kNoConvergence);
      EXPECT_THAT(report.sentence, AnyOf(HasSubstr("No rent was found"), HasSubstr("No transfers were found")));
      EXPECT_TRUE(settled.caps.empty() && settled.burdens.empty());
    }
    EXPECT_TRUE(std::isfinite(report.residual));
    EXPECT_TRUE(settled.solution.equilibrium.cost.allFinite());
    EXPECT_TRUE(settled.solution.equilibrium.income.allFinite());
  }
  EXPECT_GE(solved, 3);
}

TEST(Conditions, AScenarioWithoutAnEquilibriumHasNoneWithThem) {
  const World world = some_world(1);
  Shock shock;
  shock.transfer = Vector::Zero(5);
  shock.transfer(0) = -10.0 * world.value_added.row(0).sum();
  shock.transfer(1) = -shock.transfer(0);
  shock.price_caps = {cap_on(world, 4, 0, 0.9, {0})};
  const Settlement settled = settle(world, shock);
  EXPECT_EQ(settled.solution.report.status, solve(world, shock).report.status);
  EXPECT_TRUE(settled.caps.empty());
}

TEST(Conditions, ThatCannotBeAreWrongValues) {
  const World world = some_world(1);
  const auto sentence = [&](const Shock& shock) {
    const std::vector<std::string> all = check_values(world, shock);
    return all.empty() ? std::string() : all.front();
  };
  Shock shock;
  shock.price_caps = {cap_on(world, 4, 0, 0.0, {0})};
  EXPECT_THAT(sentence(shock), HasSubstr("a price cap on s00 from C04 is 0 of the base price"));
  shock.price_caps = {cap_on(world, 4, 0, 0.9, {0, 1}), cap_on(world, 4, 0, 0.8, {1})};
  EXPECT_THAT(sentence(shock), HasSubstr("s00 from C04 to C01 is under a price cap and under another one"));
  shock.price_caps = {{4, 7, 0.9, {0}}};
  EXPECT_THAT(sentence(shock), HasSubstr("flows that are not there"));
  shock.price_caps = {cap_on(world, 4, 0, 0.9, {0})};
  shock.rent = Bilateral(5, 5, 4);
  shock.rent(0, 4, 0) = 0.1;
  EXPECT_THAT(sentence(shock), HasSubstr("bears another rent"));
  shock = {};
  shock.burden_groups = {{0}};
  EXPECT_THAT(sentence(shock), HasSubstr("fewer than two"));
  shock.burden_groups = {{0, 1}, {1, 2}};
  EXPECT_THAT(sentence(shock), HasSubstr("C01 shares its burden twice"));
}

}  // namespace
}  // namespace entrepot::testing
