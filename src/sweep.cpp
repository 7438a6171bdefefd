#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <optional>

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

/// A study with all that its rows follow from.
struct StudyAtHand {
  Study study;
  Scenario plain;
  Baseline baseline;
  BlocTable blocs;
  StudyScenarios scenarios;
  StudyRows rows;

  StudyAtHand(const std::filesystem::path& file, const std::vector<std::string>& overrides)
      : study(read_study(file, overrides)),
        plain(make_scenario(study.scenario, study.scenario_file)),
        baseline(read_baseline(find_baseline_folder(plain, data_folder()))),
        blocs(BlocTable::read(data_folder() / "blocs.csv")),
        scenarios(study, baseline.world, blocs),
        rows(scenarios, baseline, blocs) {}
  StudyAtHand(const StudyAtHand&) = delete;
  StudyAtHand& operator=(const StudyAtHand&) = delete;
};

/// Everything that the numbers follow from.
std::string fingerprint(const StudyAtHand& of) {
  const auto& [study, plain, baseline, blocs, scenarios, rows] = of;
  Sha256 sha;
  for (const std::string& part : {study.resolved, to_toml(study.scenario), baseline.sha256,
                                  std::string(program_version()), std::string(git_commit())}) {
    sha.add(part);
    sha.add("\n");
  }
  std::vector<std::string> dates = {plain.date};
  for (const StudyFactor& factor : study.factors)
    for (const TomlValue& value : factor.values)
      if (factor.paths[0].text == "date") dates.push_back(value.text);
  for (const std::string& date : dates)
    for (const std::string& bloc : blocs.names())
      for (const std::string& member : blocs.members(bloc, date)) sha.add(bloc + " " + member + "\n");
  for (const std::vector<TableFile>* files : {&study.table_files, &scenarios.table_files()})
    for (const TableFile& file : *files) sha.add(file.name + "\n" + file.text + "\n");
  return sha.hexadecimal();
}

std::string duration(double seconds) {
  if (seconds < 100.0) return fmt::format("{:.0f} s", seconds);
  if (seconds < 6000.0) return fmt::format("{:.0f} min", seconds / 60.0);
  return fmt::format("{:.1f} h", seconds / 3600.0);
}

/// One line that is written over on a terminal, else a line of key=value pairs at most once a second, and a last one.
class Progress {
 public:
  explicit Progress(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (quiet_ || !last_) return;
    if (!last_told_) tell();
    if (terminal_) std::fputs("\n", stderr);
  }
  void operator()(const SweepProgress& now) {
    last_ = now;
    last_told_ = false;
    if (quiet_ || now.seconds - told_ < (terminal_ ? 0.2 : 1.0)) return;
    told_ = now.seconds;
    tell();
  }

 private:
  void tell() {
    const SweepProgress& now = *last_;
    const double left = static_cast<double>(now.rows - now.done) / now.rate;
    if (terminal_)
      fmt::print(stderr, "\r{} of {} ({:.0f} %), {}{} without an answer\x1b[K", now.done, now.rows,
                 100.0 * static_cast<double>(now.done) / static_cast<double>(now.rows),
                 now.rate > 0.0 ? fmt::format("{:.0f} a second, {} left, ", now.rate, duration(left)) : "", now.failed);
    else
      fmt::print(stderr, "done={} rows={} failed={}{}\n", now.done, now.rows, now.failed,
                 now.rate > 0.0 ? fmt::format(" rate={:.1f} seconds_left={:.0f}", now.rate, left) : "");
    std::fflush(stderr);
    last_told_ = true;
  }

  bool quiet_, terminal_, last_told_ = false;
  double told_ = -1.0;
  std::optional<SweepProgress> last_;
};

SweepPart chosen_part(const options::variables_map& values, const Ranks& ranks) {
  if (values.count("shard") == 0) return {};
  const std::string text = values["shard"].as<std::string>();
  SweepPart part;
  const char* end = text.data() + text.size();
  const auto number = std::from_chars(text.data(), end, part.number);
  const bool cut = number.ec == std::errc() && number.ptr != end && *number.ptr == '/';
  const auto of = std::from_chars(cut ? number.ptr + 1 : end, end, part.of);
  if (!cut || of.ec != std::errc() || of.ptr != end || part.number < 1 || part.of < part.number)
    throw InputError({}, "--shard", fmt::format("'{}' is no part of a whole; 2/8 is the second of eight", text));
  if (ranks.size() > 1)
    throw InputError({}, "--shard", "processes started by mpirun or srun share the work by themselves; leave it out");
  return part;
}

/// Where a thread takes many rows at a time, they must fit in memory all the same.
Index rows_together(const StudyRows& rows) {
  constexpr Index kMostNumbers = Index{1} << 21;  // 16 MB
  const Index numbers = std::max<Index>(1, static_cast<Index>(rows.measures().values()));
  return std::clamp<Index>(kMostNumbers / numbers, 1, rows.batched() ? kRowsTogether : 8);
}

void write_file(const StudyAtHand& at_hand, const SweepJob& job, const Sweep& work, const ResultFileLock& lock) {
  const auto& [study, plain, baseline, blocs, scenarios, rows] = at_hand;
  std::vector<std::string> factors;
  for (const StudyFactor& factor : study.factors) factors.push_back(factor.name);
  write_sweep({study.title, study.question, study.resolved, to_toml(study.scenario), baseline.info.name,
               baseline.sha256, job.fingerprint, factors, scenarios.input_names(), study.quantiles},
              scenarios.design(), rows.measures().columns(),
              {[&](Index first, std::span<RowResult> results) { work.read(first, results); },
               [&](Index row) { return at_hand.scenarios.inputs(row); }},
              lock);
}

