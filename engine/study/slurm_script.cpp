#include "slurm_script.hpp"

#include <fmt/format.h>

namespace entrepot {

namespace {

/// sbatch fills in what stands behind a %.
std::string log_name(const SlurmJobs& jobs, const std::string& ending) {
  std::string result;
  for (const char letter : std::filesystem::path(jobs.output).replace_extension("").string())
    result += letter == '%' ? "%%" : std::string(1, letter);
  return shell_word(result + ending);
}

std::string options(const SlurmJobs& jobs, const std::string& log_ending) {
  std::string result;
  const auto add = [&](const std::string& option) { result += "#SBATCH " + option + "\n"; };
  add("--job-name=" + shell_word(jobs.name));
  add("--chdir=" + shell_word(jobs.folder.string()));
  add("--output=" + log_name(jobs, log_ending));
  add("--open-mode=append");
  add(fmt::format("--cpus-per-task={}", jobs.cores));
  add("--time=" + jobs.time);
  add(fmt::format("--signal=B:USR1@{}", jobs.warning));
  add("--requeue");
  for (const std::string& option : jobs.sbatch_options) add(option);
  return result;
}

/// The program beside the shell, which hands on signals and, after the warning that its time is up, queues the job
/// again. A program that is told before it listens (128 + SIGUSR1) has nothing to lose. A job that was cancelled is not
/// queued again.
std::string body(const std::string& command) {
  return command + R"( &
program=$!
warned=""
trap 'warned=yes; kill -USR1 "$program"' USR1
trap 'kill -TERM "$program"' TERM
wait "$program"
status=$?
# A trap ends the shell's waiting, not the program.
while kill -0 "$program" 2> /dev/null; do
  wait "$program"
  status=$?
done
if [ -n "$warned" ] && { [ "$status" -eq 75 ] || [ "$status" -eq 138 ]; }; then
  echo "Stopped before its time is up; queueing again"
  [ "${SLURM_RESTART_COUNT:-0}" -ge 100 ] || scontrol requeue "$SLURM_JOB_ID"
fi
exit "$status"
)";
}

std::string sweep_part(const SlurmJobs& jobs) {
  std::string command = fmt::format("{} sweep {} --output {} --resume --threads {}", shell_word(jobs.program.string()),
                                    shell_word(jobs.study.string()), shell_word(jobs.output.string()), jobs.cores);
  for (const std::string& option : jobs.sweep_options) command += " " + shell_word(option);
  return command + fmt::format(" --shard \"$SLURM_ARRAY_TASK_ID/{}\"", jobs.parts);
}

std::string merge(const SlurmJobs& jobs) {
  return fmt::format("{} merge {} --remove-shards", shell_word(jobs.program.string()),
                     shell_word(jobs.output.string()));
}

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string result = "'";
  for (const char letter : text) result += letter == '\'' ? "'\\''" : std::string(1, letter);
  return result + "'";
}

std::string slurm_script(const SlurmJobs& jobs) {
  return fmt::format(
      "#!/bin/sh\n# Submits a sweep as a job array of {0} parts, and a job that makes one file of them: sh THIS-FILE, "
      "or "
      "entrepot slurm --submit\nset -eu\narray=$(sbatch --parsable --array=1-{0} << 'END_OF_PART'\n#!/bin/sh\n{1}{2}"
      "END_OF_PART\n)\narray=\"${{array%%;*}}\"\nlast=$(sbatch --parsable --dependency=\"afterok:$array\" "
      "--kill-on-invalid-dep=yes << 'END_OF_LAST'\n#!/bin/sh\n{3}{4}END_OF_LAST\n)\n"
      "printf '%s\\n' \"$array\" \"${{last%%;*}}\"\n",
      jobs.parts, options(jobs, ".slurm-%a.log"), body(sweep_part(jobs)), options(jobs, ".slurm.log"),
      body(merge(jobs)));
}

}  // namespace entrepot
