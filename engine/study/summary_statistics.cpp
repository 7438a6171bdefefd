#include "summary_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace entrepot {

SummaryStatistics summarise(std::span<double> values, std::span<const double> quantiles) {
  SummaryStatistics result;
  result.count = values.size();
  result.quantiles.assign(quantiles.size(), 0.0);
  if (values.empty()) return result;
  // Sorted first, so that sums do not depend on the order of the draws.
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  // About a value in the middle, so that a small spread around a large mean keeps its digits.
  const double centre = values[values.size() / 2];
  double sum = 0.0, squares = 0.0, above = 0.0;
  for (const double value : values) {
    sum += value - centre;
    if (value > 0.0) above += 1.0;
  }
  const double shift = sum / n;
  for (const double value : values) squares += (value - centre - shift) * (value - centre - shift);
  result.mean = centre + shift;
  result.sd = values.size() > 1 ? std::sqrt(squares / (n - 1.0)) : 0.0;
  result.mean_error = result.sd / std::sqrt(n);
  result.positive = above / n;
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    const double place = quantiles[q] * (n - 1.0);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t next = std::min(below + 1, values.size() - 1);
    result.quantiles[q] = values[below] + (place - static_cast<double>(below)) * (values[next] - values[below]);
  }
  return result;
}

}  // namespace entrepot
