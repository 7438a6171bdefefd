#include <fmt/format.h>
#include <omp.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "command.hpp"
#include "results/output_file.hpp"
#include "results/show.hpp"
#include "study/scenario_run.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

int run(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.h5"),
                        "result file; outputs/NAME.h5 by default")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the scenario, for example policy.embargo.coverage=0.8; may be repeated")(
      "threads,t", options::value<int>()->value_name("N"), "threads to use; all by default")(
      "quiet,q", "print nothing but errors")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.toml"}, values)) return kSuccess;
  omp_set_num_threads(chosen_threads(values));
  const bool quiet = values.count("quiet") > 0;
  const auto log = spdlog::stderr_color_mt("run");
  log->set_pattern("%v");
  if (quiet || isatty(STDERR_FILENO) == 0) log->set_level(spdlog::level::warn);

  const std::filesystem::path file = values["FILE.toml"].as<std::string>();
  const Scenario scenario = read_scenario(
      file, values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
  const std::filesystem::path output = output_file(values, file);
  const ResultFileLock lock(output);
  log->info("Reading the base year {}", scenario.baseline);
  const Baseline baseline = read_baseline(find_baseline_folder(scenario, data_folder()));
  const BlocTable blocs = BlocTable::read(data_folder() / "blocs.csv");
  const RunResults results =
      run_scenario(scenario, baseline, blocs, {.progress = [&](const std::string& what) { log->info(what); }});
  write_results(results, lock);
  if (!quiet) {
    fmt::print("{}", show(ResultReader(output), {}));
    for (const std::string& doubt : results.doubts) fmt::print("\nNote: {}\n", doubt);
    if (results.report.solved() && results.exact.empty()) fmt::print("\n{}\n", results.report.sentence);
    fmt::print("\nWritten to {}. More: entrepot show {}\n", output.string(), output.string());
  }
  if (results.report.solved()) return kSuccess;
  std::fputs((results.report.sentence + "\n").c_str(), stderr);
  return kNoEquilibrium;
}

}  // namespace

const Command kRun{"run", "FILE.toml [options]", "Solve a scenario and write its results.",
                   "entrepot run scenarios/minsk-2025.toml --set policy.customs.days_saved=4", run};

}  // namespace entrepot::program
