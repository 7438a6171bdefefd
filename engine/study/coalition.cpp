#include "coalition.hpp"

#include <algorithm>
#include <numeric>

#include "results/dataset.hpp"

namespace entrepot {

namespace {

constexpr double kAsGood = 1e-9;  ///< of the largest loss: takes as much

/// Marks the coalitions of which no other takes as much for less.
std::vector<double> cheapest_of(const Vector& loss, const Vector& cost, const std::vector<Index>& answered) {
  std::vector<Index> order = answered;
  std::ranges::stable_sort(
      order, [&](Index a, Index b) { return cost(a) != cost(b) ? cost(a) < cost(b) : loss(a) > loss(b); });
  std::vector<double> result(at(loss.size()), kMissing);
  double most = -kMissing;
  for (const Index k : order) {
    result[at(k)] = loss(k) > most ? 1.0 : 0.0;
    most = std::max(most, loss(k));
  }
  return result;
}

/// The cheapest coalition of those that take at least so much.
Index least_for(double asked, double slack, const Vector& loss, const Vector& cost,
                const std::vector<Index>& answered) {
  Index best = -1;
  for (const Index k : answered)
    if (loss(k) >= asked - slack && (best < 0 || cost(k) < cost(best))) best = k;
  return best;
}

}  // namespace

std::vector<double> usual_loss_shares() { return {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0}; }

CoalitionResults analyse_coalitions(const Players& players, const Matrix& welfare) {
  const auto joiners = static_cast<Index>(players.countries.size()), core = static_cast<Index>(players.core.size());
  const Index count = players.combinations(), members = core + joiners;
  const auto first = static_cast<Index>(players.targets.size());  // member's column
  const auto is_member = [&](Index coalition, Index member) {
    return member < core || players.strategy(coalition, member - core) == 1;
  };
  CoalitionResults result;
  result.target_loss = result.cost = Vector::Constant(count, kMissing);
  result.receives = Matrix::Constant(count, members, kMissing);
  std::vector<Index> answered;
  for (Index k = 0; k < count; ++k) {
    if (welfare(k, 0) == kMissing) continue;
    answered.push_back(k);
    result.target_loss(k) = -welfare.row(k).head(first).sum();
    double income = 0.0;
    result.cost(k) = 0.0;
    for (Index m = 0; m < members; ++m)
      if (is_member(k, m)) {
        result.cost(k) -= welfare(k, first + m);
        income += players.income[at(m)];
      }
    for (Index m = 0; m < members; ++m)
      result.receives(k, m) =
          is_member(k, m) ? -welfare(k, first + m) - players.income[at(m)] * result.cost(k) / income : 0.0;
  }
  result.cheapest = cheapest_of(result.target_loss, result.cost, answered);

  result.joining_cost = result.joining_cost_last = Vector::Constant(joiners, kMissing);
  result.loss = {result.joining_cost, result.joining_cost, result.joining_cost, kMissing, kMissing};
  if (static_cast<Index>(answered.size()) == count) {
    result.loss = share_out({result.target_loss.data(), at(count)}, joiners);
    for (Index j = 0; j < joiners; ++j) {
      const Vector own = -welfare.col(first + core + j);
      const Sharing sharing = share_out({own.data(), at(count)}, joiners);
      result.joining_cost(j) = sharing.shapley(j);
      result.joining_cost_last(j) = sharing.last(j);
    }
  }

  double most = 0.0;
  for (const Index k : answered) most = std::max(most, result.target_loss(k));
  std::vector<double> asked = players.losses;
  if (asked.empty())
    for (const double share : usual_loss_shares()) asked.push_back(share * most);
  result.asked_loss = Eigen::Map<const Vector>(asked.data(), static_cast<Index>(asked.size()));
  for (const double loss : asked)
    result.least.push_back(least_for(loss, kAsGood * most, result.target_loss, result.cost, answered));
  return result;
}

}  // namespace entrepot
