#include "text/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "text/iso_date.hpp"

namespace entrepot {
namespace {

using ::testing::ElementsAre;

const Schema kSchema = {{.name = "share",
                         .type = ValueType::kNumber,
                         .unit = "fraction",
                         .fallback = "1",
                         .range = {.lower = 0.0, .upper = 1.0}},
                        {.name = "who", .type = ValueType::kTextList, .required = true},
                        {.name = "steps", .type = ValueType::kInteger, .range = {.lower = 1.0}},
                        {.name = "side", .fallback = "both", .choices = {"left", "right", "both"}},
                        {.name = "day", .type = ValueType::kDate},
                        {.name = "speed", .type = ValueType::kNumber, .range = {.lower = 0.0, .above_lower = true}}};

std::vector<std::string> sentences(const std::string& text) {
  Problems problems;
  read_table(parse_toml(text, "f"), kSchema, "table", problems);
  std::vector<std::string> result;
  for (const Problem& problem : problems.all()) result.push_back(problem.key + ": " + problem.sentence);
  return result;
}

TEST(Schema, AbsentKeysTakeTheirFallbackAndOthersAreAbsent) {
  Problems problems;
  const Arguments arguments = read_table(parse_toml("who = \"A\"\n", "f"), kSchema, "table", problems);
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(arguments.number("share"), 1.0);
  EXPECT_EQ(arguments.text("side"), "both");
  EXPECT_FALSE(arguments.has("steps"));
  EXPECT_FALSE(arguments.written("share"));
  EXPECT_TRUE(arguments.written("who"));
  ASSERT_EQ(arguments.list("who").size(), 1u);
  EXPECT_EQ(arguments.list("who")[0].text, "A");
  EXPECT_EQ(arguments.key("who"), "table.who");
}

TEST(Schema, AllMistakesAreReportedTogether) {
  EXPECT_THAT(sentences("shar = 1\nsteps = 1.5\nside = \"lift\"\nday = \"2023-02-29\"\nspeed = 0\n"),
              ElementsAre("table.shar: there is no such key; did you mean 'share'?",
                          "table.steps: this is 1.5; a whole number at least 1 is expected",
                          "table.side: 'lift' is not known here; did you mean 'left'?",
                          "table.day: this is '2023-02-29'; a date YYYY-MM-DD is expected",
                          "table.speed: this is 0; a number above 0 is expected",
                          "table.who: this key is missing; a list of texts is expected"));
}

TEST(Schema, NumbersOutOfRangeNameTheRangeAndGuessAPercentage) {
  EXPECT_THAT(sentences("who = []\nshare = 1.5\n"),
              ElementsAre("table.share: this is 1.5; a number between 0 and 1 (fraction) is expected"));
  EXPECT_THAT(
      sentences("who = []\nshare = 50\n"),
      ElementsAre("table.share: this is 50; a number between 0 and 1 (fraction) is expected; is 0.5 (50 %) meant?"));
  for (const char* odd : {"nan", "inf", "-inf"}) {
    EXPECT_THAT(
        sentences(std::string("who = []\nshare = ") + odd + "\n"),
        ElementsAre("table.share: this is not a finite number; a number between 0 and 1 (fraction) is expected"));
  }
}

TEST(Schema, TheBoundsThemselvesAreAllowedUnlessOpen) {
  EXPECT_TRUE(sentences("who = []\nshare = 0\n").empty());
  EXPECT_TRUE(sentences("who = []\nshare = 1\n").empty());
  EXPECT_FALSE(sentences("who = []\nshare = 1.0000000000000002\n").empty());
}

TEST(Schema, AListWithAnotherKindInItPointsAtTheOddOne) {
  Problems problems;
  read_table(parse_toml("who = [\"A\", 3]\n", "f"), kSchema, "", problems);
  ASSERT_EQ(problems.all().size(), 1u);
  EXPECT_EQ(problems.all()[0].where.column, 13u);
  EXPECT_EQ(problems.all()[0].sentence, "this is a number in a list; a list of texts is expected");
}

TEST(Schema, SwitchesAndListsAreOfTheirKind) {
  const Schema schema = {{.name = "on", .type = ValueType::kSwitch, .fallback = "true"},
                         {.name = "at", .type = ValueType::kNumberList, .range = {.lower = 0.0, .upper = 1.0}},
                         {.name = "any", .type = ValueType::kValueList}};
  const auto read = [&](const std::string& text, Problems& problems) {
    return read_table(parse_toml(text, "f"), schema, "", problems);
  };
  Problems none;
  EXPECT_TRUE(read("", none).on("on"));
  EXPECT_FALSE(read("on = false", none).on("on"));
  EXPECT_EQ(read("at = [0, 0.5]", none).at("at").children.size(), 2u);
  for (const char* list : {"any = [1, 0.5]", "any = [\"x\", \"y\"]", "any = [true]", "any = []"}) read(list, none);
  EXPECT_TRUE(none.empty());
  Problems found;
  read("on = 1\nat = [0.5, 2, \"x\"]\nany = [1, true]\n", found);
  read("at = [0.5, 2, -1]\nany = 3\n", found);
  std::vector<std::string> sentences;
  for (const Problem& problem : found.all()) sentences.push_back(problem.key + ": " + problem.sentence);
  EXPECT_THAT(sentences,
              ElementsAre("on: this is a number; true or false is expected",
                          "at: this is text in a list; a list of numbers between 0 and 1 is expected",
                          "any: this is a list; a list of numbers, of texts or of true and false is expected",
                          "at: this is 2; a number between 0 and 1 is expected",
                          "at: this is -1; a number between 0 and 1 is expected",
                          "any: this is a number; a list of numbers, of texts or of true and false is expected"));
}

TEST(IsoDate, OnlyDaysOfTheCalendarAreDates) {
  for (const char* day : {"2024-02-29", "2000-02-29", "1999-12-31", "0001-01-01"}) EXPECT_TRUE(is_iso_date(day)) << day;
  for (const char* no : {"2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "2024-4-1",
                         "2024-01-01T", "24-01-01", "2024/01/01", "20a4-01-01", ""})
    EXPECT_FALSE(is_iso_date(no)) << no;
}

}  // namespace
}  // namespace entrepot
