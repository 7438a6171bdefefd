#include "sample_design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/random/sobol.hpp>
#include <cassert>
#include <cmath>

namespace entrepot {

namespace {

/// A number that looks random, made of a counter alone (the finaliser of SplitMix64: Steele, Lea & Flood 2014).
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t a, std::uint64_t b) { return mixed(mixed(mixed(seed) ^ a) ^ b); }

/// The middle of one of 2^53 equal parts of (0, 1): neither 0 nor 1.
double unit(std::uint64_t bits) { return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53; }

/// A permutation of 0 … count − 1 by a key, with no table: four rounds of a Feistel network over the next power of 4,
/// repeated until the number is in range.
std::uint64_t permuted(std::uint64_t x, std::uint64_t count, std::uint64_t key) {
  int half = 1;
  while ((std::uint64_t{1} << (2 * half)) < count) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = x >> half, right = x & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t next = left ^ (mixed(key, round, right) & mask);
      left = right;
      right = next;
    }
    x = (left << half) | right;
  } while (x >= count);
  return x;
}

}  // namespace

/// The points of the base sample, by index and dimension.
struct SampleDesign::Points {
  boost::random::sobol sobol;  ///< at point 0
  Matrix factor;               ///< Cholesky factor of the correlation; empty: independent
  explicit Points(Index dimensions) : sobol(static_cast<std::size_t>(dimensions)) {}
};

Index SampleDesign::most_dimensions() noexcept { return 1000; }

SampleDesign::SampleDesign(std::vector<DesignFactor> factors, DesignOptions options)
    : factors_(std::move(factors)), options_(std::move(options)) {
  for (const DesignFactor& factor : factors_) dimensions_ += factor.dimensions;
  if (options_.method == SampleMethod::kGrid) {
    options_.draws = 1;
    options_.sobol_indices = false;
    for (const DesignFactor& factor : factors_) {
      assert(factor.points >= 1);
      options_.draws *= factor.points;
    }
  }
  assert(options_.draws >= 1);
  assert(options_.crossed == 0 || (!options_.sobol_indices && !options_.tornado && options_.crossed <= factor_count()));
  if (options_.method != SampleMethod::kGrid)
    for (Index f = factor_count() - options_.crossed; f < factor_count(); ++f) combinations_ *= factors_[at(f)].points;
  const Index base = std::max<Index>(1, options_.sobol_indices ? 2 * dimensions_ : dimensions_);
  assert(base <= most_dimensions());
  points_ = std::make_shared<Points>(base);
  if (options_.correlation.size() > 0) {
    assert(check_correlation(options_.correlation, dimensions_).empty());
    points_->factor = options_.correlation.llt().matrixL();
  }
}

RowOrder SampleDesign::order() const noexcept {
  return {options_.draws * combinations_, factor_count(),        options_.sobol_indices, options_.tornado,
          options_.tornado_low,           options_.tornado_high, options_.sharers};
}

Index RowOrder::sample_rows() const noexcept { return sobol_indices ? draws * (factors + 2) : draws; }

Index RowOrder::rows() const noexcept { return sample_rows() + (tornado ? 1 + 2 * factors : 0); }

RowOrder::Role RowOrder::role(Index row) const {
  assert(row >= 0 && row < rows());
  Role role;
  if (row >= sample_rows()) {
    const Index k = row - sample_rows();
    if (k == 0)
      role.part = Part::kMiddle;
    else
      role = {k % 2 == 1 ? Part::kLow : Part::kHigh, 0, (k - 1) / 2, false};
  } else if (sobol_indices) {
    const Index k = row % (factors + 2);
    role.base = row / (factors + 2);
    role.second = k == 1;
    if (k >= 2) {
      role.part = Part::kMixed;
      role.factor = k - 2;
    }
  } else {
    role.base = row;
  }
  return role;
}

