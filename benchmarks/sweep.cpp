// What a scenario costs when thousands share a base year: the batched solver against the single one, against the
// machine's own rate of multiplying matrices, and with two threads; then how cost grows with countries, sectors and
// draws. Compare ratios within one run, not machines.
#include <fmt/format.h>
#include <omp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "equilibrium/batch.hpp"
#include "equilibrium/lanes.hpp"
#include "policy/scenario.hpp"
#include "results/version.hpp"
#include "support/draw.hpp"
#include "support/random_world.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"
#include "world/codes.hpp"

namespace entrepot::benchmarks {
namespace {

const std::filesystem::path kRoot = ENTREPOT_SOURCE_DIR;
constexpr double kTolerance = 1e-8;
constexpr int kTurns = 7;

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The NAFTA world with balanced trade.
World nafta() {
  const Scenario scenario = read_scenario(kRoot / "scenarios/known/nafta.toml");
  const World base = read_baseline(kRoot / "data/cp2015-nafta").world;
  const Shock reference = compile_reference(base, scenario, BlocTable::read(kRoot / "data/blocs.csv"));
  return rebase(base, reference, solve(base, reference, {.tolerance = 1e-12}).equilibrium);
}

/// Every tariff among `members` times a number of its own between 0 and 1.5, every elasticity times e^(0.3·normal-ish).
class RandomScenarios {
 public:
  RandomScenarios(const World& world, std::vector<Index> members) : world_(world), members_(std::move(members)) {}

  BatchScenario operator()(Index k) const {
    testing::Draw draw(static_cast<std::uint32_t>(k + 1));
    BatchScenario one;
    one.theta = world_.theta;
    for (double& theta : one.theta) theta *= draw.between(0.6, 1.4);
    one.shock.tariff = world_.tariff;
    for (Index j = 0; j < world_.sector_count(); ++j)
      for (const Index m : members_)
        for (const Index i : members_)
          if (m != i) one.shock.tariff(m, i, j) *= draw.between(0.0, 1.5);
    return one;
  }

  BatchScenario middle() const {
    BatchScenario one{{}, world_.theta};
    one.shock.tariff = world_.tariff;
    for (Index j = 0; j < world_.sector_count(); ++j)
      for (const Index m : members_)
        for (const Index i : members_)
          if (m != i) one.shock.tariff(m, i, j) *= 0.75;
    return one;
  }

 private:
  const World& world_;
  std::vector<Index> members_;
};

/// Scenarios a second of the single solver, start to finish, at the batch's tolerance.
double single_rate(const World& world, const RandomScenarios& scenarios, Index count) {
  World own = world;
  const double time = seconds([&] {
    for (Index k = 0; k < count; ++k) {
      const BatchScenario one = scenarios(k);
      own.theta = one.theta;
      if (!solve(own, one.shock, {.tolerance = kTolerance}).report.solved()) std::abort();
    }
  });
  return static_cast<double>(count) / time;
}

struct BatchRate {
  double rate = 0.0;   ///< scenarios a second
  double steps = 0.0;  ///< lane steps a scenario
  Index alone = 0;
  friend bool operator<(const BatchRate& a, const BatchRate& b) { return a.rate < b.rate; }
};

BatchRate batch_rate(const BatchSolver& solver, const RandomScenarios& scenarios, Index count, int threads) {
  std::vector<BatchReport> reports(static_cast<std::size_t>(threads));
  const double time = seconds([&] {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
    for (int t = 0; t < threads; ++t) {
      const Index first = count * t / threads, last = count * (t + 1) / threads;
      reports[static_cast<std::size_t>(t)] = solver.solve(
          last - first, [&](Index k) { return scenarios(first + k); },
          [](Index, Solution&& solution) {
            if (!solution.report.solved()) std::abort();
          });
    }
  });
  BatchRate result{static_cast<double>(count) / time, 0.0, 0};
  for (const BatchReport& report : reports) {
    result.steps += static_cast<double>(report.lane_steps) / static_cast<double>(count);
    result.alone += report.alone;
  }
  return result;
}

/// Billions of operations a second of products like those of the block, and of the library's own products of matrices
/// that are large enough to be fast.
double product_rate(Index countries, Index sectors, Index lanes) {
  std::vector<Matrix> shares;
  for (Index j = 0; j < sectors; ++j) shares.push_back(padded(Matrix(Matrix::Random(countries, countries))));
  const Lanes in = Lanes::Random(countries * sectors, lanes);
  Lanes out = Lanes::Zero(padded(countries) * sectors, lanes);
  const double operations = 2.0 * static_cast<double>(countries * countries * sectors * lanes);
  double best = 0.0;
  for (int repeat = 0; repeat < 50; ++repeat) {
    const double time = seconds([&] {
      for (Index j = 0; j < sectors; ++j)
        lane_product(shares[static_cast<std::size_t>(j)], in.row(j * countries).data(), lanes,
                     out.row(j * padded(countries)).data(), lanes, lanes);
    });
    best = std::max(best, operations / time / 1e9);
  }
  return best;
}

/// Of each thread its own products, all together.
double matrix_rate(int threads) {
  constexpr Index kSize = 1000;
  double best = 0.0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    std::vector<Matrix> a(at(threads), Matrix::Random(kSize, kSize)), b = a, c = a;
    const double time = seconds([&] {
#pragma omp parallel for num_threads(threads) schedule(static, 1)
      for (std::size_t t = 0; t < a.size(); ++t) c[t].noalias() = a[t] * b[t];
    });
    best = std::max(best, 2e-9 * threads * std::pow(static_cast<double>(kSize), 3) / time);
  }
  return best;
}

double peak_memory() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_maxrss) / 1024.0;
}

