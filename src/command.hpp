#pragma once

#include <atomic>
#include <boost/program_options.hpp>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace entrepot::program {

// Exit status, the same for every command.
constexpr int kSuccess = 0;
constexpr int kFailure = 1;        ///< anything else
constexpr int kWrongInput = 2;     ///< the user's input is wrong
constexpr int kNoEquilibrium = 3;  ///< nothing was found; the result file says why
constexpr int kStopped = 75;       ///< ended before it was done, by a signal; --resume goes on

namespace options = boost::program_options;

/// One command: reads its own arguments (without program and command name), does its work, answers the exit status.
struct Command {
  const char* name;
  const char* arguments;  ///< as in its usage line
  const char* summary;    ///< one line
  const char* example;    ///< one command line
  int (*run)(const Command& self, const std::vector<std::string>& arguments);
};

/// --threads, or as many as there are; throws InputError for a number that can't work.
int chosen_threads(const options::variables_map& values);

/// --output, or outputs/NAME.h5 of the input file; that folder is made if it is the default.
std::filesystem::path output_file(const options::variables_map& values, const std::filesystem::path& input);

extern const Command kRun, kSweep, kSlurm, kMerge, kShow, kCompare, kReport, kServe, kGradient, kAttribute, kOptimise,
    kCheck, kBaseline, kManual;
/// All of them, in the order of the help.
std::span<const Command* const> commands();
/// What each exit status means, a line each.
std::string exit_statuses();

/// The command's arguments as `visible` and `positional` name them. Prints help and answers false where it is asked
/// for. Throws InputError for arguments that do not fit, with the nearest option.
bool parse(const Command& self, const std::vector<std::string>& arguments, const options::options_description& visible,
           const std::vector<std::string>& positional, options::variables_map& values);

/// From now on the first signal to end (Ctrl-C, kill, a cluster's warning) makes this true, so that work can be left in
/// good order; a second one ends the program at once.
const std::atomic<bool>& stop_on_signal();

/// Does work that reads result files named by the user: what is wrong with them is wrong input, and the FileError
/// becomes an InputError.
void read_results(const std::function<void()>& work);

/// data/: $ENTREPOT_DATA, or where the program was built or installed from.
std::filesystem::path data_folder();

}  // namespace entrepot::program