void SampleDesign::base_point(Index draw, std::span<double> out) const {
  const auto n = static_cast<std::uint64_t>(draw);
  const auto count = static_cast<std::uint64_t>(options_.draws);
  switch (options_.method) {
    case SampleMethod::kSobol: {
      boost::random::sobol at_point = points_->sobol;
      at_point.seed(n);
      // A digital shift: as evenly spread as the points themselves, and another for every seed.
      for (std::size_t d = 0; d < out.size(); ++d) out[d] = unit(at_point() ^ mixed(options_.seed, 0, d));
      break;
    }
    case SampleMethod::kLatinHypercube:
      for (std::size_t d = 0; d < out.size(); ++d) {
        const std::uint64_t part = permuted(n, count, mixed(options_.seed, 1, d));
        const double within = unit(mixed(mixed(options_.seed, 2, d), 0, n));
        out[d] = (static_cast<double>(part) + within) / static_cast<double>(count);
      }
      break;
    case SampleMethod::kMonteCarlo:
      for (std::size_t d = 0; d < out.size(); ++d) out[d] = unit(mixed(mixed(options_.seed, 3, d), 0, n));
      break;
    case SampleMethod::kGrid:
      break;
  }
  for (double& value : out) value = std::clamp(value, 0x1p-54, 1.0 - 0x1p-53);
}

void SampleDesign::correlate(std::span<double> values) const {
  if (points_->factor.size() == 0) return;
  const boost::math::normal_distribution<> normal;
  Vector independent(dimensions_);
  for (Index d = 0; d < dimensions_; ++d) independent(d) = boost::math::quantile(normal, values[at(d)]);
  const Vector correlated = points_->factor * independent;
  for (Index d = 0; d < dimensions_; ++d)
    values[at(d)] = std::clamp(boost::math::cdf(normal, correlated(d)), 0x1p-54, 1.0 - 0x1p-53);
}

/// One of all combinations of the last factors, each point at its middle; the last factor runs fastest.
void SampleDesign::put_combination(Index number, Index factors, std::span<double> out) const {
  Index last = dimensions_;
  for (Index f = factor_count(); f-- > factor_count() - factors;) {
    const Index points = factors_[at(f)].points, dimensions = factors_[at(f)].dimensions;
    last -= dimensions;
    std::fill_n(out.begin() + last, dimensions,
                (static_cast<double>(number % points) + 0.5) / static_cast<double>(points));
    number /= points;
  }
}

void SampleDesign::row(Index row, std::span<double> out) const {
  assert(static_cast<Index>(out.size()) == dimensions_);
  const Role role = this->role(row);
  if (role.part == Part::kMiddle || role.part == Part::kLow || role.part == Part::kHigh) {
    std::fill(out.begin(), out.end(), 0.5);
    Index first = 0;
    for (Index f = 0; f < factor_count(); first += factors_[at(f++)].dimensions)
      if (f == role.factor)
        std::fill_n(out.begin() + first, factors_[at(f)].dimensions,
                    role.part == Part::kLow ? options_.tornado_low : options_.tornado_high);
    return;
  }
  if (options_.method == SampleMethod::kGrid) {
    put_combination(role.base, factor_count(), out);
    return;
  }
  if (!options_.sobol_indices) {
    base_point(role.base / combinations_, out);
    correlate(out);
    put_combination(role.base % combinations_, options_.crossed, out);
    return;
  }
  std::vector<double> both(2 * out.size());
  base_point(role.base, both);
  const std::span<double> a(both.data(), out.size()), b(both.data() + out.size(), out.size());
  std::copy_n(role.second ? b.begin() : a.begin(), out.size(), out.begin());
  if (role.part == Part::kMixed) {
    Index first = 0;
    for (Index f = 0; f < role.factor; ++f) first += factors_[at(f)].dimensions;
    std::copy_n(b.begin() + first, factors_[at(role.factor)].dimensions, out.begin() + first);
  }
  correlate(out);
}

std::string check_correlation(const Matrix& correlation, Index dimensions) {
  if (correlation.rows() != dimensions || correlation.cols() != dimensions)
    return fmt::format("a correlation of {0} × {0} is expected", dimensions);
  if (correlation != correlation.transpose()) return "correlations must be the same both ways";
  if ((correlation.diagonal().array() != 1.0).any()) return "the correlation of a number with itself is 1";
  if (!(correlation.array().abs() <= 1.0).all()) return "a correlation lies between -1 and 1";
  if (correlation.llt().info() != Eigen::Success)
    return "no numbers can be correlated like this: each pair could, but not all of them together, or two move as one "
           "(1 or -1), for which one draw can go to both paths";
  return {};
}

}  // namespace entrepot
