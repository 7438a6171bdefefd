#pragma once

#include <optional>

#include "equilibrium/solve.hpp"
#include "policy/scenario.hpp"

namespace entrepot {

/// The solver's options with what a scenario says of them.
SolveOptions solver_options(const Scenario& scenario);

/// The world that a scenario's policies act on: the base year with its elasticities, model options and zones, and,
/// where the scenario has a reference world, that world, solved for. None where it has no equilibrium: `report` says
/// why. blocs: of apply_blocs(). notes: what the policies of the reference say is added to them; may be nullptr. Throws
/// InputError for policies that do not fit the world.
std::optional<World> reference_world(const Scenario& scenario, const World& baseline, const BlocTable& blocs,
                                     const SolveOptions& solver, SolveReport& report, PolicyNotes* notes = nullptr);

}  // namespace entrepot
