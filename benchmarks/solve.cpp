// How long one solve takes: NAFTA against a literal implementation of CP15's algorithm, and how time grows with the
// number of countries and sectors. Times are processor time on one core; compare ratios, not machines.
#include "equilibrium/solve.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <omp.h>

#include <map>

#include "equilibrium/decomposition.hpp"
#include "literal_cp15.hpp"
#include "nafta.hpp"
#include "results/version.hpp"
#include "support/random_world.hpp"

namespace entrepot::benchmarks {
namespace {

template <auto Solve>
void plain(benchmark::State& state) {
  LiteralResult result;
  for (auto _ : state) benchmark::DoNotOptimize(result = Solve(nafta().world, nafta().shock, 1e-7));
  state.counters["steps"] = result.steps;
  state.counters["wage_MEX_%"] = 100.0 * (result.wage(19) - 1.0);
}
void literal(benchmark::State& state) { plain<solve_literally>(state); }
void one_loop(benchmark::State& state) { plain<solve_in_one_loop>(state); }

void report(benchmark::State& state, const SolveReport& solved) {
  if (!solved.solved()) state.SkipWithError(solved.sentence.c_str());
  state.counters["steps"] = solved.iterations;
  state.counters["sweeps"] = solved.sweeps;
  state.counters["residual"] = solved.residual;
}

void entrepot_nafta(benchmark::State& state) {
  Solution result;
  for (auto _ : state) benchmark::DoNotOptimize(result = solve(nafta().world, nafta().shock));
  report(state, result.report);
  state.counters["wage_MEX_%"] = 100.0 * (result.equilibrium.factor_price(19) - 1.0);
}

/// Set-up alone: a world in which nothing changes is solved without a step.
void entrepot_set_up(benchmark::State& state) {
  Solution result;
  Shock none;
  none.closure = Closure::kBalanced;
  for (auto _ : state) benchmark::DoNotOptimize(result = solve(nafta().world, none));
  report(state, result.report);
}

void entrepot_decomposition(benchmark::State& state) {
  const Solution solved = solve(nafta().world, nafta().shock);
  ExactDecomposition result;
  for (auto _ : state) benchmark::DoNotOptimize(result = decompose(nafta().world, nafta().shock, solved.equilibrium));
  state.counters["solves"] = result.solves;
  state.counters["error_%"] = result.error;
}

/// A tariff of a tenth by everyone on a synthetic world: countries, sectors.
void growth(benchmark::State& state) {
  const World world = testing::random_world({.countries = state.range(0),
                                             .sectors = state.range(1),
                                             .home_share = 0.92,
                                             .lowest_theta = 0.8,
                                             .highest_theta = 50.0},
                                            1);
  Shock shock;
  shock.tariff = world.tariff;
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m)
        if (m != i) shock.tariff(m, i, j) += 0.1;
  Solution result;
  for (auto _ : state) benchmark::DoNotOptimize(result = solve(world, shock));
  report(state, result.report);
}

BENCHMARK(literal)->Unit(benchmark::kMillisecond)->Iterations(1);
BENCHMARK(one_loop)->Unit(benchmark::kMillisecond)->MinTime(0.5);
BENCHMARK(entrepot_nafta)->Unit(benchmark::kMillisecond)->MinTime(1.0);
BENCHMARK(entrepot_set_up)->Unit(benchmark::kMillisecond)->MinTime(0.2);
BENCHMARK(entrepot_decomposition)->Unit(benchmark::kMillisecond);
BENCHMARK(growth)
    ->Unit(benchmark::kMillisecond)
    ->Args({10, 10})
    ->Args({20, 20})
    ->Args({40, 20})
    ->Args({40, 40})
    ->Args({77, 45})
    ->Args({160, 45})
    ->Args({160, 65});

/// Keeps the best time of each benchmark, for the ratios at the end.
class Reporter : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.iterations == 0) continue;
      const double time = run.GetAdjustedCPUTime();
      Best& best = best_[run.run_name.str().substr(0, run.run_name.str().find("/iterations"))];
      if (best.time > 0.0 && best.time <= time) continue;
      best.time = time;
      const auto counter = [&](const char* name) {
        return run.counters.count(name) > 0 ? run.counters.at(name).value : 0.0;
      };
      best.steps = counter("steps");
      best.sweeps = counter("sweeps");
    }
  }

  void print_ratios() const {
    fmt::print("\nentrepot {} ({})\n", program_version(), git_commit());
    const Best literally = find("literal"), loop = find("one_loop"), ours = find("entrepot_nafta");
    if (literally.time > 0.0 && ours.time > 0.0) {
      const auto line = [&](const char* name, const Best& best) {
        fmt::print("{:34} {:9.2f} ms {:5.0f} steps {:8.3f} ms a step {:8.1f} times entrepot\n", name, best.time,
                   best.steps, best.time / best.steps, best.time / ours.time);
      };
      fmt::print("\nNAFTA, 31 x 40, both worlds balanced, one core\n");
      line("literal CP15, to 1e-7", literally);
      if (loop.time > 0.0) line("the same in one loop, to 1e-7", loop);
      line("entrepot, to 1e-10", ours);
      fmt::print("{:34} {:9.0f} sweeps of {:.0f} us\n", "", ours.sweeps, 1e3 * ours.time / ours.sweeps);
    }
    fmt::print("\ngrowth: N x J, ms a solve, steps, sweeps, us a sweep, ns a sweep and flow\n");
    for (const auto& [name, best] : best_) {
      long n = 0, j = 0;
      if (std::sscanf(name.c_str(), "growth/%ld/%ld", &n, &j) != 2) continue;
      fmt::print("{:4} x {:3} {:9.2f} {:5.0f} {:6.0f} {:9.1f} {:7.2f}\n", n, j, best.time, best.steps, best.sweeps,
                 1e3 * best.time / best.sweeps, 1e6 * best.time / best.sweeps / static_cast<double>(n * n * j));
    }
  }

 private:
  struct Best {
    double time = 0.0, steps = 0.0, sweeps = 0.0;
  };
  Best find(const std::string& name) const {
    for (const auto& [full, best] : best_)
      if (full.rfind(name, 0) == 0) return best;
    return {};
  }
  std::map<std::string, Best> best_;
};

}  // namespace
}  // namespace entrepot::benchmarks

int main(int argc, char** argv) {
  omp_set_num_threads(1);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  entrepot::benchmarks::Reporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  reporter.print_ratios();
  return 0;
}
