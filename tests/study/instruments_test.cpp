#include <gtest/gtest.h>

#include "equilibrium/solve.hpp"
#include "policy/scenarios.hpp"
#include "results/measures.hpp"

// Which way the world goes as an instrument gets stronger, solved.

namespace entrepot::testing {
namespace {

struct Outcome {
  Vector welfare;   ///< country, %
  Bilateral flows;  ///< million USD
};

Outcome outcome_of(const std::string& policy) {
  const World world = small_world();
  const Shock shock = shock_of(policy, world);
  const Solution solution = solve(world, shock);
  EXPECT_TRUE(solution.report.solved()) << solution.report.sentence;
  return {measure(world, shock, solution.equilibrium).welfare, trade_flows(world, shock, solution.equilibrium)};
}

void expect_base_year(const Outcome& outcome, const char* text) {
  EXPECT_LT(outcome.welfare.cwiseAbs().maxCoeff(), 1e-10) << text;
}

TEST(CustomsUnionSolved, TheHigherItsTariffTheLessItBuysOutside) {
  double bought = 1e9;
  for (const char* rate : {"0", "0.1", "0.3", "1"}) {
    const Outcome now =
        outcome_of("[[policy]]\nname=\"p\"\ninstrument=\"customs_union\"\nmembers=[\"AAA\",\"BBB\"]\nexternal_tariff=" +
                   std::string(rate) + "\n");
    double outside = 0.0;
    for (Index j = 0; j < 2; ++j)
      for (Index m = 0; m < 2; ++m) outside += now.flows(m, 2, j);
    outside /= 1.0 + std::stod(rate);
    EXPECT_LT(outside, bought) << rate;
    bought = outside;
  }
}

std::string venture(const std::string& rest) {
  return "[[policy]]\nname=\"p\"\ninstrument=\"investment\"\nhost=\"AAA\"\ninvestors=\"CCC\"\nannual_return=0.1\n" +
         rest;
}

TEST(InvestmentSolved, AHostThatKeepsTheProfitsGainsMoreTheMoreIsBuilt) {
  double gain = 0.0;
  for (const char* amount : {"10", "100", "400"}) {
    const double now =
        outcome_of(venture("repatriated=0\namount_million_usd=" + std::string(amount) + "\n")).welfare(0);
    EXPECT_GT(now, gain) << amount;
    gain = now;
  }
}

TEST(InvestmentSolved, ASmallOneAddsWhatItsCapitalEarns) {
  // By the envelope theorem world income at base-year prices grows by return × amount, but for what tariffs distort.
  World world = small_world();
  const Shock shock = shock_of(venture("repatriated=0\namount_million_usd=0.1\n"), world);
  const Solution solution = solve(world, shock);
  ASSERT_TRUE(solution.report.solved());
  EXPECT_NEAR(measure(world, shock, solution.equilibrium).welfare_usd.sum(), 0.01, 0.0005);
}

TEST(InvestmentSolved, WhoseProfitsTheyAre) {
  const std::string amount = "amount_million_usd=100\nrepatriated=";
  const Outcome kept = outcome_of(venture(amount + "0\n")), sent = outcome_of(venture(amount + "1\n"));
  EXPECT_GT(kept.welfare(0), sent.welfare(0));
  EXPECT_LT(kept.welfare(2), sent.welfare(2));
  const Outcome building = outcome_of(venture("amount_million_usd=5\nstage=\"construction\"\n"));
  EXPECT_GT(building.welfare(0), 0.0);
  EXPECT_LT(building.welfare(2), 0.0);
}

std::string threat(const std::string& rest) {
  return "[[policy]]\nname=\"p\"\ninstrument=\"secondary_sanctions\"\nsenders=\"AAA\"\ntargets=\"CCC\"\n"
         "third_countries=\"BBB\"\nresponse=" +
         rest;
}

TEST(SecondarySanctionsSolved, TheMoreTheyAskTheMoreTheTargetOrTheDefiantLoses) {
  double target = 0.0, defiant = 0.0;
  for (const char* coverage : {"0.2", "0.5", "0.9", "1"}) {
    const double complied = outcome_of(threat("\"comply\"\ncoverage=" + std::string(coverage) + "\n")).welfare(2),
                 defied = outcome_of(threat("\"defy\"\ncoverage=" + std::string(coverage) + "\n")).welfare(1);
    EXPECT_LT(complied, target) << coverage;
    EXPECT_LT(defied, defiant) << coverage;
    target = complied;
    defiant = defied;
  }
  EXPECT_LT(outcome_of(threat("\"defy\"\ncost=0.2\n")).welfare(1),
            outcome_of(threat("\"defy\"\ncost=0.1\n")).welfare(1));
}

std::string embargo_then(const std::string& rest) {
  return "[[policy]]\nname=\"ban\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\ncoverage=0.8\n"
         "[[policy]]\nname=\"e\"\ninstrument=\"evasion\"\nhubs=\"BBB\"\n" +
         rest;
}

TEST(EvasionSolved, TheDearerTheLessItHelpsTheTarget) {
  const double banned = outcome_of(embargo_then("premium=inf\n")).welfare(2);
  double helped = 0.0;
  for (const char* premium : {"0", "0.1", "0.5", "2", "10"}) {
    const double now = outcome_of(embargo_then("premium=" + std::string(premium) + "\n")).welfare(2);
    EXPECT_LT(now, helped) << premium;
    EXPECT_GT(now, banned) << premium;
    helped = now;
  }
}

TEST(EvasionSolved, TheHubGainsFromItsMargin) {
  double gain = outcome_of(embargo_then("premium=0.3\n")).welfare(1);
  for (const char* margin : {"0.2", "0.6", "1"}) {
    const double now = outcome_of(embargo_then("premium=0.3\nmargin=" + std::string(margin) + "\n")).welfare(1);
    EXPECT_GT(now, gain) << margin;
    gain = now;
  }
}

std::string payments(const std::string& rest) {
  return "[[policy]]\nname=\"f\"\ninstrument=\"financial_sanctions\"\nsenders=\"AAA\"\ntargets=\"CCC\"\n" + rest;
}

TEST(FinancialSanctionsSolved, TheMoreTheyCostTheMoreTheTargetLoses) {
  double loss = 0.0;
  for (const char* cost : {"0.05", "0.2", "1", "20"}) {
    const double now = outcome_of(payments("deficit_closed=0\ncost=" + std::string(cost) + "\n")).welfare(2);
    EXPECT_LT(now, loss) << cost;
    loss = now;
  }
  EXPECT_LT(outcome_of(payments("deficit_closed=0\ncost=0.2\nspillover=1\n")).welfare(2),
            outcome_of(payments("deficit_closed=0\ncost=0.2\nspillover=0\n")).welfare(2));
}

TEST(Instruments, AtZeroStrengthSolveToTheBaseYear) {
  for (const std::string& nothing :
       {venture("amount_million_usd=0\n"), venture("amount_million_usd=0\nstage=\"construction\"\n"),
        threat("\"comply\"\ncoverage=0\n"), threat("\"defy\"\ncost=0\n"), payments("cost=0\ndeficit_closed=0\n"),
        std::string(
            "[[policy]]\nname=\"p\"\ninstrument=\"customs_union\"\nmembers=\"all\"\nexternal_tariff=1\ncut=0\n")})
    expect_base_year(outcome_of(nothing), nothing.c_str());
}

}  // namespace
}  // namespace entrepot::testing
