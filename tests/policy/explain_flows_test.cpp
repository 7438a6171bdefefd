#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"

namespace entrepot::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string flows_of(const std::string& text, const std::vector<std::string>& patterns = {}, std::size_t most = 20,
                     const World& world = small_world()) {
  return explain_flows(world, scenario_of(text), blocs(), patterns, most);
}

std::string tariff(const std::string& name, const std::string& rest, const std::string& list = "policy") {
  return "[[" + list + "]]\nname=\"" + name + "\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"AAA\"\n" +
         rest;
}

constexpr const char* kBan =
    "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"BBB\"\nsectors=\"food\"\n"
    "direction=\"exports\"\ncoverage=0.25\n";

TEST(ExplainFlows, FollowsEachFlowThroughThePolicies) {
  const std::string reference = tariff("old", "rate=0.2\n", "reference.policy");
  const std::string cost =
      "[[policy]]\nname=\"cost\"\ninstrument=\"ntb\"\nimporters=\"BBB\"\nexporters=\"AAA\"\nsectors=\"food\"\ncost=0."
      "05\n";
  EXPECT_EQ(flows_of(reference + tariff("half", "action=\"multiply\"\nrate=0.5\nsectors=\"food\"\n") + cost + kBan +
                     tariff("more", "action=\"add\"\nrate=0.02\nsectors=\"food\"\n")),
            "The scenario changes 2 of the 12 flows looked at, worth 50.0 million USD before duty in the base year\n"
            "\n"
            "BBB buys food from AAA: 30 million USD\n"
            "  tariff: 10 % -> 20 % (old, in both worlds) -> 10 % (half) -> 12 % (more)\n"
            "  trade cost: 0 % -> 5 % (cost)\n"
            "  varieties allowed: 100 % -> 75 % (ban)\n"
            "\n"
            "BBB buys steel from AAA: 20 million USD\n"
            "  tariff: 0 % -> 20 % (old, in both worlds)\n");
}

TEST(ExplainFlows, BansAndCostsBuildOnTheReferencePolicies) {
  const std::string old = std::string(kBan).replace(2, 6, "reference.policy").replace(27, 3, "old");
  EXPECT_THAT(flows_of(old + kBan),
              HasSubstr("varieties allowed: 100 % -> 75 % (old, in both worlds) -> 56.25 % (ban)"));
}

TEST(ExplainFlows, AFullBanIsToldOnATradedFlow) {
  EXPECT_THAT(flows_of(std::string(kBan) + "enforcement=1\n" +
                       "[[policy]]\nname=\"all\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"BBB\"\n"),
              HasSubstr("varieties allowed: 100 % -> 75 % (ban) -> 0 % (all)"));
}

TEST(ExplainFlows, PatternsPickFlowsByNameBlocAndStar) {
  const std::string all =
      "[[policy]]\nname=\"p\"\ninstrument=\"ntb\"\nimporters=\"all\"\nexporters=\"all\"\ncost=0.1\n";
  EXPECT_THAT(flows_of(all, {"BBB:*:food"}), HasSubstr("changes 2 of the 2 flows looked at, worth 35.0 million"));
  EXPECT_THAT(flows_of(all, {"*:CCC:*"}), HasSubstr("changes 4 of the 4"));
  EXPECT_THAT(flows_of(all, {"CCC:WEST:*"}), HasSubstr("changes 4 of the 4"));
  EXPECT_THAT(flows_of(all, {"BBB:AAA:food", "BBB:AAA:steel"}), HasSubstr("changes 2 of the 2"));
  EXPECT_THAT(flows_of(tariff("p", "rate=0.3\n"), {"AAA:*:*"}), HasSubstr("changes none of the 4 flows looked at.\n"));
}

TEST(ExplainFlows, APriceCapIsToldWithItsLimit) {
  const auto cap = [](const std::string& name, const std::string& buyers, const std::string& limit) {
    return "[[policy]]\nname=\"" + name + "\"\ninstrument=\"price_cap\"\nexporters=\"AAA\"\nbuyers=" + buyers +
           "\nsectors=\"food\"\nlimit=" + limit + "\n";
  };
  const std::string end = " of the price in the reference world; the rent is found when the scenario is solved\n";
  const std::string text =
      flows_of(tariff("more", "rate=0.2\nsectors=\"food\"\n") + cap("oil", "[\"BBB\",\"CCC\"]", "0.85") +
               cap("looser", "\"CCC\"", "0.95") + cap("tight", "\"BBB\"", "0.8"));
  EXPECT_THAT(text, HasSubstr("The scenario changes 2 of the 12 flows looked at"));
  EXPECT_THAT(text, HasSubstr("BBB buys food from AAA: 30 million USD\n  tariff: 10 % -> 20 % (more)\n"
                              "  price cap: none -> 85 % (oil) -> 80 % (tight)" +
                              end));
  EXPECT_THAT(text, HasSubstr("CCC buys food from AAA: 10 million USD\n  price cap: none -> 85 % (oil)" + end));
  EXPECT_THAT(flows_of(cap("oil", "\"BBB\"", "0.85"), {"*:*:steel"}),
              ::testing::StartsWith("The scenario changes none of the 6 flows"));
}

