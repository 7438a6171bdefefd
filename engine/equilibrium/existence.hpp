#pragma once

#include <optional>
#include <string>

#include "kernel.hpp"
#include "solve.hpp"

namespace entrepot {

/// Why a scenario has no equilibrium.
struct Obstacle {
  SolveStatus status;
  std::string sentence;
};

/// What can be said before any iteration: markets that lost every source of something they can't do without, countries
/// where nothing can be made, parts of the world cut off whose deficits nobody can deliver.
std::optional<Obstacle> find_obstacle(const Kernel& kernel);

/// The equations can have an answer that the world can't: a country that hands over more than it earns.
/// deficit, income: country n's D' and I', million USD.
Obstacle insolvency(const Kernel& kernel, Index n, double deficit, double income);

/// Prices that rise without limit, since inputs replace each other too badly to do without what is lost.
Obstacle runaway_prices(const Kernel& kernel, Index sector, Index location);

}  // namespace entrepot
