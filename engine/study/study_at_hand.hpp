#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "study_rows.hpp"
#include "sweep_file.hpp"

namespace entrepot {

/// A study with all that its rows follow from.
struct StudyAtHand {
  Study study;
  Scenario plain;  ///< the scenario it varies, without draws
  Baseline baseline;
  BlocTable blocs;
  StudyScenarios scenarios;
  StudyRows rows;
  std::optional<Players> players;

  /// data_folder: has the baselines and blocs.csv. Throws InputError, as read_study(), StudyScenarios and StudyRows do.
  StudyAtHand(const std::filesystem::path& file, const std::vector<std::string>& overrides,
              const std::filesystem::path& data_folder);
  StudyAtHand(Study study, const std::filesystem::path& data_folder);
  StudyAtHand(const StudyAtHand&) = delete;
  StudyAtHand& operator=(const StudyAtHand&) = delete;
};

/// SHA-256 of everything that the rows follow from: equal for equal numbers.
std::string fingerprint(const StudyAtHand& study);

/// What its sweep's file says beside the numbers.
SweepDescription describe(const StudyAtHand& study);

}  // namespace entrepot
