#include "policy/scenario.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "scenarios.hpp"

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* kScenario = R"(title = "Half an embargo"
question = "What then?"
date = 2005-01-01
sources = ["a book", "a table"]
notes = "one note"
[reference]
closure = "balanced"
[[reference.policy]]
name = "old"
instrument = "tariff"
importers = ["BBB"]
exporters = ["AAA"]
rate = 0.02
[[policy]]
name = "fta"
instrument = "tariff"
importers = ["BBB"]
exporters = ["AAA"]
sectors = ["food"]
action = "table"
file = "rates.csv"
[[policy]]
name = "embargo"
instrument = "embargo"
senders = ["WEST"]
targets = ["CCC"]
coverage = 0.5
[theta]
scale = 1.5
food = 3
[model]
input_elasticity = 0.5
value_added_elasticity = {steel = 0.2}
labour_mobility = {AAA = 1.5, CCC = "mobile"}
[solver]
tolerance = 1e-9
max_iterations = 50
)";

TEST(Scenario, KeepsWhatTheFileSays) {
  const Scenario scenario = scenario_of(kScenario);
  EXPECT_EQ(scenario.title, "Half an embargo");
  EXPECT_EQ(scenario.question, "What then?");
  EXPECT_EQ(scenario.baseline, "three-countries");
  EXPECT_EQ(scenario.date, "2005-01-01");
  EXPECT_THAT(scenario.sources, ElementsAre("a book", "a table"));
  EXPECT_THAT(scenario.notes, ElementsAre("one note"));
  EXPECT_EQ(scenario.closure, Closure::kBalanced);
  ASSERT_EQ(scenario.reference_policies.size(), 1u);
  ASSERT_EQ(scenario.policies.size(), 2u);
  EXPECT_EQ(scenario.policies[1].name, "embargo");
  EXPECT_EQ(scenario.tolerance, 1e-9);
  EXPECT_EQ(scenario.max_iterations, 50);
  EXPECT_FALSE(scenario.reference_is_baseline());
}

TEST(Scenario, DefaultsAreAFixedClosureAndTheFilesName) {
  const Scenario scenario = scenario_of("");
  EXPECT_EQ(scenario.title, "scenario");
  EXPECT_EQ(scenario.closure, Closure::kFixed);
  EXPECT_FALSE(scenario.tolerance.has_value());
  EXPECT_TRUE(scenario.reference_is_baseline());
}

TEST(Scenario, ReferenceAndPoliciesAreCompiledApartWithOneClosure) {
  const Scenario scenario = scenario_of(kScenario);
  const Shock reference = compile_reference(small_world(), scenario, blocs());
  EXPECT_EQ(reference.tariff(1, 0, 0), 0.02);
  EXPECT_TRUE(reference.open_share.empty());
  EXPECT_EQ(reference.closure, Closure::kBalanced);
  const Shock shock = compile_policies(small_world(), scenario, blocs());
  EXPECT_EQ(shock.closure, Closure::kFixed);  // what the balanced reference world has: its transfers
  EXPECT_EQ(shock.tariff(1, 0, 0), 0.10);     // the table has no rate for it, so as in the world given
  EXPECT_EQ(shock.open_share(2, 0, 0), 0.5);
  EXPECT_EQ(shock.open_share(2, 1, 0), 1.0);  // BBB joined WEST after the scenario's date
}

TEST(Scenario, OverridesReachPoliciesReferenceAndElasticities) {
  const Scenario scenario =
      scenario_of(kScenario, {"policy.embargo.coverage=0.8", "reference.closure=proportional", "theta.food=4",
                              "policy.embargo.senders=[\"AAA\", \"BBB\"]", "reference.policy.old.rate=0.03"});
  EXPECT_EQ(scenario.closure, Closure::kProportional);
  const Shock shock = compile_policies(small_world(), scenario, blocs());
  EXPECT_DOUBLE_EQ(shock.open_share(2, 1, 0), 0.2);
  EXPECT_EQ(apply_model_options(small_world(), scenario).theta(0), 6.0);
  EXPECT_EQ(compile_reference(small_world(), scenario, blocs()).tariff(1, 0, 0), 0.03);
}

