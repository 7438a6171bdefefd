#include "import/icio.hpp"

#include "import/io_table.hpp"
#include "import_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Icio : public RecipeFolder {
 protected:
  Baseline import(const std::string& text, ImportOptions options = {}) {
    options.format = "icio";
    options.files = {write("ICIO2018_2015.CSV", text)};
    report_ = {};
    return import_baseline(options, report_);
  }
  Baseline import() { return import(table_text("icio.csv")); }
  std::string refusal(const std::string& text) {
    return message_of([&] { import(text); });
  }
  ImportReport report_;
};

enum : Index { kArg, kMex, kRow };
enum : Index { kFarms, kFood, kTransport };

TEST_F(Icio, AccountsAreTheTables) {
  const Baseline baseline = import();
  const World& world = baseline.world;
  ASSERT_EQ(world.country_count(), 3);
  ASSERT_EQ(world.sector_count(), 3);
  ASSERT_EQ(world.uses, 2);
  EXPECT_EQ(world.countries[kMex].code, "MEX");
  EXPECT_EQ(world.sectors[kFood].code, "C10T12");
  EXPECT_EQ(world.sectors[kFarms].kind, SectorKind::kGoods);
  EXPECT_EQ(world.sectors[kTransport].kind, SectorKind::kServices);
  EXPECT_EQ(world.year, 2015);
  // Row ARG_A01_02, columns of MEX: 7 + 5 + 6 for industries, 30 + 2 + 9 + 12 − 1 + 0 for final demand.
  EXPECT_EQ(world.expenditure(world.market(0, kMex), kArg, kFarms), 18.0);
  EXPECT_EQ(world.expenditure(world.market(1, kMex), kArg, kFarms), 52.0);
  // Home: 42 + 30 + 36 and 150 + 10 + 45 + 60 + 2.
  EXPECT_EQ(world.expenditure(world.market(0, kArg), kArg, kFarms), 108.0);
  EXPECT_EQ(world.expenditure(world.market(1, kArg), kArg, kFarms), 267.0);
  // Inputs of ARG's food industry from farms of all three: 30 + 6 + 7.
  EXPECT_EQ(world.input[kArg](kFarms, kFood), 43.0);
  // 336 with 2 of taxes less subsidies on inputs.
  EXPECT_EQ(world.value_added(kArg, kFarms), 338.0);
  EXPECT_EQ(world.value_added(kRow, kTransport), 476.0);
  // Final use of farm goods in ARG: 267 + 52 + 52.
  EXPECT_EQ(world.final_use(kArg, kFarms), 371.0);
  // ARG imports 8+6+7+9+7+8, 7+11+9+8+12+10, 9+10+14+10+11+15 of inputs and 2·(52+57+62) of final goods: 513;
  // its partners buy 2·(18+24+30) and 52+52+57+57+62+62 of its own: 486.
  EXPECT_EQ(world.deficit(kArg), 27.0);
  EXPECT_EQ(world.deficit.sum(), 0.0);
  EXPECT_TRUE(world.tariff.empty() || world.tariff.sector(0).isZero());
  EXPECT_EQ(world.theta(kFood), 5.03);
  EXPECT_THAT(report_.blocks, IsEmpty()) << "a table that adds up is not moved";
  EXPECT_THAT(report_.adjustments, IsEmpty());
  EXPECT_THAT(describe(report_, world),
              AllOf(HasSubstr("Nothing was moved"), HasSubstr("tariffs: none"), HasSubstr("Head and Mayer 2014"),
                    HasSubstr("less subsidies on inputs (36)")));
}

TEST_F(Icio, SharesFollowTheUse) {
  const World world = import().world;
  const auto share = [&](Index use, Index i) {
    return world.expenditure(world.market(use, kMex), i, kFarms) /
           world.expenditure.sector(kFarms).row(world.market(use, kMex)).sum();
  };
  EXPECT_DOUBLE_EQ(share(0, kArg), 18.0 / (18.0 + 108.0 + 24.0));
  EXPECT_DOUBLE_EQ(share(1, kArg), 52.0 / (52.0 + 272.0 + 52.0));
}

