// Steps of linear complementarity problems with answers known by hand.
#include "equilibrium/condition_step.hpp"

#include <gtest/gtest.h>

#include <random>

namespace entrepot::testing {
namespace {

Vector of(std::initializer_list<double> values) {
  Vector result(static_cast<Index>(values.size()));
  std::copy(values.begin(), values.end(), result.begin());
  return result;
}

TEST(ConditionStep, StopsAtEachBoundAndBetween) {
  // r = (0.2, 3, −1) − y: between its bounds, at the upper, at the lower.
  const Vector step =
      condition_step(of({0.0, 0.5, 0.25}), of({0.2, 2.5, -1.25}), -Matrix::Identity(3, 3), of({1, 1, 1}));
  EXPECT_NEAR(step(0), 0.2, 1e-13);
  EXPECT_NEAR(step(1), 0.5, 1e-13);
  EXPECT_NEAR(step(2), -0.25, 1e-13);
}

TEST(ConditionStep, OneRentMaySpareAnother) {
  // Two residuals 1 − 2 y_0 − y_1 and 0.4 − y_0 − y_1: with y_0 = 0.5 the second is negative, so y_1 = 0.
  Matrix slope(2, 2);
  slope << -2, -1, -1, -1;
  const Vector step = condition_step(of({0, 0}), of({1, 0.4}), slope, of({1, 1}));
  EXPECT_NEAR(step(0), 0.5, 1e-12);
  EXPECT_NEAR(step(1), 0.0, 1e-12);
}

TEST(ConditionStep, FreeUnknownsFollow) {
  // r = (1 − y + t, y − t − 0.25 t): t = 0.8 y, so 1 − 0.2 y = 0 lies beyond the bound.
  Matrix slope(2, 2);
  slope << -1, 1, 1, -1.25;
  const Vector step = condition_step(of({0, 0}), of({1, 0}), slope, of({0.5}));
  EXPECT_NEAR(step(0), 0.5, 1e-12);
  EXPECT_NEAR(step(1), 0.4, 1e-12);
}

TEST(ConditionStep, AnswersRandomProblems) {
  std::mt19937 engine(5);
  std::uniform_real_distribution<double> draw(-1.0, 1.0);
  for (int trial = 0; trial < 50; ++trial) {
    const Index size = 6;
    const Matrix root = Matrix::NullaryExpr(size, size, [&] { return draw(engine); });
    const Matrix slope = -(root * root.transpose() + 0.1 * Matrix::Identity(size, size));
    const Vector residual = Vector::NullaryExpr(size, [&] { return draw(engine); }), most = Vector::Constant(size, 0.7);
    const Vector unknown = Vector::Constant(size, 0.3);
    const Vector step = condition_step(unknown, residual, slope, most);
    EXPECT_LE(condition_gaps(unknown + step, residual + slope * step, most).cwiseAbs().maxCoeff(), 1e-10);
  }
}

}  // namespace
}  // namespace entrepot::testing