/// Whether a file holds the whole of this very sweep.
bool is_written(const std::filesystem::path& output, const std::string& fingerprint) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(output, ignored) || std::filesystem::is_empty(output, ignored)) return false;
  try {
    return NetcdfReader(output).text_attribute("fingerprint") == fingerprint;
  } catch (const FileError&) {
    return false;
  }
}

int run_sweep(Ranks& ranks, const options::variables_map& values) {
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGXCPU}) std::signal(signal, stop_on_signal);
  const bool resume = values.count("resume") > 0, restart = values.count("restart") > 0;
  const bool quiet = values.count("quiet") > 0 || ranks.rank() != 0;
  std::filesystem::path output;
  SweepPart part;
  int threads = 1;
  std::optional<ResultFileLock> lock;
  std::unique_ptr<const StudyAtHand> at_hand;
  all_do(ranks, [&] {
    part = chosen_part(values, ranks);
    if (ranks.size() == 1 || values.count("threads") > 0) threads = chosen_threads(values);
    if (resume && restart)
      throw InputError({}, "--restart", "a sweep can go on or begin anew, not both; leave out --resume or --restart");
    const std::filesystem::path file = values["STUDY.toml"].as<std::string>();
    output = output_file(values, file);
    if (!part.whole())
      expect_replaceable(output);
    else if (ranks.rank() == 0)
      lock.emplace(output);
    at_hand = std::make_unique<const StudyAtHand>(
        file, values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
    if (ranks.rank() == 0 && !resume && !restart && has_unfinished_rows(parts_folder(output), part))
      throw InputError(
          {}, output.string(),
          fmt::format("an earlier sweep to this file was not finished, and what it did is in {}; --resume goes "
                      "on with it, --restart begins anew",
                      parts_folder(output).string()));
  });
  const StudyRows& rows = at_hand->rows;
  const SweepJob job{fingerprint(*at_hand), at_hand->scenarios.design().rows(), rows.measures().values(),
                     [&](Index first, std::span<RowResult> results) { rows.evaluate(first, results); }};
  std::array<Index, 1> written{resume && ranks.rank() == 0 && is_written(output, job.fingerprint)};
  ranks.broadcast(written);
  bool finished = written[0] != 0, complete = finished;
  if (!finished) {
    Progress progress(quiet);
    Sweep work(job, {.folder = parts_folder(output),
                     .threads = threads,
                     .chunk = rows_together(rows),
                     .resume = resume,
                     .part = part,
                     .progress = std::ref(progress),
                     .stop = &stop_soon,
                     .ranks = &ranks});
    finished = work.run();
    all_do(ranks, [&] {
      if (!finished || ranks.rank() != 0 || !work.complete()) return;
      // The last part to be done writes the file; of two at the same time, one.
      try {
        if (!lock) lock.emplace(output);
      } catch (const FileError&) {
        if (FileLock::holder(output) || is_written(output, job.fingerprint)) return;
        throw;
      }
      complete = true;
      write_file(*at_hand, job, work, *lock);
    });
  }
  ranks.first(false);  // every rank has let go of its journal
  if (!finished) {
    if (ranks.rank() == 0) fmt::print(stderr, "Stopped. What is done is kept; --resume goes on from there.\n");
    return kStopped;
  }
  if (lock) {
    std::error_code ignored;
    std::filesystem::remove_all(parts_folder(output), ignored);
  }
  if (quiet) return kSuccess;
  if (!complete) {
    fmt::print("Part {} of {} is done. The last part to be done writes {}.\n", part.number, part.of, output.string());
  } else {
    fmt::print("{}", show_sweep(NetcdfReader(output), {}));
    fmt::print("\nWritten to {}. More: entrepot show {} VARIABLE\n", output.string(), output.string());
  }
  return kSuccess;
}

int sweep(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.h5"),
                        "result file; outputs/NAME.h5 by default")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the study, for example sample.draws=100; may be repeated")(
      "threads,t", options::value<int>()->value_name("N"),
      "threads to use; all by default, one where mpirun starts it")(
      "shard", options::value<std::string>()->value_name("I/N"),
      "do part I of N alone; the last part to be done writes the file")(
      "resume", "go on with what was ended before it was done, if anything was")(
      "restart", "begin anew, without what was done before")("quiet,q", "print nothing but errors")("help,h",
                                                                                                    "this text");
  const std::unique_ptr<Ranks> ranks = join_ranks();
  options::variables_map values;
  bool wanted = false;
  try {
    all_do(*ranks, [&] { wanted = parse(self, arguments, visible, {"STUDY.toml"}, values); });
    return wanted ? run_sweep(*ranks, values) : kSuccess;
  } catch (const OtherRankFailed&) {
    return kSuccess;  // that one says why and answers the status
  }
}

}  // namespace

const Command kSweep{"sweep", "STUDY.toml [options]", "Solve a scenario thousands of times over what is uncertain.",
                     "entrepot sweep scenarios/studies/minsk-uncertainty.toml --threads 2", sweep};

}  // namespace entrepot::program
