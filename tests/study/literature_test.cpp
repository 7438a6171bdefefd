// What the literature finds of these sanctions, in sign and order of magnitude (docs/validation.md has the figures and
// why ours differ): Chowdhry, Hinz, Kamin & Wanner (2024) for Iran and the coalition.
#include <gtest/gtest.h>

#include <filesystem>

#include "study/scenario_run.hpp"

namespace entrepot::testing {
namespace {

const std::filesystem::path kSource = ENTREPOT_SOURCE_DIR;

struct Outcome {
  std::vector<Country> countries;
  Measures measures;
  Index place(const std::string& code) const {
    for (std::size_t n = 0; n < countries.size(); ++n)
      if (countries[n].code == code) return static_cast<Index>(n);
    ADD_FAILURE() << "no country " << code;
    return 0;
  }
  double welfare(const std::string& code) const { return measures.welfare(place(code)); }
  /// Change in per cent of exports or imports.
  double exports(const std::string& code) const { return change(measures.exports, measures.exports_base, code); }
  double imports(const std::string& code) const { return change(measures.imports, measures.imports_base, code); }

 private:
  double change(const Vector& after, const Vector& before, const std::string& code) const {
    return 100.0 * (after(place(code)) / before(place(code)) - 1.0);
  }
};

Outcome outcome_of(const std::string& name, const std::vector<std::string>& overrides = {}) {
  const Scenario scenario = read_scenario((kSource / "scenarios" / (name + ".toml")).string(), overrides);
  static const Baseline baseline = read_baseline(kSource / "data" / "eurasia-2021");
  static const BlocTable blocs = BlocTable::read((kSource / "data" / "blocs.csv").string());
  const RunResults run = run_scenario(scenario, baseline, blocs);
  EXPECT_TRUE(run.report.solved()) << run.report.sentence;
  return {run.countries, run.measures};
}

TEST(Literature, Iran2012LosesTensOfPercentOfTradeAndAFewOfIncome) {
  const Outcome outcome = outcome_of("iran-2012");
  for (const double change : {outcome.exports("IRN"), outcome.imports("IRN")}) {
    EXPECT_LT(change, -10.0);
    EXPECT_GT(change, -90.0);
  }
  EXPECT_LT(outcome.imports("IRN"), outcome.exports("IRN"));
  EXPECT_LT(outcome.welfare("IRN"), -0.5);
  EXPECT_GT(outcome.welfare("IRN"), -5.0);
  for (const char* sender : {"USA", "DEU", "FRA", "ITA"}) {
    EXPECT_LT(outcome.welfare(sender), 0.0) << sender;
    EXPECT_GT(outcome.welfare(sender), -0.1) << sender;
  }
}

TEST(Literature, TheCoalitionTakesMoreWithChinaAndTheWorldMost) {
  const char* senders = "policy.embargo.senders=";
  const std::string name = "coalition-plus-china";
  const double without = outcome_of(name, {std::string(senders) + "[\"iran_2012_coalition\"]"}).welfare("IRN"),
               half = outcome_of(name, {"policy.embargo.coverage=0.5"}).welfare("IRN"),
               with = outcome_of(name).welfare("IRN"),
               world = outcome_of(name, {std::string(senders) + "\"all\""}).welfare("IRN");
  EXPECT_LT(without, 0.0);
  EXPECT_LT(with, 1.5 * without);
  EXPECT_LT(with, half);
  EXPECT_LT(world, with);
  EXPECT_GT(world, -20.0);
}

TEST(Literature, TheUnitedStatesAloneTakeMoreOfIranThanOfThemselves) {
  const Outcome outcome = outcome_of("iran-2018");
  EXPECT_LT(outcome.welfare("IRN"), -0.5);
  EXPECT_LT(outcome.welfare("IRN"), 100.0 * outcome.welfare("USA"));
}

TEST(Literature, BelarusLosesMoreIn2022) {
  const double first = outcome_of("belarus-2021").welfare("BLR"), second = outcome_of("belarus-2022").welfare("BLR");
  EXPECT_LT(first, -0.1);
  EXPECT_LT(second, 2.0 * first);
  EXPECT_GT(second, -15.0);
}

TEST(Literature, HubsSoftenRussias2022AndGainByIt) {
  const Outcome banned = outcome_of("russia-2022"), evaded = outcome_of("russia-2022-evasion");
  EXPECT_LT(banned.welfare("RUS"), -0.5);
  EXPECT_GT(banned.welfare("RUS"), -10.0);
  EXPECT_LT(banned.exports("RUS"), -10.0);
  EXPECT_LT(banned.imports("RUS"), -10.0);
  EXPECT_GT(evaded.welfare("RUS"), banned.welfare("RUS"));
  for (const char* hub : {"KAZ", "KGZ", "ARM", "TUR"}) EXPECT_GT(evaded.welfare(hub), banned.welfare(hub)) << hub;
  for (const char* sender : {"DEU", "POL", "USA"}) EXPECT_LT(banned.welfare(sender), 0.0) << sender;
}

}  // namespace
}  // namespace entrepot::testing
