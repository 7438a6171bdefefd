#pragma once

#include "instrument.hpp"

namespace entrepot {

/// Parameters of instruments that save days on the way: `sectors` (to be named, for services do not wait at borders)
/// and `cost_of_day`.
Parameter sectors_moved();
Parameter cost_of_day();

/// d̂ of a flow of which the share `used` saves `days`: 1 − used (1 − (1 + cost)^−days), ratio. Each day costs the
/// fraction `cost` of a good's value (Hummels and Schaur 2013).
double cost_after_saving(double days, double cost, double used);

/// Multiplies d̂ of every flow of the set by cost_after_saving at its sector's cost of a day, and by 1 + used·fee.
Change save_days(const Policy& policy, const Context& context, const std::vector<Index>& sectors, FlowSet flows,
                 double days, double used, double fee, Shock& shock);

}  // namespace entrepot
