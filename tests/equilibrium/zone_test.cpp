// A zone without a privilege is nothing (model, "Known answers").
#include <gtest/gtest.h>

#include "equilibrium/solve.hpp"
#include "equilibrium/welfare.hpp"
#include "support/random_world.hpp"
#include "support/reference.hpp"
#include "world/balance.hpp"
#include "world/split_zone.hpp"

namespace entrepot::testing {
namespace {

constexpr double kMobile = std::numeric_limits<double>::infinity();

struct Case {
  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
  const char* name;
  WorldShape shape;
  double value_added_elasticity = 1.0, input_elasticity = 1.0;
  double labour_mobility = kMobile;
  Closure closure = Closure::kFixed;
};

/// Location l of the split world as one of the whole world.
Index origin_of(const World& split, Index l) {
  for (const Zone& zone : split.zones)
    if (zone.location == l) return zone.host;
  return l;
}

/// The same policies where host and zone are one country.
Shock spread(const World& whole, const World& split, const Shock& shock) {
  Shock larger = shock;
  const auto market = [&](Index m) {
    return whole.market(m / split.location_count(), origin_of(split, split.location_of_market(m)));
  };
  for (Bilateral Shock::*array :
       {&Shock::tariff, &Shock::export_tax, &Shock::iceberg, &Shock::open_share, &Shock::rent, &Shock::hub_margin}) {
    if ((shock.*array).empty()) continue;
    larger.*array = Bilateral(split.market_count(), split.location_count(), split.sector_count());
    for (Index j = 0; j < split.sector_count(); ++j)
      for (Index i = 0; i < split.location_count(); ++i)
        for (Index m = 0; m < split.market_count(); ++m)
          (larger.*array)(m, i, j) = (shock.*array)(market(m), origin_of(split, i), j);
  }
  larger.rent_beneficiary.clear();
  if (!shock.rent_beneficiary.empty())
    for (Index j = 0; j < split.sector_count(); ++j)
      for (Index i = 0; i < split.location_count(); ++i)
        for (Index m = 0; m < split.market_count(); ++m)
          larger.rent_beneficiary.push_back(shock.rent_beneficiary[at(
              (j * whole.location_count() + origin_of(split, i)) * whole.market_count() + market(m))]);
  larger.detours.clear();
  for (const Detour& detour : shock.detours)
    for (Index i = 0; i < split.location_count(); ++i)
      for (Index m = 0; m < split.market_count(); ++m)
        if (origin_of(split, i) == detour.origin && market(m) == detour.market)
          larger.detours.push_back({m, i, detour.sector, detour.hub, detour.share, detour.margin});
  larger.productivity.resize(split.location_count(), split.sector_count());
  for (Index l = 0; l < split.location_count(); ++l)
    larger.productivity.row(l) = shock.productivity.row(origin_of(split, l));
  return larger;
}

class NeutralZone : public ::testing::TestWithParam<std::tuple<Case, std::uint32_t>> {};

TEST_P(NeutralZone, ChangesNothingUnderAnyPolicy) {
  const auto& [kind, seed] = GetParam();
  World whole = random_world(kind.shape, seed);
  whole.value_added_elasticity.setConstant(kind.value_added_elasticity);
  whole.input_elasticity.setConstant(kind.input_elasticity);
  whole.labour_mobility.setConstant(kind.labour_mobility);
  Vector one = Vector::Zero(whole.sector_count()), two = Vector::Constant(whole.sector_count(), 0.25);
  one(0) = 0.7;
  one(2) = 0.1;
  const World split = split_zone(split_zone(split_zone(whole, 1, "one", one), 1, "two", two), 3, "three", two);
  Shock small = random_shock(whole, seed + 100, 0.6);
  small.closure = kind.closure;
  const Shock large = spread(whole, split, small);
  const Solution a = solve(whole, small, {.tolerance = 1e-13}), b = solve(split, large, {.tolerance = 1e-13});
  ASSERT_TRUE(a.report.solved()) << a.report.sentence << a.report.residual;
  ASSERT_TRUE(b.report.solved()) << b.report.sentence << b.report.residual;
  const auto same = [](const Vector& x, const Vector& y, const char* what) {
    ASSERT_EQ(x.size(), y.size());
    for (Index k = 0; k < x.size(); ++k) EXPECT_NEAR(x(k), y(k), 1e-12 * std::max(1.0, std::abs(x(k)))) << what << k;
  };
  const Equilibrium &x = a.equilibrium, &y = b.equilibrium;
  const Index countries = whole.country_count();
  same(real_income_change(whole, x), real_income_change(split, y), "real income of ");
  same(x.factor_price, y.factor_price, "factor price of ");
  same(x.income, y.income, "income of ");
  same(x.tariff_revenue, y.tariff_revenue, "tariff revenue of ");
  same(x.export_tax_revenue, y.export_tax_revenue, "export tax revenue of ");
  same(x.rent, y.rent, "rent of ");
  same(x.deficit, y.deficit, "deficit of ");
  Matrix made = Matrix::Zero(countries, whole.sector_count());
  for (Index l = 0; l < split.location_count(); ++l) made.row(origin_of(split, l)) += y.output.row(l);
  for (Index j = 0; j < whole.sector_count(); ++j) {
    same(x.output.col(j), made.col(j), "output of ");
    same(x.cost.col(j), y.cost.col(j).head(countries), "cost of ");
    for (Index use = 0; use < whole.uses; ++use)
      same(x.price.col(j).segment(whole.market(use, 0), countries),
           y.price.col(j).segment(split.market(use, 0), countries), "price of ");
  }
  EXPECT_LE(check_equations(split, large, y).residual, 1e-10) << check_equations(split, large, y).where;
}

INSTANTIATE_TEST_SUITE_P(
    Zones, NeutralZone,
    ::testing::Combine(::testing::Values(Case{"one_use", {}}, Case{"two_uses", {.uses = 2}},
                                         Case{"export_taxes", {.highest_export_tax = 0.2}},
                                         Case{"balanced", {}, 1.0, 1.0, kMobile, Closure::kBalanced},
                                         Case{"proportional", {}, 1.0, 1.0, kMobile, Closure::kProportional},
                                         Case{"ces", {.uses = 2}, 0.6, 1.4}, Case{"immobile", {}, 1.0, 1.0, 1.5},
                                         Case{"immobile_ces", {.uses = 2}, 0.8, 0.7, 3.0}),
                       ::testing::Values(1U, 2U, 3U)),
    [](const auto& test) {
      return std::string(std::get<0>(test.param).name) + std::to_string(std::get<1>(test.param));
    });

}  // namespace
}  // namespace entrepot::testing
