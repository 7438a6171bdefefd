#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/explain.hpp"
#include "scenarios.hpp"

// By hand from tests/support/small_world.hpp. Indices are market, origin, sector. CCC's trade before duty: food, buys
// 10 from AAA and 10 from BBB, sells them 10 and 5; steel, buys 15 and 20, sells 5 and 10.

namespace entrepot::testing {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kSanctions =
    "[[policy]]\nname=\"p\"\ninstrument=\"secondary_sanctions\"\nsenders=[\"AAA\"]\ntargets=[\"CCC\"]\n";

TEST(SecondarySanctions, WhoCompliesJoinsTheEmbargo) {
  const std::string comply = std::string(kSanctions) + "third_countries=\"BBB\"\nresponse=\"comply\"\n";
  const Shock shock = shock_of(comply + "coverage={food=0.25}\n");
  EXPECT_EQ(shock.open_share(2, 1, 0), 0.75);
  EXPECT_EQ(shock.open_share(1, 2, 0), 0.75);
  EXPECT_EQ(shock.open_share(1, 2, 1), 1.0);
  EXPECT_EQ(shock.open_share(2, 0, 0), 1.0);  // the senders' own embargo is another policy
  EXPECT_EQ(shock.open_share(0, 1, 0), 1.0);
  EXPECT_TRUE(shock.iceberg.empty());
  const Shock exports = shock_of(comply + "coverage=1\ndirection=\"exports\"\n");
  EXPECT_EQ(exports.open_share(2, 1, 0), 0.0);  // BBB sells to CCC
  EXPECT_EQ(exports.open_share(1, 2, 0), 1.0);
}

TEST(SecondarySanctions, WhoDefiesLosesTheSenders) {
  const std::string defy = std::string(kSanctions) + "third_countries=\"BBB\"\nresponse=\"defy\"\n";
  const Shock ban = shock_of(defy + "coverage=0.6\ndirection=\"imports\"\n");
  EXPECT_EQ(ban.open_share(0, 1, 0), 0.4);  // AAA buys from BBB
  EXPECT_EQ(ban.open_share(1, 0, 0), 1.0);
  EXPECT_EQ(ban.open_share(2, 1, 0), 1.0);
  EXPECT_TRUE(ban.iceberg.empty());
  const Shock cost = shock_of(defy + "cost={steel=0.2}\n");
  EXPECT_TRUE(cost.open_share.empty());
  EXPECT_EQ(cost.iceberg(0, 1, 1), 1.2);
  EXPECT_EQ(cost.iceberg(1, 0, 1), 1.2);
  EXPECT_EQ(cost.iceberg(1, 0, 0), 1.0);
  const Shock both = shock_of(defy + "coverage=0.5\ncost=0.1\n");
  EXPECT_EQ(both.open_share(1, 0, 0), 0.5);
  EXPECT_DOUBLE_EQ(both.iceberg(1, 0, 0), 1.1);
}

/// What `check` says of a threshold with AAA as the target and CCC as the sender or BBB as the sender.
std::string found(const std::string& text) { return explain(small_world(), scenario_of(text), blocs()); }

TEST(SecondarySanctions, TheThresholdFindsThoseWithMoreOfTheTargetsTrade) {
  // CCC's trade is 85, of which 45 with BBB (52.94 %); in food 35, of which 15 with BBB (42.86 %); its food imports are
  // 20, half of them BBB's.
  const std::string rule = std::string(kSanctions) + "response=\"comply\"\ncoverage=1\nthreshold=";
  EXPECT_THAT(found(rule + "0.5\n"), HasSubstr("third_countries: BBB\n"));
  EXPECT_THAT(found(rule + "0.5\n"), HasSubstr("shares of the targets' trade above 50.00 %: BBB 52.94 %"));
  EXPECT_THAT(found(rule + "0.4\nsectors=\"food\"\n"), HasSubstr("BBB 42.86 %"));
  EXPECT_THAT(found(rule + "0.4\nsectors=\"food\"\ndirection=\"exports\"\n"), HasSubstr("BBB 50.00 %"));
  EXPECT_THAT(found(rule + "0.5\nsectors=\"food\"\ndirection=\"exports\"\n"),
              HasSubstr("no third country has more than 50.00 % of the targets' trade"));
  EXPECT_THAT(shock_of(rule + "0.53\n").open_share.values(), Each(1.0));
  EXPECT_EQ(shock_of(rule + "0.5\n").open_share(1, 2, 0), 0.0);
}

TEST(SecondarySanctions, SeveralTargetsTradeTogetherAndNotWithEachOther) {
  // AAA's and CCC's trade with BBB is all they have with others.
  EXPECT_THAT(found("[[policy]]\nname=\"p\"\ninstrument=\"secondary_sanctions\"\nsenders=\"BBB\"\n"
                    "targets=[\"AAA\",\"CCC\"]\nresponse=\"comply\"\ncoverage=1\nthreshold=0\n"),
              HasSubstr("no third country has more than 0.00 %"));
}

TEST(SecondarySanctions, SendersTargetsAndTheExcludedAreNeverThreatened) {
  const std::string all = std::string(kSanctions) + "response=\"comply\"\ncoverage=1\n";
  EXPECT_EQ(shock_of(all + "third_countries=\"all\"\n").open_share.values(),
            shock_of(all + "third_countries=\"BBB\"\n").open_share.values());
  EXPECT_THAT(found(all + "third_countries=\"all\"\n"), HasSubstr("AAA, CCC: sender or target, so no third country"));
  EXPECT_EQ(problems_of(all + "third_countries=[\"AAA\",\"CCC\"]\n"),
            "policy.p.third_countries: all of these are senders or targets; nobody is left to be threatened\n");
  EXPECT_THAT(shock_of(all + "threshold=0.1\nexclude=\"BBB\"\n").open_share.values(), Each(1.0));
  EXPECT_THAT(shock_of(all + "threshold=0\n").open_share.sector(0).row(0), Each(1.0));
}

TEST(SecondarySanctions, SharesAreThoseOfTheWorldThePoliciesAreComparedWith) {
  const std::string ban =
      "[[reference.policy]]\nname=\"old\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\n";
  EXPECT_THAT(found(ban + kSanctions + "response=\"comply\"\ncoverage=0\nthreshold=0.9\n"), HasSubstr("BBB 100.00 %"));
}

TEST(SecondarySanctions, WithoutStrengthChangeNothing) {
  const std::string third = std::string(kSanctions) + "third_countries=\"BBB\"\nresponse=";
  for (const char* zero :
       {"\"comply\"\ncoverage=0\n", "\"comply\"\ncoverage={all=0}\n", "\"defy\"\ncoverage=0\ncost=0\n"}) {
    const Shock shock = shock_of(third + zero);
    EXPECT_THAT(shock.open_share.values(), Each(1.0)) << zero;
    EXPECT_THAT(shock.iceberg.values(), Each(1.0)) << zero;
  }
}

TEST(SecondarySanctions, TwoBlocksOfSectorsEqualOne) {
  const std::string third = std::string(kSanctions) + "third_countries=\"BBB\"\nresponse=\"defy\"\n";
  const std::string second = std::string(third).replace(third.find("\"p\""), 3, "\"q\"");
  const Shock one = shock_of(third + "coverage={food=0.3,steel=0.7}\ncost={food=0.1,steel=0.2}\n");
  const Shock two =
      shock_of(third + "coverage={food=0.3}\ncost={food=0.1}\n" + second + "coverage={steel=0.7}\ncost={steel=0.2}\n");
  EXPECT_EQ(one.open_share.values(), two.open_share.values());
  EXPECT_EQ(one.iceberg.values(), two.iceberg.values());
}

}  // namespace
}  // namespace entrepot::testing
