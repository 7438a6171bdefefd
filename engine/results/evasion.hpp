#pragma once

#include "measures.hpp"

namespace entrepot {

/// Fills what `measures` says of trade that evades an embargo: evaded_trade, leakage, outlawed_trade, re_exports and
/// recorded_trade. Without a detour in `shock` they stay empty.
void measure_evasion(const World& world, const Shock& shock, const Equilibrium& equilibrium, Measures& measures);

}  // namespace entrepot