TEST_F(Icio, OneUseAddsThemUp) {
  ImportOptions options;
  options.uses = 1;
  const World world = import(table_text("icio.csv"), options).world;
  ASSERT_EQ(world.uses, 1);
  EXPECT_EQ(world.expenditure(kMex, kArg, kFarms), 70.0);
  EXPECT_LE(check_balance(world).worst(), 1e-15);
}

TEST_F(Icio, PartsOfMexicoAndChinaAreAddedUp) {
  // MEX in two parts with the numbers of MEX and ROW; final demand stands under MEX as in the extended tables.
  std::string text = table_text("icio.csv");
  for (const char* industry : {"A01_02", "C10T12", "H49"}) {
    for (int k = 0; k < 2; ++k) text = replaced(text, std::string("MEX_") + industry, std::string("mx1_") + industry);
    for (int k = 0; k < 2; ++k) text = replaced(text, std::string("ROW_") + industry, std::string("MX2_") + industry);
    for (int k = 0; k < 2; ++k) text = replaced(text, std::string("mx1_") + industry, std::string("MX1_") + industry);
  }
  text = replaced(text, "ROW_HFCE", "CHN_HFCE");
  for (const char* item : {"NPISH", "GGFC", "GFCF", "INVNT", "DPABR"})
    text = replaced(text, std::string("ROW_") + item, std::string("ARG_X") + item);
  EXPECT_THAT(refusal(text), HasSubstr("did you mean 'NPISH'?"));
  text = table_text("icio.csv");
  for (const char* industry : {"A01_02", "C10T12", "H49"})
    for (int k = 0; k < 2; ++k) {
      text = replaced(text, std::string("ARG_") + industry, std::string("CN1_") + industry);
      text = replaced(text, std::string("ROW_") + industry, std::string("CN2_") + industry);
    }
  for (const char* item : {"HFCE", "NPISH", "GGFC", "GFCF", "INVNT", "DPABR"}) {
    text = replaced(text, std::string("ARG_") + item, std::string("CHN_") + item);
    text = replaced(text, std::string("ROW_") + item, std::string("CN9_") + item);
  }
  const World world = import(text).world;
  ASSERT_EQ(world.country_count(), 2);
  EXPECT_EQ(world.countries[0].code, "CHN");
  // What ARG and ROW bought of farms from both: 108 + 18 + 24 + 108, and what both sell to MEX for use in industries.
  EXPECT_EQ(world.expenditure(world.market(0, 0), 0, kFarms), 258.0);
  EXPECT_EQ(world.expenditure(world.market(0, 1), 0, kFarms), 42.0);
  EXPECT_EQ(world.value_added(0, kFarms), 338.0 + 366.0);
  EXPECT_THAT(report_.taken, testing::Contains(HasSubstr("the sums of CN1, CN2")));
}

TEST_F(Icio, OlderEditionsNameTheirRowsOtherwise) {
  // 2018: taxes by country, VALU, OUTPUT, TOTAL, industries without their section.
  std::string text = table_text("icio.csv");
  for (const auto& [now, before] : std::vector<std::pair<std::string, std::string>>{{"A01_02", "01T02"},
                                                                                    {"C10T12", "10T12"},
                                                                                    {"H49", "49"},
                                                                                    {"\nVA,", "\nVALU,"},
                                                                                    {"\nOUT,", "\nOUTPUT,"},
                                                                                    {",OUT\n", ",TOTAL\n"}})
    for (std::size_t k; (k = text.find(now)) != std::string::npos;) text.replace(k, now.size(), before);
  std::string zero = "\nMEX_TAXSUB";
  for (int k = 0; k < 28; ++k) zero += ",0";
  text = replaced(text, "\nTLS,", zero + "\nARG_TAXSUB,");
  const World world = import(text).world;
  EXPECT_EQ(world.sectors[kFood].code, "10T12");
  EXPECT_EQ(world.sectors[kTransport].kind, SectorKind::kServices);
  EXPECT_EQ(world.value_added, import().world.value_added);
}

