#include "equilibrium/batch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "support/draw.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"

namespace entrepot::testing {
namespace {

struct Case {
  const char* name;
  WorldShape shape;
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

/// Scenarios with everything in them, no two alike, some with elasticities of their own.
std::vector<BatchScenario> scenarios(const World& world, int count, double size = 0.5) {
  std::vector<BatchScenario> result;
  for (int k = 0; k < count; ++k) {
    const auto seed = static_cast<std::uint32_t>(100 + k);
    BatchScenario one{random_shock(world, seed, size), {}};
    Draw draw(seed);
    if (k % 3 == 0) {
      one.theta = world.theta;
      for (double& theta : one.theta) theta *= draw.between(0.7, 1.4);
    }
    result.push_back(std::move(one));
  }
  return result;
}

std::vector<Solution> solve_all(const BatchSolver& solver, const std::vector<BatchScenario>& scenarios,
                                BatchReport* report = nullptr) {
  std::vector<Solution> result(scenarios.size());
  std::vector<int> answers(scenarios.size(), 0);
  const BatchReport done = solver.solve(
      static_cast<Index>(scenarios.size()), [&](Index k) { return scenarios[at(k)]; },
      [&](Index k, Solution&& solution) {
        result[at(k)] = std::move(solution);
        ++answers[at(k)];
      });
  EXPECT_TRUE(std::all_of(answers.begin(), answers.end(), [](int n) { return n == 1; }));
  if (report != nullptr) *report = done;
  return result;
}

double farthest(const Equilibrium& a, const Equilibrium& b) {
  const auto relative = [](const auto& x, const auto& y) {
    const double scale = std::max(1e-3 * y.cwiseAbs().maxCoeff(), 1e-300);
    return ((x - y).array().abs() / y.array().abs().max(scale)).maxCoeff();
  };
  return std::max({relative(a.factor_price, b.factor_price), relative(a.wage, b.wage), relative(a.cost, b.cost),
                   relative(a.price, b.price), relative(a.spending, b.spending), relative(a.output, b.output),
                   relative(a.value_added, b.value_added), relative(a.income, b.income),
                   relative(a.tariff_revenue, b.tariff_revenue), relative(a.export_tax_revenue, b.export_tax_revenue),
                   relative(a.rent, b.rent), relative(a.deficit, b.deficit)});
}

bool same_bits(const Equilibrium& a, const Equilibrium& b) {
  return a.factor_price == b.factor_price && a.cost == b.cost && a.price == b.price && a.spending == b.spending &&
         a.output == b.output && a.income == b.income && a.tariff_revenue == b.tariff_revenue &&
         a.export_tax_revenue == b.export_tax_revenue && a.rent == b.rent;
}

class Batch : public ::testing::TestWithParam<Case> {};

TEST_P(Batch, EqualsTheSingleSolver) {
  const World world = random_world(GetParam().shape, 5);
  const std::vector<BatchScenario> all = scenarios(world, 60);
  const BatchSolver solver(world, all.front(), {.tolerance = 1e-10});
  BatchReport report;
  const std::vector<Solution> answers = solve_all(solver, all, &report);
  EXPECT_EQ(report.scenarios, 60);
  EXPECT_LT(report.alone, 12);
  for (std::size_t k = 0; k < all.size(); ++k) {
    World own = world;
    if (all[k].theta.size() > 0) own.theta = all[k].theta;
    const Solution single = solve(own, all[k].shock, {.tolerance = 1e-13});
    ASSERT_TRUE(single.report.residual < 1e-11) << single.report.sentence;
    ASSERT_TRUE(answers[k].report.solved()) << k << ": " << answers[k].report.sentence;
    EXPECT_LT(farthest(answers[k].equilibrium, single.equilibrium), 1e-9) << k;
    const EquationCheck check = check_equations(own, all[k].shock, answers[k].equilibrium);
    EXPECT_LT(check.residual, 2e-10) << k << ": " << check.where << answers[k].report.sentence;
  }
}

TEST_P(Batch, TheSameBitsWhoeverIsInTheNextLane) {
  const World world = random_world(GetParam().shape, 6);
  const std::vector<BatchScenario> all = scenarios(world, 50);
  const BatchScenario centre{{}, {}};
  const std::vector<Solution> answers = solve_all(BatchSolver(world, centre), all);
  for (const Index lanes : {Index{1}, Index{24}, Index{96}}) {
    const std::vector<Solution> others = solve_all(BatchSolver(world, centre, {.lanes = lanes}), all);
    for (std::size_t k = 0; k < all.size(); ++k)
      EXPECT_TRUE(same_bits(answers[k].equilibrium, others[k].equilibrium)) << lanes << " lanes, scenario " << k;
  }
  // Backwards, and one alone.
  std::vector<BatchScenario> backwards(all.rbegin(), all.rend());
  const std::vector<Solution> reversed = solve_all(BatchSolver(world, centre), backwards);
  for (std::size_t k = 0; k < all.size(); ++k)
    EXPECT_TRUE(same_bits(answers[k].equilibrium, reversed[all.size() - 1 - k].equilibrium)) << k;
  const std::vector<Solution> one = solve_all(BatchSolver(world, centre), {all[7]});
  EXPECT_TRUE(same_bits(answers[7].equilibrium, one[0].equilibrium));
}

TEST_P(Batch, ANeighbourSavesStepsAndChangesNoAnswer) {
  const World world = random_world(GetParam().shape, 7);
  std::vector<BatchScenario> near = scenarios(world, 3), all;
  for (int k = 0; k < 60; ++k) {
    BatchScenario one = near[static_cast<std::size_t>(k % 3)];
    Draw draw(static_cast<std::uint32_t>(k));
    if (one.theta.size() == 0) one.theta = world.theta;
    for (double& theta : one.theta) theta *= draw.between(0.9999, 1.0001);
    all.push_back(std::move(one));
  }
  BatchSolver solver(world, {{}, {}}, {.tolerance = 1e-10});
  BatchReport from_centre, from_neighbours;
  const std::vector<Solution> expected = solve_all(solver, all, &from_centre);
  std::vector<Index> numbers;
  for (const BatchScenario& one : near) numbers.push_back(solver.add_neighbour(one));
  EXPECT_EQ(numbers, (std::vector<Index>{0, 1, 2}));
  for (std::size_t k = 0; k < all.size(); ++k) all[k].neighbour = numbers[k % 3];
  const std::vector<Solution> answers = solve_all(solver, all, &from_neighbours);
  for (std::size_t k = 0; k < all.size(); ++k) {
    ASSERT_TRUE(answers[k].report.solved()) << answers[k].report.sentence;
    EXPECT_LT(farthest(answers[k].equilibrium, expected[k].equilibrium), 1e-9) << k;
  }
  EXPECT_LT(from_neighbours.lane_steps, from_centre.lane_steps * 3 / 4);
  std::vector<BatchScenario> few(all.begin() + 20, all.begin() + 23);
  const std::vector<Solution> alone = solve_all(solver, few);
  for (std::size_t k = 0; k < few.size(); ++k)
    EXPECT_TRUE(same_bits(alone[k].equilibrium, answers[20 + k].equilibrium)) << k;
}

INSTANTIATE_TEST_SUITE_P(Worlds, Batch,
                         ::testing::Values(Case{"Small", {.countries = 5, .sectors = 4}},
                                           Case{"TwoUses", {.countries = 7, .sectors = 5, .uses = 2}},
                                           Case{"ExportTaxes",
                                                {.countries = 9, .sectors = 6, .highest_export_tax = 0.2}},
                                           Case{"ManySectors", {.countries = 4, .sectors = 13, .highest_theta = 30.0}}),
                         [](const auto& world) { return world.param.name; });

TEST(BatchSolver, NoPolicyChangesNothing) {
  const World world = random_world({.countries = 6, .sectors = 5}, 3);
  const BatchSolver solver(world, {});
  const std::vector<Solution> answers = solve_all(solver, {{{}, world.theta * 1.5}});
  ASSERT_TRUE(answers[0].report.solved());
  EXPECT_LT((answers[0].equilibrium.factor_price.array() - 1.0).abs().maxCoeff(), 1e-12);
  EXPECT_LT((answers[0].equilibrium.price.array() - 1.0).abs().maxCoeff(), 1e-12);
}

TEST(BatchSolver, LeavesToTheSingleSolverWhatItDoesNotKnow) {
  World world = random_world({.countries = 5, .sectors = 4}, 4);
  const std::vector<BatchScenario> all = scenarios(world, 3);
  BatchReport report;
  BatchScenario proportional = all[0];
  proportional.shock.closure = Closure::kProportional;
  BatchScenario cut_off = all[1];  // a country that trades with nobody
  cut_off.shock = {};
  cut_off.shock.closure = Closure::kBalanced;
  cut_off.shock.open_share = Bilateral(5, 5, 4, 1.0);
  for (Index j = 0; j < 4; ++j)
    for (Index m = 0; m < 5; ++m)
      for (Index i = 0; i < 5; ++i)
        if (m != i && (m == 2 || i == 2)) cut_off.shock.open_share(m, i, j) = 0.0;
  const std::vector<Solution> answers = solve_all(BatchSolver(world, {}), {proportional, cut_off}, &report);
  EXPECT_EQ(report.alone, 2);
  for (std::size_t k = 0; k < 2; ++k) {
    const BatchScenario& one = k == 0 ? proportional : cut_off;
    World own = world;
    if (one.theta.size() > 0) own.theta = one.theta;
    const Solution single = solve(own, one.shock);
    EXPECT_EQ(answers[k].report.status, single.report.status);
    EXPECT_TRUE(same_bits(answers[k].equilibrium, single.equilibrium));
  }
  world.labour_mobility.setConstant(2.0);
  solve_all(BatchSolver(world, {}), all, &report);
  EXPECT_EQ(report.alone, 3);
}

}  // namespace
}  // namespace entrepot::testing
