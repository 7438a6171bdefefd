#include "condition_step.hpp"

#include <Eigen/Dense>
#include <algorithm>
#include <vector>

namespace entrepot {

Vector condition_gaps(const Vector& unknown, const Vector& residual, const Vector& most) {
  Vector gaps = residual;
  for (Index k = 0; k < most.size(); ++k) gaps(k) = unknown(k) - std::clamp(unknown(k) + residual(k), 0.0, most(k));
  return gaps;
}

Vector condition_step(const Vector& unknown, const Vector& residual, const Matrix& slope, const Vector& most) {
  constexpr int kMostGuesses = 40;
  constexpr double kSingular = 1e-12;
  Vector step = Vector::Zero(unknown.size()), predicted = residual;
  std::vector<Index> free, last;
  for (int guess = 0; guess < kMostGuesses; ++guess) {
    free.clear();
    for (Index k = 0; k < unknown.size(); ++k) {
      if (k >= most.size()) {
        free.push_back(k);
        continue;
      }
      const double to = unknown(k) + step(k) + predicted(k);
      if (to > 0.0 && to < most(k))
        free.push_back(k);
      else
        step(k) = (to <= 0.0 ? 0.0 : most(k)) - unknown(k);
    }
    if (guess > 0 && free == last) break;
    last = free;
    if (!free.empty()) {
      step(free).setZero();
      const Vector wanted = -(residual + slope * step)(free);
      Eigen::CompleteOrthogonalDecomposition<Matrix> system;
      system.setThreshold(kSingular);
      system.compute(Matrix(slope(free, free)));
      const Vector found = system.solve(wanted);
      step(free) = found;
    }
    predicted = residual + slope * step;
  }
  return step;
}

}  // namespace entrepot
