#pragma once

#include <functional>

#include "world/arrays.hpp"

namespace entrepot {

/// Solves A y = b by GMRES without restart: apply(v) = A v. Ends when ‖b − A y‖ ≤ tolerance·‖b‖ or after `most`
/// products.
Vector gmres(const std::function<Vector(const Vector&)>& apply, const Vector& b, double tolerance, int most);

}  // namespace entrepot
