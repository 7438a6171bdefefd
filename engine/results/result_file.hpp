#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset.hpp"
#include "equilibrium/conditions.hpp"
#include "first_order.hpp"
#include "measures.hpp"
#include "output_file.hpp"
#include "version.hpp"
#include "zone_measures.hpp"

namespace entrepot {

/// Raised whenever a reader of the old files would misread the new ones.
constexpr int kResultFormatVersion = 1;

/// Where a run came from: enough to do it again.
struct RunDescription {
  std::string title;
  std::string question;
  std::string scenario;  ///< the resolved scenario, text: the file's content and what was overridden
  std::string baseline;
  std::string baseline_sha256;
  std::string
      policy_notes;        ///< what the policies came to say of themselves, such as whom a threshold found; a line each
  std::string start_time;  ///< ISO 8601
  std::string program = program_version();
  std::string commit = git_commit();
};

/// All that a result file holds. A run without an equilibrium has base_measures(), base_zone_measures() and
/// no decompositions.
struct RunResults {
  std::vector<Country> countries;
  std::vector<Location> locations;
  std::vector<Sector> sectors;
  std::vector<Zone> zones;
  RunDescription description;
  std::vector<std::string> doubts;  ///< what in the policies was hardly meant, a sentence each
  SolveReport report;
  Measures measures;
  ZoneMeasures zone_measures;  ///< in the order of `zones`
  std::vector<CapOutcome> caps;
  std::vector<BurdenOutcome> burdens;
  Decomposition first_order;  ///< may be empty
  Decomposition exact;        ///< may be empty
};

/// "solved", "no_supply", "no_equilibrium", "no_convergence", "not_solved".
const char* status_name(SolveStatus status);

/// Whether some country has more locations than one, or none: result files then have a dimension `location`.
bool has_zones(const std::vector<Country>& countries, const std::vector<Location>& locations);

/// This moment as result files say it, ISO 8601.
std::string time_now();

/// Where results came from, as attributes.
void write_description(const RunDescription& description, DatasetSink& sink);
/// Everything a run has to say, named and described.
void write_results(const RunResults& run, DatasetSink& sink);
/// Writes the file that `lock` stands for, whole or not at all. Throws FileError (see ResultFileLock::replace, and for
/// a value that is not finite).
void write_results(const RunResults& run, const ResultFileLock& lock);
/// The same for a caller that holds no lock.
void write_results(const RunResults& run, const std::filesystem::path& path);

}  // namespace entrepot
