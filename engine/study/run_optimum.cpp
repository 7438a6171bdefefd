#include "run_optimum.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "results/output_file.hpp"
#include "run_study.hpp"
#include "solve_record.hpp"

namespace entrepot {

OptimumRun run_optimum(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimumRunOptions& options) {
  std::optional<ResultFileLock> lock;
  std::optional<SolveRecord> record;
  if (options.output) {
    lock.emplace(*options.output, kFoundScenarioStart);
    const std::filesystem::path file = lock->file().string() + ".solved";
    if (options.restart) SolveRecord::forget(file);
    record.emplace(file, fingerprint(study, baseline, blocs));
    if (record->points() > 0 && !options.resume) throw UnfinishedSweep("search", file);
  }
  const OptimiseOptions wanted{options.progress, options.stop, record ? &*record : nullptr, {}};
  OptimumRun run;
  if (study.players.empty()) {
    run.best = optimise(study, baseline, blocs, wanted);
    run.text = show_optimum(study, run.best);
    run.scenario = run.best.scenario;
    run.sound = !run.scenario.empty() && run.best.found.front().feasible;
  } else {
    run.responses = best_responses(study, baseline, blocs, wanted);
    run.text = show_best_responses(study, run.responses);
    run.scenario = run.responses.scenario;
    run.sound = run.responses.is_equilibrium();
  }
  run.stopped = options.stop != nullptr && *options.stop;
  if (record) run.record = record->file();
  if (run.stopped) return run;
  if (lock && !run.scenario.empty()) {
    const std::string text =
        fmt::format("{} {}\n{}{}", kFoundScenarioStart, study.title,
                    run.sound               ? ""
                    : study.players.empty() ? "# It does not meet every constraint: none that was tried does.\n"
                                            : "# It is not known to be an equilibrium.\n",
                    run.scenario);
    lock->replace(std::as_bytes(std::span(text)));
  }
  if (record) std::filesystem::remove(record->file());
  return run;
}

}  // namespace entrepot
