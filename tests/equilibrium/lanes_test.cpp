#include "equilibrium/lanes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace entrepot {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();

TEST(Lanes, ProductIsTheMatrixTimesEveryLane) {
  for (const Index rows : {1, 7, 31, 64})
    for (const Index lanes : {kLaneGroup, 3 * kLaneGroup}) {
      const Matrix matrix = padded(Matrix(Matrix::Random(rows, 13)));
      const Lanes in = Lanes::Random(13, lanes);
      Lanes out = Lanes::Zero(matrix.rows(), lanes);
      lane_product(matrix, in.data(), lanes, out.data(), lanes, lanes);
      EXPECT_LT((Matrix(out) - matrix * Matrix(in)).cwiseAbs().maxCoeff(), 1e-14) << rows << " rows";
    }
}

TEST(Lanes, ExponentialsAndLogarithmsAreTheCLibrarysToAFewUnitsInTheLastPlace) {
  std::vector<double> x(5 * kLaneGroup), exponential(x.size()), logarithm(x.size());
  for (std::size_t k = 0; k < x.size(); ++k) x[k] = -600.0 + 10.03 * static_cast<double>(k);
  lane_exp(x.data(), exponential.data(), static_cast<Index>(x.size()));
  lane_log(exponential.data(), logarithm.data(), static_cast<Index>(x.size()));
  for (std::size_t k = 0; k < x.size(); ++k) {
    EXPECT_NEAR(exponential[k] / std::exp(x[k]), 1.0, 1e-15) << x[k];
    EXPECT_NEAR(logarithm[k], std::log(exponential[k]), 1e-15 * std::abs(x[k])) << x[k];
  }
}

TEST(Lanes, WhatIsInfiniteOrNoNumberStaysSo) {
  std::vector<double> x(kLaneGroup, 1.0), exponential(kLaneGroup), logarithm(kLaneGroup);
  x[0] = kInfinite, x[1] = -kInfinite, x[2] = std::nan(""), x[3] = 0.0, x[4] = 1e4;
  lane_exp(x.data(), exponential.data(), kLaneGroup);
  EXPECT_EQ(exponential[0], kInfinite);
  EXPECT_EQ(exponential[1], 0.0);
  EXPECT_TRUE(std::isnan(exponential[2]));
  EXPECT_EQ(exponential[3], 1.0);
  EXPECT_EQ(exponential[4], kInfinite);
  lane_log(x.data(), logarithm.data(), kLaneGroup);
  EXPECT_EQ(logarithm[0], kInfinite);
  EXPECT_TRUE(std::isnan(logarithm[1]));
  EXPECT_TRUE(std::isnan(logarithm[2]));
  EXPECT_EQ(logarithm[3], -kInfinite);
  EXPECT_EQ(logarithm[5], 0.0);
}

}  // namespace
}  // namespace entrepot
