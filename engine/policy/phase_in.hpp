#pragma once

#include "instrument.hpp"

namespace entrepot {

/// The parameter `phase_in` of an agreement: `of` is what is phased in, such as "the cuts".
Parameter phase_in(const std::string& of);

/// Adds steps that are not years or not fractions, and a phase-in without steps, to the problems.
void check_phase_in(const Policy& policy, Problems& problems);

/// The share in force on the scenario's date, fraction: that of the last step whose year has come, 0 before the first;
/// without a date, that of the last step; 1 without a phase-in. Less than all is noted in the effect.
double part_in_force(const Policy& policy, const Context& context, const std::string& of, Effect& effect);

}  // namespace entrepot
