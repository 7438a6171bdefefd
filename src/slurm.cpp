#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "command.hpp"
#include "study/slurm_script.hpp"
#include "study/study.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

void expect_between(const char* option, int value, int least, int most) {
  if (value < least || value > most)
    throw InputError({}, option, fmt::format("{} can't work; {} to {} are expected", value, least, most));
}

/// Minutes, minutes:seconds, hours:minutes:seconds, or days-hours and so on.
void expect_time(const std::string& time) {
  if (time.empty() || time.find_first_not_of("0123456789:-") != std::string::npos)
    throw InputError({}, "--time", fmt::format("'{}' is no time limit; 90 (minutes), 12:00:00 or 2-00:00:00 is", time));
}

/// Hands a script to the shell; answers its exit status.
int run_in_shell(const std::string& script) {
  std::fflush(stdout);
  std::FILE* shell = ::popen("sh", "w");
  if (shell == nullptr) return 1;
  std::fputs(script.c_str(), shell);
  const int status = ::pclose(shell);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int slurm(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  SlurmJobs jobs;
  visible.add_options()("output,o", options::value<std::string>()->value_name("FILE.h5"),
                        "result file; outputs/NAME.h5 by default")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the study; may be repeated")(
      "shards", options::value(&jobs.parts)->value_name("N")->default_value(jobs.parts), "jobs in the array")(
      "threads,t", options::value(&jobs.cores)->value_name("N")->default_value(jobs.cores), "cores of each")(
      "time", options::value(&jobs.time)->value_name("TIME")->default_value(jobs.time),
      "time limit of each, as sbatch takes it; a job whose time is up keeps its rows and queues again")(
      "sbatch", options::value(&jobs.sbatch_options)->value_name("OPTION")->composing(),
      "another option of sbatch, for example --sbatch=--partition=long; may be repeated")(
      "submit", "submit the jobs instead of printing the script")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"STUDY.toml"}, values)) return kSuccess;
  expect_between("--shards", jobs.parts, 1, 100000);
  expect_between("--threads", jobs.cores, 1, 1024);
  expect_time(jobs.time);
  for (const std::string& option : jobs.sbatch_options)
    if (!option.starts_with("-") || option.find('\n') != std::string::npos)
      throw InputError({}, "--sbatch", fmt::format("'{}' is no option of sbatch; --partition=long is", option));
  jobs.study = values["STUDY.toml"].as<std::string>();
  std::vector<std::string> overrides;
  if (values.count("set") > 0) overrides = values["set"].as<std::vector<std::string>>();
  for (const std::string& value : overrides) jobs.sweep_options.insert(jobs.sweep_options.end(), {"--set", value});
  read_study(jobs.study, overrides);  // what is wrong with it is said now, not by every job
  jobs.output = output_file(values, jobs.study);
  jobs.name = jobs.study.stem().string();
  jobs.program = std::filesystem::read_symlink("/proc/self/exe");
  jobs.folder = std::filesystem::current_path();
  const std::string script = slurm_script(jobs);
  if (values.count("submit") == 0) {
    fmt::print("{}", script);
    return kSuccess;
  }
  if (run_in_shell(script) != 0) throw FileError(jobs.study, "the jobs could not be submitted; sbatch says why above");
  return kSuccess;
}

}  // namespace

const Command kSlurm{"slurm", "STUDY.toml [options]", "Solve a study as a job array of Slurm.",
                     "entrepot slurm scenarios/studies/minsk-uncertainty.toml --shards 16 --time 30 --submit", slurm};

}  // namespace entrepot::program
