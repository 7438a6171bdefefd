#pragma once

#include "optimise.hpp"

namespace entrepot {

/// Where best answers in turn have led.
struct BestResponses {
  SolveReport report;  ///< of the scenario as it is: without an equilibrium there is nothing else
  struct Player {
    std::string name;
    double objective_before = 0.0;  ///< with the scenario's own numbers
    double objective = 0.0;
    bool feasible = false;   ///< whether its constraints hold
    double slope = 0.0;      ///< as Optimum::slope
    bool cut_short = false;  ///< a search for a better choice ended early or with slope left: there may be one
    double gain = 0.0;       ///< what the best other choice that was found, from all starts, would add; 0: none
  };
  std::vector<Player> players;
  std::vector<double> choice;  ///< in the order of OptimumStudy::choices
  std::vector<bool> at_bound;  ///< likewise
  int rounds = 0;              ///< in which each answered once
  double moved = 0.0;          ///< in the last, at most, of a choice's range
  bool stopped = false;        ///< it was, before it settled
  bool settled = false;        ///< nobody changes its own any more, nor gains by another from any start
  std::string scenario;        ///< with these choices, TOML

  /// Settled, every constraint met, and no search for something better cut short.
  bool is_equilibrium() const;
};

/// A Nash equilibrium of a study with players: each in turn chooses what is best for it, given the others' choices,
/// until none changes its own by more than a millionth of its range; then each is asked again from all starts of the
/// study, and where one gains, by more than a millionth of its objective, the rounds go on from there. That it settles
/// is not certain, and that there is no other equilibrium neither. Throws as optimise().
BestResponses best_responses(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                             const OptimiseOptions& options = {});

/// All of it as text.
std::string show_best_responses(const OptimumStudy& study, const BestResponses& result);

}  // namespace entrepot
