#pragma once

#include "study.hpp"

namespace entrepot {

/// The study that shares a scenario's results out among its policies, those that are enabled: all combinations of them
/// in force or not ([sample] shapley). measures: as in a study file; overrides: of the scenario, "path=value". Throws
/// InputError for a wrong scenario and for one with more than kMostSharers policies.
Study attribution_study(const std::filesystem::path& scenario_file, const std::vector<std::string>& overrides,
                        const std::vector<std::string>& measures);

}  // namespace entrepot
