#include "krylov.hpp"

namespace entrepot {

Vector gmres(const std::function<Vector(const Vector&)>& apply, const Vector& b, double tolerance, int most) {
  const double size = b.norm();
  if (size == 0.0) return Vector::Zero(b.size());
  Matrix basis(b.size(), most + 1);
  Matrix hessenberg = Matrix::Zero(most + 1, most);
  basis.col(0) = b / size;
  for (int k = 0; k < most; ++k) {
    Vector next = apply(basis.col(k));
    for (int pass = 0; pass < 2; ++pass)
      for (int i = 0; i <= k; ++i) {
        const double part = basis.col(i).dot(next);
        hessenberg(i, k) += part;
        next -= part * basis.col(i);
      }
    hessenberg(k + 1, k) = next.norm();
    const auto reduced = hessenberg.topLeftCorner(k + 2, k + 1);
    const Vector right = size * Vector::Unit(k + 2, 0);
    const Vector weights = reduced.colPivHouseholderQr().solve(right);
    const bool exhausted = hessenberg(k + 1, k) <= 1e-14 * size;
    if ((right - reduced * weights).norm() <= tolerance * size || exhausted || k + 1 == most)
      return basis.leftCols(k + 1) * weights;
    basis.col(k + 1) = next / hessenberg(k + 1, k);
  }
  return Vector::Zero(b.size());
}

}  // namespace entrepot
