// The derivatives by every number of every instrument, on random worlds, against central differences of whole runs.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "policy/scenario_settings.hpp"
#include "policy/scenarios.hpp"
#include "study/scenario_gradient.hpp"
#include "study/scenario_run.hpp"
#include "support/random_world.hpp"

namespace entrepot::testing {
namespace {

/// What each instrument says where it does something, on a world of C00, C01, … and s00, s01, …; policies that it needs
/// come with it.
std::map<std::string, std::vector<std::string>> at_strength() {
  const std::string embargo =
      "\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"C00\"\ntargets=\"C01\"\ncoverage=0.4\n";
  return {
      {"tariff",
       {"importers=\"C00\"\nexporters=\"all\"\nrate=0.2",
        "importers=\"C00\"\nexporters=\"all\"\naction=\"add\"\nrate=0.1",
        "importers=\"all\"\nexporters=\"C01\"\naction=\"multiply\"\nrate=1.5"}},
      {"free_trade_agreement",
       {"members=[\"C00\",\"C01\"]\ncovered=0.8\ncut=0.7\nuse_rate=0.9",
        "members=\"all\"\nuse_rate=0.7\norigin_cost=0.001"}},
      {"customs_union",
       {"members=[\"C00\",\"C01\"]\nexternal_tariff=0.2\ncut=0.5",
        "members=[\"C00\",\"C01\"]\nexternal_tariff=\"average\""}},
      {"export_tax", {"importers=\"C00\"\nexporters=\"all\"\naction=\"add\"\nrate=0.1"}},
      {"ntb", {"importers=\"all\"\nexporters=\"C01\"\ncost=0.1"}},
      {"customs_cooperation", {"members=\"all\"\ndays_saved=3\ncost_of_day=0.008"}},
      {"corridor",
       {"from=\"C00\"\nto=\"C01\"\ndays_now=30\ndays_corridor=20\nuse_rate=0.6\nfee=0.02\ncost_of_day=0.01"}},
      {"embargo",
       {"senders=\"C00\"\ntargets=\"C01\"\ncoverage=0.5\nenforcement=0.8",
        "senders=\"C00\"\ntargets=\"C01\"\ncoverage={s00=0.3, all=0.6}"}},
      {"financial_sanctions", {"senders=\"C00\"\ntargets=\"C01\"\ncost=0.1\nspillover=0.3\ndeficit_closed=0.4"}},
      {"secondary_sanctions",
       {"senders=\"C00\"\ntargets=\"C01\"\nthird_countries=\"C02\"\nresponse=\"comply\"\ncoverage=0.3",
        "senders=\"C00\"\ntargets=\"C01\"\nthird_countries=\"C02\"\nresponse=\"defy\"\ncost=0.05"}},
      {"evasion", {"hubs=[\"C02\",\"C03\"]\npremium={C02=0.1, all=0.2}\nmargin=0.4"}},
      {"price_cap", {"exporters=\"C00\"\nbuyers=[\"C01\",\"C02\"]\nsectors=\"s00\"\nlimit=0.985"}},
      {"economic_zone",
       {"host=\"C01\"\nsectors=\"all\"\nshare=0.3\nduty_suspension=0.8\nproductivity=0.05\ntax_advantage=0.03"}},
      {"productivity", {"countries=[\"C00\",\"C01\"]\nchange=0.1"}},
      {"investment",
       {"host=\"C00\"\ninvestors=\"C01\"\namount_million_usd=5\nannual_return=0.1\nrepatriated=0.5",
        "host=\"C00\"\ninvestors=\"C01\"\namount_million_usd=5\nannual_return=0.1\nstage=\"construction\""}},
      {"transfer", {"from=\"C00\"\nto=\"C01\"\namount_million_usd=2"}},
      {"asset_freeze", {"owners=\"C00\"\nholders=\"C01\"\nassets_million_usd=10\nannual_return=0.05"}},
      {"burden_sharing", {"members=[\"C00\",\"C02\"]" + embargo}},
  };
}

/// What a policy needs before it.
std::string before(const std::string& instrument) {
  return instrument == "evasion"
             ? "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"C00\"\ntargets=\"C01\"\ncoverage=0.4\n"
             : "";
}

constexpr const char* kMeasures[] = {"welfare[C00]", "welfare[C01]", "exports[C02]", "output[C00; s00]",
                                     "consumer_prices[C01]"};

std::vector<double> values(const Scenario& scenario, const Baseline& baseline) {
  const RunResults run = run_scenario(scenario, baseline, blocs(), {.exact_decomposition = false});
  EXPECT_LE(run.report.residual, 1e-11) << run.report.sentence;
  const Measures& m = run.measures;
  return {m.welfare(0), m.welfare(1), m.exports(2), m.output(0, 0), m.consumer_prices(1)};
}

TEST(GradientOfInstruments, EveryInstrumentIsHere) {
  const auto all = at_strength();
  for (const Instrument* instrument : instruments()) EXPECT_TRUE(all.contains(instrument->name)) << instrument->name;
  EXPECT_EQ(all.size(), instruments().size());
}

TEST(GradientOfInstruments, AgreesWithCentralDifferences) {
  std::vector<LocatedText> measures;
  for (const char* name : kMeasures) measures.push_back({name, {"--of", 0, 0}});
  std::map<std::string, int> looked_at;
  for (const std::uint32_t seed : {1u, 2u}) {
    Baseline baseline;
    baseline.world = random_world({.countries = 4, .sectors = 3, .uses = 2, .highest_export_tax = 0.1}, seed);
    for (const auto& [instrument, ways] : at_strength())
      for (const std::string& way : ways) {
        const std::string text = "[solver]\ntolerance=1e-13\n" + before(instrument) +
                                 "[[policy]]\nname=\"p\"\ninstrument=\"" + instrument + "\"\n" + way + "\n";
        const Scenario scenario = scenario_of(text);
        const ScenarioGradients found = scenario_gradients(scenario, measures, baseline, blocs());
        ASSERT_TRUE(found.report.solved()) << text << found.report.sentence;
        const std::vector<Setting> settings = scenario_settings(parse_toml(scenario.resolved, "scenario"));
        for (std::size_t n = 0; n < found.numbers.size(); ++n) {
          const ScenarioGradients::Number& number = found.numbers[n];
          const auto setting = std::ranges::find(settings, number.path, &Setting::path);
          ASSERT_NE(setting, settings.end()) << number.path;
          const double step = 1e-3 * std::max(std::abs(number.value), 0.1);
          const Range& range = setting->range;
          if (!number.exact || number.value - 2.0 * step <= range.lower || number.value + 2.0 * step >= range.upper)
            continue;
          ++looked_at[instrument];
          const auto at = [&](double v) {
            TomlValue document = parse_toml(scenario.resolved, "scenario");
            set_value(document, number.path, toml_value("", v), {});
            return values(make_scenario(document, scenario.file), baseline);
          };
          const std::vector<double> a = at(number.value + step), b = at(number.value - step),
                                    c = at(number.value + 2.0 * step), d = at(number.value - 2.0 * step);
          for (std::size_t k = 0; k < measures.size(); ++k) {
            const double slope = (8.0 * (a[k] - b[k]) - (c[k] - d[k])) / (12.0 * step);
            EXPECT_NEAR(found.measures[k].numbers[n], slope, 1e-6 * std::max(1.0, std::abs(slope)))
                << kMeasures[k] << " by " << number.path << ", seed " << seed << "\n"
                << text;
          }
        }
      }
  }
  for (const Instrument* instrument : instruments())
    EXPECT_GT(looked_at[instrument->name], 0) << "no number of " << instrument->name << " was looked at";
}

/// Where detours begin or end with a number, and where nothing is left of the straight way, its derivative is the one
/// to the side that there is.
TEST(GradientOfInstruments, OfDetoursIsOneSidedWhereTheyBegin) {
  const char* names[] = {"welfare[C02]", "re_exports[C02]", "evaded_trade[C02; s00]", "recorded_trade[C00; s00; C01]",
                         "outlawed_trade[C00; s00]"};
  std::vector<LocatedText> measures;
  for (const char* name : names) measures.push_back({name, {"--of", 0, 0}});
  Baseline baseline;
  baseline.world = random_world({.countries = 4, .sectors = 3, .uses = 2, .highest_export_tax = 0.1}, 3);
  const auto at = [&](const std::string& coverage) {
    const ScenarioGradients found = scenario_gradients(
        scenario_of(
            "[solver]\ntolerance=1e-13\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"C00\"\n"
            "targets=\"C01\"\ncoverage=" +
            coverage +
            "\n[[policy]]\nname=\"p\"\ninstrument=\"evasion\"\nhubs=[\"C02\",\"C03\"]\npremium=0.1\nmargin=0.4\n"),
        measures, baseline, blocs());
    EXPECT_TRUE(found.report.solved()) << found.report.sentence;
    return found;
  };
  struct Place {
    std::string coverage, near, path;
    double step;
  };
  for (const Place& place :
       {Place{"0", "0.0005", "policy.ban.coverage", 0.0005}, Place{"1", "0.9995", "policy.ban.coverage", -0.0005},
        Place{"{s00=0, s01=0.5, s02=0.3}", "{s00=0.0005, s01=0.5, s02=0.3}", "policy.ban.coverage.s00", 0.0005}}) {
    const ScenarioGradients here = at(place.coverage), near = at(place.near);
    const auto number = std::ranges::find(here.numbers, place.path, &ScenarioGradients::Number::path);
    ASSERT_NE(number, here.numbers.end()) << place.path;
    const auto n = static_cast<std::size_t>(number - here.numbers.begin());
    for (std::size_t k = 0; k < measures.size(); ++k) {
      const double slope = (near.measures[k].value - here.measures[k].value) / place.step;
      EXPECT_NEAR(here.measures[k].numbers[n], slope, 0.02 * std::abs(slope) + 1e-4)
          << names[k] << " at " << place.coverage;
      EXPECT_GT(std::abs(slope), 1e-4) << names[k];
    }
  }
}

}  // namespace
}  // namespace entrepot::testing
