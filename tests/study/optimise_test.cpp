#include "study/optimise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <set>

#include "results/measures.hpp"
#include "study/best_responses.hpp"
#include "study/confidence_set.hpp"
#include "study/run_optimum.hpp"
#include "study/run_study.hpp"
#include "study/scenario_run.hpp"
#include "study/solve_record.hpp"
#include "study/study_at_hand.hpp"
#include "support/draw.hpp"
#include "support/random_world.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot::testing {
namespace {

using test::TemporaryFolder;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const BlocTable& blocs() {
  static const BlocTable table = BlocTable::read(std::filesystem::path(ENTREPOT_SOURCE_DIR) / "data/blocs.csv");
  return table;
}

Baseline baseline_of(World world) {
  Baseline baseline;
  baseline.world = std::move(world);
  baseline.info.name = "made up";
  return baseline;
}

/// One good, no inputs, two countries.
World two_countries() {
  World world = World::of_shape({{"AAA", "Aland", {}}, {"BBB", "Bland", {}}}, {{"goods", "Goods"}});
  world.expenditure(0, 0, 0) = 120.0;
  world.expenditure(0, 1, 0) = 80.0;
  world.expenditure(1, 0, 0) = 80.0;
  world.expenditure(1, 1, 0) = 220.0;
  world.value_added << 200.0, 300.0;
  world.final_use << 200.0, 300.0;
  return world;
}

class OptimiseTest : public ::testing::Test {
 protected:
  OptimumStudy study(const std::string& scenario, const std::string& text) const {
    std::ofstream(folder.path() / "scenario.toml") << "baseline = 'made-up'\n" << scenario;
    std::ofstream(folder.path() / "best.toml") << "scenario = 'scenario.toml'\n" << text;
    return read_optimum_study(folder.path() / "best.toml");
  }
  TemporaryFolder folder;
};

std::string duty(const std::string& name, const std::string& importer, const std::string& sectors = "all") {
  return "[[policy]]\nname = '" + name + "'\ninstrument = 'tariff'\nimporters = ['" + importer +
         "']\nexporters = ['all']\nsectors = ['" + sectors + "']\nrate = 0.1\n";
}
std::string choose(const std::string& path, double low, double high) {
  return fmt::format("[[choose]]\npath = '{}'\nlow = {}\nhigh = {}\n", path, low, high);
}

/// With one good the tariff that is best for a country is 1/(θ π_FF), π_FF what the other buys of its own at the
/// optimum: one over the elasticity of what it offers (Gros 1987).
TEST_F(OptimiseTest, TheOptimalTariffIsThatOfTheClosedForm) {
  for (const double theta : {3.0, 5.0, 8.0}) {
    World world = two_countries();
    world.theta(0) = theta;
    const Baseline baseline = baseline_of(world);
    const OptimumStudy asked =
        study(duty("duty", "AAA"),
              "[search]\nstarts = 3\n[[objective]]\nmeasure = 'welfare[AAA]'\n" + choose("policy.duty.rate", 0.0, 3.0));
    const OptimumResult result = optimise(asked, baseline, blocs());
    ASSERT_TRUE(result.report.solved());
    const Optimum& best = result.found.front();
    const Scenario scenario = parse_scenario(result.scenario, folder.path() / "found.toml", {"solver.tolerance=1e-12"});
    const Measures measures = run_scenario(scenario, baseline, blocs(), {.exact_decomposition = false}).measures;
    const double own = measures.trade(1, 1, 0) / (measures.trade(1, 1, 0) + measures.trade(1, 0, 0));
    EXPECT_NEAR(best.choice[0], 1.0 / (theta * own), 1e-5) << theta;
    EXPECT_NEAR(measures.welfare(0), best.objective, 1e-9);
    EXPECT_GT(best.objective, result.objective_before);
    EXPECT_LT(best.slope, 1e-4);
    for (const Optimum& one : result.found) EXPECT_NEAR(one.choice[0], best.choice[0], 1e-4) << "from every start";
  }
}

/// Two countries, each with a tariff on the other.
const std::string kTwoDuties =
    "[[policy]]\nname = 'a'\ninstrument = 'tariff'\nimporters = ['AAA']\nexporters = ['all']\nrate = 0\n"
    "[[policy]]\nname = 'b'\ninstrument = 'tariff'\nimporters = ['BBB']\nexporters = ['all']\nrate = 0.2\n";
const std::string kTwoPlayers =
    "[[objective]]\nplayer = 'A'\nmeasure = 'welfare[AAA]'\n[[choose]]\nplayer = 'A'\npath = 'policy.a.rate'\nlow = 0\n"
    "high = 3\n[[objective]]\nplayer = 'B'\nmeasure = 'welfare[BBB]'\n[[choose]]\nplayer = 'B'\npath = "
    "'policy.b.rate'\nlow = 0\nhigh = 3\n";

/// Neither country can gain by another tariff once each has the best answer to the other's, which is the closed form's
/// at the other's.
TEST_F(OptimiseTest, BestResponsesEndInNashTariffs) {
  const World world = two_countries();
  const Baseline baseline = baseline_of(world);
  const OptimumStudy asked = study(kTwoDuties, "[search]\nstarts = 2\n" + kTwoPlayers);
  const BestResponses found = best_responses(asked, baseline, blocs());
  ASSERT_TRUE(found.settled);
  EXPECT_LT(found.rounds, 20);
  const auto welfare = [&](double a, double b) {
    return run_scenario(
               read_scenario(asked.scenario_file, {fmt::format("policy.a.rate={}", a),
                                                   fmt::format("policy.b.rate={}", b), "solver.tolerance=1e-12"}),
               baseline, blocs(), {.exact_decomposition = false})
        .measures;
  };
  const double a = found.choice[0], b = found.choice[1];
  const Measures at = welfare(a, b), before = welfare(0.0, 0.2);
  for (const Index other : {1, 0}) {
    const double own = at.trade(other, other, 0) / (at.trade(other, other, 0) + at.trade(other, 1 - other, 0));
    EXPECT_NEAR(other == 1 ? a : b, 1.0 / (world.theta(0) * own), 1e-5);
  }
  EXPECT_GT(b, a) << "the larger country has more power over its terms of trade";
  for (Index k = 0; k < 2; ++k) {
    const BestResponses::Player& player = found.players[static_cast<std::size_t>(k)];
    EXPECT_NEAR(player.objective, at.welfare(k), 1e-9);
    EXPECT_NEAR(player.objective_before, before.welfare(k), 1e-9);
    EXPECT_LT(player.gain, 1e-9);
    for (const double other : {0.0, 0.1, 0.5, 1.0, 2.0})
      EXPECT_LE(welfare(k == 0 ? other : a, k == 1 ? other : b).welfare(k), at.welfare(k) + 1e-10);
  }
  EXPECT_THAT(show_best_responses(asked, found), HasSubstr("A Nash equilibrium"));
  OptimumStudy short_of_time = asked;
  short_of_time.rounds = 1;
  const BestResponses none = best_responses(short_of_time, baseline, blocs());
  EXPECT_FALSE(none.settled);
  EXPECT_THAT(show_best_responses(short_of_time, none), HasSubstr("Not settled"));
}

TEST_F(OptimiseTest, PlayersEachChooseAndWantSomething) {
  const auto says = [&](const std::string& text, const char* sentence) {
    EXPECT_THAT([&] { study(kTwoDuties, text); }, ThrowsMessage<InputError>(HasSubstr(sentence))) << text;
  };
  const std::string wants = "[[objective]]\nplayer = 'A'\nmeasure = 'welfare[AAA]'\n";
  const std::string chooses = "[[choose]]\nplayer = 'A'\npath = 'policy.a.rate'\nlow = 0\nhigh = 3\n";
  says(wants + chooses + "[[objective]]\nplayer = 'AB'\nmeasure = 'welfare[BBB]'\n",
       "'AB' chooses nothing: no [[choose]] is its; did you mean 'A'?");
  says(wants + chooses + "[[choose]]\nplayer = 'B'\npath = 'policy.b.rate'\nlow = 0\nhigh = 3\n", "'B' wants nothing");
  says(wants + chooses + choose("policy.b.rate", 0.0, 1.0), "whose this is is missing");
  says("[search]\nrounds = 3\n[[objective]]\nmeasure = 'welfare[AAA]'\n" + choose("policy.b.rate", 0.0, 1.0),
       "this goes with several who choose");
}

/// A search that was stopped takes up its way again and ends where an undisturbed one does.
TEST_F(OptimiseTest, AStoppedSearchGoesOn) {
  const Baseline baseline = baseline_of(two_countries());
  for (const bool players : {false, true}) {
    const OptimumStudy asked =
        players ? study(kTwoDuties, "[search]\nstarts = 2\n" + kTwoPlayers)
                : study(duty("duty", "AAA"), "[search]\nstarts = 2\n[[objective]]\nmeasure = 'welfare[AAA]'\n" +
                                                 choose("policy.duty.rate", 0.0, 3.0));
    const std::filesystem::path output = folder.path() / "found.toml", whole = folder.path() / "whole.toml";
    std::filesystem::remove(output);
    int solves = 0, all = 0;
    run_optimum(asked, baseline, blocs(), {.output = whole, .progress = [&](int, int, double) { ++all; }});
    ASSERT_GT(all, 12);
    std::atomic<bool> stop = false;
    OptimumRunOptions options{
        .output = output, .progress = [&](int, int, double) { stop = ++solves >= 9; }, .stop = &stop};
    const OptimumRun stopped = run_optimum(asked, baseline, blocs(), options);
    EXPECT_TRUE(stopped.stopped);
    EXPECT_FALSE(std::filesystem::exists(output));
    ASSERT_TRUE(std::filesystem::exists(stopped.record));
    // Starts side by side may each be in the middle of a solve.
    const std::size_t points = SolveRecord(stopped.record, fingerprint(asked, baseline, blocs())).points();
    EXPECT_GE(points, 9u);
    EXPECT_LT(points, static_cast<std::size_t>(all));
    options.progress = {};
    stop = false;
    EXPECT_THROW(run_optimum(asked, baseline, blocs(), options), UnfinishedSweep);
    options.resume = true;
    const OptimumRun resumed = run_optimum(asked, baseline, blocs(), options);
    EXPECT_FALSE(std::filesystem::exists(stopped.record));
    const Scenario one = read_scenario(output), other = read_scenario(whole);
    for (std::size_t k = 0; k < one.policies.size(); ++k)
      EXPECT_NEAR(one.policies[k].arguments.number("rate"), other.policies[k].arguments.number("rate"), 1e-6);
  }
}

/// A constraint takes from the slope only what would break it: where the objective would rise away from it, nothing.
TEST_F(OptimiseTest, AConstraintThatDoesNotHoldTheChoiceTakesNothingFromTheSlope) {
  const Baseline baseline = baseline_of(two_countries());
  const std::string text = "[[objective]]\nmeasure = 'welfare[AAA]'\n" + choose("policy.duty.rate", 0.0, 3.0);
  const OptimumStudy plain = study(duty("duty", "AAA"), text);
  const Scenario there = read_scenario(plain.scenario_file, {"policy.duty.rate=1.5", "solver.tolerance=1e-12"});
  const double other = run_scenario(there, baseline, blocs(), {.exact_decomposition = false}).measures.welfare(1);
  const auto slope = [&](const char* side) {
    return optimise(study(duty("duty", "AAA"),
                          fmt::format("[set]\n'policy.duty.rate' = 1.5\n[search]\nstarts = 1\nmost_solves = 1\n{}"
                                      "[[constraint]]\nmeasure = 'welfare[BBB]'\n{} = {}\n",
                                      text, side, other)),
                    baseline, blocs())
        .found.front()
        .slope;
  };
  EXPECT_GT(slope("at_least"), 0.1) << "a lower duty is better for both";
  EXPECT_LT(slope("at_most"), 1e-9) << "the other is to lose as much as it does, so that the duty can't be lower";
}

TEST_F(OptimiseTest, NoRandomPolicyIsBetter) {
  World world = random_world({.countries = 4, .sectors = 3, .home_share = 0.6, .highest_tariff = 0.1}, 5);
  const Baseline baseline = baseline_of(world);
  const std::string own = world.countries[0].code, other = world.countries[1].code;
  std::string scenario, text = "[[objective]]\nmeasure = 'welfare[" + own + "]'\n[[objective]]\nmeasure = 'welfare[" +
                               other + "]'\nweight = -0.5\n[[constraint]]\nmeasure = 'welfare[" +
                               world.countries[2].code + "]'\nat_least = -1\n";
  for (const Sector& sector : world.sectors) {
    scenario += duty(sector.code, own, sector.code);
    text += choose("policy." + sector.code + ".rate", 0.0, 1.0);
  }
  const OptimumStudy asked = study(scenario, text);
  const OptimumResult result = optimise(asked, baseline, blocs());
  const Optimum& best = result.found.front();
  ASSERT_TRUE(best.feasible);
  EXPECT_LT(best.slope, 1e-4);
  Draw draw(1);
  int feasible = 0;
  for (int k = 0; k < 2000; ++k) {
    std::vector<std::string> overrides;
    for (const Sector& sector : world.sectors)
      overrides.push_back(fmt::format("policy.{}.rate={}", sector.code, draw.between(0.0, 1.0)));
    const Scenario one = read_scenario(asked.scenario_file, overrides);
    const Shock shock = compile_policies(world, one, blocs());
    const Solution solution = solve(world, shock);
    ASSERT_TRUE(solution.report.solved());
    const Measures measures = measure(world, shock, solution.equilibrium);
    if (measures.welfare(2) < -1.0) continue;
    ++feasible;
    EXPECT_LE(measures.welfare(0) - 0.5 * measures.welfare(1), best.objective + 1e-7);
  }
  EXPECT_GT(feasible, 20);
}

/// What a sender loses at least for each loss of the target: every point is the optimum under a constraint, what a
/// further loss costs rises along the frontier, and no random policy takes as much for less.
TEST_F(OptimiseTest, TheFrontierIsConvexAndDominatedByNoRandomPolicy) {
  const World world = random_world({.countries = 4, .sectors = 3, .home_share = 0.6, .highest_tariff = 0.1}, 5);
  const Baseline baseline = baseline_of(world);
  const std::string own = world.countries[0].code, target = world.countries[1].code;
  std::string scenario, text = "[search]\nstarts = 3\n[[objective]]\nmeasure = 'welfare[" + own + "]'\n";
  for (const Sector& sector : world.sectors) {
    scenario += "[[policy]]\nname = '" + sector.code + "'\ninstrument = 'tariff'\nimporters = ['" + own +
                "']\nexporters = ['" + target + "']\nsectors = ['" + sector.code + "']\nrate = 0.1\n";
    text += choose("policy." + sector.code + ".rate", 0.0, 2.0);
  }
  struct Point {
    double target, own;  ///< welfare, per cent
  };
  const OptimumStudy alone = study(scenario, text);
  Shock shock = compile_policies(world, read_scenario(alone.scenario_file), blocs());
  const auto policy = [&](const std::vector<double>& rate) {
    for (std::size_t j = 0; j < rate.size(); ++j)
      for (Index use = 0; use < world.uses; ++use)
        shock.tariff(world.market(use, 0), 1, static_cast<Index>(j)) = rate[j];
    const Solution solution = solve(world, shock);
    EXPECT_TRUE(solution.report.solved());
    const Measures measures = measure(world, shock, solution.equilibrium);
    return Point{measures.welfare(1), measures.welfare(0)};
  };
  // From what the sender would choose for itself alone to the most that it can take.
  const OptimumResult selfish = optimise(alone, baseline, blocs());
  std::vector<Point> frontier = {policy(selfish.found.front().choice)};
  EXPECT_NEAR(frontier.front().own, selfish.found.front().objective, 1e-8);
  const Point most = policy({2.0, 2.0, 2.0});
  constexpr int kPoints = 7;
  const double first = frontier.front().target, width = most.target - first;
  ASSERT_LT(width, -0.01) << "per cent of the target's real income";
  for (int k = 1; k < kPoints; ++k) {
    const double loss = first + width * k / kPoints;
    const OptimumResult result = optimise(
        study(scenario, text + fmt::format("[[constraint]]\nmeasure = 'welfare[{}]'\nat_most = {}\n", target, loss)),
        baseline, blocs());
    ASSERT_TRUE(result.found.front().feasible) << loss;
    EXPECT_LT(result.found.front().slope, 1e-4);
    frontier.push_back({loss, result.found.front().objective});
  }
  double last_cost = 0.0;
  for (std::size_t k = 1; k < frontier.size(); ++k) {
    const double cost = (frontier[k - 1].own - frontier[k].own) / (frontier[k - 1].target - frontier[k].target);
    EXPECT_GT(cost, last_cost) << "of a further per cent at " << frontier[k].target;
    last_cost = cost;
  }
  Draw draw(1);
  int beyond = 0;
  for (int k = 0; k < 10000; ++k) {
    const Point random = policy({draw.between(0.0, 2.0), draw.between(0.0, 2.0), draw.between(0.0, 2.0)});
    for (const Point& point : frontier) {
      if (random.target > point.target) continue;
      ++beyond;
      EXPECT_LE(random.own, point.own + 1e-7) << random.target << " against " << point.target;
    }
  }
  EXPECT_GT(beyond, 10000);
}

/// With draws the mean counts: what is chosen is better than its neighbours in the mean of the draws' own runs, and how
/// often it beats the scenario's own numbers is told.
TEST_F(OptimiseTest, OverDrawsTheMeanIsMaximised) {
  const Baseline baseline = baseline_of(two_countries());
  std::ofstream(folder.path() / "drawn.toml")
      << "scenario = 'scenario.toml'\n[sample]\ntornado = false\n[[vary]]\npath = 'theta.scale'\n"
         "distribution = 'lognormal'\nmedian = 1\nsd = 0.5\n";
  const std::string text = "[[objective]]\nmeasure = 'welfare[AAA]'\n" + choose("policy.duty.rate", 0.0, 3.0);
  const OptimumStudy asked =
      study(duty("duty", "AAA"), "uncertainty = 'drawn.toml'\n[search]\nstarts = 2\ndraws = 7\n" + text);
  const OptimumResult result = optimise(asked, baseline, blocs());
  ASSERT_TRUE(result.report.solved());
  const Optimum& best = result.found.front();
  EXPECT_LT(best.slope, 1e-5);
  const StudyScenarios scenarios(*asked.uncertainty, baseline.world, blocs());
  ASSERT_EQ(scenarios.design().rows(), 7);
  const auto mean_at = [&](double rate) {
    double sum = 0.0;
    for (Index d = 0; d < 7; ++d) {
      std::vector<std::string> overrides = scenarios.overrides(d);
      overrides.push_back(fmt::format("policy.duty.rate={}", rate));
      overrides.push_back("solver.tolerance=1e-12");
      const Scenario one = read_scenario(asked.scenario_file, overrides);
      sum += run_scenario(one, baseline, blocs(), {.exact_decomposition = false}).measures.welfare(0);
    }
    return sum / 7.0;
  };
  EXPECT_NEAR(mean_at(best.choice[0]), best.objective, 1e-9);
  EXPECT_NEAR(mean_at(0.1), result.objective_before, 1e-9);
  for (const double step : {-0.01, 0.01}) EXPECT_LT(mean_at(best.choice[0] + step), best.objective);
  const OptimumResult certain =
      optimise(study(duty("duty", "AAA"), "[search]\nstarts = 1\n" + text), baseline, blocs());
  EXPECT_GT(std::abs(certain.found.front().choice[0] - best.choice[0]), 1e-4) << "what is not known matters";
  EXPECT_TRUE(certain.draws.empty());
  ASSERT_EQ(result.draws.size(), 7u);
  EXPECT_NEAR(std::accumulate(result.draws.begin(), result.draws.end(), 0.0) / 7.0, best.objective, 1e-9);
  EXPECT_THAT(show_optimum(asked, result), HasSubstr("Means over 7 draws."));
  EXPECT_THAT([&] { study(duty("duty", "AAA"), "[search]\ndraws = 7\n" + text); },
              ThrowsMessage<InputError>(HasSubstr("there is no `uncertainty`")));
  std::ofstream(folder.path() / "same.toml") << "scenario = 'scenario.toml'\n[[vary]]\npath = 'policy.duty.rate'\n"
                                                "distribution = 'uniform'\nlow = 0\nhigh = 1\n";
  EXPECT_THAT([&] { study(duty("duty", "AAA"), "uncertainty = 'same.toml'\n" + text); },
              ThrowsMessage<InputError>(HasSubstr("chosen or drawn, not both")));
  EXPECT_THAT([&] { study(duty("duty", "AAA"), "uncertainty = 'none.toml'\n" + text); },
              ThrowsMessage<InputError>(HasSubstr("there is no file 'none.toml'")));
}

/// By the worst of a confidence set: of its draws none does worse, at a choice near by some draw would, and constraints
/// hold in each.
TEST_F(OptimiseTest, TheWorstOfAConfidenceSetIsMaximised) {
  const Baseline baseline = baseline_of(two_countries());
  std::ofstream(folder.path() / "drawn.toml")
      << "scenario = 'scenario.toml'\n[sample]\ntornado = false\n[[vary]]\npath = 'theta.scale'\n"
         "distribution = 'lognormal'\nmedian = 1\nsd = 0.5\n[[vary]]\npath = 'policy.cost.cost'\n"
         "distribution = 'uniform'\nlow = 0\nhigh = 0.2\n";
  const std::string scenario = duty("duty", "AAA") +
                               "[[policy]]\nname = 'cost'\ninstrument = 'ntb'\nimporters = ['BBB']\nexporters = "
                               "['AAA']\ncost = 0\n";
  const std::string search =
                        "uncertainty = 'drawn.toml'\n[search]\nstarts = 2\ndraws = 20\njudged_by = 'worst'\n"
                        "confidence = 0.75\n",
                    text =
                        "[[objective]]\nmeasure = 'welfare[AAA]'\n[[objective]]\nmeasure = 'welfare[BBB]'\n"
                        "weight = -0.4\n" +
                        choose("policy.duty.rate", 0.0, 3.0);
  const OptimumStudy asked = study(scenario, search + text);
  const OptimumResult result = optimise(asked, baseline, blocs());
  ASSERT_TRUE(result.report.solved());
  const Optimum& best = result.found.front();
  EXPECT_LT(best.slope, 1e-4);
  ASSERT_EQ(result.counted.size(), 15u);
  ASSERT_EQ(result.draws.size(), 20u);
  const StudyScenarios scenarios(*asked.uncertainty, baseline.world, blocs());
  const auto measures_at = [&](double rate, std::size_t draw) {
    std::vector<std::string> overrides = scenarios.overrides(static_cast<Index>(draw));
    overrides.push_back(fmt::format("policy.duty.rate={}", rate));
    overrides.push_back("solver.tolerance=1e-12");
    return run_scenario(read_scenario(asked.scenario_file, overrides), baseline, blocs(),
                        {.exact_decomposition = false})
        .measures;
  };
  const auto worst_at = [&](double rate) {
    double worst = HUGE_VAL;
    for (const std::size_t draw : result.counted) {
      const Measures measures = measures_at(rate, draw);
      worst = std::min(worst, measures.welfare(0) - 0.4 * measures.welfare(1));
    }
    return worst;
  };
  EXPECT_NEAR(worst_at(best.choice[0]), best.objective, 1e-8);
  EXPECT_NEAR(worst_at(0.1), result.objective_before, 1e-8);
  for (const double step : {-0.01, 0.01}) EXPECT_LT(worst_at(best.choice[0] + step), best.objective);
  for (std::size_t d = 0; d < 20; ++d)
    EXPECT_NEAR(result.draws[d],
                measures_at(best.choice[0], d).welfare(0) - 0.4 * measures_at(best.choice[0], d).welfare(1), 1e-8);
  EXPECT_THAT(show_optimum(asked, result), HasSubstr("the worst of 15 draws"));
  OptimumStudy by_mean = asked;
  by_mean.judged_by_worst = false;
  EXPECT_GT(std::abs(optimise(by_mean, baseline, blocs()).found.front().choice[0] - best.choice[0]), 1e-3);
  const auto least_at = [&](double rate) {
    double least = HUGE_VAL;
    for (const std::size_t draw : result.counted) least = std::min(least, measures_at(rate, draw).welfare(1));
    return least;
  };
  const double asked_for = 0.5 * (least_at(0.0) + least_at(best.choice[0]));
  const OptimumResult held =
      optimise(study(scenario, search + text +
                                   fmt::format("[[constraint]]\nmeasure = 'welfare[BBB]'\nat_least = {}\n", asked_for)),
               baseline, blocs());
  ASSERT_TRUE(held.found.front().feasible);
  EXPECT_LT(held.found.front().slope, 1e-4);
  EXPECT_NEAR(least_at(held.found.front().choice[0]), asked_for, 1e-6) << "in the draw that loses most";
  EXPECT_NEAR(held.measures.back().after, asked_for, 1e-6);
  EXPECT_TRUE(held.measures.back().active);
  EXPECT_THAT([&] { study(scenario, "[search]\njudged_by = 'worst'\n" + text); },
              ThrowsMessage<InputError>(HasSubstr("there is no `uncertainty`")));
  EXPECT_THAT([&] { study(scenario, "uncertainty = 'drawn.toml'\n[search]\nconfidence = 0.5\n" + text); },
              ThrowsMessage<InputError>(HasSubstr("this goes with judged_by")));
}

/// By the worst of one draw, what is left of the slope is what it is by that draw's mean, wherever one looks.
TEST_F(OptimiseTest, TheSlopeLeftIsTheSameByTheWorstOfOneDraw) {
  const Baseline baseline = baseline_of(two_countries());
  std::ofstream(folder.path() / "drawn.toml") << "scenario = 'scenario.toml'\n[[vary]]\npath = 'theta.scale'\n"
                                                 "distribution = 'lognormal'\nmedian = 1\nsd = 0.5\n";
  const auto slope = [&](const char* judged_by, const char* rate) {
    return optimise(
               study(duty("duty", "AAA"),
                     fmt::format("uncertainty = 'drawn.toml'\n[set]\n'policy.duty.rate' = {}\n[search]\nstarts = 1\n"
                                 "draws = 1\nmost_solves = 1\njudged_by = '{}'\n[[objective]]\nmeasure = "
                                 "'welfare_usd[AAA]'\nweight = 1000\n",
                                 rate, judged_by) +
                         choose("policy.duty.rate", 0.0, 3.0)),
               baseline, blocs())
        .found.front()
        .slope;
  };
  for (const char* rate : {"0.01", "1.5"}) {
    EXPECT_GT(slope("mean", rate), 1.0);
    EXPECT_NEAR(slope("worst", rate), slope("mean", rate), 1e-6 * slope("mean", rate));
  }
}

/// Where a choice breaks its player's constraint, one that holds it takes its place though it is worth less; what can't
/// be held is no equilibrium, nor what a search left early.
TEST_F(OptimiseTest, AnEquilibriumHoldsEveryConstraint) {
  const Baseline baseline = baseline_of(two_countries());
  const auto ends = [&](const std::string& constraint, const std::string& search = "") {
    const OptimumStudy asked = study(
        kTwoDuties, "[search]\nstarts = 3\n" + search + kTwoPlayers + "[[constraint]]\nplayer = 'B'\n" + constraint);
    const BestResponses found = best_responses(asked, baseline, blocs());
    return std::pair(found, show_best_responses(asked, found));
  };
  const auto [free, free_text] = ends("measure = 'welfare[AAA]'\nat_least = -90\n");
  const double a_loses = free.players[0].objective;
  ASSERT_LT(a_loses, -1.0);
  const auto [held, held_text] = ends(fmt::format("measure = 'welfare[AAA]'\nat_least = {}\n", 0.5 * a_loses));
  EXPECT_TRUE(held.is_equilibrium()) << held_text;
  EXPECT_LT(held.players[1].objective, free.players[1].objective);
  EXPECT_NEAR(held.players[0].objective, 0.5 * a_loses, 1e-5);
  const auto [never, never_text] = ends("measure = 'welfare[AAA]'\nat_least = 50\n");
  EXPECT_FALSE(never.is_equilibrium());
  EXPECT_THAT(never_text, HasSubstr("not every constraint is met"));
  const auto [early, early_text] = ends("measure = 'welfare[AAA]'\nat_least = -90\n", "most_solves = 1\n");
  EXPECT_FALSE(early.is_equilibrium());
}

/// The set is the ellipse of the normals behind the draws; what is one of a list is in it with every value.
TEST_F(OptimiseTest, AConfidenceSetIsWhatLiesNearestToTheMiddle) {
  const Baseline baseline = baseline_of(two_countries());
  const auto kept = [&](const std::string& varied, double confidence) {
    std::ofstream(folder.path() / "scenario.toml") << "baseline = 'made-up'\n" << kTwoDuties;
    std::ofstream(folder.path() / "drawn.toml")
        << "scenario = 'scenario.toml'\n[sample]\ntornado = false\ndraws = 400\nmethod = 'monte-carlo'\n"
        << varied;
    const Study drawn = read_study(folder.path() / "drawn.toml");
    const StudyScenarios scenarios(drawn, baseline.world, blocs());
    std::vector<std::vector<double>> inputs;
    for (const std::size_t row : within_confidence(scenarios, confidence))
      inputs.push_back(scenarios.inputs(static_cast<Index>(row)));
    return inputs;
  };
  const std::string one = "[[vary]]\nname='a'\npath='policy.a.rate'\ndistribution='normal'\nmean=0.5\nsd=0.1\n",
                    two = "[[vary]]\nname='b'\npath='policy.b.rate'\ndistribution='normal'\nmean=0.5\nsd=0.1\n",
                    switched = "[[vary]]\npath='policy.b.enabled'\nvalues=[false, true]\n",
                    tied = "[[correlation]]\nbetween=['a','b']\nvalue=0.9\n";
  double farthest = 0.0;
  const auto alone = kept(one, 0.9);
  EXPECT_EQ(alone.size(), 360u);
  for (const auto& input : alone) farthest = std::max(farthest, std::abs(input[0] - 0.5) / 0.1);
  EXPECT_NEAR(farthest, 1.645, 0.2) << "90 % of a normal";
  int off = 0;
  farthest = 0.0;
  for (const auto& input : kept(one + two + tied, 0.9)) {
    const double a = (input[0] - 0.5) / 0.1, b = (input[1] - 0.5) / 0.1;
    const double distance = (a * a - 1.8 * a * b + b * b) / (1.0 - 0.81);
    farthest = std::max(farthest, distance);
    off += std::abs(a - b) > 1.5;
  }
  EXPECT_NEAR(farthest, 4.605, 0.7) << "90 % of a chi squared of two";
  EXPECT_EQ(off, 0) << "far apart is unlikely where they move together";
  EXPECT_EQ(kept(switched, 0.5).size(), 400u);
  std::set<double> values;
  for (const auto& input : kept(one + switched, 0.5)) values.insert(input[1]);
  EXPECT_EQ(values.size(), 2u);
  EXPECT_EQ(kept(one, 1.0).size(), 400u);
}

TEST_F(OptimiseTest, AConstraintHoldsTheChoiceAndOneThatCannotBeMetIsTold) {
  const Baseline baseline = baseline_of(two_countries());
  const std::string objective = "[[objective]]\nmeasure = 'welfare[AAA]'\n" + choose("policy.duty.rate", 0.0, 3.0);
  const OptimumResult held =
      optimise(study(duty("duty", "AAA"), objective + "[[constraint]]\nmeasure = 'welfare[BBB]'\nat_least = -0.5\n"),
               baseline, blocs());
  ASSERT_TRUE(held.found.front().feasible);
  EXPECT_NEAR(held.measures.back().after, -0.5, 1e-6);
  EXPECT_TRUE(held.measures.back().active);
  EXPECT_LT(held.found.front().slope, 1e-5);
  const OptimumStudy never =
      study(duty("duty", "AAA"), objective + "[[constraint]]\nmeasure = 'welfare[BBB]'\nat_least = 5\n");
  const OptimumResult none = optimise(never, baseline, blocs());
  EXPECT_FALSE(none.found.front().feasible);
  EXPECT_THAT(show_optimum(never, none), HasSubstr("No choice that was tried meets every constraint"));
}

TEST_F(OptimiseTest, WrongFilesAreAnsweredWithTheirPlace) {
  const Baseline baseline = baseline_of(two_countries());
  const auto says = [&](const std::string& text, const char* sentence) {
    EXPECT_THAT([&] { optimise(study(duty("duty", "AAA"), text), baseline, blocs()); },
                ThrowsMessage<InputError>(HasSubstr(sentence)))
        << text;
  };
  const std::string objective = "[[objective]]\nmeasure = 'welfare[AAA]'\n",
                    rate = choose("policy.duty.rate", 0.0, 3.0);
  says(rate, "objective");
  says(objective, "choose");
  says(objective + choose("policy.duty.rat", 0.0, 1.0), "did you mean 'policy.duty.rate'?");
  says(objective + choose("policy.duty.rate", 1.0, 0.5), "a number above low");
  says(objective + choose("policy.duty.rate", -2.0, 0.5), "policy.duty.rate");
  says(objective + rate + rate, "chosen twice");
  says("[[objective]]\nmeasure = 'welfar[AAA]'\n" + rate, "did you mean 'welfare'?");
  says("[[objective]]\nmeasure = 'welfare[AAB]'\n" + rate, "AAA");
  says("[[objective]]\nmeasure = 'income_base[AAA]'\n" + rate, "no derivative");
  says(objective + rate + "[[constraint]]\nmeasure = 'welfare[BBB]'\n", "at_least or at_most");
  says(objective + rate + "[[constraint]]\nmeasure = 'welfare[BBB]'\nat_least = 1\nat_most = 0\n",
       "nothing can hold both");
  says(objective + rate + "[search]\nstart = 3\n", "did you mean 'starts'?");
}

TEST(Documents, TheOptimumFileIsDescribedAsItIs) {
  const std::filesystem::path file = std::filesystem::path(ENTREPOT_SOURCE_DIR) / "docs/optimise.md";
  if (std::getenv("ENTREPOT_UPDATE") != nullptr) std::ofstream(file) << describe_optimum_file();
  EXPECT_EQ(test::content_of(file), describe_optimum_file()) << "ENTREPOT_UPDATE=1 rewrites it";
}

TEST_F(OptimiseTest, TheFileInTheReferenceIsOne) {
  const std::string text = describe_optimum_file();
  const std::size_t begin = text.find("```toml\n") + 8;
  std::string example = text.substr(begin, text.find("```", begin) - begin);
  const std::string from = "../half-embargo.toml";
  example.replace(example.find(from), from.size(),
                  (std::filesystem::path(ENTREPOT_SOURCE_DIR) / "scenarios/half-embargo.toml").string());
  std::ofstream(folder.path() / "example.toml") << example;
  const OptimumStudy asked = read_optimum_study(folder.path() / "example.toml");
  EXPECT_EQ(asked.objective.size(), 2u);
  EXPECT_EQ(asked.choices.size(), 1u);
  EXPECT_EQ(*asked.bounds.at(0).at_least, -0.01);
}

/// A point is solved from wherever the search begins: also next to what it solved before, where round-off leads a solve
/// away from where it starts.
TEST_F(OptimiseTest, WhatCanBeSolvedIsSolvedFromAnyStart) {
  const std::filesystem::path source = ENTREPOT_SOURCE_DIR;
  std::ofstream(folder.path() / "best.toml")
      << "scenario = '" << (source / "scenarios/great-stone.toml").string()
      << "'\n[search]\nstarts = 1\n[set]\n'policy.great-stone.tax_advantage' = 0\n[[objective]]\nmeasure = "
         "'welfare_usd[BLR]'\n"
      << choose("policy.great-stone.duty_suspension", 0.0, 1.0);
  const OptimumStudy asked = read_optimum_study(folder.path() / "best.toml");
  const OptimumResult result = optimise(asked, read_baseline(source / "data/eurasia-2021"), blocs());
  ASSERT_TRUE(result.report.solved()) << result.report.sentence;
  const Optimum& best = result.found.front();
  EXPECT_NEAR(best.choice[0], 0.0, 1e-6) << "the zone's privilege costs its host a little";
  EXPECT_NEAR(best.objective, 0.0, 1e-4);
  EXPECT_LT(best.slope, 1e-4);
}

TEST(ShippedStudies, AreSound) {
  const std::filesystem::path source = ENTREPOT_SOURCE_DIR, studies = source / "scenarios/studies";
  const OptimumStudy frontier =
      read_optimum_study(source / "scenarios/optima/iran-frontier.toml", {"search.starts=1", "search.most_solves=2"});
  const OptimumResult result = optimise(frontier, read_baseline(source / "data/eurasia-2021"), blocs());
  ASSERT_TRUE(result.report.solved());
  EXPECT_GE(result.found.front().solves, 2);
  // Near the most that can be taken, where an objective in millions leads a search astray that takes it as it is.
  const OptimumStudy corner =
      read_optimum_study(source / "scenarios/optima/belarus-frontier.toml",
                         {"search.starts=1", "constraint=[{measure='welfare[BLR]', at_most=-1.14087}]"});
  const OptimumResult most = optimise(corner, read_baseline(source / "data/eurasia-2021"), blocs());
  ASSERT_TRUE(most.found.front().feasible);
  EXPECT_LT(most.found.front().slope, 1e-6);
  EXPECT_TRUE(most.measures.back().active);
  const StudyAtHand coalition(studies / "iran-coalition.toml", {}, source / "data");
  EXPECT_EQ(coalition.scenarios.design().rows(), 16);
}

}  // namespace
}  // namespace entrepot::testing
