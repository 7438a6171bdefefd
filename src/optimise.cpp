#include <fmt/format.h>
#include <unistd.h>

#include "command.hpp"
#include "study/run_optimum.hpp"
#include "study/run_study.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

OptimumRun searched(const OptimumStudy& study, const OptimumRunOptions& wanted) {
  const Scenario plain = make_scenario(study.scenario, study.scenario_file);
  try {
    return run_optimum(study, read_baseline(find_baseline_folder(plain, data_folder())),
                       BlocTable::read(data_folder() / "blocs.csv"), wanted);
  } catch (const UnfinishedSweep& unfinished) {
    throw InputError({}, wanted.output->string(),
                     fmt::format("an earlier search for this file was not finished, and what it solved is in {}; "
                                 "--resume goes on with it, --restart begins anew",
                                 unfinished.folder.string()));
  }
}

int find_best(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.toml"),
                        "the scenario with the best numbers, for entrepot run")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the file, for example search.starts=10; may be repeated")(
      "resume", "go on with an earlier search for the same output that was interrupted")(
      "restart", "forget an earlier search for the same output")("quiet,q", "no progress")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.toml"}, values)) return kSuccess;
  const OptimumStudy study = read_optimum_study(
      values["FILE.toml"].as<std::string>(),
      values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
  if (values.count("resume") > 0 && values.count("restart") > 0)
    throw InputError({}, "--restart", "this goes against --resume; one of them is expected");
  for (const char* option : {"resume", "restart"})
    if (values.count(option) > 0 && values.count("output") == 0)
      throw InputError({}, fmt::format("--{}", option),
                       "this goes with -o, beside which an interrupted search is kept");
  const std::atomic<bool>& stopped = stop_on_signal();
  OptimumRunOptions wanted;
  if (values.count("output") > 0) wanted.output = values["output"].as<std::string>();
  wanted.resume = values.count("resume") > 0;
  wanted.restart = values.count("restart") > 0;
  wanted.stop = &stopped;
  const bool terminal = isatty(STDERR_FILENO) != 0 && values.count("quiet") == 0;
  if (terminal)
    wanted.progress = [&](int start, int solves, double objective) {
      fmt::print(stderr, "\rstart {} of {}, solve {}, objective {:.6g}\x1b[K", start + 1, study.starts, solves,
                 objective);
    };
  const OptimumRun run = searched(study, wanted);
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  fmt::print("{}", run.text);
  if (run.stopped) {
    if (wanted.output)
      fmt::print("Stopped. What was solved is kept in {}; --resume goes on with it.\n", run.record.string());
    return kStopped;
  }
  if (run.scenario.empty()) return kNoEquilibrium;
  if (wanted.output) fmt::print("The scenario with these numbers is in {}.\n", values["output"].as<std::string>());
  return run.sound ? kSuccess : kNoEquilibrium;
}

}  // namespace

const Command kOptimise{
    "optimise", "FILE.toml [options]",
    "Find the numbers of a scenario that are best for an objective, or for several that answer each other.",
    "entrepot optimise scenarios/optima/iran-frontier.toml -o best.toml", find_best};

}  // namespace entrepot::program
