// What must hold in every world for every policy (model, "Known answers").
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "equilibrium/decomposition.hpp"
#include "equilibrium/solve.hpp"
#include "equilibrium/welfare.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"
#include "world/balance.hpp"

namespace entrepot::testing {
namespace {

struct Case {
  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
  const char* name;
  WorldShape shape;
  double value_added_elasticity = 1.0, input_elasticity = 1.0;
  double labour_mobility = std::numeric_limits<double>::infinity();
};

World make(const Case& c, std::uint32_t seed) {
  World world = random_world(c.shape, seed);
  world.value_added_elasticity.setConstant(c.value_added_elasticity);
  world.input_elasticity.setConstant(c.input_elasticity);
  world.labour_mobility.setConstant(c.labour_mobility);
  return world;
}

void expect_same(const Matrix& a, const Matrix& b, double tolerance, const char* what) {
  ASSERT_EQ(a.rows(), b.rows());
  ASSERT_EQ(a.cols(), b.cols());
  EXPECT_LE((a - b).cwiseAbs().maxCoeff(), tolerance * std::max(1.0, a.cwiseAbs().maxCoeff())) << what;
}

class EveryWorld : public ::testing::TestWithParam<std::tuple<Case, std::uint32_t>> {
 protected:
  const Case& kind() const { return std::get<0>(GetParam()); }
  std::uint32_t seed() const { return std::get<1>(GetParam()); }
  World world_ = make(kind(), seed());
};

TEST_P(EveryWorld, IsBalancedAndSound) {
  EXPECT_LE(check_balance(world_).worst(), 1e-12);
  EXPECT_TRUE(check_values(world_).empty());
}

TEST_P(EveryWorld, NoPolicyNoChange) {
  const Solution solution = solve(world_, Shock{});
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  const Equilibrium& e = solution.equilibrium;
  EXPECT_EQ(solution.report.iterations, 0);
  expect_same(e.cost, Matrix::Ones(e.cost.rows(), e.cost.cols()), 1e-13, "cost");
  expect_same(e.price, Matrix::Ones(e.price.rows(), e.price.cols()), 1e-13, "price");
  expect_same(e.wage, Matrix::Ones(e.wage.rows(), e.wage.cols()), 1e-13, "wage");
  expect_same(e.output, output(world_), 1e-12, "output");
  expect_same(e.income, income(world_), 1e-12, "income");
}

TEST_P(EveryWorld, EveryEquationHolds) {
  for (const Closure closure : {Closure::kFixed, Closure::kBalanced, Closure::kProportional}) {
    Shock shock = random_shock(world_, seed() + 100);
    shock.closure = closure;
    const Solution solution = solve(world_, shock, {.tolerance = 1e-11});
    ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
    const EquationCheck check = check_equations(world_, shock, solution.equilibrium);
    EXPECT_LE(check.residual, 1e-10) << check.where;
  }
}

TEST_P(EveryWorld, WalrasClosesTheLastMarket) {
  const Solution solution = solve(world_, random_shock(world_, seed() + 200));
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  const Vector earned = solution.equilibrium.factor_price.cwiseProduct(factor_income(world_));
  Vector paid = Vector::Zero(world_.country_count());
  for (Index l = 0; l < world_.location_count(); ++l)
    paid(world_.country_of_location(l)) += solution.equilibrium.value_added.row(l).sum();
  EXPECT_LE(((paid - earned).array().abs() / earned.array()).maxCoeff(), 1e-10);
  EXPECT_NEAR(solution.equilibrium.deficit.sum(), 0.0, 1e-9 * earned.sum());
}

TEST_P(EveryWorld, AnotherUnitChangesNothing) {
  const Shock shock = random_shock(world_, seed() + 300);
  World larger = world_;
  constexpr double kUnit = 1e3;
  for (double& x : larger.expenditure.values()) x *= kUnit;
  for (Matrix& z : larger.input) z *= kUnit;
  larger.value_added *= kUnit;
  larger.final_use *= kUnit;
  larger.deficit *= kUnit;
  Shock larger_shock = shock;
  larger_shock.transfer *= kUnit;
  const Solution a = solve(world_, shock), b = solve(larger, larger_shock);
  ASSERT_TRUE(a.report.solved() && b.report.solved()) << a.report.sentence << b.report.sentence;
  expect_same(a.equilibrium.cost, b.equilibrium.cost, 1e-8, "cost");
  expect_same(a.equilibrium.output * kUnit, b.equilibrium.output, 1e-8, "output");
  expect_same(real_income_change(world_, a.equilibrium), real_income_change(larger, b.equilibrium), 1e-8,
              "real income");
}

TEST_P(EveryWorld, OrderOfCountriesAndSectorsDoesNotMatter) {
  std::vector<Index> order(static_cast<std::size_t>(world_.country_count())),
      sectors(static_cast<std::size_t>(world_.sector_count()));
  std::iota(order.begin(), order.end(), Index{0});
  std::iota(sectors.begin(), sectors.end(), Index{0});
  std::rotate(order.begin(), order.begin() + 1, order.end());
  std::reverse(sectors.begin(), sectors.end());
  const World moved = permute_sectors(permute_countries(world_, order), sectors);
  Shock shock, moved_shock;
  // A policy that means the same in both: a tenth on everything that crosses a border.
  const auto tenth = [](const World& w) {
    Bilateral t(w.market_count(), w.location_count(), w.sector_count());
    for (Index j = 0; j < w.sector_count(); ++j)
      for (Index i = 0; i < w.location_count(); ++i)
        for (Index m = 0; m < w.market_count(); ++m)
          if (w.location_of_market(m) != i) t(m, i, j) = 0.1 + 0.5 * w.tariff(m, i, j);
    return t;
  };
  shock.tariff = tenth(world_);
  moved_shock.tariff = tenth(moved);
  const Solution a = solve(world_, shock, {.tolerance = 1e-12}), b = solve(moved, moved_shock, {.tolerance = 1e-12});
  ASSERT_TRUE(a.report.solved() && b.report.solved()) << a.report.sentence << b.report.sentence;
  for (Index l = 0; l < world_.location_count(); ++l)
    for (Index j = 0; j < world_.sector_count(); ++j)
      EXPECT_NEAR(b.equilibrium.output(l, j) /
                      a.equilibrium.output(order[static_cast<std::size_t>(l)], sectors[static_cast<std::size_t>(j)]),
                  1.0, 1e-9);
}

TEST_P(EveryWorld, RebasedWorldIsBalancedAndStays) {
  Shock shock = random_shock(world_, seed() + 400, 0.5);
  without_rents(shock);
  const Solution solution = solve(world_, shock, {.tolerance = 1e-12});
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  const World after = rebase(world_, shock, solution.equilibrium);
  EXPECT_LE(check_balance(after).worst(), 1e-9);
  Shock same;
  same.closure = shock.closure;
  const Solution again = solve(after, same);
  ASSERT_TRUE(again.report.solved());
  expect_same(again.equilibrium.price, Matrix::Ones(after.market_count(), after.sector_count()), 1e-9, "price");
}

TEST_P(EveryWorld, TwoStepsAreOne) {
  // Hat algebra composes: to a reference world and on from it is the same as straight there.
  Shock first, both;
  first.tariff = world_.tariff;
  for (double& t : first.tariff.values()) t *= 0.5;
  first.closure = both.closure = Closure::kBalanced;
  both.tariff = world_.tariff;
  for (double& t : both.tariff.values()) t *= 2.0;
  const Solution one = solve(world_, first, {.tolerance = 1e-12});
  ASSERT_TRUE(one.report.solved());
  const World middle = rebase(world_, first, one.equilibrium);
  const Solution two = solve(middle, both, {.tolerance = 1e-12}), direct = solve(world_, both, {.tolerance = 1e-12});
  ASSERT_TRUE(two.report.solved() && direct.report.solved());
  expect_same(one.equilibrium.price.cwiseProduct(two.equilibrium.price), direct.equilibrium.price, 1e-9, "price");
  expect_same(two.equilibrium.output, direct.equilibrium.output, 1e-9, "output");
}

TEST_P(EveryWorld, DecompositionAddsUp) {
  const Shock shock = random_shock(world_, seed() + 500, 0.6);
  const Solution solution = solve(world_, shock);
  ASSERT_TRUE(solution.report.solved());
  const ExactDecomposition exact = decompose(world_, shock, solution.equilibrium);
  ASSERT_FALSE(exact.parts.empty()) << exact.sentence;
  const Vector change = 100.0 * (real_income_change(world_, solution.equilibrium).array() - 1.0);
  expect_same(exact.parts.percent.colwise().sum().transpose(), change, 1e-6, "sum of parts");
}

constexpr double kInf = std::numeric_limits<double>::infinity();
const Case kCases[] = {
    {"CobbDouglas", {}},
    {"OneSector", {.countries = 4, .sectors = 1}},
    {"ManyCountries", {.countries = 17, .sectors = 3, .home_share = 0.6}},
    {"ManySectors", {.countries = 3, .sectors = 15, .missing = 0.4}},
    {"ExportTaxes", {.countries = 4, .sectors = 5, .highest_export_tax = 0.3}},
    {"TwoUses", {.countries = 5, .sectors = 4, .uses = 2}},
    {"ElasticTrade", {.countries = 5, .sectors = 3, .lowest_theta = 15.0, .highest_theta = 50.0}},
    {"InelasticTrade", {.countries = 5, .sectors = 3, .lowest_theta = 0.4, .highest_theta = 1.0}},
    {"LongChains", {.countries = 5, .sectors = 6, .home_share = 0.5, .input_share = 0.65}},
    {"Ces", {.countries = 4, .sectors = 5}, 0.5, 2.0},
    {"Leontief", {.countries = 4, .sectors = 4}, 0.0, 0.0},
    {"ImmobileLabour", {.countries = 4, .sectors = 5}, 1.0, 1.0, 1.5},
    {"ImmobileLabourTwoUsesCes", {.countries = 4, .sectors = 4, .uses = 2}, 0.8, 1.3, 3.0},
};

INSTANTIATE_TEST_SUITE_P(, EveryWorld, ::testing::Combine(::testing::ValuesIn(kCases), ::testing::Values(1u, 2u, 3u)),
                         [](const auto& test) {
                           return std::string(std::get<0>(test.param).name) + "_" +
                                  std::to_string(std::get<1>(test.param));
                         });

// ---- Facts with their own worlds ---------------------------------------------------------------------------------

/// One sector, no inputs, no tariffs: real income is λ̂_nn^(−1/θ) for any shock (Arkolakis, Costinot & Rodríguez-Clare).
World acr_world(std::uint32_t seed) {
  World world =
      random_world({.countries = 6, .sectors = 1, .untraded = 0.0, .missing = 0.0, .highest_tariff = 0.0}, seed);
  // No inputs: all cost is value added, all demand is final; levels follow from balanced spending.
  const Index n = world.country_count();
  for (Matrix& z : world.input) z.setZero();
  world.value_added = output(world);
  world.final_use = world.expenditure.sector(0).rowwise().sum();
  world.deficit = world.final_use.rowwise().sum() - factor_income(world);
  world.tariff = Bilateral(n, n, 1);
  return world;
}

TEST(Acr, RealIncomeIsHomeShareToMinusOneOverTheta) {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    const World raw = acr_world(seed);
    Shock balance;
    balance.closure = Closure::kBalanced;
    const World world = rebase(raw, balance, solve(raw, balance, {.tolerance = 1e-13}).equilibrium);
    Shock shock = random_shock(world, seed + 7);
    shock.tariff = shock.export_tax = {};
    without_rents(shock);
    shock.transfer.resize(0);
    shock.productivity.resize(0, 0);
    shock.closure = Closure::kBalanced;
    const Solution solution = solve(world, shock, {.tolerance = 1e-12});
    ASSERT_TRUE(solution.report.solved());
    const Bilateral flows = trade_flows(world, shock, solution.equilibrium);
    const Vector welfare = real_income_change(world, solution.equilibrium);
    for (Index n = 0; n < world.country_count(); ++n) {
      const double before = world.expenditure(n, n, 0) / world.expenditure.sector(0).row(n).sum();
      const double after = flows(n, n, 0) / solution.equilibrium.spending(n, 0);
      EXPECT_NEAR(welfare(n), std::pow(after / before, -1.0 / world.theta(0)), 1e-10);
    }
  }
}

TEST(Acr, AutarkyCostsTheGainsFromTrade) {
  const World raw = acr_world(4);
  Shock shock;
  shock.closure = Closure::kBalanced;
  const World world = rebase(raw, shock, solve(raw, shock, {.tolerance = 1e-13}).equilibrium);
  shock.open_share = Bilateral(6, 6, 1);
  for (Index n = 0; n < 6; ++n) shock.open_share(n, n, 0) = 1.0;
  const Solution solution = solve(world, shock);
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  const Vector welfare = real_income_change(world, solution.equilibrium);
  for (Index n = 0; n < 6; ++n) {
    const double home = world.expenditure(n, n, 0) / world.expenditure.sector(0).row(n).sum();
    EXPECT_NEAR(welfare(n), std::pow(home, 1.0 / world.theta(0)), 1e-10);
  }
}

TEST(CesLimit, GapToCobbDouglasFallsWithTheDistanceOfSigma) {
  World world = random_world({.countries = 4, .sectors = 5}, 5);
  Shock shock = random_shock(world, 6);
  const Matrix exact = solve(world, shock, {.tolerance = 1e-12}).equilibrium.output;
  double last = 0.0;
  for (const double distance : {1e-2, 1e-3, 1e-4}) {
    world.value_added_elasticity.setConstant(1.0 + distance);
    world.input_elasticity.setConstant(1.0 - distance);
    const Solution solution = solve(world, shock, {.tolerance = 1e-12});
    ASSERT_TRUE(solution.report.solved());
    const double gap = ((solution.equilibrium.output - exact).array() / exact.array()).abs().maxCoeff();
    EXPECT_GT(gap, 0.0);
    if (last > 0.0) {
      EXPECT_NEAR(last / gap, 10.0, 1.0);
    }
    last = gap;
  }
}

TEST(MobilityLimit, GapToMobileLabourFallsWithNu) {
  World world = random_world({.countries = 4, .sectors = 5}, 8);
  const Shock shock = random_shock(world, 9);
  const Matrix exact = solve(world, shock, {.tolerance = 1e-12}).equilibrium.output;
  double last = 0.0;
  for (const double nu : {1e3, 1e4, 1e5}) {
    world.labour_mobility.setConstant(nu);
    const Solution solution = solve(world, shock, {.tolerance = 1e-11});
    ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
    const double gap = ((solution.equilibrium.output - exact).array() / exact.array()).abs().maxCoeff();
    if (last > 0.0) {
      EXPECT_NEAR(last / gap, 10.0, 1.0);
    }
    last = gap;
  }
}

TEST(MobilityLimit, SectorSpecificFactorsKeepTheirPlace) {
  World world = random_world({.countries = 3, .sectors = 4}, 10);
  world.labour_mobility.setConstant(1.0 + 1e-9);
  const Solution solution = solve(world, random_shock(world, 11));
  ASSERT_TRUE(solution.report.solved()) << solution.report.sentence;
  // At ν = 1 a sector's income is λ ŵ V: every worker stays where he was.
  const Matrix& wage = solution.equilibrium.wage;
  EXPECT_LE(
      (solution.equilibrium.value_added.array() / (world.value_added.array() * wage.array()) - 1.0).abs().maxCoeff(),
      1e-6);
}

TEST(Ban, IsTheLimitOfRisingIcebergCosts) {
  World world = random_world({.countries = 5, .sectors = 4, .lowest_theta = 3.0}, 12);
  const auto flows = [&](double fill) { return Bilateral(5, 5, 4, fill); };
  Shock ban;
  ban.closure = Closure::kBalanced;
  ban.open_share = flows(1.0);
  for (Index j = 0; j < 4; ++j) ban.open_share(1, 0, j) = ban.open_share(2, 0, j) = 0.0;
  const Solution banned = solve(world, ban, {.tolerance = 1e-12});
  ASSERT_TRUE(banned.report.solved());
  double last = 1.0;
  for (const double cost : {1e1, 1e2, 1e3, 1e6}) {
    Shock dear;
    dear.closure = Closure::kBalanced;
    dear.iceberg = flows(1.0);
    for (Index j = 0; j < 4; ++j) dear.iceberg(1, 0, j) = dear.iceberg(2, 0, j) = cost;
    const Solution solution = solve(world, dear, {.tolerance = 1e-12});
    ASSERT_TRUE(solution.report.solved());
    const double gap = (real_income_change(world, solution.equilibrium) - real_income_change(world, banned.equilibrium))
                           .cwiseAbs()
                           .maxCoeff();
    EXPECT_LT(gap, std::max(0.01 * last, 1e-11));
    last = gap;
  }
  EXPECT_LT(last, 1e-10);
}

TEST(Ban, HalfTheVarietiesIsAnExactWeight) {
  const World world = random_world({.countries = 4, .sectors = 3}, 13);
  Shock ban, cost;
  ban.open_share = Bilateral(4, 4, 3, 1.0);
  cost.iceberg = Bilateral(4, 4, 3, 1.0);
  for (Index j = 0; j < 3; ++j) {
    ban.open_share(0, 1, j) = 0.5;
    cost.iceberg(0, 1, j) = std::pow(0.5, -1.0 / world.theta(j));
  }
  const Solution a = solve(world, ban), b = solve(world, cost);
  ASSERT_TRUE(a.report.solved() && b.report.solved()) << a.report.sentence << b.report.sentence;
  expect_same(real_income_change(world, a.equilibrium), real_income_change(world, b.equilibrium), 1e-9, "real income");
}

TEST(Aggregation, TwoIdenticalCountriesAreOne) {
  // Country 0 split into halves that trade with each other and the rest as before.
  const World whole =
      random_world({.countries = 3, .sectors = 3, .untraded = 0.0, .missing = 0.0, .highest_tariff = 0.0}, 14);
  std::vector<Country> countries = whole.countries;
  countries.push_back({"TWIN", "Twin", {}});
  World split = World::of_shape(countries, whole.sectors);
  split.theta = whole.theta;
  const auto original = [](Index n) { return n == 3 ? Index{0} : n; };
  const auto part = [](Index n) { return n == 0 || n == 3 ? 0.5 : 1.0; };
  split.tariff = Bilateral(4, 4, 3);
  for (Index j = 0; j < 3; ++j)
    for (Index i = 0; i < 4; ++i)
      for (Index m = 0; m < 4; ++m)
        split.expenditure(m, i, j) = whole.expenditure(original(m), original(i), j) * part(m) * part(i);
  for (Index n = 0; n < 4; ++n) {
    split.input[static_cast<std::size_t>(n)] = whole.input[static_cast<std::size_t>(original(n))] * part(n);
    split.value_added.row(n) = whole.value_added.row(original(n)) * part(n);
    split.final_use.row(n) = whole.final_use.row(original(n)) * part(n);
    split.deficit(n) = whole.deficit(original(n)) * part(n);
  }
  ASSERT_LE(check_balance(split).worst(), 1e-12);
  Shock small, large;
  small.tariff = Bilateral(3, 3, 3);
  large.tariff = Bilateral(4, 4, 3);
  for (Index j = 0; j < 3; ++j) {
    small.tariff(1, 0, j) = 0.3;
    large.tariff(1, 0, j) = large.tariff(1, 3, j) = 0.3;
  }
  const Solution a = solve(whole, small, {.tolerance = 1e-12}), b = solve(split, large, {.tolerance = 1e-12});
  ASSERT_TRUE(a.report.solved() && b.report.solved()) << a.report.sentence << b.report.sentence;
  const Vector one = real_income_change(whole, a.equilibrium), two = real_income_change(split, b.equilibrium);
  for (Index n = 0; n < 4; ++n) EXPECT_NEAR(two(n), one(original(n)), 1e-10);
}

TEST(Zone, SplittingALocationOffWithoutPolicyChangesNothing) {
  // Two locations of one country with the same tables, a half each: what a zone starts from.
  const World whole = random_world({.countries = 3, .sectors = 3, .untraded = 0.0, .missing = 0.0}, 15);
  World split = World::of_shape(whole.countries, whole.sectors);
  split.locations.push_back({"ZONE", 0});
  split.theta = whole.theta;
  split.expenditure = Bilateral(4, 4, 3);
  split.tariff = Bilateral(4, 4, 3);
  split.input.resize(4);
  split.value_added.resize(4, 3);
  split.final_use.resize(4, 3);
  split.deficit = whole.deficit;
  const auto original = [](Index l) { return l == 3 ? Index{0} : l; };
  const auto part = [](Index l) { return l == 0 || l == 3 ? 0.5 : 1.0; };
  Shock small = random_shock(whole, 16), large;
  without_rents(small);
  large = small;
  large.tariff = large.export_tax = large.iceberg = large.open_share = Bilateral(4, 4, 3);
  large.productivity.resize(4, 3);
  for (Index i = 0; i < 4; ++i) {
    split.input[static_cast<std::size_t>(i)] = whole.input[static_cast<std::size_t>(original(i))] * part(i);
    split.value_added.row(i) = whole.value_added.row(original(i)) * part(i);
    split.final_use.row(i) = whole.final_use.row(original(i)) * part(i);
    large.productivity.row(i) = small.productivity.row(original(i));
    for (Index j = 0; j < 3; ++j)
      for (Index m = 0; m < 4; ++m) {
        split.expenditure(m, i, j) = whole.expenditure(original(m), original(i), j) * part(m) * part(i);
        split.tariff(m, i, j) = whole.tariff(original(m), original(i), j);
        large.tariff(m, i, j) = small.tariff(original(m), original(i), j);
        large.export_tax(m, i, j) = small.export_tax(original(m), original(i), j);
        large.iceberg(m, i, j) = small.iceberg(original(m), original(i), j);
        large.open_share(m, i, j) = small.open_share(original(m), original(i), j);
      }
  }
  ASSERT_TRUE(check_values(split).empty());
  ASSERT_LE(check_balance(split).worst(), 1e-12);
  const Solution a = solve(whole, small, {.tolerance = 1e-12}), b = solve(split, large, {.tolerance = 1e-12});
  ASSERT_TRUE(a.report.solved() && b.report.solved()) << b.report.sentence;
  expect_same(real_income_change(whole, a.equilibrium), real_income_change(split, b.equilibrium), 1e-9, "real income");
}

}  // namespace
}  // namespace entrepot::testing
