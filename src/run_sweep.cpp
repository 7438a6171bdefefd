#include "run_sweep.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <optional>

#include "results/netcdf_file.hpp"
#include "results/show_sweep.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

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

StudyRunOptions options_of(const options::variables_map& values, const std::filesystem::path& input, Ranks& ranks) {
  StudyRunOptions wanted;
  wanted.resume = values.count("resume") > 0;
  wanted.restart = values.count("restart") > 0;
  wanted.part = chosen_part(values, ranks);
  if (ranks.size() == 1 || values.count("threads") > 0) wanted.threads = chosen_threads(values);
  if (wanted.resume && wanted.restart)
    throw InputError({}, "--restart", "a sweep can go on or begin anew, not both; leave out --resume or --restart");
  wanted.output = output_file(values, input);
  wanted.stop = &stop_on_signal();
  wanted.ranks = &ranks;
  return wanted;
}

StudyEnding run(const StudyAtHand& study, StudyRunOptions wanted, bool quiet) {
  Progress progress(quiet);
  wanted.progress = std::ref(progress);
  try {
    return run_study(study, wanted);
  } catch (const UnfinishedSweep& unfinished) {
    throw InputError({}, wanted.output.string(),
                     fmt::format("an earlier sweep to this file was not finished, and what it did is in {}; --resume "
                                 "goes on with it, --restart begins anew",
                                 unfinished.folder.string()));
  }
}

}  // namespace

void add_sweep_options(options::options_description& visible) {
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.h5"),
                        "result file; outputs/NAME.h5 by default")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the file; may be repeated")("threads,t", options::value<int>()->value_name("N"),
                                                       "threads to use; all by default, one where mpirun starts it")(
      "shard", options::value<std::string>()->value_name("I/N"),
      "do part I of N alone, into a shard; the last one to be done joins them")(
      "resume", "go on with what was ended before it was done, if anything was")(
      "restart", "begin anew, without what was done before")("quiet,q", "print nothing but errors")("help,h",
                                                                                                    "this text");
}

int run_sweep(Ranks& ranks, const options::variables_map& values, const std::filesystem::path& input,
              const std::function<std::unique_ptr<const StudyAtHand>(const std::vector<std::string>&)>& study_of) {
  StudyRunOptions wanted;
  std::unique_ptr<const StudyAtHand> study;
  all_do(ranks, [&] {
    wanted = options_of(values, input, ranks);
    study =
        study_of(values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
  });
  const bool quiet = values.count("quiet") > 0 || ranks.rank() != 0;
  const StudyEnding ending = run(*study, wanted, quiet);
  if (ending == StudyEnding::kStopped) {
    if (ranks.rank() == 0) fmt::print(stderr, "Stopped. What is done is kept; --resume goes on from there.\n");
    return kStopped;
  }
  if (quiet) return kSuccess;
  const std::string file = wanted.output.string();
  if (ending == StudyEnding::kShard) {
    fmt::print("Part {} of {} is done, in {}. The last part to be done writes {}.\n", wanted.part.number,
               wanted.part.of, part_file(wanted.output, wanted.part).string(), file);
    return kSuccess;
  }
  const NetcdfReader reader(wanted.output);
  fmt::print("{}\nWritten to {}", show_sweep(reader, {}), file);
  if (is_joined(reader))
    fmt::print(", which joins the shards beside it (entrepot merge {} makes one file of them)", file);
  fmt::print(". More: entrepot show {} VARIABLE\n", file);
  return kSuccess;
}

int on_all_ranks(const Command& self, const std::vector<std::string>& arguments,
                 const options::options_description& visible, const char* needed,
                 const std::function<int(Ranks&, const options::variables_map&)>& work) {
  const std::unique_ptr<Ranks> ranks = join_ranks();
  options::variables_map values;
  bool wanted = false;
  try {
    all_do(*ranks, [&] { wanted = parse(self, arguments, visible, {needed}, values); });
    return wanted ? work(*ranks, values) : kSuccess;
  } catch (const OtherRankFailed&) {
    return kSuccess;  // that one says why and answers the status
  }
}

}  // namespace entrepot::program
