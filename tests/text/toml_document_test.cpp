#include "text/toml_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

namespace entrepot {
namespace {

using ::testing::HasSubstr;

constexpr const char* kDocument = R"(title = "Häl"
list = ["a", 2]
[table]
  x = 0.5
[[policy]]
name = "one"
coverage = 0.5
[[policy]]
name = "one.two"
coverage = 1
)";

std::string message(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(TomlDocument, ValuesAndKeysRememberWhereTheyStand) {
  const TomlValue document = parse_toml(kDocument, "f.toml");
  const TomlValue& x = *document.find("table")->find("x");
  EXPECT_EQ(x.where.line, 4u);
  EXPECT_EQ(x.where.column, 7u);
  EXPECT_EQ(x.key_where.column, 3u);
  EXPECT_EQ(x.where.file, "f.toml");
  EXPECT_EQ(document.find("list")->children[1].where.column, 14u);
  EXPECT_EQ(document.find("policy")->children[1].where.line, 8u);
}

TEST(TomlDocument, ChildrenAreInTheOrderOfTheFile) {
  const TomlValue document = parse_toml("z = 1\na = 2\n[m]\nc = 1\nb = 2\n", "f");
  ASSERT_EQ(document.children.size(), 3u);
  EXPECT_EQ(document.children[0].key, "z");
  EXPECT_EQ(document.children[1].key, "a");
  EXPECT_EQ(document.children[2].children[0].key, "c");
}

TEST(TomlDocument, NumbersKeepWhetherTheyAreWhole) {
  const TomlValue document = parse_toml("a = 3\nb = 3.0\nc = inf\n", "f");
  EXPECT_TRUE(document.find("a")->whole);
  EXPECT_FALSE(document.find("b")->whole);
  EXPECT_EQ(document.find("c")->number, std::numeric_limits<double>::infinity());
}

TEST(TomlDocument, DatesAreTextInIsoForm) {
  const TomlValue document = parse_toml("d = 2024-01-02\n", "f");
  EXPECT_EQ(document.find("d")->kind, TomlValue::Kind::kDate);
  EXPECT_EQ(document.find("d")->text, "2024-01-02");
}

TEST(Override, ReplacesANumberOfANamedTable) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  apply_override(document, "policy.one.coverage=0.8");
  EXPECT_EQ(document.find("policy")->children[0].find("coverage")->number, 0.8);
  EXPECT_EQ(document.find("policy")->children[1].find("coverage")->number, 1.0);
  EXPECT_EQ(document.find("policy")->children[0].find("coverage")->where.file, "--set policy.one.coverage=0.8");
}

TEST(Override, TheLongestNameWinsWhereNamesHoldDots) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  apply_override(document, "policy.one.two.coverage=0.25");
  EXPECT_EQ(document.find("policy")->children[0].find("coverage")->number, 0.5);
  EXPECT_EQ(document.find("policy")->children[1].find("coverage")->number, 0.25);
}

TEST(Override, MakesTablesThatAreMissing) {
  TomlValue document = parse_toml("", "f.toml");
  apply_override(document, "reference.closure=balanced");
  EXPECT_EQ(document.find("reference")->find("closure")->text, "balanced");
}

TEST(Override, TakesListsDatesAndPlainWords) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  apply_override(document, R"(list=["x", "y"])");
  apply_override(document, "date=2020-02-29");
  apply_override(document, "title=Half an embargo");
  EXPECT_EQ(document.find("list")->children[1].text, "y");
  EXPECT_EQ(document.find("date")->text, "2020-02-29");
  EXPECT_EQ(document.find("title")->text, "Half an embargo");
}

TEST(Override, TextThatWouldSmuggleInASecondKeyStaysText) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  apply_override(document, "title=1\nother = 2");
  EXPECT_EQ(document.find("title")->text, "1\nother = 2");
  EXPECT_EQ(document.find("other"), nullptr);
}

