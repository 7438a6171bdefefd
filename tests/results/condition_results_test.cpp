// What a result file says of price caps and shared burdens.
#include "results/condition_results.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/show.hpp"
#include "small_runs.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

RunResults run_with_conditions() {
  RunResults run = full_run();
  CapOutcome cap;
  cap.cap = {1, 1, 0.8, {0, 2}};
  cap.state = CapOutcome::State::kBinding;
  cap.price = 0.8;
  cap.rent = 0.25;
  cap.kept = Vector(3);
  cap.kept << 1.5, 0.0, 20.25;
  run.caps.push_back(cap);
  cap.state = CapOutcome::State::kSlack;
  cap.cap.limit = 0.9;
  cap.rent = 0.0;
  cap.kept.setZero();
  run.caps.push_back(cap);
  cap.state = CapOutcome::State::kEmbargo;
  cap.cap.sector = 0;
  cap.price = 0.97;
  run.caps.push_back(cap);
  cap.cap.markets.clear();
  run.caps.push_back(cap);
  BurdenOutcome burden{{0, 2}, Vector(2), -0.125};
  burden.transfer << 12.346, -12.346;
  run.burdens.push_back(burden);
  burden.transfer.setZero();
  run.burdens.push_back(burden);
  return run;
}

TEST(ConditionResults, AreTold) {
  EXPECT_THAT(
      condition_sentences(run_with_conditions()),
      ElementsAre(
          "Price cap on fuel from IRN at 80.00 % of the reference price: binding. The exporter gets 20.00 % "
          "less than what the goods are worth to these buyers, who keep 22 million USD: TUR 20, BLR 1.50.",
          "Price cap on fuel from IRN at 90.00 % of the reference price: slack. The price is 80.00 % by itself, "
          "and nobody has a rent.",
          "Price cap on food from IRN at 90.00 % of the reference price: in effect an embargo. No rent brings "
          "the price below 97.00 %, and the buyers end up buying nothing; prices fall further the less mobile labour "
          "is (labour_mobility under [model]).",
          "Price cap on food from IRN at 90.00 % of the reference price: none of the flows that it covers is "
          "traded.",
          "Shared burden of 2 countries: welfare -0.1250 % for each. Transfers received, million USD and % of income: "
          "BLR +12 (+3.724 %), TUR -12 (-2.467 %).",
          "Shared burden of 2 countries: welfare -0.1250 % for each. They are alike without transfers."));
}

TEST(ConditionResults, AreWrittenWithUnitsAndShown) {
  const TemporaryFolder folder;
  RunResults run = run_with_conditions();
  run.burdens.pop_back();
  write_results(run, folder / "run.h5");
  const ResultReader reader(folder / "run.h5");
  EXPECT_THAT(reader.labels("price_cap"),
              ElementsAre("fuel from IRN", "fuel from IRN (2)", "food from IRN", "food from IRN (2)"));
  EXPECT_THAT(reader.labels("cap_state"), ElementsAre("binding", "slack", "embargo", "embargo"));
  const ResultVariable rent = reader.read("cap_rent");
  EXPECT_EQ(rent.info.units, "million USD");
  EXPECT_THAT(rent.info.dimensions, ElementsAre("price_cap", "country"));
  EXPECT_EQ(rent.values[2], 20.25);
  EXPECT_EQ(reader.read("cap_discount").values[0], 20.0);
  EXPECT_NEAR(reader.read("cap_limit").values[0], -20.0, 1e-12);
  EXPECT_NEAR(reader.read("cap_price").values[2], -3.0, 1e-12);
  EXPECT_THAT(reader.read("burden_transfer").values, ElementsAre(12.346, 0.0, -12.346));
  EXPECT_NEAR(reader.read("burden_transfer_share").values[0], 100.0 * 12.346 / run.measures.income_base(0), 1e-12);
  EXPECT_EQ(reader.outcomes(), condition_sentences(run));
  EXPECT_THAT(show(reader, {}), HasSubstr(reader.outcomes()[0] + "\n"));
  EXPECT_THAT(show(reader, {.variable = "cap_rent"}), HasSubstr("fuel from IRN"));
  EXPECT_THAT(show(reader, {.variable = "cap_rent", .country = "TUR"}), HasSubstr("20.25"));
}

TEST(ConditionResults, ARunWithoutConditionsHasNone) {
  const TemporaryFolder folder;
  write_results(full_run(), folder / "run.h5");
  const ResultReader reader(folder / "run.h5");
  EXPECT_TRUE(reader.outcomes().empty());
  EXPECT_FALSE(reader.has("cap_rent"));
  EXPECT_FALSE(reader.has("burden_transfer"));
}

}  // namespace
}  // namespace entrepot::test
