#pragma once

#include "world/arrays.hpp"

namespace entrepot {

/// The x ≥ 0 that makes |A x − b| least (Lawson & Hanson 1974, chapter 23). A: rows × columns; b: rows. Answers
/// `columns` numbers.
Vector nonnegative_least_squares(const Matrix& a, const Vector& b);

}  // namespace entrepot