/// Synthetic worlds, tariffs among a tenth of the countries and all elasticities drawn.
void growth(Index countries, Index sectors) {
  const World world = testing::random_world(
      {.countries = countries, .sectors = sectors, .home_share = 0.92, .lowest_theta = 0.8, .highest_theta = 20.0}, 1);
  std::vector<Index> members;
  for (Index n = 0; n < std::max<Index>(2, countries / 10); ++n) members.push_back(n);
  const RandomScenarios scenarios(world, members);
  double set_up = 0.0;
  std::optional<BatchSolver> solver;
  set_up = seconds([&] { solver.emplace(world, scenarios.middle(), BatchOptions{.tolerance = kTolerance}); });
  const Index count = countries * sectors > 4000 ? 192 : 768;
  BatchRate rate;
  for (int repeat = 0; repeat < 3; ++repeat) rate = std::max(rate, batch_rate(*solver, scenarios, count, 1));
  const double products = 100.0 * product_rate(countries, sectors, 48) / matrix_rate(1);
  fmt::print("{:4} x {:2}  {:9.0f} {:7.1f} {:6.2f} % {:9.2f} s {:10.0f} s {:7.0f} %\n", countries, sectors, rate.rate,
             rate.steps, 100.0 * static_cast<double>(rate.alone) / static_cast<double>(count), set_up,
             set_up + 1e5 / rate.rate, products);
}

void run() {
  fmt::print("entrepot {} ({}), {} threads available\n\n", program_version(), git_commit(), omp_get_max_threads());
  const World world = nafta();
  std::vector<Index> members;
  for (const char* code : {"MEX", "CAN", "USA"}) members.push_back(position_of(world.countries, code));
  const RandomScenarios scenarios(world, members);
  const BatchSolver solver(world, scenarios.middle(), {.tolerance = kTolerance});
  const double before = (batch_rate(solver, scenarios, 1000, 1), peak_memory());
  // By turns, the best of each: others on the machine slow down one turn, not one of the three.
  double single = 0.0, library = 0.0, both = 0.0;
  BatchRate one, two;
  for (int turn = 0; turn < kTurns; ++turn) {
    single = std::max(single, single_rate(world, scenarios, 200));
    one = std::max(one, batch_rate(solver, scenarios, 4000, 1));
    two = std::max(two, batch_rate(solver, scenarios, 8000, 2));
    library = std::max(library, matrix_rate(1));
    both = std::max(both, matrix_rate(2));
  }
  fmt::print("NAFTA world, random tariffs among its members and random elasticities, residual 1e-8\n");
  fmt::print("  single solver   {:6.0f} scenarios a second\n", single);
  fmt::print("  batch           {:6.0f} scenarios a second: {:.1f} times; {:.1f} steps each, {} of 4000 alone\n",
             one.rate, one.rate / single, one.steps, one.alone);
  fmt::print("  two threads     {:6.0f} scenarios a second: {:.2f} times one; Eigen's products {:.2f} times\n",
             two.rate, two.rate / one.rate, both / library);
  fmt::print(
      "  its products    {:6.1f} Gflop/s by country, {:.1f} by sector; Eigen's 1000 x 1000: {:.1f}; {:.0f} %, {:.0f} "
      "%\n",
      product_rate(31, 20, 48), product_rate(40, 31, 48), library, 100.0 * product_rate(31, 20, 48) / library,
      100.0 * product_rate(40, 31, 48) / library);
  fmt::print("  memory          {:6.0f} MB at most, {:.0f} MB before the second thread\n\n", peak_memory(), before);
  fmt::print("Synthetic worlds, one thread; what 100,000 draws would take is projected\n");
  fmt::print("   world  a second   steps    alone      set-up  100,000 draws  products / Eigen's\n");
  for (const auto& [countries, sectors] :
       std::vector<std::pair<Index, Index>>{{10, 10}, {20, 20}, {40, 20}, {40, 40}, {77, 45}, {160, 45}, {160, 65}})
    growth(countries, sectors);
}

}  // namespace
}  // namespace entrepot::benchmarks

int main() { entrepot::benchmarks::run(); }
