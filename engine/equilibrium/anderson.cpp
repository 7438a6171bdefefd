#include "anderson.hpp"

namespace entrepot {

Vector Anderson::step(const Vector& x, const Vector& r, const std::function<Vector(const Vector&)>& step_of) {
  if (has_last_) {
    dx_.push_back(x - last_x_);
    dr_.push_back(r - last_r_);
    if (dx_.size() > memory_) {
      dx_.pop_front();
      dr_.pop_front();
    }
  }
  last_x_ = x;
  last_r_ = r;
  has_last_ = true;
  Vector result = step_of(r);
  if (dr_.empty()) return result;
  Matrix differences(x.size(), static_cast<Index>(dr_.size()));
  for (std::size_t k = 0; k < dr_.size(); ++k) differences.col(static_cast<Index>(k)) = step_of(dr_[k]);
  Eigen::ColPivHouseholderQR<Matrix> qr;
  qr.setThreshold(1e-10);
  qr.compute(differences);
  const Vector combination = qr.solve(result);
  for (std::size_t k = 0; k < dx_.size(); ++k) {
    const Index column = static_cast<Index>(k);
    result -= combination(column) * (dx_[k] + differences.col(column));
  }
  return result;
}

}  // namespace entrepot
