#include "sobol_indices.hpp"

#include <cmath>
#include <random>

namespace entrepot {

namespace {

/// Sums over base draws, from which the indices follow. Values are about the mean of A and B.
struct Sums {
  double count = 0.0, all = 0.0, squares = 0.0;
  Vector first, total;
};

void add(Sums& sums, const Matrix& values, Index draw, double times) {
  const double a = values(draw, 0), b = values(draw, 1);
  sums.count += times;
  sums.all += times * (a + b);
  sums.squares += times * (a * a + b * b);
  for (Index f = 0; f < sums.first.size(); ++f) {
    const double mixed = values(draw, 2 + f);
    sums.first(f) += times * b * (mixed - a);
    sums.total(f) += times * 0.5 * (a - mixed) * (a - mixed);
  }
}

/// First-order indices in the first row, total ones in the second.
Matrix indices(const Sums& sums) {
  Matrix result = Matrix::Zero(2, sums.first.size());
  const double mean = sums.all / (2.0 * sums.count);
  const double variance = sums.squares / (2.0 * sums.count) - mean * mean;
  if (!(variance > 0.0)) return result;
  result.row(0) = sums.first.transpose() / (sums.count * variance);
  result.row(1) = sums.total.transpose() / (sums.count * variance);
  return result;
}

}  // namespace

SobolIndices sobol_indices(const Matrix& values, const SobolOptions& options) {
  const Index factors = values.cols() - 2;
  SobolIndices result{Vector::Zero(factors), Vector::Zero(factors), Vector::Zero(factors), Vector::Zero(factors), 0};
  Matrix kept(values.rows(), values.cols());
  for (Index draw = 0; draw < values.rows(); ++draw)
    if (values.row(draw).allFinite()) kept.row(result.draws++) = values.row(draw);
  kept.conservativeResize(result.draws, values.cols());
  if (result.draws == 0) return result;
  const double mean = kept.leftCols(2).mean(), spread = (kept.array() - mean).abs().maxCoeff();
  // What differs by rounding alone does not vary.
  if (!(spread > 1e-13 * std::abs(mean))) return result;
  kept = (kept.array() - mean) / spread;
  const Sums none{0.0, 0.0, 0.0, Vector::Zero(factors), Vector::Zero(factors)};
  Sums sums = none;
  for (Index draw = 0; draw < result.draws; ++draw) add(sums, kept, draw, 1.0);
  const Matrix estimate = indices(sums);
  result.first = estimate.row(0);
  result.total = estimate.row(1);
  if (options.resamples < 2 || result.draws < 2) return result;
  Matrix mean_index = Matrix::Zero(2, factors), squares = Matrix::Zero(2, factors);
  std::mt19937_64 engine(options.seed);
  std::vector<double> times(at(result.draws));
  for (int resample = 0; resample < options.resamples; ++resample) {
    std::fill(times.begin(), times.end(), 0.0);
    for (Index draw = 0; draw < result.draws; ++draw) times[engine() % static_cast<std::uint64_t>(result.draws)] += 1.0;
    Sums own = none;
    for (Index draw = 0; draw < result.draws; ++draw)
      if (times[at(draw)] > 0.0) add(own, kept, draw, times[at(draw)]);
    const Matrix one = indices(own);
    mean_index += one;
    squares += one.cwiseProduct(one);
  }
  const double n = options.resamples;
  const Matrix error = ((squares - mean_index.cwiseProduct(mean_index) / n) / (n - 1.0)).cwiseMax(0.0).cwiseSqrt();
  result.first_error = error.row(0);
  result.total_error = error.row(1);
  return result;
}

}  // namespace entrepot
