#pragma once

#include "instrument.hpp"

namespace entrepot {

/// A parameter that is one number for every sector, or a table of numbers by sector: `coverage = 0.5`, or
/// `coverage = { food = 0.2, all = 0.5 }`, where `all` stands for the sectors that are not named; "goods" and
/// "services" stand for theirs where those are not named.
Parameter by_sector(Parameter number);

/// What such a parameter gives each sector; nullptr for a sector that a table neither names nor covers by `all`.
/// Sectors that are not there, or not among those the policy covers (`covered`), are added to the problems.
std::vector<const TomlValue*> values_by_sector(const Policy& policy, const Context& context,
                                               const std::string& parameter, const std::vector<Index>& covered);

/// The number of each sector, 0 where nothing is given. Sectors to which a table gives 0 or nothing are taken out of
/// `flows`.
Vector numbers_by_sector(const Policy& policy, const Context& context, const std::string& parameter,
                         const std::vector<Index>& covered, FlowSet& flows);

}  // namespace entrepot
