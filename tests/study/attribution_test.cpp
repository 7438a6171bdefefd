#include "study/attribution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "results/netcdf_file.hpp"
#include "results/show_sweep.hpp"
#include "study/run_study.hpp"
#include "study/scenario_run.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const std::filesystem::path kSource = ENTREPOT_SOURCE_DIR;

/// What a scenario gives, without its decomposition.
Measures run(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  const Scenario scenario = read_scenario(file, overrides);
  return run_scenario(scenario, read_baseline(find_baseline_folder(scenario, kSource / "data")),
                      BlocTable::read(kSource / "data/blocs.csv"), {.exact_decomposition = false})
      .measures;
}

TEST(Attribution, SharesAScenarioOutAmongItsPolicies) {
  const TemporaryFolder folder;
  const std::filesystem::path scenario = kSource / "scenarios/iran-snapback-2025.toml", file = folder.path() / "a.h5";
  const std::vector<std::string> overrides{"policy.detours.enabled=false", "theta.scale=1.2"};
  const Study study = attribution_study(scenario, overrides, {"welfare_usd", "exports[IRN]"});
  ASSERT_EQ(study.factors.size(), 3u);
  EXPECT_EQ(study.factors[2].name, "shipping-and-payments");
  const StudyAtHand at_hand(study, kSource / "data");
  ASSERT_EQ(run_study(at_hand, {.output = file, .threads = 2}), StudyEnding::kDone);
  const NetcdfReader reader(file);
  EXPECT_THAT(reader.texts("factor"), ElementsAre("import-bans", "export-bans", "shipping-and-payments"));
  const std::size_t countries = reader.texts("country").size();
  const std::vector<double> shapley = reader.numbers("welfare_usd_shapley"),
                            alone = reader.numbers("welfare_usd_alone"), last = reader.numbers("welfare_usd_last"),
                            none = reader.numbers("welfare_usd_none");
  ASSERT_EQ(shapley.size(), 3 * countries);
  const Measures whole = run(scenario, overrides);
  std::vector<std::string> only = overrides, others = overrides;
  only.insert(only.end(), {"policy.export-bans.enabled=false", "policy.shipping-and-payments.enabled=false"});
  others.push_back("policy.import-bans.enabled=false");
  const Measures by_itself = run(scenario, only), without = run(scenario, others);
  for (std::size_t n = 0; n < countries; ++n) {
    const auto k = static_cast<Index>(n);
    EXPECT_NEAR(none[n], 0.0, 1e-3);
    EXPECT_NEAR(shapley[n] + shapley[countries + n] + shapley[2 * countries + n], whole.welfare_usd(k), 1e-2);
    EXPECT_NEAR(alone[n], by_itself.welfare_usd(k), 1e-2);
    EXPECT_NEAR(last[n], whole.welfare_usd(k) - without.welfare_usd(k), 1e-2);
  }
  EXPECT_THAT(show_sweep(reader, {}), AllOf(HasSubstr("together"), HasSubstr("import-bans"), HasSubstr("Shapley")));
}

