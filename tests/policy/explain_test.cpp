#include "policy/explain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios.hpp"

namespace entrepot::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string explained(const std::string& text, const World& world = small_world()) {
  return explain(world, scenario_of(text), blocs());
}

TEST(Explain, SaysWhomAPolicyTouchesHowMuchTradeAndTheRates) {
  // BBB's imports from AAA and CCC before duty: food 30 + 5, steel 20 + 10; duty 3, so 3/65 = 4.62 % before.
  EXPECT_EQ(explained("title = \"A tariff\"\nquestion = \"What of it?\"\n[[policy]]\nname = \"wall\"\n"
                      "instrument = \"tariff\"\nimporters = \"BBB\"\nexporters = [\"AAA\", \"CCC\"]\nrate = 0.25\n"),
            "A tariff\n"
            "What of it?\n"
            "\n"
            "Baseline three-countries: 3 countries, 2 sectors, 2021\n"
            "Bloc membership: the latest known\n"
            "\n"
            "True in both worlds\n"
            "  closure fixed: trade deficits keep their size in units of world GDP\n"
            "  no policies\n"
            "\n"
            "Policies\n"
            "  1. wall (tariff, set)\n"
            "     importers: BBB\n"
            "     exporters: AAA, CCC\n"
            "     sectors: all 2 sectors\n"
            "     touches 4 flows worth 65.0 million USD before duty in the base year\n"
            "     average tariff: 4.62 % -> 25.00 %\n");
}

TEST(Explain, NamesWhatIsLeftOutAndBlocsThatAreChanged) {
  const std::string text = explained(
      "[[policy]]\nname=\"e\"\ninstrument=\"embargo\"\nsenders=\"WEST\"\ntargets=\"CCC\"\ncoverage=0.4\nenabled=false\n"
      "[bloc.WEST]\nAAA=false\n[bloc.EAST]\nBBB=true\n");
  EXPECT_THAT(text, HasSubstr("Bloc membership: the latest known\n  AAA is not in WEST\n  BBB is in EAST\n"
                              "Left out: e (enabled = false)\n"));
  EXPECT_THAT(text, HasSubstr("\nPolicies\n  no policies\n"));
}

TEST(Explain, ARateAboveThePriceIsRemarkedOn) {
  const std::string policy =
      "[[policy]]\nname = \"wall\"\ninstrument = \"tariff\"\nimporters = \"BBB\"\nexporters = \"AAA\"\n";
  EXPECT_THAT(explained(policy + "rate = 8\n"), HasSubstr("rates are fractions (0.08 is 8 %)"));
  EXPECT_THAT(explained(policy + "rate = 0.9\n"), Not(HasSubstr("rates are fractions")));
}

TEST(Explain, RatesBeforeAreThoseOfTheReferencePolicies) {
  const std::string reference =
      "[[reference.policy]]\nname=\"old\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"AAA\"\nrate=0.5\n";
  const std::string policy =
      "[[policy]]\nname=\"new\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"AAA\"\nsectors=\"food\"\n"
      "action=\"multiply\"\nrate=0.1\n";
  const std::string text = explained(reference + policy);
  EXPECT_THAT(text, HasSubstr("average tariff: 6.00 % -> 50.00 %"));  // 3 of 50 before duty
  EXPECT_THAT(text, HasSubstr("touches 1 flow worth 30.0 million USD"));
  EXPECT_THAT(text, HasSubstr("average tariff: 50.00 % -> 5.00 %"));
}

