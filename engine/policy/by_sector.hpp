#pragma once

#include "instrument.hpp"

namespace entrepot {

/// A parameter that is one number for every sector, or a table of numbers by sector: `coverage = 0.5`, or
/// `coverage = { food = 0.2, all = 0.5 }`, where `all` stands for the sectors that are not named.
Parameter by_sector(Parameter number);

/// The number of each sector; a sector that a table neither names nor covers by `all` has 0. Sectors to which a table
/// gives nothing are taken out of `flows`. Sectors that are not there, or not among those the policy covers
/// (`covered`), are added to the problems.
Vector numbers_by_sector(const Policy& policy, const Context& context, const std::string& parameter,
                         const std::vector<Index>& covered, FlowSet& flows);

}  // namespace entrepot
