// Shared burdens, found together with the equilibrium, alone and with price caps.
#include <gmock/gmock.h>

#include "settled.hpp"

namespace entrepot::testing {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

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
