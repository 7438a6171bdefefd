#include <fmt/format.h>
#include <sys/resource.h>

#include <csignal>
#include <exception>
#include <iostream>

#include "command.hpp"
#include "results/version.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace {

using namespace entrepot::program;

void print_usage() {
  fmt::print(
      "entrepot {}: what follows from sanctions and trade agreements\n\nUsage: entrepot COMMAND ... (entrepot COMMAND "
      "--help says more)\n\n",
      entrepot::program_version());
  for (const Command* command : commands()) fmt::print("  {:9} {}\n", command->name, command->summary);
  fmt::print("\nExit status:\n{}", exit_statuses());
}

int dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    print_usage();
    return kWrongInput;
  }
  if (arguments[0] == "--help" || arguments[0] == "-h" || arguments[0] == "help") {
    print_usage();
    return kSuccess;
  }
  if (arguments[0] == "--version") {
    fmt::print("entrepot {} ({})\n", entrepot::program_version(), entrepot::git_commit());
    return kSuccess;
  }
  std::vector<std::string> names;
  for (const Command* command : commands()) {
    if (arguments[0] == command->name) return command->run(*command, {arguments.begin() + 1, arguments.end()});
    names.emplace_back(command->name);
  }
  throw entrepot::InputError({}, "entrepot",
                             "there is no command '" + arguments[0] + "'" + entrepot::suggestion(arguments[0], names));
}

/// As many files may be open as the system lets this user have: a sweep of many shards is joined from all of them.
void allow_many_files() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

/// To standard error; that it may be closed or full must not hide the exit status.
void complain(const std::string& sentence) { std::fputs((sentence + "\n").c_str(), stderr); }

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error like any other, with a sentence
  allow_many_files();
  int status = kFailure;
  try {
    status = dispatch({argv + 1, argv + argc});
  } catch (const entrepot::InputError& error) {
    complain(error.what());
    status = kWrongInput;
  } catch (const std::bad_alloc&) {
    complain("There is not enough memory for this.");
  } catch (const std::exception& error) {
    complain(error.what());
  }
  // What was printed must have arrived: a full disk behind a redirection is a failure.
  if (std::fflush(stdout) != 0 && status == kSuccess) {
    complain("The output could not be written: " + std::generic_category().message(errno));
    status = kFailure;
  }
  return status;
}
