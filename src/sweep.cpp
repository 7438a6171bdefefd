#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "command.hpp"
#include "results/show_sweep.hpp"
#include "results/version.hpp"
#include "study/study_rows.hpp"
#include "study/sweep_file.hpp"
#include "study/sweep_run.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"
#include "text/sha256.hpp"

namespace entrepot::program {

namespace {

std::atomic<bool> stop_soon{false};

/// The first signal ends the sweep when the rows in hand are done; a second one ends the program at once.
void stop_on_signal(int signal) {
  stop_soon = true;
  std::signal(signal, SIG_DFL);
}

/// Everything that the numbers follow from.
std::string fingerprint(const Study& study, const std::string& date, const Baseline& baseline, const BlocTable& blocs) {
  Sha256 sha;
  for (const std::string& part : {study.resolved, to_toml(study.scenario), baseline.sha256,
                                  std::string(program_version()), std::string(git_commit())}) {
    sha.add(part);
    sha.add("\n");
  }
  for (const std::string& bloc : blocs.names())
    for (const std::string& member : blocs.members(bloc, date)) sha.add(bloc + " " + member + "\n");
  for (const StudyFactor& factor : study.factors)
    if (factor.table)
      for (std::size_t row = 0; row < factor.table->rows(); ++row)
        for (std::size_t column = 0; column < factor.table->columns().size(); ++column)
          sha.add(factor.table->text(row, column) + ",");
  return sha.hexadecimal();
}

std::string duration(double seconds) {
  if (seconds < 100.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000.0) return fmt::format("{:.0f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

/// One line that is written over on a terminal, else a line of key=value pairs at most once a second.
class Progress {
 public:
  explicit Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (shown_ && terminal_) std::fputs("\n", stderr);
  }
  void operator()(const SweepProgress& now) {
    if (quiet_) return;
    const bool last = now.done == now.rows;
    if (!last && now.seconds - told_ < (terminal_ ? 0.2 : 1.0)) return;
    told_ = now.seconds;
    shown_ = true;
    const double left = now.rate > 0.0 ? static_cast<double>(now.rows - now.done) / now.rate : 0.0;
    if (terminal_)
      fmt::print(stderr, "\r{} of {} ({:.0f} %), {:.0f} a second, {} left, {} without an answer\x1b[K", now.done,
                 now.rows, 100.0 * static_cast<double>(now.done) / static_cast<double>(now.rows), now.rate,
                 duration(left), now.failed);
    else
      fmt::print(stderr, "done={} rows={} failed={} rate={:.1f} seconds_left={:.0f}\n", now.done, now.rows, now.failed,
                 now.rate, left);
    std::fflush(stderr);
  }

 private:
  bool quiet_, terminal_, shown_ = false;
  double told_ = -1.0;
};

int sweep(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.h5"),
                        "result file; outputs/NAME.h5 by default")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the study, for example sample.draws=100; may be repeated")(
      "threads,t", options::value<int>()->value_name("N"), "threads to use; all by default")(
      "resume", "go on with a sweep that was ended before it was done")(
      "restart", "begin anew, without what was done before")("quiet,q", "print nothing but errors")("help,h",
                                                                                                    "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"STUDY.toml"}, values)) return kSuccess;
  const int threads = chosen_threads(values);
  const bool quiet = values.count("quiet") > 0;
  if (values.count("resume") > 0 && values.count("restart") > 0)
    throw InputError({}, "--restart", "a sweep can go on or begin anew, not both; leave out --resume or --restart");

  const std::filesystem::path file = values["STUDY.toml"].as<std::string>();
  const Study study = read_study(
      file, values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
  const std::filesystem::path output = output_file(values, file);
  const ResultFileLock lock(output);
  const Scenario plain = make_scenario(study.scenario, study.scenario_file);
  const Baseline baseline = read_baseline(find_baseline_folder(plain, data_folder()));
  const BlocTable blocs = BlocTable::read(data_folder() / "blocs.csv");
  const StudyScenarios scenarios(study, baseline.world, blocs);
  const StudyRows rows(scenarios, baseline, blocs);

  const std::filesystem::path folder = std::filesystem::path(output).replace_extension(".parts");
  if (values.count("resume") == 0 && values.count("restart") == 0 && has_unfinished_rows(folder))
    throw InputError(
        {}, output.string(),
        fmt::format("an earlier sweep to this file was not finished, and what it did is in {}; --resume goes "
                    "on with it, --restart begins anew",
                    folder.string()));
  const SweepJob job{fingerprint(study, plain.date, baseline, blocs), scenarios.design().rows(),
                     rows.measures().values(),
                     [&](Index first, std::span<RowResult> results) { rows.evaluate(first, results); }};
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGXCPU}) std::signal(signal, stop_on_signal);
  bool finished = false;
  {
    Progress progress(quiet);
    Sweep work(job, {.folder = folder,
                     .threads = threads,
                     .chunk = rows.batched() ? kRowsTogether : 8,
                     .resume = values.count("resume") > 0,
                     .progress = std::ref(progress),
                     .stop = &stop_soon});
    finished = work.run();
    if (finished) {
      std::vector<std::string> factors;
      for (const StudyFactor& factor : study.factors) factors.push_back(factor.name);
      write_sweep({study.title, study.question, study.resolved, to_toml(study.scenario), baseline.info.name,
                   baseline.sha256, job.fingerprint, factors, scenarios.input_names(), study.quantiles},
                  scenarios.design(), rows.measures().columns(),
                  {[&](Index first, std::span<RowResult> results) { work.read(first, results); },
                   [&](Index row) { return scenarios.inputs(row); }},
                  lock);
    }
  }
  if (!finished) {
    fmt::print(stderr, "Stopped. What is done is kept; --resume goes on from there.\n");
    return kStopped;
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  if (!quiet) {
    fmt::print("{}", show_sweep(NetcdfReader(output), {}));
    fmt::print("\nWritten to {}. More: entrepot show {} VARIABLE\n", output.string(), output.string());
  }
  return kSuccess;
}

}  // namespace

const Command kSweep{"sweep", "STUDY.toml [options]", "Solve a scenario thousands of times over what is uncertain.",
                     "entrepot sweep scenarios/studies/minsk-uncertainty.toml --threads 2", sweep};

}  // namespace entrepot::program
