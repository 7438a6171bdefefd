#include "nonnegative_least_squares.hpp"

#include <limits>
#include <vector>

namespace entrepot {

Vector nonnegative_least_squares(const Matrix& a, const Vector& b) {
  constexpr double kNothing = 1e-12;  ///< of a column's slope, relative to the sizes it is made of
  const Index columns = a.cols();
  Vector x = Vector::Zero(columns);
  std::vector<Index> in;  // columns that are used
  std::vector<bool> used(at(columns), false), barred(at(columns), false);
  for (Index round = 0; round < 3 * columns; ++round) {
    const Vector slope = a.transpose() * (b - a * x);
    Index next = -1;
    for (Index k = 0; k < columns; ++k)
      if (!used[at(k)] && !barred[at(k)] && slope(k) > kNothing * (a.col(k).norm() * b.norm()) &&
          (next < 0 || slope(k) > slope(next)))
        next = k;
    if (next < 0) break;
    const Vector before = x;
    in.push_back(next);
    used[at(next)] = true;
    while (!in.empty()) {
      const Vector best = Matrix(a(Eigen::all, in)).colPivHouseholderQr().solve(b);
      // As far towards it as all stay above zero; those that stop it are dropped.
      double step = 1.0;
      for (std::size_t k = 0; k < in.size(); ++k)
        if (const double to = best(static_cast<Index>(k)); to <= 0.0)
          step = std::min(step, x(in[k]) > 0.0 ? x(in[k]) / (x(in[k]) - to) : 0.0);
      for (std::size_t k = 0; k < in.size(); ++k) x(in[k]) += step * (best(static_cast<Index>(k)) - x(in[k]));
      if (step >= 1.0) break;
      const double least = x(in).cwiseAbs().maxCoeff() * std::numeric_limits<double>::epsilon();
      std::erase_if(in, [&](Index k) {
        if (x(k) > least) return false;
        x(k) = 0.0;
        used[at(k)] = false;
        return true;
      });
    }
    // One that came and went, as round-off makes of columns that are nearly the same, is not tried again before
    // something has moved.
    if (x == before)
      barred[at(next)] = true;
    else
      std::fill(barred.begin(), barred.end(), false);
  }
  return x;
}

}  // namespace entrepot
