#pragma once

#include <span>

#include "players.hpp"
#include "shapley.hpp"

namespace entrepot {

/// What all coalitions do in one draw. A coalition without an equilibrium has kMissing; where there is one, what needs
/// all of them is missing (Shapley values), and the cheapest are those of the others. Losses and costs that differ by
/// less than a billionth of the largest are the same.
struct CoalitionResults {
  Vector target_loss;            ///< combination: fall of the targets' real incomes, million USD
  Vector cost;                   ///< combination: fall of all its members' real incomes together, million USD
  std::vector<double> cheapest;  ///< combination: 1 where no other takes as much for less or more for the same, else 0
  Index unanswered = 0;          ///< combinations without an equilibrium
  Sharing loss;                  ///< of the target's loss among the joiners
  Vector joining_cost;           ///< joiner: what joining costs it, the mean over all orders in which they could join
  Vector joining_cost_last;      ///< joiner: what it costs it to join all the others
  Vector asked_loss;             ///< what the target is to lose, million USD
  std::vector<Index> least;      ///< asked loss: the coalition that takes it at the least cost; −1 where none does
  Matrix receives;               ///< combination × (core, joiners): transfers after which all members of a coalition
                                 ///< have lost the same share of their incomes, prices as they are, million USD;
                                 ///< kMissing of who is no member
};

/// welfare: combination × (targets, core, joiners), changes in real income, million USD; kMissing in a whole row
/// without an equilibrium.
CoalitionResults analyse_coalitions(const Players& players, const Matrix& welfare);

/// Shares of the most that any takes, each asked where a study names no losses.
std::vector<double> usual_loss_shares();

}  // namespace entrepot
