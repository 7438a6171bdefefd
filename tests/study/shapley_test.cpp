#include "study/shapley.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "support/draw.hpp"

namespace entrepot::testing {
namespace {

using Game = std::function<double(const std::vector<bool>& with)>;

std::vector<double> values_of(Index factors, const Game& game) {
  std::vector<double> result;
  for (std::size_t row = 0; row < std::size_t{1} << factors; ++row) {
    std::vector<bool> with;
    for (Index f = 0; f < factors; ++f) with.push_back((row >> (factors - 1 - f) & 1) != 0);
    result.push_back(game(with));
  }
  return result;
}

TEST(Shapley, OfKnownGames) {
  // A glove game: one left glove (player 0), two right ones; a pair is worth 1.
  const Sharing gloves =
      share_out(values_of(3, [](const auto& with) { return with[0] && (with[1] || with[2]) ? 1.0 : 0.0; }), 3);
  EXPECT_NEAR(gloves.shapley(0), 2.0 / 3.0, 1e-15);
  EXPECT_NEAR(gloves.shapley(1), 1.0 / 6.0, 1e-15);
  EXPECT_NEAR(gloves.shapley(2), 1.0 / 6.0, 1e-15);
  EXPECT_EQ(gloves.alone(0), 0.0);
  EXPECT_EQ(gloves.last(0), 1.0);
  EXPECT_EQ(gloves.last(1), 0.0);
  // Who pays for an airport's runway (Littlechild & Owen 1973): needs 1, 2, 4.
  const Sharing airport =
      share_out(values_of(3, [](const auto& with) { return with[2]   ? 4.0
                                                           : with[1] ? 2.0
                                                           : with[0] ? 1.0
                                                                     : 0.0; }), 3);
  EXPECT_NEAR(airport.shapley(0), 1.0 / 3.0, 1e-15);
  EXPECT_NEAR(airport.shapley(1), 1.0 / 3.0 + 1.0 / 2.0, 1e-15);
  EXPECT_NEAR(airport.shapley(2), 1.0 / 3.0 + 1.0 / 2.0 + 2.0, 1e-15);
  const Sharing one = share_out(std::vector<double>{3.0, 7.0}, 1);
  EXPECT_EQ(one.shapley(0), 4.0);
}

TEST(Shapley, IsTheMeanOverAllOrders) {
  constexpr Index kFactors = 5;
  Draw draw(3);
  std::vector<double> values(std::size_t{1} << kFactors);
  for (double& value : values) value = draw.between(-1.0, 1.0);
  const Sharing found = share_out(values, kFactors);
  Vector sum = Vector::Zero(kFactors);
  std::vector<Index> order(kFactors);
  std::iota(order.begin(), order.end(), Index{0});
  int orders = 0;
  do {
    std::size_t with = 0;
    for (const Index f : order) {
      const std::size_t more = with | std::size_t{1} << (kFactors - 1 - f);
      sum(f) += values[more] - values[with];
      with = more;
    }
    ++orders;
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(orders, 120);
  for (Index f = 0; f < kFactors; ++f) EXPECT_NEAR(found.shapley(f), sum(f) / orders, 1e-14);
  EXPECT_NEAR(found.shapley.sum(), found.all - found.none, 1e-14);
}

TEST(Shapley, OfTheMostFactorsAddsUp) {
  Draw draw(4);
  std::vector<double> values(std::size_t{1} << kMostSharers);
  for (double& value : values) value = draw.between(-1.0, 1.0);
  const Sharing found = share_out(values, kMostSharers);
  EXPECT_NEAR(found.shapley.sum(), values.back() - values.front(), 1e-12);
}

}  // namespace
}  // namespace entrepot::testing
