#include "anderson.hpp"

namespace entrepot {

Vector Anderson::step(const Vector& x, const Vector& f) {
  if (has_last_) {
    dx_.push_back(x - last_x_);
    df_.push_back(f - last_f_);
    if (dx_.size() > memory_) {
      dx_.pop_front();
      df_.pop_front();
    }
  }
  last_x_ = x;
  last_f_ = f;
  has_last_ = true;
  if (df_.empty()) return f;
  Matrix differences(f.size(), static_cast<Index>(df_.size()));
  for (std::size_t k = 0; k < df_.size(); ++k) differences.col(static_cast<Index>(k)) = df_[k];
  Eigen::ColPivHouseholderQR<Matrix> qr;
  qr.setThreshold(1e-10);
  qr.compute(differences);
  const Vector combination = qr.solve(f);
  Vector result = f;
  for (std::size_t k = 0; k < df_.size(); ++k) result -= combination(static_cast<Index>(k)) * (dx_[k] + df_[k]);
  return result;
}

}  // namespace entrepot
