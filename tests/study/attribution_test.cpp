#include "study/attribution.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(Attribution, SaysWhatCannotBeShared) {
  const TemporaryFolder folder;
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
