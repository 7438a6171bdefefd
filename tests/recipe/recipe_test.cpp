#include "recipe/recipe.hpp"

#include "recipe/recipe_tables.hpp"
#include "recipe_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RecipeFile : public RecipeFolder {};

TEST_F(RecipeFile, SaysWhoIsWhere) {
  const Recipe recipe = read_recipe(write_recipe());
  EXPECT_THAT(recipe.country_codes(), ElementsAre("ARC", "BOR", "ROW"));
  EXPECT_EQ(recipe.region_of("BOR"), 1);
  EXPECT_EQ(recipe.region_of("CAT"), recipe.rest());
  EXPECT_TRUE(recipe.sectors[0].is_good());
  EXPECT_FALSE(recipe.sectors[2].is_good());
  EXPECT_EQ(recipe.table("blocs"), folder() / "blocs.csv");
}

TEST_F(RecipeFile, MissingFileIsNamed) {
  EXPECT_THAT(message_of([&] { read_recipe(folder() / "nowhere.toml"); }), HasSubstr("nowhere.toml"));
}

TEST_F(RecipeFile, EveryMistakeIsToldWithItsLine) {
  std::string text = replaced(recipe_text(), "cif_fob_factor", "cif_fob_facter");
  text = replaced(text, "stage = \"consumer\"", "stage = \"consumers\"");
  text = replaced(text, "code = \"BOR\"", "code = \"ARC\"");
  text = replaced(text, "kind = \"rest\"\n", "");
  const std::string message = message_of([&] { read_recipe(write("recipe.toml", text)); });
  EXPECT_THAT(message, AllOf(HasSubstr("recipe.toml:25:"), HasSubstr("cif_fob_factor")));
  EXPECT_THAT(message, HasSubstr("consumer"));
  EXPECT_THAT(message, HasSubstr("ARC names two countries"));
  EXPECT_THAT(message, HasSubstr("exactly one country must be the rest of the world"));
}

class RecipeTablesTest : public RecipeFolder {
 protected:
  std::string message_with(const std::string& file, const std::string& text) const {
    const std::filesystem::path recipe = write_recipe();
    write(file, text);
    return message_of([&] { read_recipe_tables(read_recipe(recipe)); });
  }
};

TEST_F(RecipeTablesTest, BlocsAreReadOnTheReferenceDate) {
  const RecipeTables tables = read_recipe_tables(read_recipe(write_recipe()));
  EXPECT_THAT(tables.blocs.members("UNION", "2021-07-01"), ElementsAre("ARC"));
  EXPECT_THAT(tables.blocs.members("PACT", "2021-07-01"), ElementsAre("BOR"));
  EXPECT_EQ(tables.tariffs.size(), 3u);
  EXPECT_TRUE(tables.tariffs[0].from_profile);
  ASSERT_EQ(tables.agreements.size(), 1u);
  EXPECT_TRUE(tables.agreements[0].holds("2021-07-01"));
  EXPECT_FALSE(tables.agreements[0].holds("2014-07-01"));
  EXPECT_FALSE(tables.agreements[0].holds("2022-01-01"));  // the day on which it ends
}

TEST_F(RecipeTablesTest, WeightsMustSumToOne) {
  EXPECT_THAT(message_with("donors.csv", "country,donor,weight,reason\nBOR,ARC,0.5,near\n"),
              AllOf(HasSubstr("donors.csv:2"), HasSubstr("sum to 0.5")));
}

TEST_F(RecipeTablesTest, NamesAreCheckedAndTheNearestIsOffered) {
  EXPECT_THAT(message_with("tariffs.csv", "importer,exporter,item,rate,mark,source\nARC,BOR,fod,0.1,measured,x\n"),
              AllOf(HasSubstr("tariffs.csv:2"), HasSubstr("'fod'"), HasSubstr("'food'")));
  EXPECT_THAT(message_with("tariffs.csv", "importer,exporter,item,rate,mark,source\nUNIOM,BOR,food,0.1,measured,x\n"),
              AllOf(HasSubstr("'UNIOM'"), HasSubstr("'UNION'")));
  EXPECT_THAT(message_with("donors.csv", "country,donor,weight,reason\nBOT,ARC,1,near\n"), HasSubstr("'BOR'"));
}

TEST_F(RecipeTablesTest, EveryFigureNeedsAMarkAndASource) {
  const std::string message =
      message_with("tariffs.csv", "importer,exporter,item,rate,mark,source\nARC,BOR,food,0.1,guess,\n");
  EXPECT_THAT(message, HasSubstr("there is no mark 'guess'"));
  EXPECT_THAT(message, HasSubstr("this figure needs a source"));
}

TEST_F(RecipeTablesTest, RatesBelowMinusOneAndNegativeEstimatesAreRefused) {
  EXPECT_THAT(message_with("tariffs.csv", "importer,exporter,item,rate,mark,source\nARC,BOR,food,-1,measured,x\n"),
              HasSubstr("must be above -1"));
  EXPECT_THAT(message_with("estimates.csv", "quantity,country,partner,item,value,mark,source\ngdp,ARC,,,-3,proxy,x\n"),
              HasSubstr("must be zero or more"));
}

}  // namespace
}  // namespace entrepot
