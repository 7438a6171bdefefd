#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "world/arrays.hpp"

namespace entrepot {

/// How much of a number's variance comes from each factor of a study.
struct SobolIndices {
  Vector first;        ///< factor: share of the variance that it alone explains
  Vector first_error;  ///< standard error, by bootstrap
  Vector total;        ///< factor: share that would remain if all others were known: with its interactions
  Vector total_error;
  Index draws = 0;  ///< base draws used
};

struct SobolOptions {
  int resamples = 100;  ///< of the bootstrap; 0: no errors
  std::uint64_t seed = 1;
};

/// values: base draw × (2 + factors), as in SampleDesign: A, B, AB of each factor. Draws with a value that is missing
/// (NaN) are left out whole. First order after Saltelli et al. (2010, eq. b of table 2), total after Jansen (1999);
/// both are estimates and can lie outside [0, 1] by their error. All zero where the number does not vary.
SobolIndices sobol_indices(const Matrix& values, const SobolOptions& options = {});

}  // namespace entrepot
