#include "import/wiod.hpp"

#include <zlib.h>

#include "import_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Wiod : public RecipeFolder {
 protected:
  World import(const std::string& text, int year = 0) {
    ImportOptions options;
    options.format = "wiod";
    options.year = year;
    options.files = {write("wiot.csv", text)};
    report_ = {};
    return import_baseline(options, report_).world;
  }
  std::string refusal(const std::string& text) {
    return message_of([&] { import(text); });
  }
  ImportReport report_;
};

TEST_F(Wiod, AccountsAreTheTables) {
  const World world = import(table_text("wiod.csv"));
  ASSERT_EQ(world.country_count(), 3);
  ASSERT_EQ(world.sector_count(), 3);
  EXPECT_EQ(world.year, 2014);
  EXPECT_EQ(world.countries[1].code, "BRA");
  EXPECT_EQ(world.sectors[1].code, "C10-C12");
  EXPECT_EQ(world.sectors[1].name, "Food, beverages and tobacco");
  EXPECT_EQ(world.sectors[1].kind, SectorKind::kGoods);
  EXPECT_EQ(world.sectors[2].kind, SectorKind::kServices);
  // Row A01 of AUS: vBRA1 + vBRA5 + vBRA31 is 7 + 5 + 6, vBRA57 to vBRA61 is 30 + 2 + 9 + 12 − 1.
  EXPECT_EQ(world.expenditure(world.market(0, 1), 0, 0), 18.0);
  EXPECT_EQ(world.expenditure(world.market(1, 1), 0, 0), 52.0);
  EXPECT_EQ(world.input[0](0, 1), 43.0);
  // VA 333, TXSP 2, PURR 1, IntTTM 2: GO 515 less II_fob 177.
  EXPECT_EQ(world.value_added(0, 0), 338.0);
  EXPECT_EQ(world.final_use(0, 0), 371.0);
  EXPECT_EQ(world.deficit(0), 27.0);
  EXPECT_LE(check_balance(world).worst(), 1e-15);
  EXPECT_THAT(report_.blocks, IsEmpty());
  EXPECT_THAT(report_.taken, testing::Contains(HasSubstr("of industries (63 million USD)")));  // 36 + 9 + 18
}

TEST_F(Wiod, ColumnsMayLackTheV) {
  std::string text = table_text("wiod.csv");
  std::string header = first_lines(text, 1);
  const std::size_t length = header.size();
  for (std::size_t k; (k = header.find(",v")) != std::string::npos;) header.erase(k + 1, 1);
  EXPECT_EQ(import(header + text.substr(length)).value_added(0, 0), 338.0);
}

/// The wide table, one line a cell, with the year before first.
std::string melted(const std::string& wide, bool by_destination, const std::string& year) {
  std::istringstream lines(wide);
  std::string line, text;
  std::vector<std::string> header;
  while (std::getline(lines, line)) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted)
        cells.emplace_back();
      else
        cells.back() += c;
    }
    if (header.empty()) {
      header = cells;
      text = "IndustryCode,IndustryDescription,Country,RNr,Year," +
             std::string(by_destination ? "destination,use,flow\n" : "variable,value\n");
      continue;
    }
    for (std::size_t c = 5; c < cells.size(); ++c) {
      if (by_destination && header[c] == "TOT") continue;
      for (std::size_t label = 0; label < 4; ++label) text += cells[label] + ",";
      const std::string target = by_destination ? header[c].substr(1, 3) + "," + header[c].substr(4) : header[c];
      text += year + "," + target + "," + cells[c] + "\n";
    }
  }
  return text;
}

