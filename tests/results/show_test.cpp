#include "results/show.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <sstream>

#include "results/table.hpp"
#include "small_runs.hpp"
#include "text/csv.hpp"
#include "text/input_error.hpp"

namespace entrepot {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("Iran"), 4u);
  EXPECT_EQ(display_width("Türkiye"), 7u);
  EXPECT_EQ(display_width("Tu\u0308rkiye"), 7u);  // u and a combining diaeresis
  EXPECT_EQ(display_width("伊朗"), 4u);
  EXPECT_EQ(display_width("–"), 1u);
  EXPECT_EQ(display_width("Côte d’Ivoire"), 13u);
}

TEST(GroupedNumber, SeparatesThousands) {
  EXPECT_EQ(grouped_number(1234567.891, 1), "1,234,567.9");
  EXPECT_EQ(grouped_number(-999.5, 0), "-1,000");
  EXPECT_EQ(grouped_number(100.0, 0), "100");
  EXPECT_EQ(grouped_number(-0.0001, 2), "0.00");
}

TEST(Table, AlignsTextAndNumbers) {
  Table table({{"name", ""}, {"welfare", "percent"}, {"value", "million USD"}});
  table.add_row({"Türkiye", 1.25, 1234567.0});
  table.add_row({"Iran", -0.001, Cell()});
  EXPECT_EQ(table.text(),
            "name     welfare        value\n"
            "         percent  million USD\n"
            "Türkiye    1.250    1,234,567\n"
            "Iran      -0.001            –\n");
}

TEST(Table, SmallNumbersKeepTheirDigits) {
  Table table({{"equation", ""}, {"residual", ""}});
  table.add_row({"prices", 2.5e-12});
  table.add_row({"income", 0.0});
  EXPECT_EQ(table.text(),
            "equation  residual\n"
            "prices     2.5e-12\n"
            "income     0.0e+00\n");
}

