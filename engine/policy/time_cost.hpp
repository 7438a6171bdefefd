#pragma once

#include "instrument.hpp"

namespace entrepot {

/// Parameters of instruments that save days on the way: a number of days, and `cost_of_day` by sector.
Parameter days(std::string name, std::string meaning);
Parameter cost_of_day();

/// What goods save on the way.
struct TimeSaved {
  double days = 0.0;
  double used = 1.0;  ///< share of the trade that saves them, fraction
  double fee = 0.0;   ///< what that costs more, ad valorem, fraction
};

/// d̂ × (1 − used (1 − (1 + cost_of_day)^−days)) × (1 + used·fee) on every flow of the set: each day costs a fraction of
/// a good's value (Hummels and Schaur 2013). sectors: those the policy covers.
Change save_time(const Policy& policy, const Context& context, const std::vector<Index>& sectors, FlowSet flows,
                 const TimeSaved& saved, Shock& shock);

}  // namespace entrepot
