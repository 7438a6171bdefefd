#include "world/blocs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

BlocTable table() { return BlocTable::read(std::string(ENTREPOT_SOURCE_DIR) + "/tests/data/blocs.csv"); }

TEST(Blocs, MembershipRunsFromItsFirstDayToTheDayBeforeItsEnd) {
  const BlocTable blocs = table();
  EXPECT_THAT(blocs.members("WEST", "1999-12-31"), IsEmpty());
  EXPECT_THAT(blocs.members("WEST", "2000-01-01"), ElementsAre("AAA"));
  EXPECT_THAT(blocs.members("WEST", "2010-05-31"), ElementsAre("AAA"));
  EXPECT_THAT(blocs.members("WEST", "2010-06-01"), ElementsAre("AAA", "BBB"));
  EXPECT_THAT(blocs.members("OLD", "2015-02-28"), ElementsAre("CCC"));
  EXPECT_THAT(blocs.members("OLD", "2015-03-01"), IsEmpty());
}

TEST(Blocs, WithoutADateTheLatestMembershipCounts) {
  EXPECT_THAT(table().members("WEST", ""), ElementsAre("AAA", "BBB"));
  EXPECT_THAT(table().members("OLD", ""), IsEmpty());
}

TEST(Blocs, NamesAreKnownWhateverTheDate) {
  EXPECT_THAT(table().names(), ElementsAre("BENELUX", "EAST", "MIXED", "OLD", "WEST"));
  EXPECT_TRUE(table().has("OLD"));
  EXPECT_FALSE(table().has("NORTH"));
}

TEST(Blocs, ARegionPartlyInABlocIsNotInIt) {
  const Country region{"REG", "Region", {"BBB", "LUX"}};
  EXPECT_TRUE(all_in(region, {"AAA", "BBB", "LUX"}));
  EXPECT_FALSE(all_in(region, {"AAA", "BBB"}));
  EXPECT_TRUE(all_in({"AAA", "", {}}, {"AAA"}));
  EXPECT_FALSE(all_in({"REG", "", {"AAA"}}, {"REG"}));
}

TEST(Blocs, EveryBadRowIsReportedWithItsLine) {
  const std::string path = ::testing::TempDir() + "broken_blocs.csv";
  std::ofstream(path) << "bloc,country,from,until,source\n"
                         "A,AAA,2000-13-01,,x\n"
                         "A,BBB,2000-01-01,1999-01-01,x\n"
                         "A,CCC,2000-01-01,,x\n"
                         "A,CCC,2005-01-01,,x\n"
                         ",DDD,2000-01-01,,x\n";
  try {
    BlocTable::read(path);
    FAIL() << "the table was accepted";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr(":2: from: '2000-13-01' is not a date YYYY-MM-DD"),
                                    HasSubstr(":3: until: this membership ends before it starts"),
                                    HasSubstr(":5: country: CCC is already in A at that time, by line 4"),
                                    HasSubstr(":6: bloc: this cell is empty; a bloc's name is expected")));
    EXPECT_EQ(error.problems().size(), 4u);
  }
}

}  // namespace
}  // namespace entrepot
