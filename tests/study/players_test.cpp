#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "results/netcdf_file.hpp"
#include "results/show_sweep.hpp"
#include "study/coalition.hpp"
#include "study/compliance_game.hpp"
#include "study/run_study.hpp"
#include "study/scenario_run.hpp"
#include "study/sweep_shards.hpp"
#include "support/draw.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

namespace entrepot::testing {
namespace {

using test::content_of;
using test::TemporaryFolder;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const std::filesystem::path kSource = ENTREPOT_SOURCE_DIR;

/// A core member of income 300 and two joiners of 100 and 200 against a target.
Players two_joiners() {
  Players players;
  players.countries = {"AAA", "BBB"};
  players.strategies = {"out", "in"};
  players.targets = {"TTT"};
  players.core = {"CCC"};
  players.income = {300.0, 100.0, 200.0};
  return players;
}

/// Combinations none, BBB, AAA, both by (target, core, AAA, BBB): AAA takes 6 for 3 of its own, BBB 2 for 4.
Matrix two_joiners_welfare() {
  Matrix welfare(4, 4);
  welfare << -10.0, -1.0, 0.5, 0.0,  //
      -12.0, -1.0, 0.5, -4.0,        //
      -16.0, -1.0, -2.5, 0.0,        //
      -18.0, -1.0, -2.5, -4.0;
  return welfare;
}

TEST(Coalition, ByHand) {
  Players players = two_joiners();
  players.losses = {5.0, 11.0, 17.0, 20.0};
  const CoalitionResults found = analyse_coalitions(players, two_joiners_welfare());
  EXPECT_EQ(found.target_loss, Vector({{10.0, 12.0, 16.0, 18.0}}));
  EXPECT_EQ(found.cost, Vector({{1.0, 5.0, 3.5, 7.5}}));
  // BBB alone takes less than AAA alone and costs more.
  EXPECT_THAT(found.cheapest, ElementsAre(1.0, 0.0, 1.0, 1.0));
  EXPECT_THAT(found.least, ElementsAre(0, 2, 3, -1));
  EXPECT_NEAR(found.loss.shapley(0), 6.0, 1e-14);
  EXPECT_NEAR(found.loss.shapley(1), 2.0, 1e-14);
  EXPECT_NEAR(found.joining_cost(0), 3.0, 1e-14);
  EXPECT_NEAR(found.joining_cost_last(1), 4.0, 1e-14);
  // Both in: 7.5 of 600 is 1.25 % each.
  EXPECT_NEAR(found.receives(3, 0), 1.0 - 3.75, 1e-14);
  EXPECT_NEAR(found.receives(3, 1), 2.5 - 1.25, 1e-14);
  EXPECT_NEAR(found.receives(3, 2), 4.0 - 2.5, 1e-14);
  EXPECT_EQ(found.receives(2, 2), kMissing) << "who is no member has no part in it";
  for (Index k = 0; k < 4; ++k) {
    double sum = 0.0;
    for (Index m = 0; m < 3; ++m) sum += found.receives(k, m) == kMissing ? 0.0 : found.receives(k, m);
    EXPECT_NEAR(sum, 0.0, 1e-14);
  }
}

TEST(Coalition, OneWithoutAnswerLeavesTheOthers) {
  Matrix welfare = two_joiners_welfare();
  welfare.row(3).setConstant(kMissing);
  const CoalitionResults found = analyse_coalitions(two_joiners(), welfare);
  EXPECT_EQ(found.target_loss(3), kMissing);
  EXPECT_EQ(found.cheapest[3], kMissing);
  EXPECT_EQ(found.receives(3, 0), kMissing);
  EXPECT_EQ(found.loss.shapley(0), kMissing);
  EXPECT_EQ(found.joining_cost(0), kMissing);
  EXPECT_EQ(found.unanswered, 1);
  EXPECT_EQ(found.loss.alone, Vector({{6.0, 2.0}})) << "what needs no more than the others is there";
  EXPECT_EQ(found.loss.last(1), kMissing);
  EXPECT_EQ(found.asked_loss(9), 16.0) << "tenths of the most that is known";
  EXPECT_EQ(found.least[9], 2);
}

/// Of two that take as much, the dearer is not the cheapest; of two that cost as much, nor the one that takes less; two
/// that are the same both are; and what differs by less than the solver's accuracy is the same.
TEST(Coalition, TheCheapestHasNoBetter) {
  const auto cheapest = [](const std::vector<double>& loss, const std::vector<double>& cost) {
    Players players = two_joiners();
    players.core.clear();
    players.income = {100.0, 100.0};
    Matrix welfare(4, 3);
    for (Index k = 0; k < 4; ++k) {
      const auto place = static_cast<std::size_t>(k);
      welfare.row(k) << -loss[place], -cost[place], -cost[place];  // of one member as of none and, halved, of two
      if (k == 3) welfare.row(k).tail(2) *= 0.5;
    }
    const CoalitionResults found = analyse_coalitions(players, welfare);
    return std::vector<double>(found.cheapest.begin() + 1, found.cheapest.end());
  };
  EXPECT_THAT(cheapest({0, 5, 5, 9}, {0, 2, 3, 4}), ElementsAre(1.0, 0.0, 1.0));
  EXPECT_THAT(cheapest({0, 5, 6, 9}, {0, 2, 2, 4}), ElementsAre(0.0, 1.0, 1.0));
  EXPECT_THAT(cheapest({0, 5, 5, 9}, {0, 2, 2, 4}), ElementsAre(1.0, 1.0, 1.0));
  EXPECT_THAT(cheapest({0, 5, 5 + 1e-12, 9}, {0, 2, 3, 4}), ElementsAre(1.0, 0.0, 1.0));
  EXPECT_THAT(cheapest({0, 9, 6, 5}, {0, 2, 3, 4}), ElementsAre(1.0, 0.0, 0.0));
}

Players game_of(std::size_t players, std::size_t strategies, std::vector<double> penalties = {0.0}) {
  Players game;
  game.kind = Players::Kind::kGame;
  for (std::size_t k = 0; k < players; ++k) game.countries.push_back(std::string(3, static_cast<char>('A' + k)));
  for (std::size_t k = 0; k < strategies; ++k) game.strategies.push_back(std::to_string(k));
  game.penalties = std::move(penalties);
  game.income.assign(players, 100.0);
  return game;
}

std::vector<Index> equilibria(const GameResults& found, Index penalty = 0) {
  std::vector<Index> result;
  for (Index k = 0; k < found.equilibrium.cols(); ++k)
    if (found.equilibrium(penalty, k) == 1.0) result.push_back(k);
  return result;
}

TEST(Game, OfKnownGames) {
  // The prisoners' dilemma, in which complying is to cooperate: 3 each; a lone defector has 5, the other 0; both 1.
  Matrix dilemma(4, 2);
  dilemma << 3, 3, 0, 5, 5, 0, 1, 1;
  const GameResults prisoners = play(game_of(2, 2, {0.0, 1.5, 2.5}), dilemma);
  EXPECT_THAT(equilibria(prisoners), ElementsAre(3));
  // With 1.5 off for defecting, defecting still tempts where the other cooperates (5 − 1.5 > 3), no more where he
  // defects (1 − 1.5 < 0): one of each. With 2.5 nobody defects.
  EXPECT_THAT(equilibria(prisoners, 1), ElementsAre(1, 2));
  EXPECT_THAT(equilibria(prisoners, 2), ElementsAre(0));
  EXPECT_EQ(prisoners.if_others_comply, Vector({{2.0, 2.0}}));
  EXPECT_EQ(prisoners.whatever_others_do, Vector({{2.0, 2.0}}));
  EXPECT_EQ(prisoners.at_least, Vector({{1.0, 1.0}}));
  EXPECT_EQ(prisoners.gain(0, 0), 2.0);
  EXPECT_EQ(prisoners.gain(3, 1), -1.0);
  // Matching pennies has no equilibrium in pure strategies, the stag hunt has two.
  Matrix pennies(4, 2), hunt(4, 2);
  pennies << 1, -1, -1, 1, -1, 1, 1, -1;
  hunt << 4, 4, 0, 3, 3, 0, 3, 3;
  EXPECT_TRUE(equilibria(play(game_of(2, 2), pennies)).empty());
  EXPECT_THAT(equilibria(play(game_of(2, 2), hunt)), ElementsAre(0, 3));
  EXPECT_EQ(play(game_of(2, 2), hunt).if_others_comply, Vector({{0.0, 0.0}}));
  EXPECT_EQ(play(game_of(2, 2), hunt).whatever_others_do, Vector({{3.0, 3.0}}));
}

TEST(Game, OfRandomGamesAsTheDefinitionSays) {
  Draw draw(8);
  for (int trial = 0; trial < 50; ++trial) {
    const auto players = static_cast<std::size_t>(1 + trial % 4), strategies = static_cast<std::size_t>(2 + trial % 3);
    const Players game = game_of(players, strategies, {0.0, 0.3, 0.9});
    Matrix payoff(game.combinations(), static_cast<Index>(players));
    for (double& value : payoff.reshaped()) value = draw.between(-1.0, 1.0);
    const GameResults found = play(game, payoff);
    const auto strategies_of = [&](Index k) {
      std::vector<Index> does;
      for (std::size_t i = 0; i < players; ++i) does.push_back(game.strategy(k, static_cast<Index>(i)));
      return does;
    };
    for (Index p = 0; p < 3; ++p)
      for (Index k = 0; k < game.combinations(); ++k) {
        bool stays = true;
        // Every combination in which just one does otherwise.
        for (Index other = 0; other < game.combinations(); ++other) {
          const std::vector<Index> here = strategies_of(k), there = strategies_of(other);
          std::vector<Index> changed;
          for (std::size_t i = 0; i < players; ++i)
            if (here[i] != there[i]) changed.push_back(static_cast<Index>(i));
          if (changed.size() != 1) continue;
          const Index i = changed[0];
          const auto net = [&](Index at_k, Index does) {
            return payoff(at_k, i) - (does == 0 ? 0.0 : game.penalties[at(p)]);
          };
          if (net(other, there[at(i)]) > net(k, here[at(i)])) stays = false;
        }
        ASSERT_EQ(found.equilibrium(p, k), stays ? 1.0 : 0.0) << trial << " " << p << " " << k;
      }
  }
}

TEST(Game, WhatIsNotKnownIsNotClaimed) {
  Matrix dilemma(4, 2);
  dilemma << 3, 3, 0, 5, 5, 0, kMissing, kMissing;
  const GameResults found = play(game_of(2, 2), dilemma);
  EXPECT_EQ(found.equilibrium(0, 0), 0.0) << "leaving pays, whatever the rest";
  EXPECT_EQ(found.equilibrium(0, 1), kMissing) << "whether the first gains by defecting too is not known";
  EXPECT_EQ(found.equilibrium(0, 3), kMissing);
  EXPECT_EQ(found.if_others_comply(0), 2.0);
  EXPECT_EQ(found.whatever_others_do(0), kMissing);
}

TEST(Players, ComeBackFromTheirText) {
  Players players = two_joiners();
  players.losses = {1.0, 2.5};
  players.bounds = {{"none", 1.0 / 3.0, kMissing}};
  const Players back = parse_players(players_text(players), "a file");
  EXPECT_EQ(players_text(back), players_text(players));
  EXPECT_EQ(back.income, players.income);
  EXPECT_EQ(back.bounds[0].cost, kMissing);
  EXPECT_EQ(back.bounds[0].target_loss, 1.0 / 3.0);
  Players game = game_of(2, 3, {0.0, 1.5});
  game.listed = true;
  const Players again = parse_players(players_text(game), "a file");
  EXPECT_EQ(players_text(again), players_text(game));
  EXPECT_EQ(again.income, game.income);
  EXPECT_TRUE(again.listed);
  game.income.pop_back();
  EXPECT_THAT([&] { parse_players(players_text(game), "a file"); }, ThrowsMessage<FileError>(HasSubstr("is damaged")));
}

TEST(SampleDesign, CrossedFactorsHaveAllCombinationsForEveryDraw) {
  for (const SampleMethod method : {SampleMethod::kSobol, SampleMethod::kLatinHypercube, SampleMethod::kMonteCarlo}) {
    const std::vector<DesignFactor> drawn{{2, 0}}, with_players{{2, 0}, {1, 2}, {1, 3}};
    DesignOptions options{.method = method, .draws = 5, .tornado = false};
    const SampleDesign alone(drawn, options);
    options.crossed = 2;
    const SampleDesign design(with_players, options);
    ASSERT_EQ(design.rows(), 5 * 6);
    std::vector<double> row(4), first(2);
    for (Index k = 0; k < design.rows(); ++k) {
      design.row(k, row);
      EXPECT_EQ(row[2], (static_cast<double>(k / 3 % 2) + 0.5) / 2.0);
      EXPECT_EQ(row[3], (static_cast<double>(k % 3) + 0.5) / 3.0);
      if (k % 6 == 0) first = {row[0], row[1]};
      EXPECT_EQ(row[0], first[0]);
      EXPECT_EQ(row[1], first[1]);
    }
    if (method == SampleMethod::kSobol) continue;  // whose points depend on the number of dimensions
    for (Index k = 0; k < 5; ++k) {
      std::vector<double> point(2);
      alone.row(k, point);
      design.row(6 * k, row);
      EXPECT_EQ(point[0], row[0]);
    }
  }
}

/// What a row's scenario gives by itself.
Vector welfare_of(const StudyAtHand& study, Index row) {
  const Scenario scenario = read_scenario(study.study.scenario_file, study.scenarios.overrides(row));
  return run_scenario(scenario, study.baseline, study.blocs, {.exact_decomposition = false}).measures.welfare_usd;
}

class PlayersOfAStudy : public ::testing::Test {
 protected:
  std::filesystem::path file(const char* name) const { return folder_.path() / name; }
  TemporaryFolder folder_;
};

TEST_F(PlayersOfAStudy, AGameIsPlayedWithWhatItsScenariosGive) {
  const StudyAtHand study(kSource / "scenarios/studies/who-complies.toml",
                          {"game.players=[\"TUR\",\"ARE\"]", "vary.cost of secondary sanctions.values=[0, 0.004]",
                           "game.penalties=[0, 800]"},
                          kSource / "data");
  ASSERT_EQ(study.scenarios.design().rows(), 2 * 9);
  ASSERT_EQ(run_study(study, {.output = file("game.h5"), .threads = 2}), StudyEnding::kDone);
  const NetcdfReader reader(file("game.h5"));
  EXPECT_THAT(reader.texts("player"), ElementsAre("TUR", "ARE"));
  EXPECT_THAT(reader.texts("strategy"), ElementsAre("joins", "stays out", "hub"));
  EXPECT_EQ(reader.texts("profile")[5], "TUR stays out, ARE hub");
  const std::vector<double> payoff = reader.numbers("payoff"), loss = reader.numbers("target_loss"),
                            gain = reader.numbers("gain_by_deviating");
  const std::vector<Country>& countries = study.baseline.world.countries;
  const auto place = [&](const char* code) { return position_of(countries, code); };
  for (Index row = 0; row < 18; ++row) {
    const Vector alone = welfare_of(study, row);
    EXPECT_NEAR(payoff[at(2 * row)], alone(place("TUR")), 1e-2) << row;
    EXPECT_NEAR(payoff[at(2 * row + 1)], alone(place("ARE")), 1e-2) << row;
    EXPECT_NEAR(loss[at(row)], -alone(place("IRN")) - alone(place("BLR")), 1e-2) << row;
  }
  EXPECT_NEAR(gain[0], std::max(payoff[2 * 3], payoff[2 * 6]) - payoff[0], 1e-9) << "of Türkiye, if both join";
  // A hub against senders that hurt nobody earns; joining costs.
  EXPECT_GT(payoff[2 * 8], 0.0);
  EXPECT_LT(payoff[0], 0.0);
  EXPECT_THAT(show_sweep(reader, {}), AllOf(HasSubstr("hub: TUR, ARE"), HasSubstr("policy.secondary.cost = 0.004"),
                                            HasSubstr("smallest penalty")));
  EXPECT_THAT(show_sweep(reader, {.variable = "penalty_at_least"}), AllOf(HasSubstr("TUR"), HasSubstr("never does")));
}

TEST_F(PlayersOfAStudy, AGameIsTheSameInPartsAndWhole) {
  const StudyAtHand study(
      kSource / "scenarios/studies/who-complies.toml",
      {"game.players=[\"TUR\",\"ARE\"]", "vary.cost of secondary sanctions.values=[0, 0.001, 0.002, 0.003, 0.004]"},
      kSource / "data");
  ASSERT_EQ(run_study(study, {.output = file("whole.h5"), .threads = 2}), StudyEnding::kDone);
  for (int part = 1; part <= 3; ++part)
    EXPECT_NE(run_study(study, {.output = file("parts.h5"), .part = {part, 3}}), StudyEnding::kStopped);
  const NetcdfReader reader(file("whole.h5")), joined(file("parts.h5"));
  for (const char* name : {"payoff", "equilibrium", "penalty_whatever_others_do"})
    EXPECT_EQ(joined.numbers(name), reader.numbers(name)) << name;
  merge_shards(*SweepShards::beside(file("parts.h5"), ""), ResultFileLock(file("merged.h5")));
  EXPECT_EQ(content_of(file("merged.h5")), content_of(file("whole.h5")));
  EXPECT_EQ(reader.find("welfare_usd_mean"), nullptr) << "a mean over what players do is nobody's";
  EXPECT_THAT(show_sweep(reader, {.variable = "welfare_usd"}), HasSubstr("TUR"));
}

TEST_F(PlayersOfAStudy, ACoalitionOverDrawsIsTheSameInPartsAndWhole) {
  const std::vector<std::string> overrides{
      "coalition.joiners=[\"CHN\",\"TUR\"]", "sample.draws=6",
      "vary=[{name=\"theta\", path=\"theta.*\", distribution=\"lognormal\", median=1, sd=0.3, apply=\"multiply\"}]"};
  const StudyAtHand study(kSource / "scenarios/studies/iran-coalition.toml", overrides, kSource / "data");
  ASSERT_EQ(study.scenarios.design().rows(), 6 * 4);
  const StudyRunOptions whole{.output = file("whole.h5"), .threads = 2};
  ASSERT_EQ(run_study(study, whole), StudyEnding::kDone);
  for (int part = 1; part <= 3; ++part)
    EXPECT_EQ(run_study(study, {.output = file("parts.h5"), .part = {part, 3}}),
              part < 3 ? StudyEnding::kShard : StudyEnding::kDone);
  const NetcdfReader reader(file("whole.h5")), joined(file("parts.h5"));
  EXPECT_EQ(joined.numbers("target_loss"), reader.numbers("target_loss"));
  EXPECT_EQ(joined.numbers("receives"), reader.numbers("receives"));
  const std::unique_ptr<SweepShards> shards = SweepShards::beside(file("parts.h5"), "");
  ASSERT_NE(shards, nullptr);
  merge_shards(*shards, ResultFileLock(file("merged.h5")));
  EXPECT_EQ(content_of(file("merged.h5")), content_of(file("whole.h5")));

  EXPECT_THAT(reader.texts("coalition"), ElementsAre("none", "TUR", "CHN", "CHN+TUR"));
  const std::vector<double> loss = reader.numbers("target_loss"), added = reader.numbers("target_loss_added"),
                            asked = reader.numbers("asked_loss"), least = reader.numbers("least_cost_coalition"),
                            cost = reader.numbers("coalition_cost"), bounds = reader.numbers("bound_target_loss");
  ASSERT_EQ(loss.size(), 24u);
  for (std::size_t c = 0; c < 6; ++c) {
    EXPECT_NEAR(added[2 * c] + added[2 * c + 1], loss[4 * c + 3] - loss[4 * c], 1e-8);
    for (std::size_t step = 0; step < 10; ++step) {
      const auto best = static_cast<std::size_t>(least[10 * c + step]);
      EXPECT_GE(loss[4 * c + best], asked[10 * c + step] * (1.0 - 1e-8));
      for (std::size_t k = 0; k < 4; ++k)
        if (loss[4 * c + k] >= asked[10 * c + step]) {
          EXPECT_LE(cost[4 * c + best], cost[4 * c + k]);
        }
    }
  }
  // More members and a fuller ban take more; none, all, the world by the scenario, then by an embargo of all trade.
  ASSERT_EQ(bounds.size(), 6u);
  for (const std::size_t k : {0u, 1u, 3u, 4u}) EXPECT_LT(bounds[k], bounds[k + 1]);
  for (const std::size_t k : {0u, 1u, 2u}) EXPECT_LT(bounds[k], bounds[k + 3]);
  const Vector plain = run_scenario(read_scenario(kSource / "scenarios/half-embargo.toml",
                                                  {"bloc.iran_2012_coalition.CHN=true",
                                                   "bloc.iran_2012_coalition.TUR=true", "policy.embargo.coverage=1"}),
                                    study.baseline, study.blocs, {.exact_decomposition = false})
                           .measures.welfare_usd;
  EXPECT_NEAR(bounds[4], -plain(position_of(study.baseline.world.countries, "IRN")), 1e-3);
  EXPECT_THAT(show_sweep(reader, {}),
              AllOf(HasSubstr("Means over 6 draws"), HasSubstr("% of draws"), HasSubstr("the whole world")));
}

TEST_F(PlayersOfAStudy, WhatDoesNotFitIsSaidWithItsPlace) {
  const auto making = [](const char* study, const std::vector<std::string>& overrides) {
    return [=] { StudyAtHand(kSource / "scenarios/studies" / study, overrides, kSource / "data"); };
  };
  EXPECT_THAT(making("iran-coalition.toml", {"coalition.joiners=[\"CHN\",\"TRU\"]"}),
              ThrowsMessage<InputError>(
                  HasSubstr("coalition.joiners: there is no country 'TRU' in this baseline; did you mean 'TUR'?")));
  EXPECT_THAT(making("iran-coalition.toml", {"coalition.target=\"USA\""}),
              ThrowsMessage<InputError>(HasSubstr("'USA' is a member of iran_2012_coalition itself")));
  EXPECT_THAT(
      making("iran-coalition.toml", {"coalition.bloc=\"iran_2021_coalition\""}),
      ThrowsMessage<InputError>(AllOf(HasSubstr("coalition.bloc: the scenario has no bloc"),
                                      HasSubstr("did you mean 'iran_2012_coalition'?"), Not(HasSubstr("joiners")))));
  EXPECT_THAT(making("iran-coalition.toml", {"coalition.bloc=\"GCC\"", "coalition.joiners=[\"CHN\"]"}),
              ThrowsMessage<InputError>(HasSubstr("no policy of the scenario names GCC")));
  EXPECT_THAT(making("iran-coalition.toml", {"coalition.target=[]"}),
              ThrowsMessage<InputError>(HasSubstr("coalition.target: at least one country is expected")));
  EXPECT_THAT(making("iran-coalition.toml", {"sample.draws=10"}),
              ThrowsMessage<InputError>(HasSubstr("nothing is varied beside what the players do")));
  EXPECT_THAT(making("iran-coalition.toml", {"vary=[{path=\"date\", values=[\"2019-06-01\", \"2021-06-01\"]}]"}),
              ThrowsMessage<InputError>(HasSubstr("may change with the date")));
  EXPECT_THAT(making("iran-coalition.toml",
                     {"vary=[{name=\"t\", path=\"theta.scale\", distribution=\"uniform\", low=0.9, high=1.1}]",
                      "correlation=[{between=[\"t\",\"CHN\"], value=0.5}]"}),
              ThrowsMessage<InputError>(HasSubstr("no factor is called 'CHN'")));
  EXPECT_THAT(
      making("iran-coalition.toml",
             {"vary=[{path=\"theta.scale\", distribution=\"uniform\", low=0.9, high=1.1}]", "sample.draws=1000000000"}),
      ThrowsMessage<InputError>(HasSubstr("1000000000 draws of 16 combinations are 2e+10 solves")));
  EXPECT_THAT(making("iran-coalition.toml", {"set={\"policy.embargo.senders\"=[\"iran_2012_coalition\",\"RUS\"]}"}),
              ThrowsMessage<InputError>(HasSubstr("whose costs would not be counted")));
  EXPECT_THAT(making("iran-coalition.toml", {"set={\"policy.embargo.senders\"=\"EAEU\"}", "coalition.bloc=\"EAEU\"",
                                             "coalition.joiners=[\"RUS\",\"BLR\",\"KAZ\",\"ARM\",\"KGZ\"]"}),
              ThrowsMessage<InputError>(HasSubstr("all members of EAEU are joiners")));
  EXPECT_THAT(making("iran-coalition.toml", {"measures=[\"welfare_usd[IRN, CHN]\"]"}),
              ThrowsMessage<InputError>(AllOf(HasSubstr("welfare_usd of USA"), HasSubstr("TUR is needed here"))));
  EXPECT_THAT(making("who-complies.toml", {"measures=[\"welfare\"]"}),
              ThrowsMessage<InputError>(HasSubstr("welfare_usd of IRN, BLR, CHN")));
  EXPECT_THAT(making("who-complies.toml", {"game.target=\"IRM\""}),
              ThrowsMessage<InputError>(HasSubstr("there is no country 'IRM' in this baseline; did you mean")));
}

}  // namespace
}  // namespace entrepot::testing