TEST(ExplainFlows, TheLargestComeFirstAndTheRestIsCounted) {
  const std::string all =
      "[[policy]]\nname=\"p\"\ninstrument=\"ntb\"\nimporters=\"all\"\nexporters=\"all\"\ncost=0.1\n";
  const std::string text = flows_of(all, {}, 2);
  // 12 flows, 85 of food and 100 of steel before duty; two of 30 lead.
  EXPECT_THAT(text, HasSubstr("BBB buys food from AAA: 30 million USD"));
  EXPECT_THAT(text, HasSubstr("AAA buys steel from BBB: 30 million USD"));
  EXPECT_THAT(text, HasSubstr("and 10 more flows, worth 125.0 million USD\n"));
}

TEST(ExplainFlows, WhatDoesNothingIsNotListed) {
  EXPECT_EQ(flows_of(tariff("same", "rate=0.1\nsectors=\"food\"\n")),
            "The scenario changes none of the 12 flows looked at.\n");
  World world = small_world();
  world.expenditure(1, 0, 0) = 0.0;
  EXPECT_EQ(flows_of(tariff("idle", "rate=0.5\nsectors=\"food\"\n"), {}, 20, world),
            "The scenario changes none of the 12 flows looked at that is traded in the base year.\n");
  EXPECT_THAT(flows_of(tariff("idle", "rate=0.5\n"), {}, 20, world),
              HasSubstr("\n1 flow that is not traded in the base year would change too"));
}

TEST(ExplainFlows, SeveralUsesAreAveragedByValueBeforeDuty) {
  World world = World::of_shape({{"AAA", "", {}}, {"BBB", "", {}}}, {{"food", ""}}, 2);
  world.expenditure = Bilateral(4, 2, 1, 10.0);
  world.expenditure(1, 0, 0) = 33.0;  // BBB's intermediate use, at a duty of 10 %
  world.tariff = Bilateral(4, 2, 1);
  world.tariff(1, 0, 0) = 0.1;
  EXPECT_THAT(flows_of(tariff("p", "rate=0.5\n"), {}, 20, world),
              HasSubstr("BBB buys food from AAA: 40 million USD\n  tariff: 7.5 % -> 50 % (p)\n"));
}

std::string complaint(const std::vector<std::string>& patterns) {
  try {
    flows_of(tariff("p", "rate=0.3\n"), patterns);
  } catch (const InputError& error) {
    return error.what();
  }
  return {};
}

TEST(ExplainFlows, SaysWhatItCannotRead) {
  EXPECT_THAT(complaint({"AAA:BBB"}), HasSubstr("--flows: 'AAA:BBB' is not IMPORTER:EXPORTER:SECTOR"));
  EXPECT_THAT(complaint({"AAA"}),
              HasSubstr("'AAA' is not IMPORTER:EXPORTER:SECTOR; codes, blocs or * are expected for each of the three, "
                        "such as AAA:*:* for what AAA buys or *:AAA:* for what it sells"));
  EXPECT_THAT(complaint({"food"}), HasSubstr("such as *:*:food for all trade in it"));
  EXPECT_THAT(complaint({"nothing"}), HasSubstr("such as IRN:*:food"));
  EXPECT_THAT(complaint({"AAA::food"}), HasSubstr("is not IMPORTER:EXPORTER:SECTOR"));
  EXPECT_THAT(complaint({"AAB:*:fod"}), AllOf(HasSubstr("did you mean 'AAA'"), HasSubstr("did you mean 'food'")));
  EXPECT_THAT(complaint({"AAA:AAA:*"}), HasSubstr("no flow between two different countries is 'AAA:AAA:*'"));
}

TEST(ExplainFlows, MistakesOfAllPoliciesAreTold) {
  try {
    flows_of(tariff("a", "rate=0.3\nsectors=\"fod\"\n", "reference.policy") +
             tariff("b", "rate=0.3\nsectors=\"stel\"\n"));
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems().size(), 2u);
  }
}

}  // namespace
}  // namespace entrepot::testing
