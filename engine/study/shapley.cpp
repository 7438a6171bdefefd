#include "shapley.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "results/dataset.hpp"

namespace entrepot {

Sharing share_out(std::span<const double> values, Index factors) {
  assert(factors >= 1 && factors <= kMostSharers && values.size() == std::size_t{1} << factors);
  // Of a set of k others, the share of all orders in which just these come before: k!(F − k − 1)!/F!.
  std::vector<double> weight(at(factors));
  weight[0] = 1.0 / static_cast<double>(factors);
  for (Index k = 1; k < factors; ++k)
    weight[at(k)] = weight[at(k - 1)] * static_cast<double>(k) / static_cast<double>(factors - k);
  Sharing result{Vector::Zero(factors), Vector::Zero(factors), Vector::Zero(factors), values.front(), values.back()};
  for (Index f = 0; f < factors; ++f) {
    const std::size_t own = std::size_t{1} << (factors - 1 - f);
    for (std::size_t others = 0; others < values.size(); ++others)
      if ((others & own) == 0)
        result.shapley(f) +=
            weight[static_cast<std::size_t>(std::popcount(others))] * (values[others | own] - values[others]);
    result.alone(f) = values[own] - values.front();
    result.last(f) = values.back() - values[values.size() - 1 - own];
  }
  return result;
}

SharesOverDraws share_out_draws(std::span<const double> values, Index factors) {
  const std::size_t combinations = std::size_t{1} << factors;
  const Vector missing = Vector::Constant(factors, kMissing), zero = Vector::Zero(factors);
  SharesOverDraws result{{zero, zero, zero, 0.0, 0.0}, zero, zero, zero};
  Vector squares = zero;  // of differences from the mean so far (Welford 1962)
  for (std::size_t first = 0; first < values.size(); first += combinations) {
    const std::span<const double> own = values.subspan(first, combinations);
    if (std::ranges::find(own, kMissing) != own.end()) continue;
    const Sharing sharing = share_out(own, factors);
    const double part = 1.0 / static_cast<double>(++result.answered);
    const Vector before = sharing.shapley - result.mean.shapley;
    result.mean.shapley += part * before;
    squares += before.cwiseProduct(sharing.shapley - result.mean.shapley);
    result.mean.alone += part * (sharing.alone - result.mean.alone);
    result.mean.last += part * (sharing.last - result.mean.last);
    result.mean.none += part * (sharing.none - result.mean.none);
    result.mean.all += part * (sharing.all - result.mean.all);
    result.positive += (sharing.shapley.array() > 0.0).cast<double>().matrix();
    Index largest = 0;
    if (sharing.shapley.cwiseAbs().maxCoeff(&largest) > 0.0) result.largest(largest) += 1.0;
  }
  if (result.answered == 0) return {{missing, missing, missing, kMissing, kMissing}, missing, missing, missing};
  const auto count = static_cast<double>(result.answered);
  result.positive /= count;
  result.largest /= count;
  result.sd = count > 1.0 ? Vector((squares / (count - 1.0)).cwiseSqrt()) : zero;
  return result;
}

}  // namespace entrepot
