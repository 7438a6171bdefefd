#pragma once

#include "players.hpp"
#include "world/arrays.hpp"

namespace entrepot {

/// What players would do in one draw, each for the sake of its own real income. kMissing where that takes the answer of
/// a combination without an equilibrium of trade.
struct GameResults {
  Matrix gain;  ///< combination × player: what its best other strategy would add to its real income, without any
                ///< penalty, million USD; not above 0: it stays with its own
  Matrix equilibrium;  ///< penalty × combination: 1 where no player gains by another strategy (Nash 1951), else 0
  // The smallest penalty on whoever does not comply that makes the player comply, million USD; 0: none is needed.
  Vector if_others_comply;    ///< player: where all the others do; with the largest of these it is an equilibrium
                              ///< that all comply, perhaps beside others
  Vector whatever_others_do;  ///< player: in any case, so that complying is its dominant strategy; above the
                              ///< largest of these all comply in the only equilibrium
  Vector at_least;            ///< player: in the case that tempts it least; below it, it never complies
};

/// payoff: combination × player, change in real income, million USD. Gains below a billionth of a player's income are
/// none: the solver's accuracy.
GameResults play(const Players& players, const Matrix& payoff);

}  // namespace entrepot
