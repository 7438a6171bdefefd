#include "policy/selector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios.hpp"

namespace entrepot::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Schema kSchema = {{.name = "who", .type = ValueType::kTextList},
                        {.name = "what", .type = ValueType::kTextList},
                        {.name = "exclude", .type = ValueType::kTextList}};

struct Answer {
  std::vector<Index> members;
  std::vector<std::string> notes;
  std::vector<std::string> problems;
};

Answer select(const std::string& text, const World& world, const std::string& date = "", bool sectors = false) {
  Problems problems;
  const Arguments arguments = read_table(parse_toml(text, "f"), kSchema, "", problems);
  const BlocTable table = blocs();
  const Selector selector(world, table, date);
  const Selection selection = sectors ? selector.sectors(arguments, "what", "exclude", problems)
                                      : selector.countries(arguments, "who", "exclude", problems);
  Answer answer{selection.members, selection.notes, {}};
  for (const Problem& problem : problems.all()) answer.problems.push_back(problem.key + ": " + problem.sentence);
  return answer;
}

TEST(Selector, CodesBlocsAndAllAreUnitedWithoutRepetition) {
  const World world = small_world();
  EXPECT_THAT(select("who = [\"CCC\", \"AAA\", \"CCC\"]", world).members, ElementsAre(0, 2));
  EXPECT_THAT(select("who = [\"WEST\", \"AAA\"]", world).members, ElementsAre(0, 1));
  EXPECT_THAT(select("who = \"all\"", world).members, ElementsAre(0, 1, 2));
  EXPECT_THAT(select("what = \"all\"", world, "", true).members, ElementsAre(0, 1));
  EXPECT_THAT(select("what = [\"steel\"]", world, "", true).members, ElementsAre(1));
}

TEST(Selector, TheDatePicksTheMembers) {
  EXPECT_THAT(select("who = \"WEST\"", small_world(), "2005-01-01").members, ElementsAre(0));
  EXPECT_THAT(select("who = \"OLD\"", small_world(), "2005-01-01").members, ElementsAre(2));
}

TEST(Selector, ExclusionsMayBeBlocs) {
  EXPECT_THAT(select("who = \"all\"\nexclude = [\"WEST\"]", small_world()).members, ElementsAre(2));
  EXPECT_THAT(select("what = \"all\"\nexclude = [\"food\"]", small_world(), "", true).members, ElementsAre(1));
}

TEST(Selector, ARegionBelongsToABlocOnlyIfAllItsMembersDo) {
  const World world = small_world_with_region();
  EXPECT_THAT(select("who = \"EAST\"", world).members, ElementsAre(2));
  EXPECT_THAT(select("who = \"EAST\"", world).notes, IsEmpty());
  const Answer mixed = select("who = \"MIXED\"", world);
  EXPECT_THAT(mixed.members, ElementsAre(1));
  EXPECT_THAT(mixed.notes, ElementsAre("MIXED without LUX (part of CCC), XYZ, not in this baseline apart"));
  const Answer old = select("who = \"OLD\"", world, "2005-01-01");
  EXPECT_THAT(old.problems, ElementsAre("who: no member of OLD is in this baseline as a country of its own: CCC "
                                        "(together with others)"));
}

TEST(Selector, ACodeInsideARegionIsExplained) {
  EXPECT_THAT(
      select("who = [\"LUX\"]", small_world_with_region()).problems,
      ElementsAre("who: LUX is part of CCC in this baseline; name CCC, or use a baseline that keeps LUX apart"));
}

TEST(Selector, UnknownNamesAreReportedWithTheNearest) {
  EXPECT_THAT(select("who = [\"AAB\", \"WSET\"]", small_world()).problems,
              ElementsAre("who: there is no country or bloc 'AAB' in this baseline; did you mean 'AAA'?",
                          "who: there is no country or bloc 'WSET' in this baseline; did you mean 'WEST'?"));
  EXPECT_THAT(select("what = [\"stel\"]", small_world(), "", true).problems,
              ElementsAre("what: there is no sector 'stel' in this baseline; did you mean 'steel'?"));
}

TEST(Selector, ANameIsAnsweredWithItsCode) {
  World world = small_world();
  world.countries[1].name = "Bland and others";
  world.sectors[1].name = "Iron, steel";
  EXPECT_THAT(select("who = [\"bland AND others\", \"\"]", world).problems,
              ElementsAre("who: there is no country or bloc 'bland AND others' in this baseline; 'bland AND others' is "
                          "BBB",
                          ::testing::StartsWith("who: there is no country or bloc '' in this baseline; expected one")));
  EXPECT_THAT(select("what = [\"Iron, Steel\"]", world, "", true).problems,
              ElementsAre("what: there is no sector 'Iron, Steel' in this baseline; 'Iron, Steel' is steel"));
  EXPECT_THAT(problems_of("[theta]\n\"Iron, steel\"=4\n[model]\nlabour_mobility={\"Bland and others\"=2}\n", world),
              AllOf(HasSubstr("theta.Iron, steel: there is no sector 'Iron, steel' in this baseline; 'Iron, steel' is "
                              "steel\n"),
                    HasSubstr("'Bland and others' is BBB\n")));
}

