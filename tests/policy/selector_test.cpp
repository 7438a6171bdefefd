#include "policy/selector.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios.hpp"

namespace entrepot::testing {
namespace {

using ::testing::ElementsAre;
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

}  // namespace
}  // namespace entrepot::testing
