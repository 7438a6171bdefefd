#include <gtest/gtest.h>

#include "equilibrium/solve.hpp"
#include "results/measures.hpp"
#include "support/random_world.hpp"

namespace entrepot::testing {
namespace {

struct Evaded {
  World world = random_world({.countries = 5, .sectors = 3, .uses = 2, .highest_export_tax = 0.1}, 3);
  Shock shock = random_shock(world, 5, 0.6);
  Solution solution = solve(world, shock, {.tolerance = 1e-12});
  Measures measures = measure(world, shock, solution.equilibrium);
};

TEST(Evaded, CustomsSeeAllOfItAndItsDetours) {
  const Evaded run;
  ASSERT_TRUE(run.solution.report.solved());
  ASSERT_FALSE(run.shock.detours.empty());
  const Bilateral flow = trade_flows(run.world, run.shock, run.solution.equilibrium);
  const Index n = run.world.country_count();
  for (Index j = 0; j < 3; ++j)
    for (Index i = 0; i < n; ++i) {
      // What leaves i, less what it passes on as a hub, is what its producers get and its export tax.
      double leaves = 0.0, got = 0.0;
      for (Index m = 0; m < n; ++m) leaves += run.measures.recorded_trade(m, i, j);
      for (Index m = 0; m < 2 * n; ++m) {
        const Wedges wedges = wedges_at(run.world, run.shock, m, i, j);
        got += flow(m, i, j) * wedges.received() * (1.0 + wedges.export_tax);
      }
      EXPECT_NEAR(leaves - run.measures.evaded_trade(i, j), got, 1e-9 * (1.0 + got));
    }
}

TEST(Evaded, HubsEarnTheirMarginsOnWhatPasses) {
  const Evaded run;
  const Index n = run.world.country_count();
  const Bilateral flow = trade_flows(run.world, run.shock, run.solution.equilibrium);
  Vector margins = Vector::Zero(n);
  for (const Detour& detour : run.shock.detours)
    margins(detour.hub) += detour.share * detour.margin * flow(detour.market, detour.origin, detour.sector);
  for (Index h = 0; h < n; ++h) {
    double arrives = 0.0, leaves = 0.0;  // in recorded trade, less what h buys and sells for itself
    for (Index j = 0; j < 3; ++j)
      for (Index k = 0; k < n; ++k) {
        arrives += run.measures.recorded_trade(h, k, j);
        leaves += run.measures.recorded_trade(k, h, j);
        for (const Index use : {Index{0}, Index{1}}) {
          const auto direct = [&](Index m, Index i) {
            double share = 1.0;
            for (const Detour& d : run.shock.detours)
              if (d.market == m && d.origin == i && d.sector == j) share -= d.share;
            const Wedges wedges = wedges_at(run.world, run.shock, m, i, j);
            return share * flow(m, i, j) / wedges.paid() * (1.0 + wedges.export_tax);
          };
          arrives -= direct(run.world.market(use, h), k);
          leaves -= direct(run.world.market(use, k), h);
        }
      }
    // What h itself buys or sells through other hubs is booked with them.
    for (const Detour& d : run.shock.detours) {
      const Wedges wedges = wedges_at(run.world, run.shock, d.market, d.origin, d.sector);
      const double value = flow(d.market, d.origin, d.sector),
                   in = d.share * (1.0 - d.margin) * value / wedges.paid() * (1.0 + wedges.export_tax);
      if (run.world.country_of_market(d.market) == h) arrives -= in + d.share * d.margin * value;
      if (d.origin == h) leaves -= in;
    }
    EXPECT_NEAR(leaves - arrives, margins(h), 1e-9 * (1.0 + leaves));
    EXPECT_NEAR(run.measures.re_exports(h), run.measures.evaded_trade.row(h).sum(), 1e-9);
  }
}

TEST(Evaded, LeakageIsOfWhatWasOutlawed) {
  Evaded run;
  double outlawed = 0.0;
  for (Index i = 0; i < 5; ++i)
    for (Index m = 0; m < 10; ++m) {
      double direct = 1.0;
      for (const Detour& d : run.shock.detours)
        if (d.market == m && d.origin == i && d.sector == 1) direct -= d.share;
      if (direct == 1.0) continue;  // no detour
      outlawed += (1.0 - direct * run.shock.open_share(m, i, 1)) * run.world.expenditure(m, i, 1) /
                  (1.0 + run.world.tariff(m, i, 1));
    }
  EXPECT_NEAR(run.measures.outlawed_trade.col(1).sum(), outlawed, 1e-9 * outlawed);
  for (Index h = 0; h < 5; ++h)
    EXPECT_NEAR(run.measures.leakage(h, 1), 100.0 * run.measures.evaded_trade(h, 1) / outlawed, 1e-9);
}

TEST(Evaded, WithoutDetoursNothingIsSaid) {
  Evaded run;
  without_rents(run.shock);
  const Measures measures = measure(run.world, run.shock, solve(run.world, run.shock).equilibrium);
  EXPECT_EQ(measures.evaded_trade.size(), 0);
  EXPECT_EQ(measures.re_exports.size(), 0);
  EXPECT_TRUE(measures.recorded_trade.empty());
}

}  // namespace
}  // namespace entrepot::testing
