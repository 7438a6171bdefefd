#pragma once

#include <deque>

#include "world/arrays.hpp"

namespace entrepot {

/// Anderson acceleration (type II) of a fixed-point iteration x ← x + f(x): the step that would have been best over
/// the last few, by least squares on the differences seen.
class Anderson {
 public:
  explicit Anderson(std::size_t memory) : memory_(memory) {}

  /// The accelerated step from x, where the plain step is f.
  Vector step(const Vector& x, const Vector& f);
  void forget() {
    dx_.clear();
    df_.clear();
    has_last_ = false;
  }

 private:
  std::size_t memory_;
  std::deque<Vector> dx_, df_;
  Vector last_x_, last_f_;
  bool has_last_ = false;
};

}  // namespace entrepot
