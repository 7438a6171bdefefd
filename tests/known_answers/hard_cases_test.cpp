// Shocks far from the base year, solved from a cold start in the two shipped worlds: each must be solved, and its
// answer must hold in the equations written out plainly.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "equilibrium/solve.hpp"
#include "support/reference.hpp"
#include "world/baseline_files.hpp"

namespace entrepot::testing {
namespace {

constexpr double kTolerance = 1e-10;
/// What check_equations finds at a residual of kTolerance: it measures prices, not −θ ln P̂, and sums in another order.
constexpr double kPlainTolerance = 1e-9;

const World& shipped(const std::string& name) {
  static std::map<std::string, World> worlds;
  const auto found = worlds.find(name);
  if (found != worlds.end()) return found->second;
  return worlds.emplace(name, read_baseline(std::string(ENTREPOT_SOURCE_DIR) + "/data/" + name).world).first->second;
}

/// A value on every flow between countries for which `where` holds, `otherwise` on all others.
Bilateral between_countries(const World& world, double otherwise, double value,
                            const std::function<bool(Index buyer, Index seller, Index sector)>& where) {
  Bilateral array(world.market_count(), world.location_count(), world.sector_count(), otherwise);
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index buyer = world.country_of_market(m), seller = world.country_of_location(i);
        if (buyer != seller && where(buyer, seller, j)) array(m, i, j) = value;
      }
  return array;
}

bool everywhere(Index, Index, Index) { return true; }

Shock embargo_of(const World& world, Index target) {
  Shock shock;
  shock.closure = Closure::kBalanced;  // a country cut off can neither receive nor pay a transfer
  shock.open_share =
      between_countries(world, 1.0, 0.0, [=](Index n, Index i, Index) { return n == target || i == target; });
  return shock;
}

/// Sectors of which a country makes nothing, but buys some.
std::vector<std::string> not_made(const World& world, Index n) {
  std::vector<std::string> result;
  for (Index j = 0; j < world.sector_count(); ++j)
    if (world.expenditure(n, n, j) == 0.0 && world.expenditure.sector(j).row(n).sum() > 0.0)
      result.push_back(world.sectors[static_cast<std::size_t>(j)].code);
  return result;
}

void expect_solved(const World& world, const Shock& shock, const std::string& what) {
  SCOPED_TRACE(what);
  const Solution solution = solve(world, shock, {.tolerance = kTolerance});
  const SolveReport& report = solution.report;
  ASSERT_TRUE(report.solved()) << report.sentence;
  EXPECT_LE(report.residual, kTolerance);
  const EquationCheck check = check_equations(world, shock, solution.equilibrium);
  EXPECT_LE(check.residual, kPlainTolerance) << check.where;
}

class HardCases : public ::testing::TestWithParam<const char*> {
 protected:
  const World& world() const { return shipped(GetParam()); }
  World with_theta(double theta) const {
    World result = world();
    result.theta.setConstant(theta);
    return result;
  }
};

TEST_P(HardCases, EachCountryCutOffByAllOthers) {
  for (Index n = 0; n < world().country_count(); ++n) {
    const std::string& code = world().countries[static_cast<std::size_t>(n)].code;
    if (!not_made(world(), n).empty()) continue;  // see SealedOff
    expect_solved(world(), embargo_of(world(), n), "embargo of " + code);
  }
}

TEST_P(HardCases, FiveHundredPercentTariffsByEveryone) {
  for (const Closure closure : {Closure::kBalanced, Closure::kProportional}) {
    Shock shock;
    shock.closure = closure;
    shock.tariff = between_countries(world(), 0.0, 5.0, everywhere);
    expect_solved(world(), shock, "500 % tariffs, closure " + std::to_string(static_cast<int>(closure)));
  }
}

TEST_P(HardCases, AllForeignCostsHalved) {
  for (const Closure closure : {Closure::kBalanced, Closure::kFixed, Closure::kProportional}) {
    Shock shock;
    shock.closure = closure;
    shock.iceberg = between_countries(world(), 1.0, 0.5, everywhere);
    expect_solved(world(), shock, "half costs, closure " + std::to_string(static_cast<int>(closure)));
  }
}

TEST_P(HardCases, OneCountrysExportsDearer) {
  for (const double factor : {3.0, 1e6})
    for (Index n = 0; n < world().country_count(); ++n) {
      Shock shock;
      shock.closure = Closure::kBalanced;
      shock.iceberg = between_countries(world(), 1.0, factor, [=](Index, Index i, Index) { return i == n; });
      expect_solved(world(), shock,
                    fmt::format("exports of {} × {:g}", world().countries[static_cast<std::size_t>(n)].code, factor));
    }
}

TEST_P(HardCases, OneCountrysProductivityLost) {
  for (const double factor : {3.0, 1e6})
    for (Index n = 0; n < world().country_count(); ++n) {
      Shock shock;
      shock.closure = Closure::kBalanced;
      shock.productivity = Matrix::Ones(world().location_count(), world().sector_count());
      shock.productivity.row(n).setConstant(1.0 / factor);
      expect_solved(
          world(), shock,
          fmt::format("productivity of {} / {:g}", world().countries[static_cast<std::size_t>(n)].code, factor));
    }
}

TEST_P(HardCases, SmallAndLargeTradeElasticities) {
  for (const double theta : {0.4, 50.0}) {
    const World changed = with_theta(theta);
    for (const Closure closure : {Closure::kBalanced, Closure::kFixed})
      for (const double tariff : {0.0, 1.0}) {
        Shock shock;
        shock.closure = closure;
        if (tariff > 0.0) shock.tariff = between_countries(changed, 0.0, tariff, everywhere);
        expect_solved(
            changed, shock,
            fmt::format("θ = {}, tariffs of {:.0f} %, closure {}", theta, 100.0 * tariff, static_cast<int>(closure)));
      }
  }
}

TEST_P(HardCases, EachSectorWithoutForeignSources) {
  for (Index j = 0; j < world().sector_count(); ++j) {
    bool all_make_it = true;
    for (Index n = 0; n < world().country_count(); ++n)
      all_make_it =
          all_make_it && (world().expenditure(n, n, j) > 0.0 || world().expenditure.sector(j).row(n).sum() == 0.0);
    if (!all_make_it) continue;
    for (const Closure closure : {Closure::kBalanced, Closure::kFixed}) {
      Shock shock;
      shock.closure = closure;
      shock.open_share = between_countries(world(), 1.0, 0.0, [=](Index, Index, Index k) { return k == j; });
      expect_solved(world(), shock,
                    fmt::format("no trade in {} closure {}", world().sectors[static_cast<std::size_t>(j)].code,
                                static_cast<int>(closure)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, HardCases, ::testing::Values("cp2015-nafta", "eurasia-2021"), [](const auto& each) {
  return std::string(each.param) == "cp2015-nafta" ? "Nafta" : "Eurasia";
});

/// Behind such walls Ireland's and the Emirates' surpluses of the base year, held in units of world GDP, are more than
/// they earn.
TEST(NoEquilibrium, SurplusesHeldBehindFiveHundredPercentTariffs) {
  for (const auto& [name, giver] : {std::pair{"cp2015-nafta", "IRL"}, std::pair{"eurasia-2021", "ARE"}}) {
    const World& world = shipped(name);
    Shock shock;
    shock.tariff = between_countries(world, 0.0, 5.0, everywhere);
    const Solution solution = solve(world, shock);
    EXPECT_EQ(solution.report.status, SolveStatus::kNoEquilibrium) << name;
    EXPECT_THAT(solution.report.sentence, ::testing::StartsWith(std::string(giver) + " would have to hand over"))
        << name;
    EXPECT_THAT(solution.report.sentence, ::testing::HasSubstr("A smaller surplus in the reference world"));
  }
}

TEST(NoEquilibrium, ATransferOfMoreThanACountryEarns) {
  const World& world = shipped("eurasia-2021");
  const auto code = [](const char* wanted) { return [=](const Country& each) { return each.code == wanted; }; };
  const auto& all = world.countries;
  const Index giver = std::find_if(all.begin(), all.end(), code("TJK")) - all.begin();
  const Index receiver = std::find_if(all.begin(), all.end(), code("USA")) - all.begin();
  Shock shock;
  shock.transfer = Vector::Zero(world.country_count());
  shock.transfer(giver) = -20000.0;  // its value added is below 9,000
  shock.transfer(receiver) = 20000.0;
  const SolveReport report = solve(world, shock).report;
  EXPECT_EQ(report.status, SolveStatus::kNoEquilibrium);
  EXPECT_THAT(report.sentence, ::testing::StartsWith("TJK would have to hand over"));
}

TEST(NoEquilibrium, TradeInOneDirectionThatNoDeficitPaysFor) {
  const World& world = shipped("eurasia-2021");
  Index iran = 0;
  while (world.countries[static_cast<std::size_t>(iran)].code != "IRN") ++iran;
  for (const bool sells : {true, false}) {  // what is left of Iran's trade
    Shock shock;
    shock.open_share = between_countries(
        world, 1.0, 0.0, [=](Index importer, Index exporter, Index) { return (sells ? importer : exporter) == iran; });
    const bool pays = sells == (world.deficit(iran) < 0.0);
    EXPECT_EQ(solve(world, shock).report.solved(), pays);
    shock.closure = Closure::kBalanced;
    const SolveReport report = solve(world, shock).report;
    EXPECT_EQ(report.status, SolveStatus::kNoEquilibrium);
    EXPECT_THAT(report.sentence, ::testing::StartsWith(sells ? "The policies let IRN sell to the rest of the world"
                                                             : "The policies let IRN buy from the rest of the world"));
  }
}

TEST(NoEquilibrium, TheLargestDeficitRateCannotBecomeASurplus) {
  const World& world = shipped("eurasia-2021");
  Index country = 0;
  (world.deficit.array() / factor_income(world).array()).maxCoeff(&country);
  Shock shock;
  shock.closure = Closure::kProportional;
  shock.open_share =
      between_countries(world, 1.0, 0.0, [=](Index importer, Index, Index) { return importer == country; });
  EXPECT_EQ(solve(world, shock).report.status, SolveStatus::kNoEquilibrium);
  shock.open_share =
      between_countries(world, 1.0, 0.0, [=](Index, Index exporter, Index) { return exporter == country; });
  const SolveReport report = solve(world, shock).report;
  EXPECT_TRUE(report.solved()) << report.sentence;  // a deficit pays for imports alone
}

/// With inputs that hardly replace each other the Emirates, whose textiles are mostly those of others on their way
/// through, cannot do without them: prices at given wages, swept plainly, rise without limit.
TEST(NoEquilibrium, ASectorThatWouldUseUpMoreOfItselfThanItMakes) {
  World world = shipped("eurasia-2021");
  world.value_added_elasticity.setConstant(0.5);
  world.input_elasticity.setConstant(0.2);
  Index textiles = 0;
  while (world.sectors[static_cast<std::size_t>(textiles)].code != "textiles") ++textiles;
  Shock shock;
  shock.open_share = between_countries(world, 1.0, 0.0, [=](Index, Index, Index j) { return j == textiles; });
  const SolveReport report = solve(world, shock).report;
  EXPECT_EQ(report.status, SolveStatus::kNoEquilibrium);
  EXPECT_THAT(report.sentence, ::testing::StartsWith("textiles in ARE would use up more of itself"));
  world.value_added_elasticity.setConstant(0.9);
  world.input_elasticity.setConstant(0.9);
  expect_solved(world, shock, "no trade in textiles at an elasticity of 0.9");
}

/// A home source is missing in some countries of CP15's world; in Mexico of electrical and communication goods.
TEST(SealedOff, CountriesAreNamedWithExactlyTheSectorsTheyMakeNothingOf) {
  const World& world = shipped("cp2015-nafta");
  int found = 0;
  for (Index n = 0; n < world.country_count(); ++n) {
    const std::string& code = world.countries[static_cast<std::size_t>(n)].code;
    const std::vector<std::string> lacking = not_made(world, n);
    if (lacking.empty()) continue;
    if (code == "MEX") {
      EXPECT_THAT(lacking, ::testing::ElementsAre("electrical", "communication"));
    }
    const SolveReport report = solve(world, embargo_of(world, n)).report;
    EXPECT_EQ(report.status, SolveStatus::kNoSupply) << code;
    EXPECT_EQ(
        report.sentence,
        fmt::format("No source is left of something that buyers cannot do without: in {}: {}. A lower coverage, or "
                    "one source left open, has an equilibrium.",
                    code, fmt::join(lacking, ", ")));
    ++found;
  }
  EXPECT_EQ(found, 15);
}

TEST(SealedOff, ADeficitThatNobodyCanDeliverIsNoEquilibrium) {
  const World& world = shipped("eurasia-2021");
  Shock shock = embargo_of(world, 0);
  shock.closure = Closure::kFixed;
  const SolveReport report = solve(world, shock).report;
  EXPECT_EQ(report.status, SolveStatus::kNoEquilibrium);
  EXPECT_THAT(report.sentence, ::testing::HasSubstr("IRN"));
}

}  // namespace
}  // namespace entrepot::testing
