#pragma once

#include "policy/shock.hpp"
#include "world/world.hpp"

namespace entrepot::benchmarks {

struct LiteralResult {
  Vector wage;  ///< ŵ, country, ratio
  int steps = 0;
  double change = 0;  ///< largest relative change of the last step
};

/// The algorithm of Caliendo & Parro (2015), step by step as their appendix and published program have it: guess wages;
/// iterate on costs and prices until they are consistent with them, with one power a flow; trade shares, with another;
/// spending from its linear system of J·N equations; move wages by a fifth of the relative excess of each country's
/// trade balance; until no balance is off by more than `tolerance` of income. One core.
/// Cobb–Douglas, mobile labour, tariffs alone.
LiteralResult solve_literally(const World& world, const Shock& shock, double tolerance);

/// The same equations in one loop, the cheapest that is simple: every step computes costs, prices, shares and spending
/// once and moves wages half of the way to what clears the factor markets, until nothing moves by more than
/// `tolerance`. It converges for moderate shocks only.
LiteralResult solve_in_one_loop(const World& world, const Shock& shock, double tolerance);

}  // namespace entrepot::benchmarks
