#pragma once

#include <span>
#include <vector>

namespace entrepot {

/// What can be said of one number over the draws of a study.
struct SummaryStatistics {
  std::size_t count = 0;
  double mean = 0.0;
  double sd = 0.0;                ///< standard deviation, of n − 1; 0 with fewer than two draws
  double mean_error = 0.0;        ///< standard error of the mean of independent draws, sd/√n; less for even samples
  double positive = 0.0;          ///< share of draws above 0, fraction
  std::vector<double> quantiles;  ///< in the order asked for; 0 without draws
};

/// values: finite, in any order; they are sorted in place. quantiles: each in [0, 1], between two draws interpolated
/// (Hyndman & Fan 1996, type 7).
SummaryStatistics summarise(std::span<double> values, std::span<const double> quantiles);

}  // namespace entrepot
