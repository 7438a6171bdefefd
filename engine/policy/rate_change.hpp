#pragma once

#include "instrument.hpp"

namespace entrepot {

/// The parameters of a change in an ad valorem rate (tariff or export tax).
Schema rate_parameters(const std::string& what);

/// `rate` there unless, and `file` there only if, the action is `table`; its limits, which depend on the action.
void check_rate(const Policy& policy, Problems& problems);

/// Sets, adds to or multiplies the rates of the selected flows, or sets those that a table lists. `base` are the
/// world's rates (empty: zero), `rates` the shock's, allocated as a copy of `base` where empty.
Effect change_rates(const Policy& policy, const Context& context, Channel channel, const Bilateral& base,
                    Bilateral& rates);

}  // namespace entrepot
