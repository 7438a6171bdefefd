#include <cmath>

#include "lanes.hpp"

// Compiled with the flags that let the compiler call the C library's vector functions (engine/CMakeLists.txt), and so
// apart from everything else. These are exact to four units in the last place and keep what is infinite or no number.

namespace entrepot {

void lane_exp(const double* of, double* out, Index count) {
  for (Index k = 0; k < count; ++k) out[k] = std::exp(of[k]);
}

void lane_log(const double* of, double* out, Index count) {
  for (Index k = 0; k < count; ++k) out[k] = std::log(of[k]);
}

}  // namespace entrepot
