#include "equilibrium/adjoint.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "support/draw.hpp"
#include "support/random_world.hpp"

// Derivatives by the adjoint against central differences of whole solves.

namespace entrepot::testing {
namespace {

Matrix random_matrix(Draw& draw, Index rows, Index columns) {
  Matrix result(rows, columns);
  for (double& value : result.reshaped()) value = draw.between(-1.0, 1.0);
  return result;
}

Index index_of(Draw& draw, Index count) { return static_cast<Index>(draw.one_of(at(count))); }

/// A random sum of everything that a measure can be made of.
MeasureSeed random_measure(const World& world, std::uint32_t seed) {
  Draw draw(seed);
  const Index l = world.location_count(), m = world.market_count(), s = world.sector_count(), n = world.country_count();
  MeasureSeed result;
  const double money = 1.0 / factor_income(world).sum();
  result.log_cost = random_matrix(draw, l, s);
  result.log_price = random_matrix(draw, m, s);
  result.output = 10.0 * money * random_matrix(draw, l, s);
  result.value_added = 10.0 * money * random_matrix(draw, l, s);
  for (Vector MeasureSeed::*member : {&MeasureSeed::income, &MeasureSeed::tariff_revenue,
                                      &MeasureSeed::export_tax_revenue, &MeasureSeed::rent, &MeasureSeed::deficit})
    result.*member = 10.0 * money * random_matrix(draw, n, 1);
  result.log_factor_price = random_matrix(draw, n, 1);
  result.receipts = Bilateral(m, l, s);
  result.border = Bilateral(m, l, s);
  result.purchases = Bilateral(m, l, s);
  result.before_hubs = Bilateral(m, l, s);
  for (Bilateral* array : {&result.receipts, &result.border, &result.purchases, &result.before_hubs})
    for (double& value : array->values()) value = 10.0 * money * draw.between(-1.0, 1.0);
  return result;
}

/// That sum at an equilibrium.
double value_of(const MeasureSeed& seed, const World& world, const Shock& shock, const Equilibrium& e) {
  const auto logs = [](const Matrix& ratio) {
    return Matrix(ratio.unaryExpr([](double v) { return v > 0.0 ? std::log(v) : 0.0; }));
  };
  double sum = seed.log_cost.cwiseProduct(logs(e.cost)).sum() + seed.log_price.cwiseProduct(logs(e.price)).sum() +
               seed.output.cwiseProduct(e.output).sum() + seed.value_added.cwiseProduct(e.value_added).sum() +
               seed.income.dot(e.income) + seed.tariff_revenue.dot(e.tariff_revenue) +
               seed.export_tax_revenue.dot(e.export_tax_revenue) + seed.rent.dot(e.rent) + seed.deficit.dot(e.deficit) +
               seed.log_factor_price.dot(Vector(e.factor_price.array().log()));
  const Bilateral flow = trade_flows(world, shock, e);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        sum += flow(m, i, j) * wedges.received() *
               (seed.receipts(m, i, j) + seed.border(m, i, j) * (1.0 + wedges.export_tax));
        sum += flow(m, i, j) *
               (seed.purchases(m, i, j) + seed.before_hubs(m, i, j) / ((1.0 + wedges.tariff) * (1.0 + wedges.rent)));
      }
  return sum;
}

/// A world and a shock in which every derivative is looked at.
struct Case {
  World world;
  Shock shock;
  MeasureSeed measure;
  Equilibrium at;

  double solved(const World& w, const Shock& s) const {
    const Solution solution = solve(w, s, {.tolerance = 1e-13, .start = &at});
    EXPECT_LE(solution.report.residual, 1e-11) << solution.report.sentence;
    return value_of(measure, w, s, solution.equilibrium);
  }
  /// Along a change of world and shock, by Richardson's extrapolation of central differences.
  double difference(const std::function<void(World&, Shock&, double)>& change, double step) const {
    const auto central = [&](double h) {
      World above = world, below = world;
      Shock up = shock, down = shock;
      change(above, up, h);
      change(below, down, -h);
      return (solved(above, up) - solved(below, down)) / (2.0 * h);
    };
    return (4.0 * central(step) - central(2.0 * step)) / 3.0;
  }
};

void fill(Bilateral& array, const World& world, const std::function<double(Index, Index, Index)>& value) {
  if (!array.empty()) return;
  array = Bilateral(world.market_count(), world.location_count(), world.sector_count());
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) array(m, i, j) = value(m, i, j);
}