TEST(Scenario, MistakesInOverridesAndFileAreReportedTogether) {
  try {
    scenario_of(
        "[[policy]]\nname = \"e\"\ninstrument = \"embargo\"\nsenders = \"AAA\"\ntargets = \"CCC\"\ncovrage = 1\n",
        {"polcy.e.coverage=1", "policy.f.coverage=1", "policy.e.coverage=2", "theta.food=lots"});
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    std::vector<std::string> found;
    for (const Problem& problem : error.problems())
      found.push_back(problem.where.file.substr(0, 6) == "--set " ? format_problem(problem) : problem.sentence);
    EXPECT_THAT(found, ElementsAre("--set policy.f.coverage=1: policy: there is no 'f' here; did you mean 'e'?",
                                   "--set polcy.e.coverage=1: polcy: there is no such key; did you mean 'policy'?",
                                   "there is no such key; did you mean 'coverage'?",
                                   "--set policy.e.coverage=2: policy.e.coverage: this is 2; a number between 0 and 1 "
                                   "(fraction) is expected; is 0.02 (2 %) meant?",
                                   "--set theta.food=lots: theta.food: this is text; a number above 0 is expected"));
  }
}

TEST(Scenario, TheResolvedTextIsAScenarioThatNeedsNoOverrides) {
  const std::vector<std::string> overrides = {"policy.embargo.coverage=0.8", "model.labour_mobility=mobile"};
  const Scenario scenario = scenario_of(kScenario, overrides);
  const Scenario again = parse_scenario(scenario.resolved, scenario.file);
  EXPECT_EQ(again.resolved, scenario.resolved);
  EXPECT_EQ(again.policies[1].arguments.number("coverage"), 0.8);
  EXPECT_EQ(compile_policies(small_world(), again, blocs()).open_share.values(),
            compile_policies(small_world(), scenario, blocs()).open_share.values());
  ASSERT_EQ(scenario.table_files.size(), 1u);
  EXPECT_EQ(scenario.table_files[0].name, "rates.csv");
  EXPECT_THAT(scenario.table_files[0].text, HasSubstr("food,AAA,CCC,0.25"));
}

TEST(Scenario, ADisabledPolicyIsReadAndLeftOut) {
  const Scenario scenario = scenario_of(
      kScenario, {"policy.embargo.enabled=false", "reference.policy.old.enabled=false", "policy.fta.enabled=true"});
  EXPECT_TRUE(scenario.reference_policies.empty());
  ASSERT_EQ(scenario.policies.size(), 1u);
  EXPECT_EQ(scenario.policies[0].name, "fta");
  EXPECT_THAT(scenario.disabled, ElementsAre("old", "embargo"));
  EXPECT_TRUE(compile_policies(small_world(), scenario, blocs()).open_share.empty());
  const Scenario again = parse_scenario(scenario.resolved, scenario.file, {"policy.embargo.enabled=true"});
  EXPECT_EQ(compile_policies(small_world(), again, blocs()).open_share(2, 0, 0), 0.5);
}

TEST(Scenario, ADisabledPolicyIsStillChecked) {
  EXPECT_EQ(problems_of("[[policy]]\nname = \"e\"\ninstrument = \"embargo\"\nenabled = false\nsenders = \"AAA\"\n"
                        "targets = \"CCC\"\ncoverage = 2\n[[policy]]\nname = \"e\"\ninstrument = \"embargo\"\n"
                        "enabled = \"no\"\nsenders = \"AAA\"\ntargets = \"CCC\"\n"),
            "policy.e.coverage: this is 2; a number between 0 and 1 (fraction) is expected; is 0.02 (2 %) meant?\n"
            "policy.e.enabled: this is text; true or false is expected\n"
            "policy.e.name: another policy has this name, on line 3\n");
}

TEST(Scenario, ADisabledZoneIsNotSplitOff) {
  const std::string zone =
      "[[policy]]\nname = \"park\"\ninstrument = \"economic_zone\"\nhost = \"AAA\"\nsectors = \"food\"\n"
      "share = 0.1\nenabled = ";
  const World base = small_world();
  EXPECT_EQ(add_zones(base, scenario_of(zone + "true\n"), blocs()).zones.size(), 1u);
  EXPECT_TRUE(add_zones(base, scenario_of(zone + "false\n"), blocs()).zones.empty());
}

constexpr const char* kWest = R"([[policy]]
name = "e"
instrument = "embargo"
senders = ["WEST"]
targets = ["CCC"]
coverage = 0.5
)";