TEST_F(Icio, TariffsAreOnTopOfTheTablesValues) {
  ImportOptions options;
  options.tariffs = write("tariffs.csv", "importer,exporter,sector,rate\nMEX,*,A01_02,0.5\nMEX,ROW,A01_02,0.25\n");
  const World world = import(table_text("icio.csv"), options).world;
  const Index inputs = world.market(0, kMex), finals = world.market(1, kMex);
  EXPECT_EQ(world.tariff(inputs, kArg, kFarms), 0.5);
  EXPECT_EQ(world.tariff(finals, kRow, kFarms), 0.25);
  EXPECT_EQ(world.tariff(finals, kMex, kFarms), 0.0);
  EXPECT_DOUBLE_EQ(world.expenditure(inputs, kArg, kFarms), 27.0);
  EXPECT_DOUBLE_EQ(world.receipts_at(finals, kArg, kFarms), 52.0);
  // Inputs of farm goods in MEX cost 18·0.5 + 24·0.25 = 15 more on 150; farms use 7 + 42 + 9 = 58 of them.
  EXPECT_DOUBLE_EQ(world.input[kMex](kFarms, kFarms), 58.0 * 1.1);
  EXPECT_DOUBLE_EQ(world.value_added(kMex, kFarms), 352.0 - 5.8);
  EXPECT_DOUBLE_EQ(world.final_use(kMex, kFarms), 376.0 + 26.0 + 13.0);
  EXPECT_LE(check_balance(world).worst(), 1e-14);
}

TEST_F(Icio, ElasticitiesFromAFile) {
  ImportOptions options;
  options.elasticities = write("theta.csv", "sector,theta\nC10T12,2.5\n*,4\n");
  const World world = import(table_text("icio.csv"), options).world;
  EXPECT_EQ(world.theta(kFood), 2.5);
  EXPECT_EQ(world.theta(kFarms), 4.0);
  options.elasticities = write("short.csv", "sector,theta\nC10T21,2.5\n");
  EXPECT_THAT(
      message_of([&] { import(table_text("icio.csv"), options); }),
      AllOf(HasSubstr("short.csv:2: sector: there is no sector 'C10T21'"), HasSubstr("did you mean 'C10T12'?")));
  options.elasticities = write("missing.csv", "sector,theta\nC10T12,0\n");
  EXPECT_THAT(
      message_of([&] { import(table_text("icio.csv"), options); }),
      AllOf(HasSubstr("missing.csv:2: theta: the trade elasticity θ is 0"), HasSubstr("missing.csv: H49: no row")));
}

TEST_F(Icio, WrongTariffsAreToldWithTheirLine) {
  ImportOptions options;
  options.tariffs = write("tariffs.csv", "importer,exporter,sector,rate\nMXE,*,*,0.1\n*,*,*,25\nARG,ARG,*,0.1\n");
  EXPECT_THAT(message_of([&] { import(table_text("icio.csv"), options); }),
              AllOf(HasSubstr("tariffs.csv:2: importer: there is no country 'MXE'"), HasSubstr("did you mean 'MEX'?"),
                    HasSubstr("tariffs.csv:3: rate: 25 is not an ad-valorem fraction"),
                    HasSubstr("tariffs.csv:4: exporter: a country has no tariff on its own goods")));
}

