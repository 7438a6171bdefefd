// Every instrument at no strength, through all that a run does: nothing changes to 1e-12.
#include <gtest/gtest.h>

#include <map>

#include "policy/scenarios.hpp"
#include "study/scenario_run.hpp"
#include "support/random_world.hpp"

namespace entrepot::testing {
namespace {

/// What each instrument says when it asks for nothing, on a world of C00, C01, … and s00, s01, …; several ways to.
std::map<std::string, std::vector<std::string>> at_no_strength() {
  const std::string embargo =
      "\n[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"C00\"\ntargets=\"C01\"\ncoverage=0";
  return {
      {"tariff",
       {"importers=\"C00\"\nexporters=\"all\"\naction=\"add\"\nrate=0",
        "importers=\"all\"\nexporters=\"all\"\naction=\"multiply\"\nrate=1"}},
      {"free_trade_agreement",
       {"members=[\"C00\",\"C01\"]\ncovered=0", "members=\"all\"\nuse_rate=0\norigin_cost=0.1",
        "members=\"all\"\ncut=0"}},
      {"customs_union", {"members=\"all\"\nexternal_tariff=1\ncut=0"}},
      {"export_tax", {"importers=\"C00\"\nexporters=\"all\"\naction=\"add\"\nrate=0"}},
      {"ntb", {"importers=\"all\"\nexporters=\"all\"\ncost=0"}},
      {"customs_cooperation", {"members=\"all\"\ndays_saved=0", "members=\"all\"\ndays_saved=9\ncost_of_day=0"}},
      {"corridor",
       {"from=\"C00\"\nto=\"C01\"\ndays_now=9\ndays_corridor=9",
        "from=\"C00\"\nto=\"C01\"\ndays_now=9\ndays_corridor=2\nuse_rate=0\nfee=0.1"}},
      {"embargo", {"senders=\"C00\"\ntargets=\"C01\"\ncoverage=0", "senders=\"C00\"\ntargets=\"C01\"\nenforcement=0"}},
      {"financial_sanctions", {"senders=\"C00\"\ntargets=\"C01\"\ncost=0\ndeficit_closed=0"}},
      {"secondary_sanctions",
       {"senders=\"C00\"\ntargets=\"C01\"\nthird_countries=\"C02\"\nresponse=\"comply\"\ncoverage=0",
        "senders=\"C00\"\ntargets=\"C01\"\nthreshold=1\nresponse=\"defy\"\ncost=1"}},
      {"evasion", {"hubs=\"C02\"\npremium=0.1\nmargin=1", "hubs=\"all\"\npremium=inf" + embargo}},
      {"price_cap", {"exporters=\"C00\"\nbuyers=[\"C01\",\"C02\"]\nsectors=\"all\"\nlimit=1.5"}},
      {"economic_zone", {"host=\"C01\"\nsectors=\"all\"\nshare=0.3\nduty_suspension=0\nhome_duty=0"}},
      {"productivity", {"countries=\"all\"\nchange=0"}},
      {"investment",
       {"host=\"C00\"\ninvestors=\"C01\"\namount_million_usd=0\nannual_return=0.1",
        "host=\"C00\"\ninvestors=\"C01\"\namount_million_usd=0\nannual_return=0.1\nstage=\"construction\""}},
      {"transfer", {"from=\"C00\"\nto=\"C01\"\namount_million_usd=0"}},
      {"asset_freeze",
       {"owners=\"C00\"\nholders=\"C01\"\nassets_million_usd=0\nannual_return=0.1",
        "owners=\"C00\"\nholders=\"C01\"\nassets_million_usd=10\nannual_return=0"}},
      {"burden_sharing", {"members=[\"C00\",\"C02\"]" + embargo}},
  };
}

TEST(NoStrength, EveryInstrumentIsHere) {
  const auto all = at_no_strength();
  for (const Instrument* instrument : instruments()) EXPECT_TRUE(all.contains(instrument->name)) << instrument->name;
  EXPECT_EQ(all.size(), instruments().size());
}

TEST(NoStrength, ChangesNothing) {
  constexpr double kNothing = 1e-10;  // per cent, so 1e-12 of income
  for (const std::uint32_t seed : {1u, 2u}) {
    Baseline baseline;
    baseline.world = random_world({.countries = 4, .sectors = 3, .uses = 2, .highest_export_tax = 0.1}, seed);
    for (const auto& [instrument, ways] : at_no_strength())
      for (const std::string& way : ways) {
        const std::string text =
            "[solver]\ntolerance=1e-13\n[[policy]]\nname=\"p\"\ninstrument=\"" + instrument + "\"\n" + way + "\n";
        const RunResults run = run_scenario(scenario_of(text), baseline, blocs());
        ASSERT_TRUE(run.report.solved()) << text << run.report.sentence;
        EXPECT_LE(run.measures.welfare.cwiseAbs().maxCoeff(), kNothing) << text;
        EXPECT_LE(run.measures.real_wage.cwiseAbs().maxCoeff(), kNothing) << text;
        EXPECT_LE(run.measures.producer_price.cwiseAbs().maxCoeff(), kNothing) << text;
      }
  }
}

TEST(Embargo, TheMoreItCoversTheMoreTheTargetLoses) {
  for (const std::uint32_t seed : {1u, 2u, 3u}) {
    Baseline baseline;
    baseline.world = random_world({.countries = 4, .sectors = 3}, seed);
    double loss = 0.0;
    for (const char* coverage : {"0.1", "0.4", "0.7", "0.9", "1"}) {
      const RunResults run =
          run_scenario(scenario_of("[reference]\nclosure=\"balanced\"\n[[policy]]\nname=\"p\"\ninstrument=\"embargo\"\n"
                                   "senders=[\"C01\",\"C02\"]\ntargets=\"C00\"\ncoverage=" +
                                   std::string(coverage) + "\n"),
                       baseline, blocs());
      ASSERT_TRUE(run.report.solved()) << run.report.sentence;
      EXPECT_LT(run.measures.welfare(0), loss) << coverage;
      loss = run.measures.welfare(0);
    }
  }
}

}  // namespace
}  // namespace entrepot::testing
