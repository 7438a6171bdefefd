#pragma once

#include <vector>

#include "study_scenarios.hpp"

namespace entrepot {

/// The draws of a study that lie in its confidence set, as rows, rising: the given share of all of them, those nearest
/// to the middle of what is drawn. Distance is that of the normals behind the draws, by their correlation
/// (Mahalanobis), so that the set is the smallest of its probability for normals; what is one of a list has no middle,
/// and all its values are in the set. confidence: in (0, 1]. Draws as far as the last that is in are in too.
std::vector<std::size_t> within_confidence(const StudyScenarios& scenarios, double confidence);

}  // namespace entrepot
