#include "shapley.hpp"

#include <bit>
#include <cassert>

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

}  // namespace entrepot
