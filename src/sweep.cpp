#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <memory>
#include <optional>

#include "command.hpp"
#include "results/show_sweep.hpp"
#include "results/version.hpp"
#include "study/study_rows.hpp"
#include "study/sweep_file.hpp"
#include "study/sweep_run.hpp"
#include "study/sweep_shards.hpp"
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

/// Rows that a thread takes at a time: many where they are solved side by side, if they fit in memory and leave work
/// for others. Not of the threads, so that all processes of a sweep agree.
Index rows_together(const StudyAtHand& of) {
  constexpr Index kMostNumbers = Index{1} << 21;  // 16 MB
  constexpr Index kTurns = 32, kFewest = 24;
  const Index numbers = std::max<Index>(1, static_cast<Index>(of.rows.measures().values()));
  const Index wished =
      of.rows.batched() ? std::clamp(of.scenarios.design().rows() / kTurns, kFewest, kRowsTogether) : Index{8};
  return std::clamp<Index>(kMostNumbers / numbers, 1, wished);
}

SweepDescription description_of(const StudyAtHand& at_hand, const std::string& fingerprint) {
  const auto& [study, plain, baseline, blocs, scenarios, rows] = at_hand;
  std::vector<std::string> factors, texts;
  for (const StudyFactor& factor : study.factors) factors.push_back(factor.name);
  for (const std::vector<std::string>& choices : scenarios.input_choices()) {
    std::string listed;
    for (std::size_t k = 0; k < choices.size(); ++k)
      listed += fmt::format("{}{}: {}", listed.empty() ? "" : ", ", k, choices[k]);
    texts.push_back(listed);
  }
  return {study.title,
          study.question,
          study.resolved,
          to_toml(study.scenario),
          baseline.info.name,
          baseline.sha256,
          std::string(program_version()),
          std::string(git_commit()),
          fingerprint,
          factors,
          scenarios.input_names(),
          texts,
          study.quantiles};
}

/// What is asked for.
struct SweepOrder {
  std::filesystem::path output;
  SweepPart part;
  int threads = 1;
  bool resume = false, restart = false, quiet = false;
};

/// How a process of a sweep leaves its output.
enum class Ending { kStopped, kShard, kDone };

/// A sweep whose rows are at hand, written out: one file by a process that did all of it; else shards, which are joined
/// in the sweep's file.
class SweepOutput {
 public:
  SweepOutput(const SweepOrder& order, Ranks& ranks, const StudyAtHand& at_hand, const std::string& fingerprint)
      : order_(order), ranks_(ranks), at_hand_(at_hand), description_(description_of(at_hand, fingerprint)) {}

  /// Takes the right to write the sweep's file.
  void lock() {
    if (!lock_) lock_.emplace(order_.output);
  }
  bool is_written(const std::filesystem::path& file) const { return is_file_of(file, description_.fingerprint); }

  void write(const Sweep& work) const {
    write_sweep(description_, rows(), at_hand_.rows.measures().columns(), source(work), *lock_);
  }

  void write_shard(const Sweep& work, const SweepPart& part, const std::vector<Index>& chunks) const {
    drop_joined();
    const std::filesystem::path file = part_file(order_.output, part);
    const ResultFileLock lock(file);
    std::vector<RowRange> ranges;
    for (const Index chunk : chunks) {
      const Index first = chunk * work.kind().chunk, count = work.kind().rows_of(chunk);
      if (!ranges.empty() && first == ranges.back().first + ranges.back().count)
        ranges.back().count += count;
      else
        ranges.push_back({first, count});
    }
    std::error_code ignored;
    if (ranges.empty())
      std::filesystem::remove(file, ignored);  // more parts than there is work
    else
      entrepot::write_shard(description_, rows(), at_hand_.rows.measures().columns(), source(work), ranges, part, lock);
  }

  /// Joins the shards. False: some are not done, or another process joins them.
  bool join() {
    const std::unique_ptr<SweepShards> shards = SweepShards::beside(order_.output, description_.fingerprint);
    if (!shards || shards->missing() > 0) return false;
    try {
      lock();
    } catch (const FileError&) {
      if (FileLock::holder(order_.output) || is_written(order_.output)) return false;
      throw;
    }
    join_shards(*shards, *lock_);
    return true;
  }

