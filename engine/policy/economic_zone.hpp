#pragma once

#include "instrument.hpp"

namespace entrepot {

/// Puts zones after all other policies of their list, whatever their place in the file: their privileges are relative
/// to the duties and taxes that their host has in the end. Zones of the reference world are repeated before those of
/// the scenario (Policy::standing), so that their privileges hold against what the scenario's policies change.
void order_zones(std::vector<Policy>& reference, std::vector<Policy>& policies);

}  // namespace entrepot
