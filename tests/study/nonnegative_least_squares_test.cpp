#include "study/nonnegative_least_squares.hpp"

#include <gtest/gtest.h>

#include "support/draw.hpp"

namespace entrepot::testing {
namespace {

TEST(NonnegativeLeastSquares, OfAKnownProblem) {
  const Matrix a{{1.0, 0.0}, {1.0, 1.0}};
  EXPECT_TRUE(nonnegative_least_squares(a, Vector{{2.0, 5.0}}).isApprox(Vector{{2.0, 3.0}}, 1e-14)) << "nothing held";
  EXPECT_TRUE(nonnegative_least_squares(a, Vector{{4.0, 2.0}}).isApprox(Vector{{3.0, 0.0}}, 1e-14)) << "the second is";
  EXPECT_EQ(nonnegative_least_squares(a, Vector{{-1.0, -1.0}}), Vector(Vector::Zero(2)));
  EXPECT_EQ(nonnegative_least_squares(Matrix(3, 0), Vector::Ones(3)).size(), 0);
}

/// No number above zero can be moved to advantage, and none at zero raised (Karush, Kuhn & Tucker); also where columns
/// are more than rows, or the same.
TEST(NonnegativeLeastSquares, NothingElseIsBetter) {
  Draw draw(7);
  for (int k = 0; k < 300; ++k) {
    const Index rows = 1 + k % 7, columns = 1 + k % 11;
    Matrix a(rows, columns);
    Vector b(rows);
    for (double& value : a.reshaped()) value = draw.between(-1.0, 1.0);
    for (double& value : b) value = draw.between(-1.0, 1.0);
    if (columns > 2) a.col(1) = a.col(0);
    if (columns > 4) a.col(3) = a.col(0) + 1e-13 * a.col(4);
    const Vector x = nonnegative_least_squares(a, b), slope = a.transpose() * (b - a * x);
    for (Index c = 0; c < columns; ++c) {
      EXPECT_GE(x(c), 0.0);
      EXPECT_LE(slope(c), 1e-10);
      if (x(c) > 0.0) {
        EXPECT_NEAR(slope(c), 0.0, 1e-10) << k;
      }
    }
  }
}

}  // namespace
}  // namespace entrepot::testing