// Final demand of MEX for ARG's farm goods becomes 30 + 2 + 9 + 12 − 61 = −8.
TEST_F(Icio, NegativeFinalDemandIsSetAsideAndTheRestBalanced) {
  const Baseline baseline = import(with_line(table_text("icio.csv"), 2, ",30,2,9,12,-1,0,", ",30,2,9,12,-61,0,"));
  const World& world = baseline.world;
  ASSERT_EQ(report_.adjustments.size(), 1u);
  EXPECT_THAT(report_.adjustments[0].what, HasSubstr("negative final demand"));
  EXPECT_EQ(report_.adjustments[0].count, 1u);
  EXPECT_EQ(report_.adjustments[0].value, 8.0);
  EXPECT_EQ(report_.adjustments[0].largest, "A01_02 from ARG to MEX");
  EXPECT_EQ(world.expenditure(world.market(1, kMex), kArg, kFarms), 0.0);
  // Farms of ARG now sell 515 − 52 and cost 515.
  EXPECT_NEAR(report_.before.worst(), 52.0 / 515.0, 1e-12);
  EXPECT_LE(report_.after.worst(), 1e-12);
  ASSERT_EQ(report_.blocks.size(), 6u);
  EXPECT_EQ(report_.blocks[5].name, "trade between countries");
  EXPECT_EQ(report_.blocks[5].change, 0.0) << "trade between countries stays";
  EXPECT_GT(report_.blocks[0].change, 0.0);
  EXPECT_DOUBLE_EQ(world.value_added.row(kArg).sum(), 338.0 + 393.0 + 448.0) << "so does GDP";
  EXPECT_EQ(world.input[kMex], import().world.input[kMex]) << "countries that balance are not moved";
  EXPECT_THAT(baseline.info.notes, testing::Contains(AllOf(HasSubstr("balancing moved inputs by"),
                                                           HasSubstr("trade between countries by 0 %"))));
}

TEST_F(Icio, ASectorThatSellsNothingBuysForFinalUse) {
  std::string text = table_text("icio.csv");
  std::string nothing = "ROW_H49";
  for (int k = 0; k < 27; ++k) nothing += ",0";
  const std::size_t place = text.find("\nROW_H49,") + 1;
  text = text.substr(0, place) + nothing + ",0" + text.substr(text.find('\n', place));
  const World world = import(text).world;
  EXPECT_EQ(world.input[kRow].col(kTransport).sum(), 0.0);
  EXPECT_EQ(world.value_added(kRow, kTransport), 0.0);
  EXPECT_THAT(report_.adjustments,
              testing::Contains(testing::Field(&Adjustment::what, HasSubstr("counted as final use"))));
  EXPECT_THAT(report_.taken, testing::Contains("zeros, kept: 4 of 36 flows between countries; sectors that make "
                                               "nothing: 1 (H49 in ROW)"));
  EXPECT_LE(check_balance(world).worst(), 1e-12);
}

TEST_F(Icio, NegativeValueAddedIsSetToZero) {
  const World world = import(with_line(table_text("icio.csv"), 12, "336", "-5")).world;
  EXPECT_EQ(world.value_added(kArg, kFarms), 0.0);
  EXPECT_EQ(report_.adjustments.at(0).what, "negative value added, set to zero");
  EXPECT_EQ(report_.adjustments.at(0).largest_value, -3.0) << "with its 2 of taxes";
  EXPECT_THAT(report_.taken, testing::Contains(HasSubstr("their costs differ from the table's own totals")));
  EXPECT_LE(check_balance(world).worst(), 1e-12);
}

TEST_F(Icio, NegativeInputsAreSetToZero) {
  import(with_line(table_text("icio.csv"), 2, "42,30,36", "42,-30,36"));
  EXPECT_EQ(report_.adjustments.at(0).what, "negative intermediate flows, set to zero");
  EXPECT_EQ(report_.adjustments.at(0).largest, "A01_02 from ARG used by C10T12 in ARG");
}

