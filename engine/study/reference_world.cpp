#include "reference_world.hpp"

namespace entrepot {

SolveOptions solver_options(const Scenario& scenario) {
  SolveOptions options;
  if (scenario.tolerance) options.tolerance = *scenario.tolerance;
  if (scenario.max_iterations) options.max_iterations = *scenario.max_iterations;
  return options;
}

std::optional<World> reference_world(const Scenario& scenario, const World& baseline, const BlocTable& blocs,
                                     const SolveOptions& solver, SolveReport& report, PolicyNotes* notes) {
  World world = add_zones(apply_model_options(baseline, scenario), scenario, blocs);
  if (scenario.reference_is_baseline()) return world;
  const Shock shock = compile_reference(world, scenario, blocs, notes);
  const Solution solution = solve(world, shock, solver);
  report = solution.report;
  if (!report.solved()) {
    report.sentence = "The reference world has no equilibrium. " + report.sentence;
    return std::nullopt;
  }
  return rebase(world, shock, solution.equilibrium);
}

}  // namespace entrepot
