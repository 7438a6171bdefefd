#include "confidence_set.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace entrepot {

std::vector<std::size_t> within_confidence(const StudyScenarios& scenarios, double confidence) {
  const SampleDesign& design = scenarios.design();
  std::vector<Index> ordered;  // the dimensions that have a middle
  Index first = 0;
  for (std::size_t f = 0; f < design.factors().size(); ++f) {
    const Index dimensions = design.factors()[f].dimensions;
    if (scenarios.study().factors[f].distribution.kind != Distribution::Kind::kChoice)
      for (Index d = 0; d < dimensions; ++d) ordered.push_back(first + d);
    first += dimensions;
  }
  const auto count = static_cast<Index>(ordered.size());
  Matrix correlation = Matrix::Identity(count, count);
  if (design.options().correlation.size() > 0) correlation = design.options().correlation(ordered, ordered);
  const Eigen::LLT<Matrix> root(correlation);
  const boost::math::normal_distribution<> normal;
  std::vector<double> distances;
  Vector numbers(design.dimensions()), normals(count);
  for (Index row = 0; row < design.sample_rows(); ++row) {
    design.row(row, {numbers.data(), at(numbers.size())});
    for (Index d = 0; d < count; ++d) normals(d) = boost::math::quantile(normal, numbers(ordered[at(d)]));
    distances.push_back(count > 0 ? root.matrixL().solve(normals).squaredNorm() : 0.0);
  }
  std::vector<double> sorted = distances;
  std::ranges::sort(sorted);
  const auto kept = static_cast<std::size_t>(std::ceil(confidence * static_cast<double>(sorted.size()) - 1e-9));
  const double farthest = sorted[std::max<std::size_t>(kept, 1) - 1];
  std::vector<std::size_t> result;
  for (std::size_t row = 0; row < distances.size(); ++row)
    if (distances[row] <= farthest) result.push_back(row);
  return result;
}

}  // namespace entrepot