TEST(Explain, EmbargoesCostsProductivityAndTransfersInTheirOwnUnits) {
  const std::string text = explained(
      "[[policy]]\nname=\"e\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\ncoverage=0.4\n"
      "[[policy]]\nname=\"n\"\ninstrument=\"ntb\"\nimporters=\"AAA\"\nexporters=\"BBB\"\ncost=0.05\n"
      "[[policy]]\nname=\"p\"\ninstrument=\"productivity\"\ncountries=\"AAA\"\nchange=-0.1\n"
      "[[policy]]\nname=\"t\"\ninstrument=\"transfer\"\nfrom=\"AAA\"\nto=\"CCC\"\namount_million_usd=7\n");
  EXPECT_THAT(text, HasSubstr("touches 4 flows worth 40.0 million USD"));  // 10 + 15 + 10 + 5
  EXPECT_THAT(text, HasSubstr("share of varieties allowed: 100.00 % -> 60.00 %"));
  EXPECT_THAT(text, HasSubstr("average change of trade cost: 0.00 % -> 5.00 %"));
  EXPECT_THAT(text, HasSubstr("productivity -10.00 % where 135.0 million USD of value added is made"));
  EXPECT_THAT(text, HasSubstr("million USD a year: AAA -7.0, CCC +7.0"));
}

TEST(Explain, NotesOverlapsAndWhoIsLeftOut) {
  const std::string set =
      "[[policy]]\nname=\"NAME\"\ninstrument=\"tariff\"\nimporters=\"MIXED\"\nexporters=\"AAA\"\nrate=0.1\n";
  const auto named = [&](const std::string& name) { return std::string(set).replace(set.find("NAME"), 4, name); };
  const std::string text = explained(named("first") + named("second"), small_world_with_region());
  EXPECT_THAT(text, HasSubstr("note: takes the place of 'first' on 2 flows"));
  EXPECT_THAT(text, HasSubstr("note: MIXED without LUX (part of CCC), XYZ, not in this baseline apart"));
  const std::string note = "MIXED without";
  const std::string twice = explained(
      "[[policy]]\nname=\"p\"\ninstrument=\"ntb\"\nimporters=[\"MIXED\",\"AAA\"]\nexporters=[\"MIXED\",\"AAA\"]\ncost="
      "0.1\n",
      small_world_with_region());
  EXPECT_EQ(twice.find(note), twice.rfind(note)) << "one note is enough for a bloc on both sides";
  const std::string add =
      "[[policy]]\nname=\"more\"\ninstrument=\"tariff\"\nimporters=\"BBB\"\nexporters=\"AAA\"\nsectors=\"food\"\n"
      "action=\"add\"\nrate=0.1\n";
  EXPECT_THAT(explained(named("first") + add), HasSubstr("note: comes on top of 'first' on 1 flow\n"));
}

TEST(Explain, FlowsWithoutTradeAreSaidToBeSo) {
  World world = small_world();
  world.expenditure(0, 1, 0) = 0.0;
  EXPECT_THAT(explained("[[policy]]\nname=\"p\"\ninstrument=\"ntb\"\nimporters=\"AAA\"\nexporters=\"BBB\"\n"
                        "sectors=\"food\"\ncost=0.1\n",
                        world),
              HasSubstr("none of these flows is traded in the base year"));
}

TEST(Explain, APolicyThatCoversNoFlowIsSaidToBeSo) {
  const std::string text = explained(
      "[[policy]]\nname=\"p\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"BBB\"\ncoverage={food=0,all=0}\n");
  EXPECT_THAT(text, HasSubstr("note: it covers no flow, so this changes nothing\n"));
  EXPECT_THAT(text, Not(HasSubstr("traded")));
}

TEST(Explain, EachEarlierPolicyIsNotedOnceWithAllItsFlows) {
  const auto cost = [](const std::string& name, const std::string& rest) {
    return "[[policy]]\nname=\"" + name + "\"\ninstrument=\"ntb\"\nexporters=\"all\"\ncost=0.1\n" + rest;
  };
  const std::string agreement =
      "[[policy]]\nname=\"fta\"\ninstrument=\"free_trade_agreement\"\nmembers=\"all\"\norigin_cost=0.01\n";
  const std::string text = explained(cost("one", "importers=\"AAA\"\n") + cost("two", "importers=\"BBB\"\n") +
                                     cost("three", "importers=[\"AAA\",\"BBB\"]\nsectors=\"food\"\n") + agreement +
                                     std::string(agreement).replace(17, 3, "again"));
  EXPECT_THAT(text, HasSubstr("note: comes on top of 'one' on 2 flows\n     note: comes on top of 'two' on 2 flows\n"));
  EXPECT_THAT(text, HasSubstr("note: comes on top of 'three' on 4 flows\n"));
  EXPECT_THAT(text, HasSubstr("note: comes on top of 'fta' on 12 flows\n")) << "both its tariffs and its costs, once";
}