/// Over draws: each draw's shares by hand, their mean, spread, sign and which is the largest; the means add up.
TEST(Attribution, OverDrawsIsTheMeanOfEachDrawsShares) {
  const TemporaryFolder folder;
  const std::filesystem::path scenario = kSource / "scenarios/iran-snapback-2025.toml", file = folder.path() / "a.h5";
  std::ofstream(folder.path() / "drawn.toml")
      << "scenario = '" << (kSource / "scenarios/half-embargo.toml").string() << "'\n[sample]\nmethod = 'monte-carlo'\n"
      << "draws = 100\nseed = 4\n[[vary]]\nname = 'theta'\npath = 'theta.scale'\ndistribution = 'lognormal'\nmedian = "
         "1\n"
      << "sd = 0.5\n[[vary]]\nname = 'listed'\ndraws = 'rows.csv'\n";
  std::ofstream(folder.path() / "rows.csv") << "policy.import-bans.coverage\n0.1\n0.5\n0.9\n";
  const std::vector<std::string> overrides{"policy.detours.enabled=false", "policy.export-bans.enabled=false"};
  const Study study = attribution_study(scenario, overrides, {"welfare_usd"}, {folder.path() / "drawn.toml", Index{5}});
  ASSERT_EQ(study.factors.size(), 4u);
  EXPECT_EQ(study.factors.back().name, "shipping-and-payments");
  const StudyAtHand at_hand(study, kSource / "data");
  ASSERT_EQ(at_hand.scenarios.design().rows(), 5 * 4);
  ASSERT_EQ(run_study(at_hand, {.output = file, .threads = 2}), StudyEnding::kDone);
  const NetcdfReader reader(file);
  EXPECT_THAT(reader.texts("sharer"), ElementsAre("import-bans", "shipping-and-payments"));
  const std::vector<std::string> countries = reader.texts("country");
  const std::size_t count = countries.size(),
                    iran = static_cast<std::size_t>(std::ranges::find(countries, "IRN") - countries.begin());
  double sum[2] = {0.0, 0.0}, squares[2] = {0.0, 0.0}, all = 0.0;
  int positive[2] = {0, 0}, largest[2] = {0, 0};
  for (Index draw = 0; draw < 5; ++draw) {
    double value[4];
    for (Index k = 0; k < 4; ++k)
      value[k] = run(scenario, at_hand.scenarios.overrides(4 * draw + k)).welfare_usd(static_cast<Index>(iran));
    EXPECT_NEAR(value[0], 0.0, 1e-3) << "neither policy";
    const double share[2] = {0.5 * (value[2] - value[0] + value[3] - value[1]),
                             0.5 * (value[1] - value[0] + value[3] - value[2])};
    for (int f = 0; f < 2; ++f) {
      sum[f] += share[f];
      squares[f] += share[f] * share[f];
      positive[f] += share[f] > 0.0;
      largest[f] += std::abs(share[f]) > std::abs(share[1 - f]);
    }
    all += value[3] / 5.0;
  }
  for (std::size_t f = 0; f < 2; ++f) {
    const auto of = [&](const char* name) { return reader.numbers(name)[f * count + iran]; };
    const double mean = sum[f] / 5.0;
    EXPECT_NEAR(of("welfare_usd_shapley"), mean, 1e-2);
    EXPECT_NEAR(of("welfare_usd_shapley_sd"), std::sqrt((squares[f] - 5.0 * mean * mean) / 4.0), 1e-1);
    EXPECT_NEAR(of("welfare_usd_shapley_positive"), 20.0 * positive[f], 1e-12);
    EXPECT_NEAR(of("welfare_usd_shapley_largest"), 20.0 * largest[f], 1e-12);
  }
  EXPECT_GT(reader.numbers("welfare_usd_shapley_sd")[iran], 1.0) << "the draws differ";
  EXPECT_NEAR(reader.numbers("welfare_usd_mean")[iran], all, 1e-2) << "of the scenario with all its policies";
  EXPECT_THAT(show_sweep(reader, {}), HasSubstr("Means over 5 of 5 draws"));
  EXPECT_THAT(show_sweep(reader, {.by = "factor", .country = "IRN"}),
              AllOf(HasSubstr("% of draws"), HasSubstr("import-bans")));
}

TEST(Attribution, WhatIsListedIsGoneThroughBesideWhatIsShared) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "s.toml")
      << "scenario = '" << (kSource / "scenarios/half-embargo.toml").string() << "'\n[sample]\nshapley = true\n"
      << "[[vary]]\nname = 'ban'\npath = 'policy.embargo.enabled'\nvalues = [false, true]\n"
      << "[[vary]]\npath = 'policy.embargo.coverage'\nvalues = [0.1, 0.5, 0.9]\n";
  const Study study = read_study(folder.path() / "s.toml");
  EXPECT_EQ(study.factors.back().name, "ban") << "what is shared out comes last";
  EXPECT_EQ(study.design.method, SampleMethod::kGrid);
  EXPECT_EQ(StudyAtHand(study, kSource / "data").scenarios.design().rows(), 6);
  EXPECT_THAT([&] { read_study(folder.path() / "s.toml", {"vary.ban.values=[false, true, false]"}); },
              ThrowsMessage<InputError>(HasSubstr("a factor of two values, without and with it")));
}

TEST(Attribution, SaysWhatCannotBeShared) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "two.toml")
      << "scenario = '" << (kSource / "scenarios/half-embargo.toml").string()
      << "'\n[[vary]]\npath = 'reference.closure'\nvalues = ['fixed', 'balanced']\n";
  EXPECT_THAT(
      [&] {
        attribution_study(kSource / "scenarios/half-embargo.toml", {}, {"welfare"}, {folder.path() / "two.toml", {}});
      },
      ThrowsMessage<InputError>(HasSubstr("two values are taken for what results are shared out among")));
  std::string many = "baseline = 'eurasia-2021'\n";
  for (int k = 0; k < 15; ++k)
    many += "[[policy]]\nname = 'p" + std::to_string(k) +
            "'\ninstrument = 'tariff'\nimporters = ['IRN']\nexporters = ['RUS']\nrate = 0.1\n";
  std::ofstream(folder.path() / "many.toml") << many;
  std::ofstream(folder.path() / "none.toml") << "baseline = 'eurasia-2021'\n";
  EXPECT_THAT([&] { attribution_study(folder.path() / "many.toml", {}, {"welfare"}); },
              ThrowsMessage<InputError>(HasSubstr("14 policies at most; there are 15")));
  EXPECT_EQ(attribution_study(folder.path() / "many.toml", {"policy.p3.enabled=false"}, {"welfare"}).factors.size(),
            14u);
  EXPECT_THAT([&] { attribution_study(folder.path() / "none.toml", {}, {"welfare"}); },
              ThrowsMessage<InputError>(HasSubstr("there is no policy")));
}

}  // namespace
}  // namespace entrepot::test