void expect_derivatives(World world, Shock shock, std::uint32_t seed) {
  Draw draw(seed + 1000);
  // Every array is there, so that any of its numbers can be moved.
  fill(shock.tariff, world, [&](Index m, Index i, Index j) { return world.tariff_at(m, i, j); });
  fill(shock.export_tax, world, [&](Index m, Index i, Index j) { return world.export_tax_at(m, i, j); });
  fill(shock.iceberg, world, [](Index, Index, Index) { return 1.0; });
  fill(shock.open_share, world, [](Index, Index, Index) { return 1.0; });
  fill(shock.rent, world, [](Index, Index, Index) { return 0.0; });
  if (shock.productivity.size() == 0) shock.productivity = Matrix::Ones(world.location_count(), world.sector_count());
  if (shock.transfer.size() == 0) shock.transfer = Vector::Zero(world.country_count());
  const Solution solution = solve(world, shock, {.tolerance = 1e-13});
  ASSERT_LE(solution.report.residual, 1e-11) << solution.report.sentence;
  const Case at{world, shock, random_measure(world, seed), solution.equilibrium};
  const Gradient gradient = Adjoint(at.world, at.shock, at.at).gradient(at.measure);

  const auto expect = [&](const char* what, double exact, const std::function<void(World&, Shock&, double)>& change,
                          double step = 1e-3) {
    const double differences = at.difference(change, step);
    EXPECT_NEAR(exact, differences, 1e-6 * std::max(1e-2, std::abs(differences))) << what << ", seed " << seed;
  };
  int looked_at = 0;
  for (int attempt = 0; attempt < 200 && looked_at < 4; ++attempt) {
    const Index m = index_of(draw, world.market_count()), i = index_of(draw, world.location_count()),
                j = index_of(draw, world.sector_count());
    if (world.expenditure(m, i, j) == 0.0 || at.shock.open_share(m, i, j) == 0.0) continue;
    ++looked_at;
    const auto array = [&](Bilateral Shock::*member) {
      return [=](World&, Shock& s, double h) { (s.*member)(m, i, j) += h; };
    };
    expect("tariff", gradient.tariff(m, i, j), array(&Shock::tariff));
    expect("export tax", gradient.export_tax(m, i, j), array(&Shock::export_tax));
    expect("rent", gradient.rent(m, i, j), array(&Shock::rent));
    expect("iceberg", gradient.log_iceberg(m, i, j),
           [&](World&, Shock& s, double h) { s.iceberg(m, i, j) *= std::exp(h); });
    const double room = std::min(1e-3, 0.1 * at.shock.open_share(m, i, j));
    expect("open share", gradient.open_share(m, i, j), array(&Shock::open_share), room);
    expect("base share", gradient.log_share(m, i, j), [&](World&, Shock& s, double h) {
      s.open_share(m, i, j) *= std::exp(h);  // which is the same
    });
  }
  EXPECT_GT(looked_at, 0);
  for (int k = 0; k < 2; ++k) {
    const Index l = index_of(draw, world.location_count()), j = index_of(draw, world.sector_count());
    expect("productivity", gradient.log_productivity(l, j),
           [&](World&, Shock& s, double h) { s.productivity(l, j) *= std::exp(h); });
    const Index from = index_of(draw, world.country_count()), to = index_of(draw, world.country_count());
    const double unit = 0.1 * factor_income(world).minCoeff();
    expect("transfer", unit * (gradient.transfer(to) - gradient.transfer(from)), [&](World&, Shock& s, double h) {
      s.transfer(to) += unit * h;
      s.transfer(from) -= unit * h;
    });
    const Index sector = index_of(draw, world.sector_count());
    expect("theta", gradient.theta(sector), [&](World& w, Shock&, double h) { w.theta(sector) += h; });
    expect("value-added elasticity", gradient.value_added_elasticity(sector),
           [&](World& w, Shock&, double h) { w.value_added_elasticity(sector) += h; });
    expect("input elasticity", gradient.input_elasticity(sector),
           [&](World& w, Shock&, double h) { w.input_elasticity(sector) += h; });
    if (world.labour_mobility(to) < 1e9)
      expect("labour mobility", gradient.labour_mobility(to),
             [&](World& w, Shock&, double h) { w.labour_mobility(to) += h; });
    else
      EXPECT_EQ(gradient.labour_mobility(to), 0.0);
  }
  if (!shock.detours.empty()) {
    const std::size_t d = draw.one_of(shock.detours.size());
    const Detour& detour = shock.detours[d];
    expect("detour", detour.margin * gradient.detour[d], [&](World&, Shock& s, double h) {
      s.detours[d].share += h;
      s.hub_margin(detour.market, detour.origin, detour.sector) += h * detour.margin;
    });
  }
}

struct Kind {
  const char* name;
  WorldShape shape;
  std::function<void(World&, Shock&)> change = {};
};

class AdjointOf : public ::testing::TestWithParam<Kind> {};

TEST_P(AdjointOf, AgreesWithCentralDifferences) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    World world = random_world(GetParam().shape, seed);
    Shock shock = random_shock(world, seed, 0.5);
    if (GetParam().change) GetParam().change(world, shock);
    expect_derivatives(std::move(world), std::move(shock), seed);
  }
}

const WorldShape kTaxed{.highest_export_tax = 0.1};
const WorldShape kTwoUses{.uses = 2, .highest_export_tax = 0.1};

INSTANTIATE_TEST_SUITE_P(Worlds, AdjointOf,
                         ::testing::Values(Kind{"Everything", kTaxed}, Kind{"TwoUses", kTwoUses},
                                           Kind{"Balanced", kTaxed,
                                                [](World&, Shock& shock) { shock.closure = Closure::kBalanced; }},
                                           Kind{"Proportional", kTaxed,
                                                [](World&, Shock& shock) { shock.closure = Closure::kProportional; }},
                                           Kind{"NestsOfCes", kTwoUses,
                                                [](World& world, Shock&) {
                                                  world.value_added_elasticity.setConstant(0.6);
                                                  world.input_elasticity.setConstant(1.4);
                                                }},
                                           Kind{"ImmobileLabour", kTaxed,
                                                [](World& world, Shock&) {
                                                  world.labour_mobility.setConstant(2.0);
                                                  world.labour_mobility(0) = std::numeric_limits<double>::infinity();
                                                }},
                                           Kind{"NestsAndImmobileLabour", kTwoUses,
                                                [](World& world, Shock& shock) {
                                                  world.value_added_elasticity.setConstant(0.8);
                                                  world.input_elasticity.setConstant(0.7);
                                                  world.labour_mobility.setConstant(3.0);
                                                  shock.closure = Closure::kProportional;
                                                }}),
                         [](const auto& kind) { return std::string(kind.param.name); });

}  // namespace
}  // namespace entrepot::testing
