#pragma once

#include <string>

#include "scenario.hpp"

namespace entrepot {

/// What a scenario says, in words, for `entrepot check`: for each policy whom and what it came to stand for, the flows
/// it touches with their base-year value, the average rate before and after (weighted by value before duty), overlaps
/// and members left out; and the markets that would lose all supply. Nothing is solved: policies are read against the
/// base year with the reference policies' rates and bans in place.
/// world: the base year after apply_model_options. Throws InputError as compile_reference and compile_policies do.
std::string explain(const World& world, const Scenario& scenario, const BlocTable& blocs);

}  // namespace entrepot
