// Random combinations of all instruments on random worlds: each has an equilibrium or says why it has none. Prints what
// came out; fails if a number is not finite, an account of the results does not add up, or more than one in a thousand
// does not converge.
//   stress [COUNT [FIRST_SEED]]    10,000 from seed 1 unless given; a seed alone repeats its world and scenario
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "random_scenario.hpp"
#include "results/result_variables.hpp"
#include "study/scenario_run.hpp"
#include "support/draw.hpp"
#include "support/random_world.hpp"

namespace entrepot::testing {
namespace {

/// A hundred times as large, so that amounts of money which policies have are neither all nor nothing.
World in_hundreds(World world) {
  constexpr double kTimes = 100.0;
  for (double& value : world.expenditure.values()) value *= kTimes;
  for (Matrix& input : world.input) input *= kTimes;
  world.value_added *= kTimes;
  world.final_use *= kTimes;
  world.deficit *= kTimes;
  return world;
}

Baseline random_baseline(std::uint32_t seed) {
  Draw draw(seed);
  const WorldShape shape{.countries = 2 + static_cast<Index>(draw.one_of(6)),
                         .sectors = 1 + static_cast<Index>(draw.one_of(5)),
                         .uses = 1 + static_cast<Index>(draw.one_of(2)),
                         .home_share = draw.between(0.4, 0.95),
                         .missing = draw.between(0.0, 0.3),
                         .highest_export_tax = draw.with_chance(0.3) ? 0.1 : 0.0};
  Baseline baseline;
  baseline.info.name = "random";
  constexpr double kSmallest = 1e-3;  // a country of the average one: a world in which some make nothing is none
  for (std::uint32_t world_seed = seed;; world_seed += 1'000'000) {
    baseline.world = in_hundreds(random_world(shape, world_seed));
    const Vector income = factor_income(baseline.world);
    if (income.minCoeff() > kSmallest * income.mean()) break;
  }
  return baseline;
}

/// Why these results cannot be right; empty where nothing is wrong.
std::string flaw(const RunResults& run) {
  const auto finite = [](const auto& values) {
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
  };
  for (const auto& variable : country_variables()) {
    const Vector& values = run.measures.*variable.values;
    if (!finite(std::span(values.data(), static_cast<std::size_t>(values.size())))) return variable.name;
  }
  for (const auto& variable : sector_variables()) {
    const Matrix& values = run.measures.*variable.values;
    if (!finite(std::span(values.data(), static_cast<std::size_t>(values.size())))) return variable.name;
  }
  for (const auto& variable : trade_variables())
    if (!finite((run.measures.*variable.values).values())) return variable.name;
  if (!run.report.solved()) return run.report.sentence.empty() ? "no reason given" : "";
  const Measures& m = run.measures;
  const double exports = m.exports.sum(), imports = m.imports.sum();
  if (std::abs(exports - imports) > 1e-6 * (1.0 + exports)) return "exports and imports of the world differ";
  if (!run.exact.empty()) {
    if (!run.exact.percent.allFinite()) return "decomposition";
    const Vector gap = run.exact.percent.colwise().sum().transpose() - m.welfare;
    if (gap.cwiseAbs().maxCoeff() > 0.02 * (1.0 + m.welfare.cwiseMax(0.0).maxCoeff() / 100.0))
      return fmt::format("decomposition adds up to {} of {}", gap.cwiseAbs().maxCoeff(),
                         m.welfare.cwiseAbs().maxCoeff());
  }
  return {};
}

int stress(std::uint32_t count, std::uint32_t first) {
  std::map<std::string, int> outcomes, used;
  int unconverged = 0, flawed = 0, undecomposed = 0;
  for (std::uint32_t seed = first; seed < first + count; ++seed) {
    const Baseline baseline = random_baseline(seed);
    const std::string text = random_scenario(baseline.world, seed);
    const Scenario scenario = parse_scenario(text, "random.toml");
    for (const Policy& policy : scenario.policies) ++used[policy.instrument->name];
    std::string wrong;
    SolveReport report;
    try {
      const RunResults run = run_scenario(scenario, baseline, {});
      report = run.report;
      wrong = flaw(run);
      if (report.solved() && run.exact.empty()) ++undecomposed;
    } catch (const InputError& error) {  // seen only once the reference world is solved
      ++outcomes["refused"];
      continue;
    }
    ++outcomes[status_name(report.status)];
    const bool failed = report.status == SolveStatus::kNoConvergence || report.status == SolveStatus::kNotSolved;
    unconverged += failed;
    flawed += !wrong.empty();
    if (failed || !wrong.empty())
      fmt::print("seed {}: {}\n{}{}\n", seed, wrong.empty() ? "not converged" : wrong, report.sentence,
                 count == 1 ? "\n" + text : "");
  }
  fmt::print("{} random scenarios:", count);
  for (const auto& [name, times] : outcomes) fmt::print(" {} {},", times, name);
  fmt::print(" {} flawed; exact decomposition missing from {}\npolicies:", flawed, undecomposed);
  for (const auto& [name, times] : used) fmt::print(" {} {}", name, times);
  fmt::print("\n");
  constexpr double kMostUnconverged = 1e-3;
  return flawed > 0 || unconverged > kMostUnconverged * count ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace
}  // namespace entrepot::testing

int main(int argc, char** argv) {
  const auto argument = [&](int k, unsigned long otherwise) {
    return static_cast<std::uint32_t>(argc > k ? std::strtoul(argv[k], nullptr, 10) : otherwise);
  };
  return entrepot::testing::stress(argument(1, 10000), argument(2, 1));
}