TEST(Table, CsvReadsBackToTheLastBit) {
  Table table({{"name", ""}, {"a \"b\"", "percent"}});
  table.add_row({"Food, drink", 0.1 + 0.2});
  table.add_row({"none", Cell()});
  EXPECT_EQ(table.csv(), "name,\"a \"\"b\"\" (percent)\"\n\"Food, drink\",0.30000000000000004\nnone,\n");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// The first `words` words of the lines after the one that starts with the first heading.
std::vector<std::string> row_names(const std::string& text, const std::string& first_heading, int words = 1) {
  std::vector<std::string> names;
  bool in_table = false;
  int skip = 1;  // the line of units
  for (const std::string& line : lines_of(text)) {
    if (in_table && line.empty()) break;
    if (in_table && skip-- <= 0 && line.find("rows, those") == std::string::npos) {
      std::istringstream stream(line);
      std::string name, word;
      for (int k = 0; k < words && stream >> word; ++k) name += (k ? " " : "") + word;
      names.push_back(name);
    }
    in_table = in_table || line.starts_with(first_heading + " ");
  }
  return names;
}

class Show : public testing::Test {
 protected:
  Show() { write_results(test::full_run(), folder_ / "run.nc"); }
  std::string show_with(const ShowOptions& options) const { return show(ResultReader(folder_ / "run.nc"), options); }
  std::string refusal(const ShowOptions& options) const {
    try {
      (void)show_with(options);
    } catch (const InputError& error) {
      return error.what();
    }
    return {};
  }
  test::TemporaryFolder folder_;
};

TEST_F(Show, HeadlineHasGainersFirstThenLosers) {
  const std::string text = show_with({});
  EXPECT_THAT(text,
              testing::StartsWith("Iran joins – a test\n"
                                  "Question: Who gains?\n"
                                  "Baseline: three (SHA-256 aaaaaaaaaaaa)\n"
                                  "Status:   solved; largest relative residual 2.0e-12 after 7 steps\n\n"
                                  "Real income, million USD: the world +68 (+5.5950 %)\n"
                                  "Largest gains: Iran +58, Türkiye +26\n"
                                  "Largest losses: Belarus -16\n\n"
                                  "country  name     welfare      welfare  terms of trade  volume of trade  iceberg  "
                                  "real wage  exports change  imports change\n"));
  EXPECT_THAT(row_names(text, "country", 2), ElementsAre("IRN Iran", "TUR Türkiye", "BLR Belarus"));
}

TEST_F(Show, HeadlineKeepsTheLargestEffects) {
  const std::string text = show_with({.sort = "usd", .top = 2});
  EXPECT_THAT(row_names(text, "country"), ElementsAre("IRN", "TUR"));
  EXPECT_THAT(text, HasSubstr("2 of 3 rows, those with the largest changes; the option 'top' shows more.\n"));
  EXPECT_THAT(text, EndsWith("  iceberg          trade costs that nobody receives\n"));
  EXPECT_THAT(row_names(show_with({.country = "türkiye"}), "country"), ElementsAre("TUR"));
  EXPECT_THAT(row_names(show_with({.country = "belarus"}), "country"), ElementsAre("BLR"));
}

TEST_F(Show, ALevelStandsBesideItsBase) {
  const RunResults run = test::full_run();
  const std::string csv = show_with({.variable = "exports", .csv = true});
  const CsvTable table = CsvTable::parse(csv, "exports", {});
  ASSERT_THAT(table.columns(), ElementsAre("country", "exports (million USD)", "base (million USD)",
                                           "change (million USD)", "change (percent)"));
  Problems problems;
  const double after = run.measures.exports(2), before = run.measures.exports_base(2);
  ASSERT_EQ(table.text(0, 0), "TUR");
  EXPECT_EQ(table.number(0, 1, problems), after);
  EXPECT_EQ(table.number(0, 2, problems), before);
  EXPECT_EQ(table.number(0, 3, problems), after - before);
  EXPECT_EQ(table.number(0, 4, problems), 100.0 * (after / before - 1.0));
}

TEST_F(Show, SectorsOfACountry) {
  EXPECT_THAT(row_names(show_with({.variable = "employment", .country = "IRN"}), "country", 2),
              ElementsAre("IRN fuel", "IRN food"));
  EXPECT_THAT(row_names(show_with({.variable = "price", .by = "sector", .country = "Iran"}), "sector"),
              ElementsAre("fuel", "food"));
  EXPECT_THAT(row_names(show_with({.variable = "output", .by = "sector"}), "sector"), ElementsAre("fuel", "food"));
  EXPECT_THAT(row_names(show_with({.variable = "output", .sector = "fuel"}), "country", 2),
              ElementsAre("TUR fuel", "IRN fuel", "BLR fuel"));
}

TEST_F(Show, FlowsLeaveOutOwnSales) {
  const std::string text = show_with({.variable = "trade", .top = 3});
  EXPECT_THAT(row_names(text, "exporter", 3), ElementsAre("TUR IRN fuel", "TUR BLR fuel", "IRN TUR fuel"));
  EXPECT_THAT(text, HasSubstr("3 of 12 rows"));
}

TEST_F(Show, FlowsOfACountryByPartnerAddUp) {
  const RunResults run = test::full_run();
  const CsvTable table =
      CsvTable::parse(show_with({.variable = "trade", .by = "partner", .country = "IRN", .csv = true}), "t", {});
  ASSERT_EQ(table.rows(), 2u);
  ASSERT_EQ(table.text(0, 0), "TUR");
  Problems problems;
  const Bilateral& trade = run.measures.trade;
  const Bilateral& base = run.measures.trade_base;
  EXPECT_DOUBLE_EQ(table.number(0, table.column("exports (million USD)"), problems), trade(2, 1, 0) + trade(2, 1, 1));
  EXPECT_DOUBLE_EQ(table.number(0, table.column("imports (million USD)"), problems), trade(1, 2, 0) + trade(1, 2, 1));
  EXPECT_DOUBLE_EQ(table.number(0, table.column("imports change (percent)"), problems),
                   100.0 * ((trade(1, 2, 0) + trade(1, 2, 1)) / (base(1, 2, 0) + base(1, 2, 1)) - 1.0));
  const CsvTable fuel = CsvTable::parse(
      show_with({.variable = "trade", .by = "partner", .country = "IRN", .sector = "fuel", .csv = true}), "t", {});
  EXPECT_DOUBLE_EQ(fuel.number(0, fuel.column("exports (million USD)"), problems), trade(2, 1, 1));
}

TEST_F(Show, FlowsOfACountryBySector) {
  const RunResults run = test::full_run();
  const CsvTable table =
      CsvTable::parse(show_with({.variable = "trade", .by = "sector", .country = "BLR", .csv = true}), "t", {});
  ASSERT_EQ(table.rows(), 2u);
  ASSERT_EQ(table.text(0, 0), "fuel");
  Problems problems;
  EXPECT_DOUBLE_EQ(table.number(0, table.column("exports (million USD)"), problems),
                   run.measures.trade(1, 0, 1) + run.measures.trade(2, 0, 1));
}

TEST_F(Show, ComponentsAreColumns) {
  const std::string text = show_with({.variable = "decomposition_exact"});
  EXPECT_THAT(
      text, HasSubstr("country  terms of trade  volume of trade  iceberg      ban  productivity     rent  transfer\n"));
  EXPECT_THAT(row_names(text, "country"), ElementsAre("BLR", "IRN", "TUR"));
}

TEST_F(Show, MistakesAreAnsweredWithTheNearestName) {
  EXPECT_THAT(refusal({.variable = "exprots"}),
              EndsWith("variable: there is no 'exprots' in this file; did you mean 'exports'?"));
  EXPECT_THAT(refusal({.country = "Turkiye"}),
              EndsWith("country: there is no country 'Turkiye' in these results; did you mean 'Türkiye'?"));
  EXPECT_THAT(refusal({.variable = "trade", .sector = "fule"}),
              EndsWith("sector: there is no sector 'fule' in these results; did you mean 'fuel'?"));
  EXPECT_THAT(refusal({.variable = "trade", .by = "partners"}), HasSubstr("did you mean 'partner'?"));
  EXPECT_THAT(refusal({.variable = "trade", .by = "partner"}), HasSubstr("partners are those of one country"));
  EXPECT_THAT(refusal({.variable = "exports", .by = "sector"}), EndsWith("by: 'exports' has no values by sector"));
  EXPECT_THAT(refusal({.variable = "exports", .sector = "fuel"}),
              EndsWith("sector: 'exports' has no values by sector"));
  EXPECT_THAT(refusal({.variable = "equation_residual", .country = "IRN"}), HasSubstr("has no values by country"));
  EXPECT_THAT(refusal({.variable = "trade_volume_change", .by = "sector", .country = "IRN"}),
              EndsWith("'trade_volume_change' is in per cent, which can't be added up; leave out 'by'"));
  EXPECT_THAT(refusal({.sort = "use"}), EndsWith("sort: 'use' is no order of this table; did you mean 'usd'?"));
}

TEST(ShowZones, SalesBetweenHostAndZoneAreNotTrade) {
  const test::TemporaryFolder folder;
  write_results(test::run_with_a_zone(), folder / "run.nc");
  const ResultReader reader(folder / "run.nc");
  EXPECT_EQ(show(reader, {.variable = "trade", .by = "partner", .country = "IRN", .csv = true}),
            "partner,exports (million USD),imports (million USD)\nBLR,4,4\n");
  EXPECT_EQ(show(reader, {.variable = "output", .by = "sector", .country = "IRN", .csv = true}),
            "sector,output (million USD)\nfood,8\nfuel,8\n");
}

TEST(ShowWithoutEquilibrium, SaysSoAndShowsTheBase) {
  const test::TemporaryFolder folder;
  write_results(test::run_without_equilibrium(), folder / "run.nc");
  const std::string text = show(ResultReader(folder / "run.nc"), {});
  EXPECT_THAT(text, AllOf(HasSubstr("Status:   NOT SOLVED (no_supply): Iran has no source of fuel left\n"
                                    "Only values of the reference world follow.\n"),
                          HasSubstr("income, base"), Not(HasSubstr("welfare"))));
}

TEST(Compare, CountriesAreMatchedByCode) {
  const test::TemporaryFolder folder;
  RunResults run = test::full_run();
  write_results(run, folder / "deal.nc");
  std::swap(run.countries[0], run.countries[2]);
  run.countries[1] = {"KAZ", "Kazakhstan", {}};
  run.locations = {{"TUR", 0}, {"KAZ", 1}, {"BLR", 2}};
  run.description.title = "Another";
  run.description.baseline_sha256 = "b";
  run.measures.welfare << 7.0, 8.0, 9.0;
  write_results(run, folder / "other.nc");
  std::vector<ResultReader> readers;
  readers.emplace_back(folder / "deal.nc");
  readers.emplace_back(folder / "other.nc");
  EXPECT_EQ(compare(readers, {}),
            "deal: Iran joins – a test (baseline three)\n"
            "other: Another (baseline three)\n"
            "The files rest on different baselines.\n"
            "\n"
            "welfare\n"
            "country  name           deal    other\n"
            "                     percent  percent\n"
            "IRN      Iran          15.09        –\n"
            "TUR      Türkiye        5.20    7.000\n"
            "BLR      Belarus       -4.78    9.000\n"
            "KAZ      Kazakhstan        –    8.000\n");
  const std::string two = compare(readers, {.measures = {"real_wage", "iceberg"}, .country = "blr", .csv = true});
  EXPECT_THAT(lines_of(two), ElementsAre("country,name,\"real wage, deal (percent)\",\"real wage, other (percent)\","
                                         "\"iceberg, deal (percent)\",\"iceberg, other (percent)\"",
                                         testing::StartsWith("BLR,Belarus,")));
  EXPECT_THAT(compare(readers, {.top = 1}), AllOf(HasSubstr("IRN"), Not(HasSubstr("TUR "))));
}

TEST(Compare, SaysWhichRentsAreMeantAndWhichPartsAreToFirstOrder) {
  const test::TemporaryFolder folder;
  RunResults run = test::full_run();
  write_results(run, folder / "exact.nc");
  run.exact = {};
  write_results(run, folder / "first.nc");
  run.first_order = {};
  write_results(run, folder / "none.nc");
  std::vector<ResultReader> readers;
  for (const char* name : {"exact.nc", "first.nc", "none.nc"}) readers.emplace_back(folder / name);
  const std::string show_file = "entrepot show " + (folder / "exact.nc").string();
  const std::string text = compare(readers, {.measures = {"rent"}});
  EXPECT_THAT(text, AllOf(HasSubstr("'rent' is a part of the change in welfare; rents in million USD: " + show_file +
                                    " rent\n"),
                          HasSubstr("none.nc has no parts of welfare: its 'rent' is rents in million USD.\n")));
  EXPECT_EQ(lines_of(compare(readers, {.measures = {"rent"}, .csv = true})).front(),
            "country,name,exact (percent),\"first, first order (percent)\",none (million USD)");
  EXPECT_THAT(compare(readers, {.measures = {"real_wage"}}), Not(HasSubstr("part of")));
}

TEST(Compare, MistakesAreAnsweredWithTheNearestName) {
  const test::TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  std::vector<ResultReader> readers;
  readers.emplace_back(folder / "run.nc");
  const auto refusal = [&](const CompareOptions& options) -> std::string {
    try {
      (void)compare(readers, options);
    } catch (const InputError& error) {
      return error.what();
    }
    return {};
  };
  EXPECT_THAT(refusal({.measures = {"term_of_trade"}}), EndsWith("did you mean 'terms_of_trade'?"));
  EXPECT_THAT(refusal({.measures = {"output"}}),
              HasSubstr("there is no 'output' with one value per country in this file"));
  EXPECT_THAT(refusal({.country = "IRM"}), EndsWith("did you mean 'IRN'?"));
  EXPECT_THAT(refusal({.measures = {}}), HasSubstr("at least one measure"));
}

}  // namespace
}  // namespace entrepot
