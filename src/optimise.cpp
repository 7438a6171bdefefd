#include "study/optimise.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <span>

#include "command.hpp"
#include "results/output_file.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

int find_best(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.toml"),
                        "the scenario with the best numbers, for entrepot run")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the file, for example search.starts=10; may be repeated")("quiet,q", "no progress")(
      "help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.toml"}, values)) return kSuccess;
  const OptimumStudy study = read_optimum_study(
      values["FILE.toml"].as<std::string>(),
      values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
  std::optional<ResultFileLock> lock;
  if (values.count("output") > 0) lock.emplace(values["output"].as<std::string>(), kFoundScenarioStart);
  const std::atomic<bool>& stopped = stop_on_signal();
  OptimiseOptions wanted{.stop = &stopped};
  const bool terminal = isatty(STDERR_FILENO) != 0 && values.count("quiet") == 0;
  if (terminal)
    wanted.progress = [&](int start, int solves, double objective) {
      fmt::print(stderr, "\rstart {} of {}, solve {}, objective {:.6g}\x1b[K", start + 1, study.starts, solves,
                 objective);
    };
  const Scenario plain = make_scenario(study.scenario, study.scenario_file);
  const OptimumResult result = optimise(study, read_baseline(find_baseline_folder(plain, data_folder())),
                                        BlocTable::read(data_folder() / "blocs.csv"), wanted);
  if (terminal) fmt::print(stderr, "\r\x1b[K");
  fmt::print("{}", show_optimum(study, result));
  if (!result.report.solved() || result.found.front().choice.empty()) return kNoEquilibrium;
  if (lock) {
    const std::string text = fmt::format("{} {}\n{}", kFoundScenarioStart, study.title, result.scenario);
    lock->replace(std::as_bytes(std::span(text)));
    fmt::print("The scenario with these numbers is in {}.\n", lock->file().string());
  }
  return stopped ? kStopped : kSuccess;
}

}  // namespace

const Command kOptimise{"optimise", "FILE.toml [options]",
                        "Find the numbers of a scenario that are best for an objective.",
                        "entrepot optimise scenarios/optima/iran-frontier.toml -o best.toml", find_best};

}  // namespace entrepot::program
