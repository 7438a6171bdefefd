#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// What policies say of themselves without being wrong.

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

PolicyNotes notes_of(const std::string& text, const World& world = small_world()) {
  const Scenario scenario = scenario_of(text);
  PolicyNotes notes;
  compile_reference(world, scenario, blocs(), &notes);
  compile_policies(world, scenario, blocs(), &notes);
  return notes;
}

std::string policy(const std::string& instrument, const std::string& rest, const std::string& list = "policy") {
  return "[[" + list + "]]\nname=\"" + instrument + "\"\ninstrument=\"" + instrument +
         "\"\nimporters=\"BBB\"\nexporters=\"AAA\"\n" + rest + "\n";
}

TEST(PercentSlip, IsDoubtedWhereverARateIsWritten) {
  EXPECT_THAT(notes_of(policy("tariff", "rate=8") + policy("export_tax", "action=\"add\"\nrate=3.5") +
                       policy("ntb", "cost=12.5"))
                  .doubts,
              ElementsAre("tariff: a rate of 8 is 800 %; 8 % would be 0.08",
                          "export_tax: a rate of 3.5 is 350 %; 3.5 % would be 0.035",
                          "ntb: a cost of 12.5 is 1250 %; 12.5 % would be 0.125"));
  EXPECT_THAT(notes_of(policy("tariff", "rate=5", "reference.policy")).doubts,
              ElementsAre("tariff: a rate of 5 is 500 %; 5 % would be 0.05"));
}

TEST(PercentSlip, NeitherHighRatesNorFactorsAreDoubted) {
  EXPECT_THAT(notes_of(policy("tariff", "rate=3") + policy("ntb", "cost=0.8")).doubts, IsEmpty());
  EXPECT_THAT(notes_of(policy("tariff", "action=\"multiply\"\nrate=8")).doubts, IsEmpty());
}

TEST(PercentSlip, InATableIsToldWithItsLine) {
  EXPECT_THAT(
      notes_of("[[policy]]\nname=\"t\"\ninstrument=\"tariff\"\naction=\"table\"\nfile=\"percents.csv\"\n").doubts,
      ElementsAre("t: a rate of 5 is 500 %; 5 % would be 0.05 (line 3 of percents.csv, and 1 more so high)"));
}

TEST(PercentSlip, IsANoteOfCheck) {
  EXPECT_THAT(explain(small_world(), scenario_of(policy("tariff", "rate=8")), blocs()),
              HasSubstr("     note: a rate of 8 is 800 %; 8 % would be 0.08\n"));
}

TEST(PolicyNotes, HoldWhomAThresholdFound) {
  // Before duty BBB trades 30 + 20 + 20 + 30 = 100 with AAA and 5 + 10 + 10 + 20 = 45 with CCC.
  const PolicyNotes notes = notes_of(
      "[[policy]]\nname=\"s\"\ninstrument=\"secondary_sanctions\"\nsenders=\"CCC\"\ntargets=\"BBB\"\nthreshold=0.5\n"
      "response=\"comply\"\ncoverage=1\n");
  EXPECT_THAT(notes.all, ElementsAre("s: shares of the targets' trade above 50.00 %: AAA 68.97 %"));
  EXPECT_THAT(notes.doubts, IsEmpty());
}

}  // namespace
}  // namespace entrepot::testing
