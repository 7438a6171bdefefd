#include "condition_step.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <vector>

namespace entrepot {

namespace {

/// The shortest x of A x = b.
Vector shortest(const Matrix& a, const Vector& b) {
  constexpr double kSingular = 1e-12;
  Eigen::CompleteOrthogonalDecomposition<Matrix> system;
  system.setThreshold(kSingular);
  system.compute(a);
  return system.solve(b);
}

/// Projected Gauss–Seidel: each unknown in turn to where its own residual would be zero, within its bounds.
Vector sweep(const Vector& unknown, const Vector& residual, const Matrix& slope, const Vector& most) {
  constexpr int kMostSweeps = 5000;
  constexpr double kSettled = 1e-13;
  Vector to = unknown;
  for (int round = 0; round < kMostSweeps; ++round) {
    double moved = 0.0;
    for (Index k = 0; k < to.size(); ++k) {
      if (most(k) == 0.0) continue;
      const double now = residual(k) + slope.row(k).dot(to - unknown);
      const double next = std::clamp(to(k) - now / slope(k, k), 0.0, most(k));
      moved = std::max(moved, std::abs(next - to(k)));
      to(k) = next;
    }
    if (moved <= kSettled) break;
  }
  return to;
}

}  // namespace

Vector condition_gaps(const Vector& unknown, const Vector& residual, const Vector& most) {
  Vector gaps = residual;
  for (Index k = 0; k < most.size(); ++k) gaps(k) = unknown(k) - std::clamp(unknown(k) + residual(k), 0.0, most(k));
  return gaps;
}

Vector condition_step(const Vector& unknown, const Vector& residual, const Matrix& slope, const Vector& most) {
  const Index bounded = most.size(), free = unknown.size() - bounded;
  Vector step = Vector::Zero(unknown.size());
  if (bounded > 0) {
    // The free unknowns follow the others: t = −S_tt⁻¹ (r_t + S_ty y).
    Vector own = residual.head(bounded);
    Matrix total = slope.topLeftCorner(bounded, bounded);
    if (free > 0) {
      const Matrix across = slope.topRightCorner(bounded, free), down = slope.bottomLeftCorner(free, bounded),
                   corner = slope.bottomRightCorner(free, free);
      own -= across * shortest(corner, residual.tail(free));
      for (Index k = 0; k < bounded; ++k) total.col(k) -= across * shortest(corner, down.col(k));
    }
    // An answer has residuals that fall with their own unknown; where one does not, it is turned towards one that does.
    constexpr double kFlat = 1e-9;
    total.diagonal() = -total.diagonal().cwiseAbs().cwiseMax(kFlat);
    const Vector swept = sweep(unknown.head(bounded), own, total, most);
    step.head(bounded) = swept - unknown.head(bounded);
    // What lies between its bounds is put exactly where its residual is zero, if that is within them too.
    std::vector<Index> inside;
    for (Index k = 0; k < bounded; ++k)
      if (swept(k) > 0.0 && swept(k) < most(k)) inside.push_back(k);
    if (!inside.empty()) {
      const Vector rest = (own + total * step.head(bounded))(inside);
      const Vector more = shortest(Matrix(total(inside, inside)), -rest);
      const Vector exact = swept(inside) + more, highest = most(inside);
      if ((exact.array() >= 0.0).all() && (exact.array() <= highest.array()).all()) {
        const Vector moved = step(inside) + more;
        step(inside) = moved;
      }
    }
  }
  if (free > 0)
    step.tail(free) = shortest(slope.bottomRightCorner(free, free),
                               -residual.tail(free) - slope.bottomLeftCorner(free, bounded) * step.head(bounded));
  return step;
}

}  // namespace entrepot
