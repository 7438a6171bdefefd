#pragma once

#include <vector>

#include "players.hpp"
#include "results/netcdf_file.hpp"
#include "sweep_file.hpp"

namespace entrepot {

/// Adds what the players of a sweep come to, for each of its draws ("case"), to its file: see coalition.hpp and
/// compliance_game.hpp. draws: rows of the sweep, all combinations of a case after those of the one before.
void write_players(NetcdfWriter& writer, const Players& players, const std::vector<RowColumn>& columns,
                   const SweepSource& source, Index draws);

}  // namespace entrepot
