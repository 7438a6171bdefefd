// What a scenario costs when thousands share a base year: the batched solver against the single one, against the
// machine's own rate of multiplying matrices, and with two threads; then how cost grows with countries, sectors and
// draws. Compare ratios within one run, not machines.
#include <fmt/format.h>
#include <malloc.h>
#include <omp.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
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
  double best = 0.0;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const double time = seconds([&] {
      for (Index k = 0; k < count; ++k) {
        const BatchScenario one = scenarios(k);
        own.theta = one.theta;
        if (!solve(own, one.shock, {.tolerance = kTolerance}).report.solved()) std::abort();
      }
    });
    best = std::max(best, static_cast<double>(count) / time);
  }
  return best;
}

struct BatchRate {
  double rate = 0.0;   ///< scenarios a second
  double steps = 0.0;  ///< lane steps a scenario
  Index alone = 0;
};

BatchRate batch_rate(const BatchSolver& solver, const RandomScenarios& scenarios, Index count, int threads) {
  BatchRate best;
  for (int repeat = 0; repeat < 3; ++repeat) {
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
    const double rate = static_cast<double>(count) / time;
    if (rate < best.rate) continue;
    best = {rate, 0.0, 0};
    for (const BatchReport& report : reports) {
      best.steps += static_cast<double>(report.lane_steps) / static_cast<double>(count);
      best.alone += report.alone;
    }
  }
  return best;
}

void run() {
  fmt::print("entrepot {} ({}), {} threads available\n\n", program_version(), git_commit(), omp_get_max_threads());
  const World world = nafta();
  std::vector<Index> members;
  for (const char* code : {"MEX", "CAN", "USA"}) members.push_back(position_of(world.countries, code));
  const RandomScenarios scenarios(world, members);
  const double single = single_rate(world, scenarios, 200);
  const BatchSolver solver(world, scenarios.middle(), {.tolerance = kTolerance, .lanes = getenv("LANES") ? atoi(getenv("LANES")) : 48});
  const BatchRate one = batch_rate(solver, scenarios, 4000, 1);
  fmt::print("NAFTA, single solver {:.0f} scenarios a second; batch {:.0f} ({:.1f} times), {:.1f} steps, {} alone\n",
             single, one.rate, one.rate / single, one.steps, one.alone);
  const BatchRate two = batch_rate(solver, scenarios, 8000, 2);
  fmt::print("two threads {:.0f} ({:.2f} times)\n", two.rate, two.rate / one.rate);
}

}  // namespace
}  // namespace entrepot::benchmarks

int main() { entrepot::benchmarks::run(); }
