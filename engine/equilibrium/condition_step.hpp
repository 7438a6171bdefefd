#pragma once

#include "world/arrays.hpp"

namespace entrepot {

/// A mixed complementarity problem in z = (y, t): 0 ≤ y ≤ most, where r_k ≤ 0 at y_k = 0, r_k = 0 between, r_k ≥ 0 at
/// y_k = most_k; and r = 0 for t. How far each is from holding: y − clamp(y + r, 0, most) and r, 0 at an answer.
/// unknown, residual: z and r(z); most: as long as y.
Vector condition_gaps(const Vector& unknown, const Vector& residual, const Vector& most);

/// Newton’s step: d such that z + d answers the problem with r + slope·d in place of r, y by projected Gauss–Seidel
/// (r_k falls as y_k rises; Cottle, Pang and Stone 1992, chapter 5); where the slope is singular, the shortest d.
Vector condition_step(const Vector& unknown, const Vector& residual, const Matrix& slope, const Vector& most);

}  // namespace entrepot
