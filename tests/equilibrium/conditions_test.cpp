// Price caps and shared burdens, found together with the equilibrium.
#include "equilibrium/conditions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "equilibrium/decomposition.hpp"
#include "equilibrium/welfare.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"

namespace entrepot::testing {
namespace {

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
  World world = pair();
  const double autarky = [&] {  // A's wage cannot fall below this while it sells: as its exports go to nothing
    Shock shock;
    shock.price_caps = {{0, 0, 1e-6, {1}}};
    const Settlement settled = settle(world, shock);
    EXPECT_EQ(settled.solution.report.status, SolveStatus::kSolved) << settled.solution.report.sentence;
    return settled.solution.equilibrium.factor_price(0);
  }();
  EXPECT_GT(autarky, 0.0);
}

class CapsInEveryWorld : public ::testing::TestWithParam<std::tuple<std::uint32_t, Closure, double>> {};

TEST_P(CapsInEveryWorld, HoldAndAreComplementary) {
  const auto [seed, closure, mobility] = GetParam();
  const World world = some_world(seed, mobility);
  Shock shock = some_policies(world, seed + 40, 0.3);
  shock.closure = closure;
  const Solution free = solve(world, shock);
  ASSERT_TRUE(free.report.solved());
  for (const double discount : {0.99, 0.95, 0.8, 0.5}) {
    shock.price_caps.clear();
    for (Index j = 0; j < 2; ++j)
      shock.price_caps.push_back(cap_on(world, 4, j, discount * free.equilibrium.cost(4, j), {0, 1, 2}));
    const Settlement settled = settle(world, shock);
    expect_answer(world, settled);
    for (const CapOutcome& outcome : settled.caps) {
      expect_complementary(world, settled, outcome);
      std::printf("%g %zu state %d price %g limit %g rent %g: %s\n", discount, settled.caps.size(), int(outcome.state),
                  outcome.price, outcome.cap.limit, outcome.rent, settled.solution.report.sentence.c_str());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, CapsInEveryWorld,
                         ::testing::Combine(::testing::Values(1u, 2u, 3u),
                                            ::testing::Values(Closure::kFixed, Closure::kBalanced,
                                                              Closure::kProportional),
                                            ::testing::Values(1.2, 3.0, std::numeric_limits<double>::infinity())));

}  // namespace
}  // namespace entrepot::testing