  /// Journals are of no more use once the sweep's file stands, unless somebody is at work on them.
  void remove_journals() const {
    const std::filesystem::path folder = parts_folder(order_.output);
    try {
      expect_nobody_else(folder);
    } catch (const FileError&) {
      return;
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

 private:
  RowOrder rows() const { return at_hand_.scenarios.design().order(); }

  SweepSource source(const Sweep& work) const {
    return {[&work](Index first, std::span<RowResult> results) { work.read(first, results); },
            [this](Index first, Index count) {
              std::vector<double> result;
              for (Index row = first; row < first + count; ++row)
                for (const double value : at_hand_.scenarios.inputs(row)) result.push_back(value);
              return result;
            }};
  }

  /// An earlier sweep's file does not outlive its shards.
  void drop_joined() const {
    std::error_code ignored;
    if (ranks_.rank() == 0 && is_joined(order_.output)) std::filesystem::remove(order_.output, ignored);
  }

  const SweepOrder& order_;
  Ranks& ranks_;
  const StudyAtHand& at_hand_;
  SweepDescription description_;
  std::optional<ResultFileLock> lock_;
};

SweepOrder order_of(const options::variables_map& values, const Ranks& ranks) {
  SweepOrder order;
  order.resume = values.count("resume") > 0;
  order.restart = values.count("restart") > 0;
  order.quiet = values.count("quiet") > 0 || ranks.rank() != 0;
  order.part = chosen_part(values, ranks);
  if (ranks.size() == 1 || values.count("threads") > 0) order.threads = chosen_threads(values);
  if (order.resume && order.restart)
    throw InputError({}, "--restart", "a sweep can go on or begin anew, not both; leave out --resume or --restart");
  order.output = output_file(values, values["STUDY.toml"].as<std::string>());
  return order;
}

/// Which chunks each rank writes: those that it kept, and of those that others did before, every so manieth.
std::vector<Index> writers(const Sweep& work, Ranks& ranks) {
  std::vector<Index> writer(static_cast<std::size_t>(work.kind().chunks()));
  all_do(ranks, [&] {
    if (ranks.rank() != 0) return;
    for (std::size_t k = 0; k < writer.size(); ++k) {
      const auto chunk = static_cast<Index>(k);
      const SweepPart part = work.part_with(chunk);
      writer[k] = part.of == ranks.size() ? part.number - 1 : chunk % ranks.size();
    }
  });
  ranks.broadcast(writer);
  return writer;
}

Ending compute(const SweepOrder& order, Ranks& ranks, const StudyAtHand& at_hand, const SweepJob& job,
               SweepOutput& output) {
  Progress progress(order.quiet);
  Sweep work(job, {.folder = parts_folder(order.output),
                   .threads = order.threads,
                   .chunk = rows_together(at_hand),
                   .resume = order.resume,
                   .part = order.part,
                   .progress = std::ref(progress),
                   .stop = &stop_soon,
                   .ranks = &ranks});
  if (!work.run()) return Ending::kStopped;
  if (ranks.size() == 1 && order.part.whole()) {
    output.write(work);
    return Ending::kDone;
  }
  std::vector<Index> own;
  SweepPart part = order.part;
  if (ranks.size() > 1) {
    part = {ranks.rank() + 1, ranks.size()};
    const std::vector<Index> writer = writers(work, ranks);
    for (std::size_t k = 0; k < writer.size(); ++k)
      if (writer[k] == ranks.rank()) own.push_back(static_cast<Index>(k));
  } else {
    for (Index chunk = 0; chunk < work.kind().chunks(); ++chunk)
      if (part.has(chunk)) own.push_back(chunk);
  }
  all_do(ranks, [&] { output.write_shard(work, part, own); });
  return Ending::kShard;
}

int run_sweep(Ranks& ranks, const options::variables_map& values) {
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGXCPU}) std::signal(signal, stop_on_signal);
  SweepOrder order;
  std::unique_ptr<const StudyAtHand> at_hand;
  std::optional<SweepOutput> output;
  std::optional<SweepJob> job;
  all_do(ranks, [&] {
    order = order_of(values, ranks);
    if (!order.part.whole()) expect_replaceable(order.output);
    at_hand = std::make_unique<const StudyAtHand>(
        values["STUDY.toml"].as<std::string>(),
        values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
    const StudyRows& rows = at_hand->rows;
    job.emplace(fingerprint(*at_hand), at_hand->scenarios.design().rows(), rows.measures().values(),
                [&rows](Index first, std::span<RowResult> results) { rows.evaluate(first, results); });
    output.emplace(order, ranks, *at_hand, job->fingerprint);
    if (order.part.whole() && ranks.rank() == 0) output->lock();
    const std::filesystem::path parts = parts_folder(order.output);
    if (ranks.rank() == 0 && !order.resume && !order.restart && has_unfinished_rows(parts, order.part))
      throw InputError(
          {}, order.output.string(),
          fmt::format("an earlier sweep to this file was not finished, and what it did is in {}; --resume goes "
                      "on with it, --restart begins anew",
                      parts.string()));
  });
  std::array<Index, 1> there{static_cast<Index>(Ending::kStopped)};
  if (order.resume && ranks.rank() == 0) {
    if (output->is_written(order.output))
      there[0] = static_cast<Index>(Ending::kDone);
    else if (!order.part.whole() && output->is_written(part_file(order.output, order.part)))
      there[0] = static_cast<Index>(Ending::kShard);
  }
  ranks.broadcast(there);
  Ending ending = static_cast<Ending>(there[0]);
  if (ending == Ending::kStopped) ending = compute(order, ranks, *at_hand, *job, *output);
  all_do(ranks, [&] {
    if (ending == Ending::kShard && ranks.rank() == 0 && output->join()) ending = Ending::kDone;
  });
  ranks.first(false);  // every rank has let go of its journal
  if (ending == Ending::kStopped) {
    if (ranks.rank() == 0) fmt::print(stderr, "Stopped. What is done is kept; --resume goes on from there.\n");
    return kStopped;
  }
  if (ending == Ending::kDone && ranks.rank() == 0) output->remove_journals();
  if (order.quiet) return kSuccess;
  const std::string file = order.output.string();
  if (ending != Ending::kDone) {
    fmt::print("Part {} of {} is done, in {}. The last part to be done writes {}.\n", order.part.number, order.part.of,
               part_file(order.output, order.part).string(), file);
    return kSuccess;
  }
  const NetcdfReader reader(order.output);
  fmt::print("{}\nWritten to {}", show_sweep(reader, {}), file);
  if (is_joined(reader))
    fmt::print(", which joins the shards beside it (entrepot merge {} makes one file of them)", file);
  fmt::print(". More: entrepot show {} VARIABLE\n", file);
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
      "do part I of N alone, into a shard; the last one to be done joins them")(
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