TEST(Override, AnUnknownPolicyIsReportedWithTheNearestName) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  EXPECT_EQ(message([&] { apply_override(document, "policy.ome.coverage=1"); }),
            "--set policy.ome.coverage=1: policy: there is no 'ome' here; did you mean 'one'?");
}

TEST(Override, AStepIntoANumberIsReported) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  EXPECT_EQ(message([&] { apply_override(document, "table.x.y=1"); }),
            "--set table.x.y=1: x: this is a number; it has no 'y'");
}

TEST(Override, APathWithoutValueIsReported) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  for (const char* assignment : {"title", "title=", "=3", ""})
    EXPECT_THAT(message([&] { apply_override(document, assignment); }), HasSubstr("path=value")) << assignment;
  EXPECT_THAT(message([&] { apply_override(document, "policy.one=3"); }), HasSubstr("the path ends at a table"));
}

TEST(SetValue, PutsAValueAtItsPathWithThePlaceGiven) {
  TomlValue document = parse_toml(kDocument, "f.toml");
  const TomlValue table = parse_toml_value("{x = 0.5, y = [1, true]}", "elsewhere");
  set_value(document, "policy.one.two.coverage", table, {"study.toml", 7, 9});
  const TomlValue* set = find_value(document, "policy.one.two.coverage");
  ASSERT_NE(set, nullptr);
  EXPECT_EQ(value_text(*set), "{x = 0.5, y = [1, true]}");
  EXPECT_EQ(set->children[1].children[0].where.line, 7u);
  EXPECT_EQ(find_value(document, "policy.one.two.coverage.x")->number, 0.5);
  EXPECT_EQ(message([&] {
              set_value(document, "policy.ome.coverage", table, {"study.toml", 7, 9});
            }),
            "study.toml:7:9: policy: there is no 'ome' here; did you mean 'one'?");
}

TEST(FindValue, IsNothingWhereThePathLeadsNowhere) {
  const TomlValue document = parse_toml(kDocument, "f.toml");
  for (const char* path : {"policy.ome.coverage", "policy.one.covrage", "nothing", "table.x.y", "table..x"})
    EXPECT_EQ(find_value(document, path), nullptr) << path;
  EXPECT_EQ(find_value(document, "policy.one.coverage")->number, 0.5);
}

void expect_equal(const TomlValue& a, const TomlValue& b) {
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.number, b.number);
  EXPECT_EQ(a.whole, b.whole);
  EXPECT_EQ(a.boolean, b.boolean);
  ASSERT_EQ(a.children.size(), b.children.size()) << a.key;
  for (std::size_t k = 0; k < a.children.size(); ++k) expect_equal(a.children[k], b.children[k]);
}

TEST(Writer, WhatIsWrittenReadsBackEqual) {
  const TomlValue document = parse_toml(R"(a = "q\"\\ é \t\n"
b = 0.1
c = 3
d = 1e300
e = inf
f = 2024-01-02
g = true
h = [1, "x", [2.5]]
empty = []
"odd key" = {x = 1, y = {z = "w"}}
[t]
x = 1
[t.u]
y = 5e-324
[[p]]
name = "1"
[[p.q]]
z = 0.30000000000000004
[[p]]
name = "2"
)",
                                        "f");
  expect_equal(document, parse_toml(to_toml(document), "again"));
}

TEST(ReadText, AByteThatIsNotUtf8IsReportedWithItsPlace) {
  EXPECT_THAT(message([] { parse_toml("a = 1\nb = \"\xE9t\xE9\"\n", "f"); }),
              HasSubstr("f:2:6: byte 0xE9 is not UTF-8 text"));
}

TEST(ReadText, AnOverlongOrCutSequenceIsNotUtf8) {
  EXPECT_THAT(message([] { parse_toml("a = \"\xC0\x80\"\n", "f"); }), HasSubstr("byte 0xC0"));
  EXPECT_THAT(message([] { parse_toml("a = \"\xE2\x82", "f"); }), HasSubstr("byte 0xE2"));
}

}  // namespace
}  // namespace entrepot
