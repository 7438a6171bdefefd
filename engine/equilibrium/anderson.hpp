#pragma once

#include <deque>
#include <functional>

#include "world/arrays.hpp"

namespace entrepot {

/// Anderson acceleration (type II) of a quasi-Newton iteration for r(x) = 0 with the step x ← x + step_of(r): the
/// combination of the last few points that would have been best, by least squares. It remembers residuals, not steps,
/// so that the map from one to the other may change on the way.
class Anderson {
 public:
  explicit Anderson(std::size_t memory) : memory_(memory) {}

  /// The accelerated step from x, where the residual is r. step_of is linear.
  Vector step(const Vector& x, const Vector& r, const std::function<Vector(const Vector&)>& step_of);
  void forget() {
    dx_.clear();
    dr_.clear();
    has_last_ = false;
  }

 private:
  std::size_t memory_;
  std::deque<Vector> dx_, dr_;
  Vector last_x_, last_r_;
  bool has_last_ = false;
};

}  // namespace entrepot