TEST_F(Icio, WrongFilesAreToldWithLineAndColumn) {
  const std::string text = table_text("icio.csv");
  EXPECT_THAT(refusal(""), HasSubstr("ICIO2018_2015.CSV: this file is empty"));
  EXPECT_THAT(refusal("a,b\n1,2\n"), HasSubstr("ICIO2018_2015.CSV:1: b: this is neither COUNTRY_INDUSTRY"));
  EXPECT_THAT(refusal("V1;ARG_A01_02;OUT\n"), HasSubstr(":1: the columns are separated by ';'; ',' is expected"));
  EXPECT_THAT(refusal("t,OUT\n1,2\n"), HasSubstr("this is not an ICIO table"));
  EXPECT_THAT(refusal(with_line(text, 1, "MEX_C10T12", "MEX_A01_02")),
              HasSubstr("MEX_A01_02: this column is named twice"));
  EXPECT_THAT(refusal(with_line(text, 1, "ARG_HFCE", "ARG_HCFE")),
              AllOf(HasSubstr(":1: ARG_HCFE: this is neither"), HasSubstr("did you mean 'HFCE'?")));
  EXPECT_THAT(refusal(with_line(text, 3, ",48,", ",4 8,")),
              HasSubstr("ICIO2018_2015.CSV:3: ARG_H49: '4 8' is not a finite number"));
  EXPECT_THAT(refusal(with_line(text, 3, ",48,", ",NaN,")), HasSubstr(":3: ARG_H49: 'NaN' is not a finite number"));
  EXPECT_THAT(refusal(with_line(text, 3, ",48,", ",,")), HasSubstr(":3: ARG_H49: this cell is empty"));
  EXPECT_THAT(refusal(with_line(text, 3, ",48,", ",inf,")), HasSubstr("'inf' is not a finite number"));
  EXPECT_THAT(refusal(with_line(text, 4, "ARG_H49", "ARG_H94")),
              AllOf(HasSubstr(":4: ARG_H94: no column is named like this row; did you mean 'ARG_H49'?"),
                    HasSubstr(":1: ARG_H49: this column has no row of the same name")));
  EXPECT_THAT(refusal(with_line(text, 4, "ARG_H49", "ARG_C10T12")),
              HasSubstr(":4: ARG_C10T12: this row is listed twice"));
  EXPECT_THAT(refusal(with_line(text, 4, ",48,", ",")), HasSubstr(":4: this row has 28 cells, the header has 29"));
  EXPECT_THAT(
      refusal(first_lines(text, 8)),
      AllOf(HasSubstr("ROW_C10T12: this column has no row of the same name; is the file cut off? It has 7 rows"),
            HasSubstr("VA: there is no row of value added")));
  EXPECT_THAT(refusal(first_lines(text, 9) + text.substr(first_lines(text, 9).size(), 20)),
              HasSubstr(":10: this row has"));
}

TEST_F(Icio, QuotesSpacesBlankLinesAndLineEndsDoNotMatter) {
  std::string text;
  for (const char c : table_text("icio.csv")) {
    if (c == '\n')
      text += "\r\n";
    else
      text += c;
  }
  text = "\xEF\xBB\xBF" +
         replaced(replaced(replaced(text, "V1", "\"V1\""), "ARG_HFCE", "\"ARG_HFCE\""), "42,30", " 42 , 3e1") + "\r\n";
  EXPECT_EQ(import(text).world.input[kArg], import().world.input[kArg]);
}

TEST_F(Icio, OneMistakeInEveryCellIsToldTenTimes) {
  std::string text = table_text("icio.csv");
  for (std::size_t k = text.find('\n'); k < text.size(); ++k)
    if (text[k] == '1') text[k] = 'x';
  std::size_t count = 0;
  try {
    import(text);
  } catch (const InputError& error) {
    count = error.problems().size();
  }
  EXPECT_EQ(count, 10u);
}

TEST_F(Icio, TheYearIsInTheNameOrAsked) {
  EXPECT_EQ(year_in_name("data/2020_SML.csv"), 2020);
  EXPECT_EQ(year_in_name("ICIO2018_2015.CSV"), 2015);
  EXPECT_EQ(year_in_name("table.csv"), 0);
  ImportOptions options;
  options.format = "icio";
  options.files = {write("table.csv", table_text("icio.csv"))};
  EXPECT_THAT(message_of([&] { import_baseline(options, report_); }), HasSubstr("--year YEAR"));
  options.year = 2011;
  EXPECT_EQ(import_baseline(options, report_).world.year, 2011);
}

TEST(IsicKind, GoodsAreDivisions1To33) {
  for (const char* code : {"A01_02", "01T02", "B", "C31T33", "C10-C12", "31T33", "C01T05AGR", "C36T37"})
    EXPECT_EQ(isic_kind(code), SectorKind::kGoods) << code;
  for (const char* code : {"D35", "35T39", "T", "R_S", "F", "97T98", "C40T41"})
    EXPECT_EQ(isic_kind(code), SectorKind::kServices) << code;
  for (const char* code : {"pdr", "c17", ""}) EXPECT_EQ(isic_kind(code), SectorKind::kUnmarked) << code;
}

}  // namespace
}  // namespace entrepot