TEST(Explain, MarketsThatLoseAllSupplyAreNamed) {
  World world = small_world();
  world.expenditure(2, 2, 1) = 0.0;  // CCC makes no steel for itself
  const std::string from_aaa = "[[policy]]\nname=\"a\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\n";
  const std::string from_bbb =
      "[[policy]]\nname=\"b\"\ninstrument=\"embargo\"\nsenders=\"BBB\"\ntargets=\"CCC\"\ndirection=\"exports\"\n";
  const std::string lost = "These markets would lose all supply, so that no equilibrium exists:\n  steel in CCC\n";
  EXPECT_THAT(explained(from_aaa + from_bbb, world), HasSubstr(lost));
  EXPECT_THAT(explained(from_aaa, world), Not(HasSubstr("lose all supply")));
  EXPECT_THAT(explained(from_aaa + from_bbb), Not(HasSubstr("lose all supply")));
  const std::string in_reference = std::string(from_aaa).replace(0, 10, "[[reference.policy]]");
  EXPECT_THAT(explained(in_reference + from_bbb, world), HasSubstr(lost));
}

TEST(Explain, ProblemsOfAllPoliciesAreReportedTogether) {
  try {
    explained(
        "[[reference.policy]]\nname=\"a\"\ninstrument=\"embargo\"\nsenders=\"AAB\"\ntargets=\"CCC\"\n"
        "[[policy]]\nname=\"b\"\ninstrument=\"embargo\"\nsenders=\"BBB\"\ntargets=\"CCD\"\n");
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    ASSERT_EQ(error.problems().size(), 2u);
    EXPECT_EQ(error.problems()[0].key, "reference.policy.a.senders");
    EXPECT_EQ(error.problems()[1].key, "policy.b.targets");
  }
}

const std::string kOwnBloc =
    "[bloc.ours]\nnew=true\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=[\"ours\"]\ntargets=\"CCC\"\n"
    "coverage=0.5\n[[policy]]\nname=\"round\"\ninstrument=\"evasion\"\nhubs=\"ours\"\npremium={BBB=0.1,all=0.2}\n";

/// With the scenario's blocs in place.
std::string explained_with_blocs(const std::string& text) {
  const Scenario scenario = scenario_of(text);
  return explain(small_world(), scenario, apply_blocs(blocs(), scenario, small_world()));
}

TEST(OwnBloc, TouchesNothingWithoutMembers) {
  const Scenario scenario = scenario_of(kOwnBloc);
  const Shock shock = compile_policies(small_world(), scenario, apply_blocs(blocs(), scenario, small_world()));
  for (Index m = 0; m < 3; ++m)
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 2; ++j)
        if (!shock.open_share.empty()) {
          EXPECT_EQ(shock.open_share(m, i, j), 1.0);
        }
  const std::string text = explained_with_blocs(kOwnBloc);
  EXPECT_THAT(text, HasSubstr("  ours is a bloc of this scenario\n"));
  EXPECT_THAT(text, HasSubstr("senders: none\n"));
  EXPECT_THAT(text, HasSubstr("note: ours has no members\n"));
}

