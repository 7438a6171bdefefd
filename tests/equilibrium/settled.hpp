#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "equilibrium/conditions.hpp"
#include "equilibrium/welfare.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"

// Worlds and policies for the tests of conditions, and what an answer must look like, from values alone.

namespace entrepot::testing {

using State = CapOutcome::State;

constexpr double kHolds = 1e-9;

inline World some_world(std::uint32_t seed, double mobility = 1.5, WorldShape shape = {}) {
  shape.untraded = 0.0;
  shape.missing = 0.0;
  World world = random_world(shape, seed);
  world.labour_mobility.setConstant(mobility);
  return world;
}

/// Policies without rents and detours, which caps do not share flows with.
inline Shock some_policies(const World& world, std::uint32_t seed, double size) {
  Shock shock = random_shock(world, seed, size);
  shock.rent = {};
  shock.rent_beneficiary.clear();
  shock.detours.clear();
  shock.hub_margin = {};
  shock.export_tax = {};
  return shock;
}

inline PriceCap cap_on(const World& world, Index origin, Index sector, double limit, const std::vector<Index>& buyers) {
  PriceCap cap{origin, sector, limit, {}};
  for (Index m = 0; m < world.market_count(); ++m)
    for (const Index n : buyers)
      if (world.country_of_market(m) == n) cap.markets.push_back(m);
  return cap;
}

/// The same half-way between the price without a cap and the least that one can reach.
inline PriceCap biting_cap(const World& world, Shock shock, Index origin, Index sector,
                           const std::vector<Index>& buyers) {
  const double free = settle(world, shock).solution.equilibrium.cost(origin, sector);
  shock.price_caps.push_back(cap_on(world, origin, sector, 1e-3 * free, buyers));
  const Settlement banned = settle(world, shock);
  EXPECT_EQ(banned.caps.back().state, State::kEmbargo) << banned.solution.report.sentence;
  PriceCap cap = shock.price_caps.back();
  cap.limit = 0.5 * (free + banned.caps.back().price);
  return cap;
}

/// What the exporter gets for a unit at its border, against the base, from values alone: flows and the quantities that
/// the share equation leaves, q̂ = X̂ / (κ̂ ĉ) (model eq. 3), with no use of the outcome's own price.
inline double price_from_flows(const World& world, const Shock& shock, const Equilibrium& e, const PriceCap& cap) {
  const Index m = cap.markets.front(), i = cap.origin, j = cap.sector;
  const Bilateral flows = trade_flows(world, shock, e);
  // π'/π = s (κ̂ ĉ/P̂)^−θ, solved for ĉ.
  const double spent = world.expenditure.sector(j).row(m).sum();
  const double share = flows(m, i, j) / e.spending(m, j) / (world.expenditure(m, i, j) / spent);
  const Wedges now = wedges_at(world, shock, m, i, j);
  const double dearer =
      now.iceberg * now.paid() / ((1.0 + world.tariff_at(m, i, j)) * (1.0 + world.export_tax_at(m, i, j)));
  const double cost = e.price(m, j) * std::pow(share / now.open_share, -1.0 / world.theta(j)) / dearer;
  return cost * (1.0 + now.export_tax) / (1.0 + world.export_tax_at(m, i, j));
}

inline void expect_answer(const World& world, const Settlement& settled) {
  ASSERT_TRUE(settled.solution.report.solved()) << settled.solution.report.sentence;
  EXPECT_TRUE(check_values(world, settled.shock).empty()) << check_values(world, settled.shock).front();
  EXPECT_TRUE(settled.shock.price_caps.empty() && settled.shock.burden_groups.empty());
  const EquationCheck check = check_equations(world, settled.shock, settled.solution.equilibrium);
  EXPECT_LE(check.residual, 1e-9) << check.where;
}

/// 0 ≤ r ⟂ price ≤ limit.
inline void expect_complementary(const World& world, const Settlement& settled, const CapOutcome& outcome) {
  if (outcome.state == State::kEmbargo) {
    const Bilateral flows = trade_flows(world, settled.shock, settled.solution.equilibrium);
    for (const Index m : outcome.cap.markets) EXPECT_EQ(flows(m, outcome.cap.origin, outcome.cap.sector), 0.0);
    return;
  }
  const double price = price_from_flows(world, settled.shock, settled.solution.equilibrium, outcome.cap);
  EXPECT_NEAR(price, outcome.price, kHolds);
  EXPECT_GE(outcome.rent, 0.0);
  EXPECT_EQ(outcome.rent > 0.0, outcome.state == State::kBinding);
  if (outcome.rent > 0.0)
    EXPECT_NEAR(price / outcome.cap.limit, 1.0, kHolds);
  else
    EXPECT_LE(price / outcome.cap.limit, 1.0 + kHolds);
}

inline void expect_same_bits(const Equilibrium& a, const Equilibrium& b) {
  EXPECT_EQ(a.wage, b.wage);
  EXPECT_EQ(a.cost, b.cost);
  EXPECT_EQ(a.price, b.price);
  EXPECT_EQ(a.spending, b.spending);
  EXPECT_EQ(a.output, b.output);
  EXPECT_EQ(a.income, b.income);
  EXPECT_EQ(a.rent, b.rent);
  EXPECT_EQ(a.deficit, b.deficit);
}

/// Two countries, one sector, no inputs, θ = 1, balanced trade of 20 at home shares of 0.8 and 0.6 (incomes 100 and
/// 50).
inline World pair() {
  World world = World::of_shape({{"A", "A", {}}, {"B", "B", {}}}, {{"x", "X"}});
  world.expenditure.sector(0) << 80, 20, 20, 30;
  world.value_added << 100, 50;
  world.final_use << 100, 50;
  world.deficit = Vector::Zero(2);
  world.theta << 1.0;
  return world;
}

/// All members change alike, and what some give the others receive.
inline void expect_shared(const World& world, const Settlement& settled, std::size_t group = 0) {
  const BurdenOutcome& burden = settled.burdens.at(group);
  const Vector change = real_income_change(world, settled.solution.equilibrium);
  for (const Index n : burden.countries) EXPECT_NEAR(change(n), 1.0 + burden.welfare / 100.0, kHolds);
  EXPECT_NEAR(burden.transfer.sum(), 0.0, 1e-12 * world.value_added.sum());
}

}  // namespace entrepot::testing
