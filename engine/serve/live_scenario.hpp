#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <semaphore>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "policy/scenario.hpp"
#include "policy/scenario_settings.hpp"
#include "study/scenario_run.hpp"

namespace entrepot {

/// A scenario that is solved again and again as its settings are changed. Its files are read once, when it is made. Any
/// number of threads may ask at once.
class LiveScenario {
 public:
  /// Paths of settings and what to put there, written as in a scenario file.
  using Changes = std::vector<std::pair<std::string, std::string>>;

  /// Throws InputError and FileError as read_scenario() and read_baseline() do.
  LiveScenario(const std::filesystem::path& file, const std::vector<std::string>& overrides,
               const std::filesystem::path& data_folder);

  const std::vector<Setting>& settings() const noexcept { return settings_; }

  // What follows throws InputError for a path that is no setting's, with the nearest, and for values that do not fit;
  // TooSlow where there is no answer in time, and Unwanted once `unwanted` says so, which is asked now and then from
  // another thread.

  struct TooSlow : std::runtime_error {
    TooSlow();
  };
  struct Unwanted : std::runtime_error {
    Unwanted();
  };
  using Asked = std::function<bool()>;
  static bool always_wanted() { return false; }

  /// What the page draws (see run_data), with the first-order decomposition of welfare.
  nlohmann::ordered_json answer(const Changes& changes, const Asked& unwanted = always_wanted) const;
  /// The scenario's file with the changes.
  std::string scenario_text(const Changes& changes) const;
  /// The result file, exact decomposition included.
  std::string result_file(const Changes& changes, const Asked& unwanted = always_wanted) const;
  /// A name for these files, without ending: letters, digits, '-', '_' and '.'.
  std::string name() const;

  /// The page that draws the answer, with the settings beside it.
  std::string page(const Asked& unwanted = always_wanted) const;

 private:
  Scenario changed(const Changes& changes) const;
  RunResults run(const Changes& changes, bool exact_decomposition, const Asked& unwanted) const;

  std::filesystem::path file_;
  TomlValue document_;
  Scenario scenario_;
  Baseline baseline_;
  BlocTable blocs_;
  std::vector<Setting> settings_;
  mutable std::counting_semaphore<> solvers_;  ///< how many more may solve at once
};

}  // namespace entrepot
