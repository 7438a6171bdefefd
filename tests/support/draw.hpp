#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

namespace entrepot::testing {

/// Uniform numbers that do not depend on the standard library's distributions.
class Draw {
 public:
  explicit Draw(std::uint32_t seed) : engine_(seed) {}
  double between(double low, double high) {
    return low + (high - low) * (static_cast<double>(engine_()) + 0.5) / 4294967296.0;
  }
  bool with_chance(double p) { return between(0.0, 1.0) < p; }
  /// One of 0, …, count − 1.
  std::size_t one_of(std::size_t count) {
    return std::min(count - 1, static_cast<std::size_t>(between(0.0, static_cast<double>(count))));
  }

 private:
  std::mt19937 engine_;
};

}  // namespace entrepot::testing
