#include "compliance_game.hpp"

#include <algorithm>

#include "results/dataset.hpp"

namespace entrepot {

namespace {

constexpr double kAccuracy = 1e-9;  ///< of income

}  // namespace

GameResults play(const Players& players, const Matrix& payoff) {
  const Index combinations = players.combinations(), strategies = static_cast<Index>(players.strategies.size()),
              count = static_cast<Index>(players.countries.size()),
              penalties = static_cast<Index>(players.penalties.size());
  GameResults result;
  result.gain = Matrix::Constant(combinations, count, kMissing);
  result.equilibrium = Matrix::Constant(penalties, combinations, 1.0);
  result.if_others_comply = result.whatever_others_do = result.at_least = Vector::Constant(count, kMissing);
  Index step = combinations;  // from one strategy of the player to its next
  for (Index i = 0; i < count; ++i) {
    step /= strategies;
    const double slack = kAccuracy * players.income[at(i)];
    bool all_known = true;
    double least = kMissing, most = 0.0;
    for (Index k = 0; k < combinations; ++k) {
      const Index own = players.strategy(k, i), complying = k - own * step;
      double best_other = -kMissing;
      bool known = true;
      for (Index s = 0; s < strategies; ++s) {
        const double there = payoff(complying + s * step, i);
        known = known && there != kMissing;
        if (s != own && there != kMissing) best_other = std::max(best_other, there);
      }
      if (known) result.gain(k, i) = best_other - payoff(k, i);
      for (Index p = 0; p < penalties; ++p) {
        double& is = result.equilibrium(p, k);
        const auto value = [&](Index s) {
          const double gross = payoff(complying + s * step, i);
          return gross == kMissing || s == 0 ? gross : gross - players.penalties[at(p)];
        };
        const double here = value(own);
        if (here == kMissing) is = kMissing;
        for (Index s = 0; s < strategies && here != kMissing; ++s) {
          const double there = value(s);
          if (s == own) continue;
          if (there != kMissing && there > here + slack)
            is = 0.0;  // of a combination with an answer nothing that is not known can make an equilibrium
          else if (there == kMissing && is == 1.0)
            is = kMissing;
        }
      }
      if (own != 0) continue;
      all_known = all_known && known;
      if (!known) continue;
      const double temptation = result.gain(k, i) > slack ? result.gain(k, i) : 0.0;
      least = std::min(least, temptation);
      most = std::max(most, temptation);
      if (k == 0) result.if_others_comply(i) = temptation;
    }
    if (all_known) {
      result.whatever_others_do(i) = most;
      result.at_least(i) = least;
    }
  }
  return result;
}

}  // namespace entrepot