TEST(OwnBloc, NoIncomeMovesFromNobody) {
  const Scenario scenario = scenario_of(
      "[bloc.ours]\nnew=true\n[[policy]]\nname=\"gift\"\ninstrument=\"transfer\"\nfrom=\"ours\"\nto=\"AAA\"\n"
      "amount_million_usd=1\n");
  const Shock shock = compile_policies(small_world(), scenario, apply_blocs(blocs(), scenario, small_world()));
  EXPECT_EQ(shock.transfer.size(), 0);
}

TEST(OwnBloc, HasTheMembersThatTheScenarioGivesIt) {
  const std::string own = "[bloc.ours]\nnew=true\nAAA=true\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\n",
                    ban = "targets=\"CCC\"\ncoverage=0.5\n";
  const auto shock = [&](const std::string& senders) {
    const Scenario scenario = scenario_of(own + "senders=\"" + senders + "\"\n" + ban);
    return compile_policies(small_world(), scenario, apply_blocs(blocs(), scenario, small_world()));
  };
  const Shock ours = shock("ours"), named = shock("AAA");
  for (Index m = 0; m < 3; ++m)
    for (Index i = 0; i < 3; ++i)
      for (Index j = 0; j < 2; ++j) EXPECT_EQ(ours.open_share(m, i, j), named.open_share(m, i, j));
}

/// One member trades with nobody in its bloc: an agreement of one, a burden of one, change nothing.
TEST(OwnBloc, OfOneMemberIsNoAgreement) {
  for (const char* policy : {"instrument=\"free_trade_agreement\"\nmembers=\"ours\"\n",
                             "instrument=\"customs_union\"\nmembers=\"ours\"\nexternal_tariff=0.1\n",
                             "instrument=\"burden_sharing\"\nmembers=\"ours\"\n",
                             "instrument=\"customs_cooperation\"\nmembers=\"ours\"\ndays_saved=1\n"}) {
    const std::string text = explained_with_blocs(
        std::string("[bloc.ours]\nnew=true\nAAA=true\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\n"
                    "senders=\"AAA\"\ntargets=\"CCC\"\ncoverage=0.5\n[[policy]]\nname=\"p\"\n") +
        policy);
    EXPECT_THAT(text, HasSubstr("so this changes nothing")) << policy;
  }
}

/// What is wrong beside a bloc without members is said though the policy changes nothing.
TEST(OwnBloc, HidesNoMistake) {
  const auto explaining = [](const std::string& rest) {
    return [=] {
      explained_with_blocs(
          "[bloc.ours]\nnew=true\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"ours\"\n" + rest);
    };
  };
  EXPECT_THAT(explaining("targets=\"CCD\"\n"),
              ThrowsMessage<InputError>(HasSubstr("there is no country or bloc 'CCD'")));
  EXPECT_THAT(explaining("targets=\"CCC\"\nsectors=\"fod\"\n"), ThrowsMessage<InputError>(HasSubstr("fod")));
}

TEST(OwnBloc, NeedsANameOfItsOwnAndOneCountryWhereOneIsMeant) {
  const auto message = [](const std::string& text) -> std::string {
    try {
      explained_with_blocs(text);
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message("[bloc.WEST]\nnew=true\n"), HasSubstr("bloc.WEST.new: 'WEST' is there already"));
  EXPECT_THAT(message("[bloc.AAA]\nnew=true\n"), HasSubstr("'AAA' is there already"));
  EXPECT_THAT(message("[bloc.goods]\nnew=true\n"), HasSubstr("'goods' is there already"));
  EXPECT_THAT(message("[bloc.nobody_of_note]\nAAA=true\n"), HasSubstr("'WEST'; new = true makes one"));
  EXPECT_THAT(message("[bloc.ours]\nnew=true\n[[policy]]\nname=\"plant\"\ninstrument=\"investment\"\nhost=\"ours\"\n"
                      "investors=\"AAA\"\namount_million_usd=1\nannual_return=0.1\n"),
              HasSubstr("'ours' are 0 countries; one is expected"));
}

}  // namespace
}  // namespace entrepot::testing