TEST(Scenario, ChangesABlocsMembershipWhateverTheDate) {
  const Shock late = shock_of(kWest);
  EXPECT_EQ(late.open_share(2, 0, 0), 0.5);
  EXPECT_EQ(late.open_share(2, 1, 0), 0.5);
  const Shock without = shock_of(std::string(kWest) + "[bloc.WEST]\nAAA = false\nBBB = true\nCCC = false\n");
  EXPECT_EQ(without.open_share(2, 0, 0), 1.0);
  EXPECT_EQ(without.open_share(2, 1, 0), 0.5);
  const Shock early = shock_of("date = 2005-01-01\n" + std::string(kWest), small_world(), {"bloc.WEST.BBB=true"});
  EXPECT_EQ(early.open_share(2, 0, 0), 0.5);
  EXPECT_EQ(early.open_share(2, 1, 0), 0.5);
}

TEST(Scenario, ABlocsChangesHoldInTheReferenceWorldToo) {
  const Scenario scenario = scenario_of(
      "[[reference.policy]]\nname = \"old\"\ninstrument = \"tariff\"\nimporters = [\"WEST\"]\n"
      "exporters = [\"CCC\"]\nrate = 0.5\n",
      {"bloc.WEST.AAA=false"});
  const Shock reference = compile_reference(small_world(), scenario, apply_blocs(blocs(), scenario, small_world()));
  EXPECT_EQ(reference.tariff(1, 2, 0), 0.5);
  EXPECT_NE(reference.tariff(0, 2, 0), 0.5);
}

TEST(Scenario, ARegionJoinsABlocWithAllItsMembersOrOneByOne) {
  const World world = small_world_with_region();  // CCC holds CCC and LUX
  const std::string policy =
      "[[policy]]\nname = \"e\"\ninstrument = \"embargo\"\nsenders = [\"WEST\"]\ntargets = [\"BBB\"]\n"
      "[bloc.WEST]\nBBB = false\n";
  EXPECT_EQ(shock_of(policy + "CCC = true\n", world).open_share(1, 2, 0), 0.0);
  EXPECT_EQ(shock_of(policy + "LUX = true\n", world).open_share(1, 2, 0), 1.0);
}

TEST(Scenario, UnknownBlocsAndCountriesOfBlocsAreReportedAtTheirPlace) {
  EXPECT_EQ(problems_of(std::string(kWest) + "[bloc.WSET]\nAAA = true\n[bloc.WEST]\nAAB = false\n"),
            "bloc.WSET: there is no bloc 'WSET'; did you mean 'WEST'?\n"
            "bloc.WEST.AAB: there is no country 'AAB' in this baseline; did you mean 'AAA'?\n");
  EXPECT_EQ(problems_of("[bloc]\nWEST = true\n[bloc.EAST]\nAAA = 1\n"),
            "bloc.WEST: this is true or false; a table is expected\n"
            "bloc.EAST.AAA: this is a number; true or false is expected\n");
  try {
    shock_of(kWest, small_world(), {"bloc.WEST.AAB=true"});
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "--set bloc.WEST.AAB=true: bloc.WEST.AAB: there is no country 'AAB' in this baseline; did you mean "
                 "'AAA'?");
  }
}

TEST(Scenario, IsMadeOfADocumentAndFilesInMemory) {
  TomlValue document = parse_toml("baseline = \"three-countries\"\n" + std::string(kScenario), "s.toml");
  set_value(document, "policy.embargo.coverage", parse_toml_value("0.8", ""), {"study.toml", 3, 4});
  const TableFile rates{"rates.csv", "sector,exporter,importer,rate\nfood,AAA,CCC,0.5\n"};
  const Scenario scenario = make_scenario(document, "nowhere/s.toml", {rates});
  EXPECT_EQ(scenario.policies[1].arguments.number("coverage"), 0.8);
  EXPECT_EQ(scenario.policies[1].arguments.where("coverage").file, "study.toml");
  ASSERT_EQ(scenario.table_files.size(), 1u);
  EXPECT_EQ(scenario.table_files[0].text, rates.text);
  EXPECT_THROW(make_scenario(document, "nowhere/s.toml"), InputError);
}

TEST(ModelOptions, AllComesFirstThenSectorsThenScale) {
  const World world = apply_model_options(small_world(), scenario_of("[theta]\nfood = 3\nscale = 2\nall = 5\n"));
  EXPECT_EQ(world.theta(0), 6.0);
  EXPECT_EQ(world.theta(1), 10.0);
}

