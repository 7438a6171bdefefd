#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <set>

#include "study/distribution.hpp"
#include "study/sample_design.hpp"
#include "study/sobol_indices.hpp"
#include "study/summary_statistics.hpp"

namespace entrepot {
namespace {

using Kind = Distribution::Kind;
using Part = SampleDesign::Part;

std::vector<double> row_of(const SampleDesign& design, Index row) {
  std::vector<double> result(at(design.dimensions()));
  design.row(row, result);
  return result;
}

Matrix rows_of(const SampleDesign& design, Index count) {
  Matrix result(count, design.dimensions());
  for (Index n = 0; n < count; ++n) {
    const std::vector<double> row = row_of(design, n);
    result.row(n) = Eigen::Map<const Vector>(row.data(), design.dimensions()).transpose();
  }
  return result;
}

TEST(Distribution, QuantilesAreThoseOfTheClosedForms) {
  EXPECT_DOUBLE_EQ((Distribution{.kind = Kind::kUniform, .low = 2, .high = 6}.quantile(0.25)), 3.0);
  EXPECT_NEAR((Distribution{.kind = Kind::kNormal, .mean = 1, .sd = 2}.quantile(0.975)), 1 + 2 * 1.959963984540054,
              1e-12);
  EXPECT_NEAR((Distribution{.kind = Kind::kLognormal, .median = 3, .sd = 0.5}.quantile(0.8413447460685429)),
              3 * std::exp(0.5), 1e-12);
  // Triangular from 0 over 1 to 4: F(1) = 1/4, and F(x) = 1 − (4 − x)²/12 above.
  const Distribution triangular{.kind = Kind::kTriangular, .low = 0, .high = 4, .mode = 1};
  EXPECT_NEAR(triangular.quantile(0.25), 1.0, 1e-12);
  EXPECT_NEAR(triangular.quantile(1.0 / 16.0), 0.5, 1e-12);
  EXPECT_NEAR(triangular.quantile(1.0 - 1.0 / 12.0), 3.0, 1e-12);
  const Distribution choice{.kind = Kind::kChoice, .choices = 3};
  EXPECT_EQ(choice.quantile(0.3), 0.0);
  EXPECT_EQ(choice.quantile(0.34), 1.0);
  EXPECT_EQ(choice.quantile(1.0 - 1e-16), 2.0);
}

TEST(Distribution, SaysWhatIsWrongWithItsParameters) {
  EXPECT_EQ((Distribution{.kind = Kind::kUniform, .low = 2, .high = 2}.check()),
            "low must be below high; they are 2 and 2");
  EXPECT_EQ((Distribution{.kind = Kind::kNormal, .sd = 0}.check()), "sd must be above 0; it is 0");
  EXPECT_EQ((Distribution{.kind = Kind::kLognormal, .median = -1, .sd = 1}.check()),
            "median must be above 0; it is -1");
  EXPECT_EQ((Distribution{.kind = Kind::kTriangular, .low = 0, .high = 1, .mode = 2}.check()),
            "mode must lie between low and high; it is 2, not from 0 to 1");
  EXPECT_EQ((Distribution{.kind = Kind::kTriangular, .low = 0, .high = 1, .mode = 1}.check()), "");
}

class Sampled : public ::testing::TestWithParam<SampleMethod> {};

TEST_P(Sampled, EveryNumberFillsItsRangeEvenly) {
  const SampleDesign design({{2, 0}, {1, 0}}, {.method = GetParam(), .draws = 4096, .tornado = false});
  ASSERT_EQ(design.rows(), 4096);
  const Matrix rows = rows_of(design, 4096);
  EXPECT_GT(rows.minCoeff(), 0.0);
  EXPECT_LT(rows.maxCoeff(), 1.0);
  for (Index d = 0; d < 3; ++d) {
    EXPECT_NEAR(rows.col(d).mean(), 0.5, 0.02);
    EXPECT_NEAR((rows.col(d).array() - 0.5).square().mean(), 1.0 / 12.0, 0.005);
    for (Index e = 0; e < d; ++e)
      EXPECT_NEAR(((rows.col(d).array() - 0.5) * (rows.col(e).array() - 0.5)).mean(), 0.0, 0.005);
  }
}

TEST_P(Sampled, ARowFollowsFromItsNumberAlone) {
  const DesignOptions options{.method = GetParam(), .draws = 100, .seed = 3, .sobol_indices = true};
  const SampleDesign design({{2, 0}, {3, 0}}, options), again({{2, 0}, {3, 0}}, options);
  std::vector<std::vector<double>> forward, backward;
  for (Index row = 0; row < design.rows(); ++row) forward.push_back(row_of(design, row));
  for (Index row = again.rows(); row-- > 0;) backward.push_back(row_of(again, row));
  std::reverse(backward.begin(), backward.end());
  EXPECT_EQ(forward, backward);
  DesignOptions other = options;
  other.seed = 4;
  EXPECT_NE(row_of(SampleDesign({{2, 0}, {3, 0}}, other), 7), forward[7]);
}

TEST_P(Sampled, RowsForIndicesMixTwoSamplesByFactor) {
  const SampleDesign design({{2, 0}, {1, 0}}, {.method = GetParam(), .draws = 16, .sobol_indices = true});
  ASSERT_EQ(design.sample_rows(), 16 * 4);
  ASSERT_EQ(design.rows(), 16 * 4 + 1 + 2 * 2);
  for (Index n = 0; n < 16; ++n) {
    const auto a = row_of(design, 4 * n), b = row_of(design, 4 * n + 1), first = row_of(design, 4 * n + 2),
               second = row_of(design, 4 * n + 3);
    EXPECT_EQ(first, (std::vector<double>{b[0], b[1], a[2]}));
    EXPECT_EQ(second, (std::vector<double>{a[0], a[1], b[2]}));
    EXPECT_NE(a, b);
    EXPECT_EQ(design.role(4 * n + 3).part, Part::kMixed);
    EXPECT_EQ(design.role(4 * n + 3).factor, 1);
    EXPECT_EQ(design.role(4 * n + 1).part, Part::kSample);
    EXPECT_TRUE(design.role(4 * n + 1).second);
  }
  EXPECT_EQ(row_of(design, 64), (std::vector<double>{0.5, 0.5, 0.5}));
  EXPECT_EQ(row_of(design, 65), (std::vector<double>{0.05, 0.05, 0.5}));
  EXPECT_EQ(row_of(design, 68), (std::vector<double>{0.5, 0.5, 0.95}));
  EXPECT_EQ(design.role(68).part, Part::kHigh);
}

TEST_P(Sampled, CorrelationIsThatOfTheNormalsBehind) {
  Matrix correlation = Matrix::Identity(3, 3);
  correlation(0, 2) = correlation(2, 0) = -0.7;
  const SampleDesign design({{2, 0}, {1, 0}},
                            {.method = GetParam(), .draws = 8192, .tornado = false, .correlation = correlation});
  const Distribution normal{.kind = Kind::kNormal};
  const Matrix values = rows_of(design, 8192).unaryExpr([&](double p) { return normal.quantile(p); });
  const Matrix found = values.transpose() * values / 8192.0;
  EXPECT_LT((found - correlation).cwiseAbs().maxCoeff(), 0.04) << found;
}

INSTANTIATE_TEST_SUITE_P(Methods, Sampled,
                         ::testing::Values(SampleMethod::kSobol, SampleMethod::kLatinHypercube,
                                           SampleMethod::kMonteCarlo),
                         [](const auto& method) {
                           return method.param == SampleMethod::kSobol            ? "Sobol"
                                  : method.param == SampleMethod::kLatinHypercube ? "LatinHypercube"
                                                                                  : "MonteCarlo";
                         });

TEST(SampleDesign, AGridHasEveryCombinationOnce) {
  const SampleDesign design({{1, 3}, {2, 4}}, {.method = SampleMethod::kGrid, .tornado = false});
  ASSERT_EQ(design.rows(), 12);
  std::set<std::vector<double>> seen;
  for (Index row = 0; row < 12; ++row) {
    const std::vector<double> one = row_of(design, row);
    EXPECT_EQ(one[1], one[2]);
    seen.insert(one);
  }
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_THAT(row_of(design, 0), ::testing::ElementsAre(0.5 / 3.0, 0.125, 0.125));
  EXPECT_THAT(row_of(design, 11), ::testing::ElementsAre(2.5 / 3.0, 0.875, 0.875));
}

TEST(SampleDesign, ALatinHypercubeHasOneDrawInEveryPart) {
  for (const Index draws : {Index{1}, Index{7}, Index{100}, Index{1000}}) {
    const SampleDesign design({{3, 0}}, {.method = SampleMethod::kLatinHypercube, .draws = draws, .tornado = false});
    const Matrix rows = rows_of(design, draws);
    for (Index d = 0; d < 3; ++d) {
      std::set<Index> parts;
      for (const double value : rows.col(d)) parts.insert(static_cast<Index>(value * static_cast<double>(draws)));
      EXPECT_EQ(parts.size(), static_cast<std::size_t>(draws));
    }
  }
}

TEST(SampleDesign, SobolPointsIntegrateBetterThanChance) {
  const auto error = [](SampleMethod method) {
    double worst = 0.0;
    for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
      const SampleDesign design({{5, 0}}, {.method = method, .draws = 1024, .seed = seed, .tornado = false});
      double mean = 0.0;
      for (Index n = 0; n < 1024; ++n) {
        const std::vector<double> u = row_of(design, n);
        double product = 1.0;
        for (const double one : u) product *= 1.0 + 0.5 * (one - 0.5);
        mean += product / 1024.0;
      }
      worst = std::max(worst, std::abs(mean - 1.0));
    }
    return worst;
  };
  EXPECT_LT(5.0 * error(SampleMethod::kSobol), error(SampleMethod::kMonteCarlo));
}

TEST(SampleDesign, WrongCorrelationsAreNamed) {
  Matrix correlation = Matrix::Identity(3, 3);
  EXPECT_EQ(check_correlation(correlation, 3), "");
  correlation(0, 1) = 0.5;
  EXPECT_EQ(check_correlation(correlation, 3), "correlations must be the same both ways");
  correlation << 1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1;
  EXPECT_EQ(check_correlation(correlation, 3),
            "no numbers can be correlated like this: each pair could, but not all of them together, or two move as one "
            "(1 or -1), for "
            "which one draw can go to both paths");
}

TEST(SummaryStatistics, AreThoseOfKnownNumbers) {
  std::vector<double> values{5, -1, 3, 0, 8};
  const std::vector<double> quantiles{0.0, 0.1, 0.5, 0.75, 1.0};
  const SummaryStatistics found = summarise(values, quantiles);
  EXPECT_EQ(found.count, 5u);
  EXPECT_DOUBLE_EQ(found.mean, 3.0);
  EXPECT_DOUBLE_EQ(found.sd, std::sqrt((4 + 16 + 0 + 9 + 25) / 4.0));
  EXPECT_DOUBLE_EQ(found.mean_error, found.sd / std::sqrt(5.0));
  EXPECT_DOUBLE_EQ(found.positive, 0.6);
  EXPECT_THAT(found.quantiles, ::testing::ElementsAre(-1.0, ::testing::DoubleEq(-0.6), 3.0, 5.0, 8.0));
  std::vector<double> none, one{2.5};
  EXPECT_EQ(summarise(none, quantiles).quantiles, std::vector<double>(5, 0.0));
  EXPECT_EQ(summarise(one, quantiles).sd, 0.0);
  EXPECT_EQ(summarise(one, quantiles).quantiles, std::vector<double>(5, 2.5));
}

TEST(SummaryStatistics, KeepTheDigitsOfASmallSpread) {
  std::vector<double> values;
  for (int k = 0; k < 1000; ++k) values.push_back(1e9 + (k % 2 == 0 ? 0x1p-10 : -0x1p-10));
  EXPECT_NEAR(summarise(values, {}).sd, 0x1p-10 * std::sqrt(1000.0 / 999.0), 1e-12);
}

/// Values of a function of uniform numbers at the rows of a design with indices.
Matrix evaluated(const SampleDesign& design, double (*function)(const std::vector<double>&)) {
  const Index columns = design.factor_count() + 2;
  Matrix values(design.order().draws, columns);
  for (Index row = 0; row < design.sample_rows(); ++row)
    values(row / columns, row % columns) = function(row_of(design, row));
  return values;
}

double ishigami(const std::vector<double>& u) {
  const auto x = [&](std::size_t k) { return std::numbers::pi * (2.0 * u[k] - 1.0); };
  return std::sin(x(0)) + 7.0 * std::pow(std::sin(x(1)), 2) + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

TEST(SobolIndices, OfIshigamisFunctionAreTheClosedForms) {
  const SampleDesign design({{1, 0}, {1, 0}, {1, 0}}, {.draws = 16384, .sobol_indices = true, .tornado = false});
  const SobolIndices found = sobol_indices(evaluated(design, ishigami));
  // Ishigami & Homma (1990), a = 7, b = 0.1.
  const double a = 7.0, b = 0.1, pi4 = std::pow(std::numbers::pi, 4), pi8 = pi4 * pi4;
  const double v1 = 0.5 * std::pow(1.0 + b * pi4 / 5.0, 2), v2 = a * a / 8.0, v13 = b * b * pi8 * 8.0 / 225.0;
  const double all = v1 + v2 + v13;
  const Vector first = Eigen::Vector3d(v1, v2, 0.0) / all, total = Eigen::Vector3d(v1 + v13, v2, v13) / all;
  for (Index f = 0; f < 3; ++f) {
    EXPECT_NEAR(found.first(f), first(f), 0.01) << f;
    EXPECT_NEAR(found.total(f), total(f), 0.01) << f;
    EXPECT_LT(std::abs(found.first(f) - first(f)), 4.0 * found.first_error(f) + 1e-3);
    EXPECT_LT(found.first_error(f), 0.05);
  }
}

TEST(SobolIndices, OfSobolsGFunctionAreTheClosedForms) {
  // Saltelli & Sobol' (1995): a product over factors of (|4u − 2| + a) / (1 + a), whose parts vary by 1/(3(1 + a)²).
  static constexpr std::array a{0.0, 1.0, 4.5, 99.0};
  const SampleDesign design({{1, 0}, {1, 0}, {1, 0}, {1, 0}},
                            {.draws = 16384, .sobol_indices = true, .tornado = false});
  const SobolIndices found = sobol_indices(evaluated(design, [](const std::vector<double>& u) {
    double product = 1.0;
    for (std::size_t k = 0; k < a.size(); ++k) product *= (std::abs(4.0 * u[k] - 2.0) + a[k]) / (1.0 + a[k]);
    return product;
  }));
  double all = 1.0;
  const auto part = [&](std::size_t k) { return 1.0 / (3.0 * (1.0 + a[k]) * (1.0 + a[k])); };
  for (std::size_t k = 0; k < a.size(); ++k) all *= 1.0 + part(k);
  for (std::size_t k = 0; k < a.size(); ++k) {
    const auto f = static_cast<Index>(k);
    EXPECT_NEAR(found.first(f), part(k) / (all - 1.0), 0.01) << k;
    EXPECT_NEAR(found.total(f), part(k) * all / (1.0 + part(k)) / (all - 1.0), 0.01) << k;
  }
}

TEST(SobolIndices, OfALinearFunctionAreTheSharesOfVariance) {
  // A factor of two numbers, 3u + 4v, and one of one, 12w: variances in the ratio 25 to 144.
  const SampleDesign design({{2, 0}, {1, 0}}, {.draws = 8192, .sobol_indices = true, .tornado = false});
  const SobolIndices found = sobol_indices(
      evaluated(design, [](const std::vector<double>& u) { return 1e6 + 3.0 * u[0] + 4.0 * u[1] + 12.0 * u[2]; }));
  EXPECT_NEAR(found.first(0), 25.0 / 169.0, 0.005);
  EXPECT_NEAR(found.total(0), 25.0 / 169.0, 0.005);
  EXPECT_NEAR(found.first(1), 144.0 / 169.0, 0.005);
  EXPECT_NEAR(found.total(1), 144.0 / 169.0, 0.005);
}

TEST(SobolIndices, ErrorsAreAsLargeAsEstimatesSpreadOverSeeds) {
  std::vector<double> estimates;
  double error = 0.0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const SampleDesign design(
        {{1, 0}, {1, 0}, {1, 0}},
        {.method = SampleMethod::kMonteCarlo, .draws = 500, .seed = seed, .sobol_indices = true, .tornado = false});
    const SobolIndices found = sobol_indices(evaluated(design, ishigami));
    estimates.push_back(found.total(0));
    error += found.total_error(0) / 40.0;
  }
  const double spread = summarise(estimates, {}).sd;
  EXPECT_GT(error, 0.6 * spread);
  EXPECT_LT(error, 1.6 * spread);
}

TEST(SobolIndices, LeaveOutDrawsWithoutAnAnswerAndNumbersThatDoNotVary) {
  Matrix values = Matrix::Random(200, 4);
  SobolIndices all = sobol_indices(values.topRows(199));
  values(199, 3) = std::numeric_limits<double>::quiet_NaN();
  const SobolIndices found = sobol_indices(values);
  EXPECT_EQ(found.draws, 199);
  EXPECT_EQ(found.first, all.first);
  EXPECT_EQ(found.total_error, all.total_error);
  const SobolIndices constant = sobol_indices(Matrix::Constant(50, 4, 1.0 / 3.0));
  EXPECT_EQ(constant.first, Vector(Vector::Zero(2)));
  EXPECT_EQ(constant.total, Vector(Vector::Zero(2)));
}

}  // namespace
}  // namespace entrepot
