#include "coalition.hpp"

#include <algorithm>
#include <numeric>

#include "results/dataset.hpp"

namespace entrepot {

namespace {

constexpr double kAsGood = 1e-9;  ///< of the largest, losses and costs are the same: the solver's accuracy

/// Coalitions with an answer, what they take and cost, and from which difference on one is more than another.
struct Answered {
  const Vector &loss, &cost;
  std::vector<Index> which;
  double slack_loss = 0.0, slack_cost = 0.0;
};

/// Marks the coalitions of which no other takes as much for less, or more for the same.
std::vector<double> cheapest_of(const Answered& of) {
  std::vector<Index> order = of.which;
  std::ranges::stable_sort(order, {}, [&](Index k) { return of.cost(k); });
  std::vector<double> most;  // that those up to there take
  for (const Index k : order) most.push_back(most.empty() ? of.loss(k) : std::max(most.back(), of.loss(k)));
  const auto most_up_to = [&](auto place) {
    return place == order.begin() ? -kMissing : most[static_cast<std::size_t>(place - order.begin()) - 1];
  };
  std::vector<double> result(at(of.loss.size()), kMissing);
  const auto cost_of = [&](Index k) { return of.cost(k); };
  for (const Index k : order) {
    const double for_less = most_up_to(std::ranges::lower_bound(order, of.cost(k) - of.slack_cost, {}, cost_of)),
                 for_the_same = most_up_to(std::ranges::upper_bound(order, of.cost(k) + of.slack_cost, {}, cost_of));
    const bool worse = for_less >= of.loss(k) - of.slack_loss || for_the_same > of.loss(k) + of.slack_loss;
    result[at(k)] = worse ? 0.0 : 1.0;
  }
  return result;
}

/// The cheapest coalition of those that take at least so much; of those as cheap the one that takes most.
Index least_for(double asked, const Answered& of) {
  Index best = -1;
  for (const Index k : of.which) {
    if (of.loss(k) < asked - of.slack_loss) continue;
    if (best < 0 || of.cost(k) < of.cost(best) - of.slack_cost ||
        (of.cost(k) <= of.cost(best) + of.slack_cost && of.loss(k) > of.loss(best) + of.slack_loss))
      best = k;
  }
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
          is_member(k, m) ? -welfare(k, first + m) - players.income[at(m)] * result.cost(k) / income : kMissing;
  }
  Answered of{result.target_loss, result.cost, answered};
  double most = 0.0;
  for (const Index k : answered) {
    most = std::max(most, result.target_loss(k));
    of.slack_loss = std::max(of.slack_loss, kAsGood * std::abs(result.target_loss(k)));
    of.slack_cost = std::max(of.slack_cost, kAsGood * std::abs(result.cost(k)));
  }
  result.cheapest = cheapest_of(of);
  result.unanswered = count - std::ssize(answered);

  result.joining_cost = result.joining_cost_last = Vector::Constant(joiners, kMissing);
  result.loss = {result.joining_cost, result.joining_cost, result.joining_cost, kMissing, kMissing};
  const auto added = [&](const Vector& values, Index with, Index without) {
    return values(with) == kMissing || values(without) == kMissing ? kMissing : values(with) - values(without);
  };
  for (Index j = 0, own = count / 2; j < joiners; ++j, own /= 2) {
    const Vector mine = welfare.col(first + core + j);
    result.loss.alone(j) = added(result.target_loss, own, 0);
    result.loss.last(j) = added(result.target_loss, count - 1, count - 1 - own);
    result.joining_cost_last(j) = added(mine, count - 1 - own, count - 1);
  }
  if (static_cast<Index>(answered.size()) == count) {
    result.loss = share_out({result.target_loss.data(), at(count)}, joiners);
    for (Index j = 0; j < joiners; ++j) {
      const Vector own = -welfare.col(first + core + j);
      const Sharing sharing = share_out({own.data(), at(count)}, joiners);
      result.joining_cost(j) = sharing.shapley(j);
    }
  }

  std::vector<double> asked = players.losses;
  if (asked.empty())
    for (const double share : usual_loss_shares()) asked.push_back(share * most);
  result.asked_loss = Eigen::Map<const Vector>(asked.data(), static_cast<Index>(asked.size()));
  for (const double loss : asked) result.least.push_back(least_for(loss, of));
  return result;
}

}  // namespace entrepot
