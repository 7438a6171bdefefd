#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "policy/explain.hpp"
#include "scenarios.hpp"
#include "support/random_world.hpp"

// By hand from tests/support/small_world.hpp: θ is 4 in food and 6 in steel; AAA bans half of its sales to CCC, BBB is
// the hub.

namespace entrepot::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;

constexpr const char* kBan =
    "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\ndirection=\"exports\"\n"
    "coverage=0.5\n";

std::string evasion(const std::string& rest) {
  return "[[policy]]\nname=\"e\"\ninstrument=\"evasion\"\nhubs=\"BBB\"\n" + rest;
}

TEST(Evasion, SharesOfRoutesAreThoseOfTheModel) {
  const Shock shock = shock_of(kBan + evasion("premium=0.25\nmargin=0.4\n"));
  const double weight = std::pow(1.25, -4.0), through = weight / (1.0 + weight);
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 0), 0.5 + 0.5 * through);
  EXPECT_EQ(shock.open_share(0, 2, 0), 1.0);
  EXPECT_EQ(shock.open_share(2, 1, 0), 1.0);
  ASSERT_EQ(shock.detours.size(), 2u);
  const Detour& food = shock.detours[0];
  EXPECT_EQ(food.market, 2);
  EXPECT_EQ(food.origin, 0);
  EXPECT_EQ(food.sector, 0);
  EXPECT_EQ(food.hub, 1);
  EXPECT_DOUBLE_EQ(food.share, 0.5 * through / (0.5 + 0.5 * through));
  EXPECT_DOUBLE_EQ(food.margin, 0.4 * 0.2);
  EXPECT_DOUBLE_EQ(shock.hub_margin(2, 0, 0), food.share * food.margin);
  EXPECT_TRUE(check_values(small_world(), shock).empty());
  const double steel = std::pow(1.25, -6.0) / (1.0 + std::pow(1.25, -6.0));
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 1), 0.5 + 0.5 * steel);
}

TEST(Evasion, RoutesMayBeCloserSubstitutesThanSources) {
  const Shock shock = shock_of(kBan + evasion("premium=0.25\nroute_elasticity=8\n"));
  const double weight = std::pow(1.25, -8.0);
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 0), 0.5 + 0.5 * std::sqrt(weight / (1.0 + weight)));
}

TEST(Evasion, AHubIsAsOpenAsItsOwnTrade) {
  // Of BBB's sales to CCC 0.3 is left, of AAA's to BBB 0.6.
  const std::string legs =
      "[[policy]]\nname=\"l1\"\ninstrument=\"embargo\"\nsenders=\"BBB\"\ntargets=\"CCC\"\ndirection=\"exports\"\n"
      "coverage=0.7\n"
      "[[policy]]\nname=\"l2\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"BBB\"\ndirection=\"exports\"\n"
      "coverage=0.4\n";
  const Shock shock = shock_of(kBan + legs + evasion("importers=\"CCC\"\nexporters=\"AAA\"\npremium=0\n"));
  EXPECT_DOUBLE_EQ(shock.open_share(2, 0, 0), 0.5 + 0.5 * (0.18 / 1.18));
  EXPECT_DOUBLE_EQ(shock.open_share(2, 1, 0), 0.3);
  const std::string joins =
      "[[policy]]\nname=\"joins\"\ninstrument=\"embargo\"\nsenders=\"BBB\"\ntargets=\"CCC\"\ndirection=\"exports\"\n";
  const Shock closed = shock_of(kBan + joins + evasion("premium=0.1\n"));
  EXPECT_TRUE(closed.detours.empty());
  EXPECT_EQ(closed.open_share.values(), shock_of(kBan + joins).open_share.values());
}

TEST(Evasion, WithNothingToEvadeOrNoWayIsExactlyNothing) {
  const Shock ban = shock_of(kBan), no_way = shock_of(kBan + evasion("premium=inf\n")),
              no_ban = shock_of(evasion("premium=0.1\n")), too_early = shock_of(evasion("premium=0.1\n") + kBan);
  EXPECT_EQ(no_way.open_share.values(), ban.open_share.values());
  EXPECT_TRUE(no_way.detours.empty() && no_way.hub_margin.empty());
  EXPECT_THAT(no_ban.open_share.values(), Each(1.0));
  EXPECT_TRUE(no_ban.detours.empty());
  EXPECT_EQ(too_early.open_share.values(), ban.open_share.values());
  EXPECT_THAT(explain(small_world(), scenario_of(evasion("premium=0.1\n") + kBan), blocs()),
              HasSubstr("so there is nothing to evade"));
}

