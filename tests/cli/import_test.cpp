#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.hpp"
#include "results/result_reader.hpp"

// `entrepot baseline import`: from published tables to a solved scenario, one command each.

namespace entrepot::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

std::string table(const std::string& name) { return in_source("tests/import/tables/" + name).string(); }

struct Format {
  std::string name;
  std::vector<std::string> arguments;
  std::string importer, exporter, sector;
};

std::ostream& operator<<(std::ostream& out, const Format& format) { return out << format.name; }

class Import : public testing::TestWithParam<Format> {};

/// The importer's real income with a new duty of 20 % on one flow, in percent.
TEST_P(Import, GivesABaselineThatBalancesAndRuns) {
  const Format& format = GetParam();
  const Workplace place;
  ASSERT_EQ(place.run({"baseline", "import", "icio", table("icio.csv"), "--year", "2020", "-o", "structure"}).status,
            0);
  std::vector<std::string> arguments{"baseline", "import", format.name};
  arguments.insert(arguments.end(), format.arguments.begin(), format.arguments.end());
  arguments.insert(arguments.end(), {"--output", "world"});
  const Ended ended = place.run(arguments);
  ASSERT_EQ(ended.status, 0) << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("3 countries, 3 sectors"), HasSubstr("Taken from:"), HasSubstr("tariffs"),
                               HasSubstr("trade elasticities"), HasSubstr("before balancing"),
                               HasSubstr("Written to world; check it with `entrepot baseline check world`.")));
  const Ended check = place.run({"baseline", "check", "world"});
  EXPECT_EQ(check.status, 0) << check.err;
  EXPECT_THAT(check.out, HasSubstr("world balances"));
  write(place / "duty.toml", "baseline = 'world'\n[[policy]]\nname = 'duty'\ninstrument = 'tariff'\nimporters = '" +
                                 format.importer + "'\nexporters = '" + format.exporter + "'\nsectors = '" +
                                 format.sector + "'\naction = 'add'\nrate = 0.2\n");
  const Ended run = place.run({"run", "duty.toml", "-o", "duty.h5"});
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("Status:   solved"));
  const ResultReader reader(place / "duty.h5");
  const std::vector<double> welfare = reader.read("welfare").values;
  ASSERT_EQ(welfare.size(), 3u);
  std::size_t exporter = 3;
  const std::vector<std::string> countries = reader.labels("country");
  for (std::size_t n = 0; n < 3; ++n)
    if (countries[n] == format.exporter) exporter = n;
  ASSERT_LT(exporter, 3u);
  EXPECT_LT(welfare[exporter], 0.0) << "a duty on what it sells hurts the exporter";
}

INSTANTIATE_TEST_SUITE_P(Formats, Import,
                         testing::Values(Format{"icio", {table("icio.csv"), "--year", "2020"}, "MEX", "ARG", "A01_02"},
                                         Format{"wiod", {table("wiod.csv")}, "BRA", "AUS", "C10-C12"},
                                         Format{"gtap", {table("gtap"), "--year", "2017"}, "BOR", "ARC", "pdr"},
                                         Format{"baci",
                                                {table("baci.csv"), "--structure", "structure", "--country-codes",
                                                 table("baci_countries.csv"), "--product-codes",
                                                 table("baci_products.csv"), "--rest", "ROW"},
                                                "MEX",
                                                "ARG",
                                                "A01_02"}),
                         [](const auto& one) { return one.param.name; });

TEST(BaselineImport, AnExistingBaselineIsNotOverwritten) {
  const Workplace place;
  const std::vector<std::string> once{"baseline", "import", "icio", table("icio.csv"), "--year", "2020", "-o", "world"};
  ASSERT_EQ(place.run(once).status, 0);
  const std::string before = content_of(place / "world" / "trade.csv");
  std::vector<std::string> again = once;
  again.insert(again.end(), {"--uses", "1"});
  const Ended refused = place.run(again);
  EXPECT_EQ(refused.status, 2);
  EXPECT_THAT(refused.err, AllOf(HasSubstr("world/"), HasSubstr("this folder already holds a baseline; --replace")));
  EXPECT_EQ(content_of(place / "world" / "trade.csv"), before);
  again.emplace_back("--replace");
  EXPECT_EQ(place.run(again).status, 0);
  EXPECT_NE(content_of(place / "world" / "trade.csv"), before);
  EXPECT_EQ(place.run({"baseline", "check", "world"}).status, 0);
}

TEST(BaselineImport, AWrongFileLeavesNothingBehind) {
  const Workplace place;
  write(place / "cut.csv", content_of(table("icio.csv")).substr(0, 700));
  const Ended ended = place.run({"baseline", "import", "icio", "cut.csv", "--year", "2020", "-o", "world"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("cut.csv:"));
  EXPECT_THAT(place.names(), testing::ElementsAre("cut.csv"));
}

TEST(BaselineImport, WrongUseIsToldWithTheNearestName) {
  const Workplace place;
  const auto refusal = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"baseline", "import"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Ended ended = place.run(all);
    EXPECT_EQ(ended.status, 2);
    EXPECT_THAT(ended.out, IsEmpty());
    return ended.err;
  };
  EXPECT_THAT(refusal({"wiodd", "a.csv", "-o", "x"}), HasSubstr("there is no format 'wiodd'; did you mean 'wiod'?"));
  EXPECT_THAT(refusal({"icio", "a.csv"}), HasSubstr("--output FOLDER"));
  EXPECT_THAT(refusal({"icio", "-o", "x"}), HasSubstr("import icio: no file is named"));
  EXPECT_THAT(refusal({"icio", "a.csv", "b.csv", "-o", "x"}), HasSubstr("one file is expected, not 2"));
  EXPECT_THAT(refusal({"icio", "nowhere.csv", "-o", "x"}), HasSubstr("nowhere.csv: this file can't be read"));
  EXPECT_THAT(refusal({"icio", table("icio.csv"), "-o", "x"}), HasSubstr("--year YEAR"));
  EXPECT_THAT(refusal({"icio", table("icio.csv"), "-o", "x", "--uses", "3"}), HasSubstr("--uses: 3 is neither 1"));
  EXPECT_THAT(refusal({"icio", table("wiod.csv"), "-o", "x"}),
              HasSubstr("IndustryDescription: this is neither COUNTRY_INDUSTRY nor"));
  EXPECT_THAT(refusal({"wiod", table("icio.csv"), "-o", "x"}), HasSubstr("IndustryCode: this column of a WIOD table"));
  EXPECT_THAT(refusal({"baci", table("baci.csv"), "-o", "x"}), HasSubstr("--structure BASELINE"));
  EXPECT_THAT(refusal({"gtap", table("icio.csv"), "-o", "x"}), HasSubstr("the header VXSB is missing"));
  EXPECT_EQ(place.run({"baseline", "check", "cp2015-nafta", "more"}).status, 2);
  EXPECT_THAT(place.names(), IsEmpty());
}

}  // namespace
}  // namespace entrepot::test