TEST_F(Wiod, LongFormsGiveTheSame) {
  const World wide = import(table_text("wiod.csv"));
  for (const bool by_destination : {true, false}) {
    const std::string text = melted(table_text("wiod.csv"), by_destination, "2014");
    const World world = import(text);
    EXPECT_EQ(world.expenditure.values(), wide.expenditure.values());
    EXPECT_EQ(world.input, wide.input);
    EXPECT_EQ(world.value_added, wide.value_added);
    EXPECT_EQ(world.year, 2014);
    EXPECT_THAT(refusal(text + first_lines(text.substr(first_lines(text, 1).size()), 1)),
                HasSubstr("A01: this row of AUS is listed twice"));
    EXPECT_THAT(
        refusal(replaced(text, by_destination ? ",AUS,1," : ",vAUS1,", by_destination ? ",AUS,71," : ",vAUS71,")),
        HasSubstr("wiot.csv:2: "));
    const std::string other = melted(table_text("wiod.csv"), by_destination, "2013");
    const std::string both = text + other.substr(first_lines(other, 1).size());
    EXPECT_THAT(refusal(both), HasSubstr("Year: 2014 and 2013 stand in one file; --year says which"));
    EXPECT_EQ(import(both, 2013).year, 2013);
    EXPECT_EQ(import(both, 2013).value_added, wide.value_added);
    EXPECT_THAT(message_of([&] { import(both, 2012); }), HasSubstr("--year: no row is of the year 2012"));
  }
}

TEST_F(Wiod, GzipIsReadAsItIs) {
  const std::string text = table_text("wiod.csv");
  const std::filesystem::path file = folder() / "WIOT2014.csv.gz";
  gzFile packed = gzopen(file.string().c_str(), "wb");
  gzwrite(packed, text.data(), static_cast<unsigned>(text.size()));
  gzclose(packed);
  ImportOptions options;
  options.format = "wiod";
  options.files = {file};
  EXPECT_EQ(import_baseline(options, report_).world.value_added(0, 0), 338.0);
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  EXPECT_THAT(message_of([&] { import_baseline(options, report_); }), HasSubstr("can't be read to its end"));
}

TEST_F(Wiod, WrongFilesAreToldWithLineAndColumn) {
  const std::string text = table_text("wiod.csv");
  EXPECT_THAT(refusal(replaced(text, "IndustryCode", "IndustyCode")),
              HasSubstr("wiot.csv:1: IndustryCode: this column of a WIOD table (2016 release) is missing; did you mean "
                        "'IndustyCode'?"));
  EXPECT_THAT(refusal(replaced(text, "vAUS5,", "vAUS1,")), HasSubstr("vAUS1: this column is named twice"));
  EXPECT_THAT(refusal(replaced(text, "vAUS57", "vAUS62")), HasSubstr("vAUS62: this is no column of a WIOD table"));
  EXPECT_THAT(refusal(with_line(text, 2, ",30,36", ",thirty,36")),
              HasSubstr("wiot.csv:2: vAUS5: 'thirty' is not a finite number"));
  EXPECT_THAT(refusal(with_line(text, 2, "AUS,1,", "AUS,60,")),
              HasSubstr(":2: RNr: '60' is not the number of an industry"));
  EXPECT_THAT(refusal(with_line(text, 5, "BRA", "BRR")),
              AllOf(HasSubstr(":5: Country: no column belongs to 'BRR'; did you mean 'BRA'?"),
                    HasSubstr("BRA A01: there is no row for this industry")));
  EXPECT_THAT(refusal(with_line(text, 3, "C10-C12", "A01")),
              HasSubstr(":6: IndustryCode: industry 5 is 'C10-C12' here and 'A01' above"));
  EXPECT_THAT(refusal(first_lines(text, 2) + text.substr(first_lines(text, 1).size())),
              HasSubstr(":3: A01: this row of AUS is listed twice"));
  EXPECT_THAT(refusal(first_lines(text, 9)),
              AllOf(HasSubstr("ROW H49: there is no row"), HasSubstr("VA: there is no row TOT of this code")));
  EXPECT_THAT(refusal(with_line(text, 12, "TXSP,TXSP", "TXXP,TXXP")), HasSubstr("did you mean 'TXSP'?"));
}

}  // namespace
}  // namespace entrepot
