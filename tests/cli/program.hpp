#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

namespace entrepot::test {

/// How one run of the program ended.
struct Ended {
  int status = -1;  ///< exit status; -1 where a signal ended it
  int signal = 0;
  std::string out, err;
};

/// A folder of its own for one test, gone at the end, in which the program is run.
class Workplace {
 public:
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }
  /// All names in a folder of the workplace, sorted, hidden ones included.
  std::vector<std::string> names(const std::string& folder = ".") const { return folder_.names(folder); }

  /// Runs entrepot to its end. Its standard input is /dev/null.
  Ended run(const std::vector<std::string>& arguments) const;
  /// Starts it and goes on; what it prints is lost. For `wait_for` or a kill.
  pid_t start(const std::vector<std::string>& arguments) const;

  std::map<std::string, std::string> environment;  ///< added to that of the test
  std::size_t largest_file = 0;                    ///< bytes that a file may have; 0: no limit
  std::string standard_output;                     ///< a file that stdout goes to; empty: Ended::out
  std::string working_folder = ".";                ///< inside the workplace
  std::vector<std::string> launcher;               ///< words before the program, such as mpirun's

 private:
  TemporaryFolder folder_;
};

void write(const std::filesystem::path& file, const std::string& content);
/// Replaces the one place where `old_text` stands.
void replace_in(const std::filesystem::path& file, const std::string& old_text, const std::string& new_text);

/// A file or folder of the repository.
std::filesystem::path in_source(const std::string& name);

/// nafta.toml with its table in the workplace; a path as the command line takes it.
std::string copy_of_nafta(const Workplace& place);
/// The baseline cp2015-nafta, merged to four countries (MEX, CAN, USA, REST) and three sectors (crops, goods,
/// services), as the folder `name` of the workplace.
void small_baseline(const Workplace& place, const std::string& name);

}  // namespace entrepot::test
