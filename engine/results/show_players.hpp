#pragma once

#include <string>

#include "dataset.hpp"

namespace entrepot {

/// Whether a sweep has players: a coalition's joiners or those of a game.
bool has_players(const DatasetSource& reader);

/// What they come to, as tables: of a coalition the cheapest for each loss, what each joiner adds and pays, the bounds
/// of what sanctions could do and transfers that even out the burden; of a game its equilibria and the smallest
/// penalties. Over several draws: means and how often. reader: a sweep that has players.
std::string show_players(const DatasetSource& reader);

}  // namespace entrepot