TEST(Evasion, CheckSaysHowMuchPasses) {
  // 10 of food and 15 of steel before duty; half is banned.
  const std::string text =
      explain(small_world(), scenario_of(kBan + evasion("premium=0\nsectors=\"food\"\n")), blocs());
  EXPECT_THAT(text, HasSubstr("of 5.0 million USD of trade outlawed, 50.00 % finds a detour at unchanged prices: BBB "
                              "50.00 %"));
  EXPECT_THAT(text, HasSubstr("share of varieties allowed: 50.00 % -> 75.00 %"));
}

/// A world with room for several hubs, and a full ban on C00's purchases from C01.
World five_countries() { return random_world({.countries = 5, .sectors = 3, .uses = 2, .missing = 0.0}, 7); }
constexpr const char* kFullBan =
    "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"C01\"\ntargets=\"C00\"\ndirection=\"exports\"\n";

std::string through(const std::string& name, const std::string& hubs, const std::string& rest) {
  return "[[policy]]\nname=\"" + name + "\"\ninstrument=\"evasion\"\nhubs=" + hubs + "\n" + rest;
}

TEST(Evasion, HubsShareByTheirPremiums) {
  const World world = five_countries();
  const Shock shock = shock_of(
      kFullBan + through("e", "[\"C00\",\"C02\",\"C03\",\"C04\"]", "premium={C02=0.1,C03=inf,all=0.3}\n"), world);
  ASSERT_EQ(shock.detours.size(), 2u * 2u * 3u);  // two hubs, two uses, three sectors; the buyer is no hub of its own
  for (std::size_t k = 0; k < shock.detours.size(); k += 2) {
    const Detour &one = shock.detours[k], &other = shock.detours[k + 1];
    EXPECT_EQ(one.hub, 2);
    EXPECT_EQ(other.hub, 4);
    EXPECT_NEAR(one.share + other.share, 1.0, 1e-15);
    EXPECT_NEAR(one.share / other.share, std::pow(1.3 / 1.1, world.theta(one.sector)), 1e-12);
  }
}

TEST(Evasion, AnotherBlockCarriesWhatIsStillOutlawed) {
  const World world = five_countries();
  const std::string first = through("one", "\"C02\"", "premium=0.2\nmargin=0.5\n");
  const Shock once = shock_of(kFullBan + first, world),
              twice = shock_of(kFullBan + first + through("two", "\"C03\"", "premium=0.1\n"), world);
  EXPECT_TRUE(check_values(world, twice).empty());
  const Detour &before = once.detours[0], &diluted = twice.detours[0];
  const double open = once.open_share(before.market, 1, before.sector),
               now = twice.open_share(before.market, 1, before.sector);
  const double weight = std::pow(1.1, -world.theta(before.sector));
  EXPECT_NEAR(now, open + (1.0 - open) * weight / (1.0 + weight), 1e-15);
  EXPECT_NEAR(diluted.share * now, before.share * open, 1e-15);  // what the first carries stays
  EXPECT_EQ(diluted.margin, before.margin);
}

TEST(Evasion, WrongInput) {
  const World world = five_countries();
  const auto problems = [&](const std::string& hubs, const std::string& rest) {
    return problems_of(kFullBan + through("e", hubs, rest), world);
  };
  EXPECT_EQ(problems("[\"C02\",\"C03\"]", "premium={C02=0.1}\n"),
            "policy.e.premium: C03 is a hub and has no premium here; 'all' gives one to those that are not named\n");
  EXPECT_EQ(problems("\"C02\"", "premium={C02=0.1,C04=0.2}\n"), "policy.e.premium.C04: 'C04' is not among the hubs\n");
  EXPECT_THAT(problems("\"C02\"", "premium={C2=0.1,all=0.1}\n"),
              HasSubstr("policy.e.premium.C2: there is no country or bloc 'C2' in this baseline; did you mean"));
  EXPECT_THAT(problems("\"C02\"", "premium=15\n"), HasSubstr("is 0.15 (15 %) meant?"));
  EXPECT_THAT(problems("\"C02\"", "premium=nan\n"), HasSubstr("between 0 and 10, or inf (fraction)"));
  EXPECT_THAT(problems("\"C02\"", "premium=-inf\n"), HasSubstr("between 0 and 10, or inf (fraction)"));
  EXPECT_THAT(problems("\"C02\"", ""), HasSubstr("policy.e.premium: this key is missing"));
  EXPECT_THAT(problems("\"C02\"", "premium=0.1\nroute_elasticity=0.5\n"),
              HasSubstr("policy.e.route_elasticity: 0.5 is below the trade elasticity of "));
}

}  // namespace
}  // namespace entrepot::testing