TEST(ModelOptions, ElasticitiesAreOneNumberOrATable) {
  const World world = apply_model_options(small_world(), scenario_of(kScenario));
  EXPECT_EQ(world.theta(0), 4.5);
  EXPECT_EQ(world.theta(1), 9.0);
  EXPECT_EQ(world.input_elasticity(0), 0.5);
  EXPECT_EQ(world.input_elasticity(1), 0.5);
  EXPECT_EQ(world.value_added_elasticity(0), 1.0);
  EXPECT_EQ(world.value_added_elasticity(1), 0.2);
  EXPECT_EQ(world.labour_mobility(0), 1.5);
  EXPECT_EQ(world.labour_mobility(2), std::numeric_limits<double>::infinity());
}

TEST(ModelOptions, ElasticitiesOfAnotherSourceComeFirst) {
  World base = small_world();
  base.theta_sets = {{"other", Vector::Constant(base.sector_count(), 8.0)}};
  EXPECT_EQ(apply_model_options(base, scenario_of("[theta]\nset = \"other\"\n")).theta(1), 8.0);
  const World world = apply_model_options(base, scenario_of("[theta]\nfood = 3\nscale = 2\nset = \"other\"\n"));
  EXPECT_EQ(world.theta(0), 6.0);
  EXPECT_EQ(world.theta(1), 16.0);
  try {
    apply_model_options(base, scenario_of("[theta]\nset = \"othr\"\n"));
    ADD_FAILURE() << "an unknown set was taken";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("no elasticities 'othr' in this baseline; did you mean 'other'?"));
  }
}

TEST(ModelOptions, MobileLabourIsInfiniteAndInfAllowed) {
  World immobile = small_world();
  immobile.labour_mobility.setConstant(1.1);
  for (const char* value : {"\"mobile\"", "inf"}) {
    const World world = apply_model_options(immobile, scenario_of(std::string("[model]\nlabour_mobility=") + value));
    EXPECT_EQ(world.labour_mobility(1), std::numeric_limits<double>::infinity());
  }
  EXPECT_EQ(apply_model_options(immobile, scenario_of("")).labour_mobility(1), 1.1);
}

TEST(ModelOptions, UnknownSectorsAndCountriesAreAllReported) {
  EXPECT_EQ(problems_of("[theta]\nfod = 3\n[model]\ninput_elasticity = {steal = 1}\nlabour_mobility = {AAB = 2}\n"),
            "theta.fod: there is no sector 'fod' in this baseline; did you mean 'food'?\n"
            "model.input_elasticity.steal: there is no sector 'steal' in this baseline; did you mean 'steel'?\n"
            "model.labour_mobility.AAB: there is no country 'AAB' in this baseline; did you mean 'AAA'?\n");
}

TEST(ModelOptions, ValuesOutOfRangeAreReportedWithoutAWorld) {
  EXPECT_EQ(problems_of("[theta]\nfood = -3\n[model]\ninput_elasticity = -1\nvalue_added_elasticity = {food = nan}\n"
                        "labour_mobility = {AAA = 1, BBB = \"still\", CCC = {x = 1}}\n"),
            "model.input_elasticity: this is -1; a number at least 0 is expected\n"
            "model.value_added_elasticity.food: this is not a finite number; a number at least 0 is expected\n"
            "model.labour_mobility.AAA: this is 1; a number above 1 or 'mobile' is expected\n"
            "model.labour_mobility.BBB: 'still' is not known here; expected one of 'mobile'\n"
            "model.labour_mobility.CCC: this is a table; a number above 1 or 'mobile' is expected\n"
            "theta.food: this is -3; a number above 0 is expected\n");
}

TEST(Baseline, IsFoundUnderTheDataFolderBesideTheScenarioOrAsAPath) {
  const std::filesystem::path data = tests_folder() + "/data", folder = data / "three-countries";
  EXPECT_EQ(find_baseline_folder("three-countries", "s.toml", data), folder);
  EXPECT_EQ(find_baseline_folder(folder.string(), "s.toml", data), folder);
  EXPECT_EQ(find_baseline_folder("three-countries", data / "s.toml", "nowhere"), folder);
  EXPECT_EQ(find_baseline_folder("../data/three-countries", data / "s.toml", "nowhere"),
            data / "../data/three-countries");
}

TEST(Baseline, AnUnknownOneIsReportedAtItsLineWithTheNearestName) {
  Scenario scenario = scenario_of("");
  scenario.baseline = "three-contries";
  try {
    find_baseline_folder(scenario, tests_folder() + "/data");
    FAIL() << "nothing was thrown";
  } catch (const InputError& error) {
    EXPECT_EQ(error.problems()[0].where.line, 1u);
    EXPECT_THAT(error.problems()[0].sentence, HasSubstr("did you mean 'three-countries'?"));
  }
}

}  // namespace
}  // namespace entrepot::testing
