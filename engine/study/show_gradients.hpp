#pragma once

#include <string>

#include "scenario_gradient.hpp"

namespace entrepot {

/// For each measure as tables: the scenario's numbers, and the flows, producers and elasticities that matter most, the
/// `most` largest of each.
std::string show_gradients(const ScenarioGradients& gradients, std::size_t most);

}  // namespace entrepot
