#include "scenario_run.hpp"

#include "equilibrium/conditions.hpp"
#include "equilibrium/decomposition.hpp"
#include "reference_world.hpp"
#include "results/first_order.hpp"

namespace entrepot {

namespace {

/// Everything that describes a run before it is solved.
RunResults describe(const Scenario& scenario, const Baseline& baseline, const World& world) {
  RunResults run;
  run.countries = world.countries;
  run.locations = world.locations;
  run.sectors = world.sectors;
  run.zones = world.zones;
  run.description.title = scenario.title;
  run.description.question = scenario.question;
  run.description.scenario = scenario.resolved;
  for (const TableFile& file : scenario.table_files) run.description.scenario += "\n# " + file.name + "\n" + file.text;
  run.description.baseline = baseline.info.name;
  run.description.baseline_sha256 = baseline.sha256;
  run.description.start_time = time_now();
  return run;
}

/// Keeps what the policies say of themselves.
void record(const PolicyNotes& notes, RunResults& run) {
  run.doubts = notes.doubts;
  run.description.policy_notes.clear();
  for (const std::string& note : notes.all) run.description.policy_notes += note + "\n";
}

}  // namespace

RunResults run_scenario(const Scenario& scenario, const Baseline& baseline, const BlocTable& bloc_table,
                        const ScenarioRunOptions& options) {
  const BlocTable blocs = apply_blocs(bloc_table, scenario, baseline.world);
  const auto tell = [&](const std::string& what) {
    if (options.progress) options.progress(what);
  };
  SolveOptions solver = solver_options(scenario);
  solver.stop = options.stop;

  PolicyNotes notes;
  if (!scenario.reference_is_baseline()) tell("Solving for the reference world");
  SolveReport reference;
  std::optional<World> found = reference_world(scenario, baseline.world, blocs, solver, reference, &notes);
  const World world =
      found ? std::move(*found) : add_zones(apply_model_options(baseline.world, scenario), scenario, blocs);
  RunResults run = describe(scenario, baseline, world);
  record(notes, run);
  if (!found) {
    run.report = reference;
    run.measures = base_measures(world);
    run.zone_measures = base_zone_measures(world);
    return run;
  }

  Shock compiled = compile_policies(world, scenario, blocs, &notes);
  record(notes, run);
  tell("Solving for the counterfactual");
  Settlement settled = settle(world, std::move(compiled), solver);
  const Shock& policies = settled.shock;
  const Solution& solution = settled.solution;
  run.report = solution.report;
  if (!solution.report.solved()) {
    run.measures = base_measures(world);
    run.zone_measures = base_zone_measures(world);
    return run;
  }
  run.caps = std::move(settled.caps);
  run.burdens = std::move(settled.burdens);
  run.measures = measure(world, policies, solution.equilibrium);
  run.zone_measures = measure_zones(world, policies, solution.equilibrium);
  run.first_order = first_order(world, policies, solution.equilibrium);
  if (!options.exact_decomposition) return run;
  tell("Decomposing the change in welfare");
  ExactDecomposition exact = decompose(world, policies, solution.equilibrium, solver);
  if (exact.parts.empty()) run.report.sentence += " The exact decomposition is missing: " + exact.sentence;
  run.exact = std::move(exact.parts);
  return run;
}

}  // namespace entrepot
