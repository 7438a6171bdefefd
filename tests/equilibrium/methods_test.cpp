// The parts of the solver, each against something slow and obvious.
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "equilibrium/anderson.hpp"
#include "equilibrium/blocks.hpp"
#include "equilibrium/factor_markets.hpp"
#include "equilibrium/kernel.hpp"
#include "equilibrium/krylov.hpp"
#include "equilibrium/production.hpp"
#include "equilibrium/solve.hpp"
#include "support/random_world.hpp"
#include "world/balance.hpp"

namespace entrepot::testing {
namespace {

TEST(Gmres, SolvesWithinItsDimension) {
  std::srand(3);
  const Matrix a = Matrix::Random(12, 12) + 4.0 * Matrix::Identity(12, 12);
  const Vector b = Vector::Random(12);
  const Vector x = gmres([&](const Vector& v) { return Vector(a * v); }, b, 1e-13, 12);
  EXPECT_LE((a * x - b).norm(), 1e-11 * b.norm());
  EXPECT_EQ(gmres([&](const Vector& v) { return Vector(a * v); }, Vector::Zero(12), 1e-13, 12), Vector::Zero(12));
}

TEST(Gmres, StopsAtItsTolerance) {
  std::srand(4);
  const Matrix a = 0.1 * Matrix::Random(50, 50) + Matrix::Identity(50, 50);
  const Vector b = Vector::Random(50);
  int products = 0;
  const Vector x = gmres(
      [&](const Vector& v) {
        ++products;
        return Vector(a * v);
      },
      b, 1e-2, 50);
  EXPECT_LE((a * x - b).norm(), 1e-2 * b.norm());
  EXPECT_LT(products, 30);
}

TEST(Anderson, SolvesALinearProblemInAboutItsDimension) {
  // r(x) = b − A x with the identity as the map: plain steps would diverge (spectral radius of I − A above 1).
  std::srand(5);
  const Matrix a = Vector::LinSpaced(6, 0.5, 3.0).asDiagonal();
  const Vector b = Vector::Random(6);
  Anderson anderson(6);
  Vector x = Vector::Zero(6);
  for (int step = 0; step < 14; ++step) x += anderson.step(x, b - a * x, [](const Vector& r) { return r; });
  EXPECT_LE((a * x - b).norm(), 1e-8);
}

TEST(UnitCost, MatchesTheFormulaWrittenOut) {
  Eigen::VectorXd shares(3), price(3), inputs(3);
  shares << 0.2, 0.1, 0.3;
  price << 1.5, 0.7, 1.1;
  const double labour = 0.4, wage = 1.2;
  for (const double outer : {0.0, 0.5, 2.0})
    for (const double inner : {0.0, 0.5, 2.0}) {
      const double bundle =
          std::pow((shares.array() / 0.6 * price.array().pow(1.0 - inner)).sum(), 1.0 / (1.0 - inner));
      const double cost =
          std::pow(labour * std::pow(wage, 1.0 - outer) + 0.6 * std::pow(bundle, 1.0 - outer), 1.0 / (1.0 - outer));
      double labour_share = 0.0;
      EXPECT_NEAR(
          unit_cost(shares, labour, price.array().log().matrix(), std::log(wage), outer, inner, inputs, labour_share),
          std::log(cost), 1e-14);
      EXPECT_NEAR(labour_share + inputs.sum(), 1.0, 1e-14);
      EXPECT_NEAR(labour_share, labour * std::pow(wage / cost, 1.0 - outer), 1e-14);
    }
}

TEST(UnitCost, CobbDouglasIsTheLimitFromBothSides) {
  Eigen::VectorXd shares(2), price(2), inputs(2);
  shares << 0.3, 0.2;
  price << std::log(2.0), std::log(0.5);
  double labour = 0.0;
  const double exact = unit_cost(shares, 0.5, price, 0.1, 1.0, 1.0, inputs, labour);
  EXPECT_NEAR(exact, 0.3 * std::log(2.0) + 0.2 * std::log(0.5) + 0.5 * 0.1, 1e-15);
  for (const double distance : {1e-6, -1e-6, 1e-10, 1e-14})
    EXPECT_NEAR(unit_cost(shares, 0.5, price, 0.1, 1.0 + distance, 1.0 - distance, inputs, labour), exact,
                std::abs(distance) + 1e-15);
}

TEST(UnitCost, AnInputThatCanNotBeHadIsDoneWithout) {
  Eigen::VectorXd shares(2), price(2), inputs(2);
  shares << 0.3, 0.3;
  price << 0.0, std::numeric_limits<double>::infinity();
  double labour = 0.0;
  const double cost = unit_cost(shares, 0.4, price, 0.0, 1.0, 3.0, inputs, labour);
  // The bundle of half its varieties at σ = 3 costs 2^(1/2) times as much.
  EXPECT_NEAR(cost, 0.6 * 0.5 * std::log(2.0), 1e-14);
  EXPECT_EQ(inputs(1), 0.0);
  EXPECT_NEAR(inputs(0), 0.6, 1e-14);
}

TEST(FactorMarkets, StepClosesASmallGapAlmostAlone) {
  // The linear map leaves out only what goes through trade twice, so one step removes most of a small gap.
  for (const double nu : {std::numeric_limits<double>::infinity(), 2.0}) {
    World world = random_world({.countries = 6, .sectors = 5, .home_share = 0.8}, 31);
    world.labour_mobility.setConstant(nu);
    Shock shock;
    shock.tariff = world.tariff;
    for (double& t : shock.tariff.values()) t *= 1.05;
    const Kernel kernel(world, shock);
    Blocks blocks(kernel);
    FactorMarkets factors(kernel);
    Vector log_wage = Vector::Zero(factors.size());
    PriceState prices;
    SpendingState spending;
    const auto gap_at = [&](const Vector& u) {
      prices.log_wage = factors.spread(u);
      EXPECT_GT(blocks.solve_prices(prices, 1e-13), 0);
      EXPECT_GT(blocks.solve_spending(prices, factors.income(u), spending, 1e-13), 0);
      return Vector(factors.demand(prices, spending) - factors.supply(u));
    };
    const Vector before = gap_at(log_wage);
    factors.linearise(log_wage, prices, spending, blocks.domestic());
    log_wage += factors.step(before);
    factors.normalise(log_wage);
    EXPECT_LT(gap_at(log_wage).norm(), 0.35 * before.norm()) << "ν " << nu;
    EXPECT_NEAR(factors.income(log_wage).sum(), factor_income(world).sum(), 1e-9 * factor_income(world).sum());
  }
}

TEST(Kernel, RowsTooFarApartForDoublesAreScaled) {
  // Costs × 10⁶ at θ = 60: weights of 10^−360.
  World world = random_world(
      {.countries = 3, .sectors = 1, .untraded = 0.0, .missing = 0.0, .lowest_theta = 60.0, .highest_theta = 60.0}, 32);
  Shock shock;
  shock.closure = Closure::kBalanced;
  shock.iceberg = Bilateral(3, 3, 1, 1.0);
  for (Index i = 0; i < 3; ++i) shock.iceberg(0, i, 0) = 1e6;  // one market's every source, its own included
  const Kernel kernel(world, shock);
  EXPECT_NEAR(kernel.weight.sector(0).row(0).sum(), 1.0, 1e-12);
  EXPECT_NEAR(kernel.log_scale(0, 0), -60.0 * std::log(1e6), 1e-9);
  const Solution solution = solve(world, shock);
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  EXPECT_GT(solution.equilibrium.price(0, 0) / solution.equilibrium.factor_price(0), 1e6);
}

TEST(Blocks, AMarketThatBuysOnlyFromTheDearestIsSummedInLogs) {
  // Country 2 makes everything a million times dearer than the others and can buy from itself alone.
  World world = random_world(
      {.countries = 3, .sectors = 2, .untraded = 0.0, .missing = 0.0, .lowest_theta = 50.0, .highest_theta = 50.0}, 33);
  Shock shock;
  shock.closure = Closure::kBalanced;
  shock.productivity = Matrix::Ones(3, 2);
  shock.productivity.row(2).setConstant(1e-7);
  shock.open_share = Bilateral(3, 3, 2, 1.0);
  for (Index j = 0; j < 2; ++j)
    for (Index k = 0; k < 2; ++k) shock.open_share(2, k, j) = shock.open_share(k, 2, j) = 0.0;
  const Solution solution = solve(world, shock);
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  EXPECT_GT(solution.equilibrium.price(2, 0), 1e6);
  EXPECT_TRUE(solution.equilibrium.output.allFinite());
  EXPECT_GT(solution.equilibrium.output.minCoeff(), 0.0);
}

// ---- Worlds without an equilibrium, and why ----------------------------------------------------------------------

TEST(NoEquilibrium, AMarketWithoutSourceIsNamed) {
  World world = random_world({.countries = 3, .sectors = 2, .untraded = 0.0, .missing = 0.0}, 34);
  Shock shock;
  shock.open_share = Bilateral(3, 3, 2, 1.0);
  shock.open_share.sector(1).row(0).setZero();
  const Solution solution = solve(world, shock);
  EXPECT_EQ(solution.report.status, SolveStatus::kNoSupply);
  EXPECT_EQ(solution.report.sentence,
            "No source is left of something that buyers cannot do without: in C00: s01. A lower coverage, or one "
            "source left open, has an equilibrium.");
}

TEST(NoEquilibrium, ACountryCutOffCanNotKeepItsDeficit) {
  World world = random_world({.countries = 3, .sectors = 2, .untraded = 0.0, .missing = 0.0}, 35);
  Shock shock;
  shock.open_share = Bilateral(3, 3, 2, 1.0);
  for (Index j = 0; j < 2; ++j)
    for (Index k = 1; k < 3; ++k) shock.open_share(0, k, j) = shock.open_share(k, 0, j) = 0.0;
  Solution solution = solve(world, shock);
  EXPECT_EQ(solution.report.status, SolveStatus::kNoEquilibrium);
  EXPECT_NE(solution.report.sentence.find("The policies cut C00 off from everyone else"), std::string::npos)
      << solution.report.sentence;
  shock.closure = Closure::kProportional;
  solution = solve(world, shock);
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  EXPECT_NEAR(solution.equilibrium.deficit(0), 0.0, 1e-9);
  // Each part of a world in two keeps its own numeraire.
  EXPECT_NEAR(solution.equilibrium.factor_price(0), 1.0, 1e-12);
}

TEST(NoEquilibrium, NobodyHandsOverMoreThanItEarns) {
  const World world = random_world({.countries = 4, .sectors = 3}, 40);
  const Vector income = factor_income(world);
  Shock shock;
  shock.transfer = Vector::Zero(4);
  shock.transfer(0) = -1.5 * income(0) - world.deficit(0);
  shock.transfer(1) = -shock.transfer(0);
  const Solution solution = solve(world, shock);
  EXPECT_EQ(solution.report.status, SolveStatus::kNoEquilibrium);
  EXPECT_NE(solution.report.sentence.find("C00 would have to hand over"), std::string::npos)
      << solution.report.sentence;
}

/// What is said of a country that hands over more than it earns, and of one cut off with others' money.
struct Advice {
  std::string hand_over, cut_off;
  explicit Advice(const World& world) {
    const Vector income = factor_income(world);
    Shock shock;
    shock.transfer = Vector::Zero(4);
    shock.transfer(0) = -1.5 * income(0) - world.deficit(0);
    shock.transfer(1) = -shock.transfer(0);
    hand_over = solve(world, shock).report.sentence;
    shock.transfer *= 0.1;
    shock.open_share = Bilateral(world.market_count(), world.location_count(), world.sector_count(), 1.0);
    for (Index j = 0; j < world.sector_count(); ++j)
      for (Index i = 0; i < world.location_count(); ++i)
        for (Index m = 0; m < world.market_count(); ++m)
          if ((i == 0) != (world.country_of_market(m) == 0)) shock.open_share(m, i, j) = 0.0;
    cut_off = solve(world, shock).report.sentence;
  }
};

TEST(NoEquilibrium, TheClosureIsBlamedForWhatItHoldsAlone) {
  const auto holds = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  const World raw = random_world({.countries = 4, .sectors = 3}, 40);
  ASSERT_GT(raw.deficit.cwiseAbs().minCoeff(), 0.0);
  Shock balance;
  balance.closure = Closure::kBalanced;
  const World balanced = rebase(raw, balance, solve(raw, balance).equilibrium);
  const Advice with_deficits(raw), without(balanced);
  EXPECT_TRUE(holds(without.hand_over, "that it earns. A smaller transfer may have an equilibrium."))
      << without.hand_over;
  EXPECT_FALSE(holds(without.hand_over + without.cut_off, "closure")) << without.cut_off;
  EXPECT_TRUE(holds(without.cut_off, "All of it is transfers across the cut: drop these.")) << without.cut_off;
  EXPECT_TRUE(holds(with_deficits.cut_off,
                    "Set closure = \"balanced\" under [reference] and drop the transfers across the cut."))
      << with_deficits.cut_off;
}

TEST(NoEquilibrium, TooFewStepsSaySoAndHowFarItIs) {
  const World world = random_world({.countries = 6, .sectors = 4}, 36);
  const Solution solution = solve(world, random_shock(world, 37), {.max_iterations = 1});
  EXPECT_EQ(solution.report.status, SolveStatus::kNoConvergence);
  EXPECT_NE(solution.report.sentence.find("No equilibrium was found"), std::string::npos) << solution.report.sentence;
}

TEST(Supply, AProducerThatLosesAnIndispensableInputStopsAndOthersTakeOver) {
  // Sector 1 of country 0 uses sector 0; households do not. Banned everywhere, sector 1 is imported instead.
  World world =
      random_world({.countries = 3, .sectors = 3, .untraded = 0.0, .missing = 0.0, .highest_tariff = 0.0}, 38);
  World without = world;
  for (Index l = 0; l < 3; ++l) {
    // Households want sectors 1 and 2 alone; sectors 0 and 2 use no inputs of sector 0.
    Matrix& z = without.input[static_cast<std::size_t>(l)];
    z(0, 0) = z(0, 2) = 0.0;
    if (l > 0) z(0, 1) = 0.0;
    without.final_use(l, 0) = l == 0 ? 0.0 : without.final_use(l, 0);
  }
  // Rebalance: output and demand of each sector follow from its shares.
  for (Index j = 0; j < 3; ++j)
    for (Index m = 0; m < 3; ++m) {
      const double demand = without.input[static_cast<std::size_t>(m)].row(j).sum() + without.final_use(m, j);
      const double spent = without.expenditure.sector(j).row(m).sum();
      without.expenditure.sector(j).row(m) *= demand / spent;
    }
  for (int round = 0; round < 200; ++round) {
    const Matrix made = output(without);
    for (Index l = 0; l < 3; ++l) {
      Matrix& z = without.input[static_cast<std::size_t>(l)];
      for (Index j = 0; j < 3; ++j) {
        const double cost = z.col(j).sum() + without.value_added(l, j);
        z.col(j) *= made(l, j) / cost;
        without.value_added(l, j) *= made(l, j) / cost;
      }
    }
    for (Index j = 0; j < 3; ++j)
      for (Index m = 0; m < 3; ++m) {
        const double demand = without.input[static_cast<std::size_t>(m)].row(j).sum() + without.final_use(m, j);
        without.expenditure.sector(j).row(m) *= demand / without.expenditure.sector(j).row(m).sum();
      }
  }
  without.deficit = without.final_use.rowwise().sum() - factor_income(without);
  ASSERT_TRUE(check_values(without).empty());
  Shock shock;
  shock.closure = Closure::kBalanced;
  shock.open_share = Bilateral(3, 3, 3, 1.0);
  shock.open_share.sector(0).row(0).setZero();
  const Solution solution = solve(without, shock);
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  EXPECT_EQ(solution.equilibrium.output(0, 1), 0.0);
  EXPECT_GT(solution.equilibrium.output(1, 1), 0.0);
  // The limit of a ban on all but a sliver.
  double last = 1.0;
  for (const double sliver : {1e-50, 1e-150, 1e-300}) {
    shock.open_share.sector(0).row(0).setConstant(sliver);
    const Solution nearly = solve(without, shock);
    ASSERT_TRUE(nearly.report.solved()) << nearly.report.sentence;
    const double gap = std::abs(nearly.equilibrium.output(1, 1) / solution.equilibrium.output(1, 1) - 1.0);
    EXPECT_LT(gap, 0.5 * last);
    last = gap;
  }
  EXPECT_LT(last, 1e-3);
}

// ---- Memory ------------------------------------------------------------------------------------------------------

#if !defined(__SANITIZE_ADDRESS__)
TEST(Memory, OneSolveTakesAtMostFourBilateralArrays) {
  const World world = random_world({.countries = 120, .sectors = 40, .untraded = 0.0, .missing = 0.0}, 39);
  Shock shock;
  shock.tariff = world.tariff;
  for (double& t : shock.tariff.values()) t *= 0.5;
  const double array = 8.0 * static_cast<double>(world.expenditure.values().size());
  // In a process of its own: the high-water mark of memory before and after.
  int channel[2];
  ASSERT_EQ(pipe(channel), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto in_use = [](const char* key) {
      std::ifstream status("/proc/self/status");
      for (std::string word; status >> word;)
        if (word == key) {
          double kilobytes = 0.0;
          status >> kilobytes;
          return 1024.0 * kilobytes;
        }
      return 0.0;
    };
    std::ofstream("/proc/self/clear_refs") << "5";  // the mark starts from here
    const double before = in_use("VmRSS:");
    const bool solved = solve(world, shock).report.solved();
    const double most = solved ? in_use("VmHWM:") - before : -1.0;
    [[maybe_unused]] const auto written = write(channel[1], &most, sizeof most);
    _exit(0);
  }
  double most = 0.0;
  ASSERT_EQ(read(channel[0], &most, sizeof most), static_cast<ssize_t>(sizeof most));
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_GT(most, 1.0 * array);  // the measurement measures
  EXPECT_LE(most, 4.0 * array);
}
#endif

}  // namespace
}  // namespace entrepot::testing