TEST(Selector, AnEmptyAnswerIsAProblem) {
  EXPECT_THAT(select("who = []", small_world()).problems, ElementsAre("who: this selects nothing"));
  EXPECT_THAT(select("who = \"AAA\"\nexclude = \"WEST\"", small_world()).problems,
              ElementsAre("who: nothing is left once 'exclude' is applied"));
  EXPECT_THAT(select("who = \"BENELUX\"", small_world()).problems,
              ElementsAre("who: no member of BENELUX is in this baseline as a country of its own: LUX"));
  EXPECT_THAT(select("who = \"WEST\"", small_world(), "1999-01-01").problems,
              ElementsAre("who: WEST has no members on 1999-01-01"));
  EXPECT_THAT(select("who = \"OLD\"", small_world()).problems,
              ElementsAre("who: OLD has no members any more; give the scenario a date when it had"));
}

TEST(Selector, ACountryOfTheBaselineComesBeforeABlocOfTheSameName) {
  World world = small_world();
  world.countries[2].code = "WEST";
  EXPECT_THAT(select("who = \"WEST\"", world).members, ElementsAre(2));
}

/// food is goods, steel (for want of a better one) a service.
World marked_world() {
  World world = small_world();
  world.sectors[0].kind = SectorKind::kGoods;
  world.sectors[1].kind = SectorKind::kServices;
  return world;
}

TEST(Selector, GoodsAndServicesStandForTheirSectors) {
  const World world = marked_world();
  EXPECT_THAT(select("what = \"goods\"", world, "", true).members, ElementsAre(0));
  EXPECT_THAT(select("what = [\"food\", \"services\"]", world, "", true).members, ElementsAre(0, 1));
  EXPECT_THAT(select("what = \"all\"\nexclude = \"services\"", world, "", true).members, ElementsAre(0));
  EXPECT_THAT(select("what = \"servces\"", world, "", true).problems,
              ElementsAre("what: there is no sector 'servces' in this baseline; did you mean 'services'?"));
  EXPECT_THAT(select("what = \"goods\"", small_world(), "", true).problems,
              ElementsAre("what: no sector of this baseline is marked as goods (column kind of its sectors.csv)"));
  World own = marked_world();
  own.sectors[1].code = "goods";
  EXPECT_THAT(select("what = \"goods\"", own, "", true).members, ElementsAre(1)) << "a sector's own code comes first";
}

TEST(Selector, WithoutSectorsGoodsAreMeantWhereTheyAreMarked) {
  EXPECT_THAT(select("", marked_world(), "", true).members, ElementsAre(0));
  EXPECT_THAT(select("", small_world(), "", true).members, ElementsAre(0, 1));
}

TEST(GoodsAndServices, ATableMayNameThemAndASectorStandsAboveItsGroup) {
  const std::string embargo =
      "[[policy]]\nname=\"p\"\ninstrument=\"embargo\"\nsenders=\"AAA\"\ntargets=\"CCC\"\ncoverage=";
  World world = marked_world();
  const Shock by_group = shock_of(embargo + "{goods=0.5,all=0.25}\n", world);
  EXPECT_EQ(by_group.open_share(2, 0, 0), 0.5);
  EXPECT_EQ(by_group.open_share(2, 0, 1), 0.75);
  world.sectors[1].kind = SectorKind::kGoods;
  for (const char* order : {"{goods=0.5,steel=0.25}\n", "{steel=0.25,goods=0.5}\n"})
    EXPECT_EQ(shock_of(embargo + order, world).open_share(2, 0, 1), 0.75) << order;
  EXPECT_EQ(problems_of(embargo + "{services=0.5}\nsectors=\"food\"\n", marked_world()),
            "policy.p.coverage.services: 'services' is not among the sectors that this policy covers\n");
}

TEST(GoodsAndServices, AgreementsCorridorsAndCooperationMoveGoods) {
  const World world = marked_world();
  const std::string members = "[[policy]]\nname=\"p\"\nmembers=\"all\"\ninstrument=";
  EXPECT_EQ(shock_of(members + "\"free_trade_agreement\"\n", world).tariff(1, 0, 0), 0.0);
  EXPECT_EQ(shock_of(members + "\"free_trade_agreement\"\n", world).tariff(2, 1, 1), 0.20);
  EXPECT_EQ(shock_of(members + "\"free_trade_agreement\"\nsectors=\"all\"\n", world).tariff(2, 1, 1), 0.0);
  EXPECT_EQ(shock_of(members + "\"customs_union\"\nexternal_tariff=0\n", world).tariff(2, 1, 1), 0.20);
  EXPECT_EQ(shock_of(members + "\"customs_cooperation\"\ndays_saved=2\n", world).iceberg(0, 1, 1), 1.0);
  EXPECT_LT(shock_of(members + "\"customs_cooperation\"\ndays_saved=2\n", world).iceberg(0, 1, 0), 1.0);
  EXPECT_LT(shock_of(members + "\"customs_cooperation\"\ndays_saved=2\n").iceberg(0, 1, 1), 1.0);
  const Shock corridor = shock_of(
      "[[policy]]\nname=\"p\"\ninstrument=\"corridor\"\nfrom=\"AAA\"\nto=\"CCC\"\ndays_now=9\ndays_corridor=4\n",
      world);
  EXPECT_LT(corridor.iceberg(2, 0, 0), 1.0);
  EXPECT_EQ(corridor.iceberg(2, 0, 1), 1.0);
}

}  // namespace
}  // namespace entrepot::testing
