#pragma once

#include "study.hpp"

namespace entrepot {

/// What nobody knows of a scenario whose effect is shared out.
struct AttributionOver {
  std::filesystem::path study = {};  ///< whose draws are made of the scenario in place of its own
  std::optional<Index> draws = {};   ///< in place of the study's
};

/// The study that shares a scenario's results out among its policies, those that are enabled: all combinations of them
/// in force or not ([sample] shapley). measures: as in a study file; overrides: of the scenario, "path=value". Throws
/// InputError for a wrong scenario and for one with more than kMostSharers policies. over: all of it is
/// done for every draw of this study.
Study attribution_study(const std::filesystem::path& scenario_file, const std::vector<std::string>& overrides,
                        const std::vector<std::string>& measures, const AttributionOver& over = {});

}  // namespace entrepot
