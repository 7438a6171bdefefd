#include "import/gtap.hpp"

#include "import_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

enum : Index { kArc, kBor, kCat };
enum : Index { kCrops, kTextiles, kTransport };

class Gtap : public RecipeFolder {
 protected:
  void SetUp() override {
    RecipeFolder::SetUp();
    headers_ = folder() / "gtap_2017";
    std::filesystem::copy(table_file("gtap"), headers_);
  }
  World import() {
    ImportOptions options;
    options.format = "gtap";
    options.files = {headers_};
    report_ = {};
    return import_baseline(options, report_).world;
  }
  std::string refusal() {
    return message_of([&] { import(); });
  }
  void change(const std::string& header, const std::string& from, const std::string& to) {
    write("gtap_2017/" + header + ".csv", replaced(test::content_of(headers_ / (header + ".csv")), from, to));
  }
  void rename(const std::string& from, const std::string& to) {
    std::filesystem::rename(headers_ / (from + ".csv"), headers_ / (to + ".csv"));
  }
  std::filesystem::path headers_;
  ImportReport report_;
};

TEST_F(Gtap, AccountsAreTheHeaders) {
  const World world = import();
  ASSERT_EQ(world.country_count(), 3);
  ASSERT_EQ(world.sector_count(), 3);
  EXPECT_EQ(world.countries[kBor].code, "BOR") << "in capitals, as blocs have them";
  EXPECT_EQ(world.year, 2017);
  EXPECT_EQ(world.sectors[kCrops].kind, SectorKind::kGoods);
  EXPECT_EQ(world.sectors[kTransport].kind, SectorKind::kServices);
  // Crops from arc to bor: VXSB 45, VFOB 47.25, VCIF 55.25, VMSB 69.0625; firms buy half of bor's imports of crops.
  const Index inputs = world.market(0, kBor), finals = world.market(1, kBor);
  EXPECT_DOUBLE_EQ(world.expenditure(inputs, kArc, kCrops), 69.0625 / 2.0);
  EXPECT_DOUBLE_EQ(world.expenditure(finals, kArc, kCrops), 69.0625 / 2.0);
  EXPECT_NEAR(world.tariff(inputs, kArc, kCrops), 0.25, 1e-14);
  EXPECT_NEAR(world.tariff(finals, kArc, kCrops), 0.25, 1e-14);
  EXPECT_NEAR(world.receipts_at(inputs, kArc, kCrops), (45.0 + 8.0) / 2.0, 1e-13) << "with the 8 of transport";
  EXPECT_NEAR(world.tariff(world.market(0, kCat), kArc, kTextiles), 0.5, 1e-14);
  // Transport of arc's 16 + 8 of margins: a quarter at home and from bor, half from cat, beside imports of 100 / 2.
  EXPECT_NEAR(world.expenditure(world.market(0, kArc), kCat, kTransport), 50.0 + 12.0, 1e-12);
  // Transport used by arc's crops: 80 of VDFB, 190 · 0.2 of VMFB, 16 of margins.
  EXPECT_NEAR(world.input[kArc](kTransport, kCrops), 134.0, 1e-12);
  EXPECT_NEAR(world.value_added(kArc, kCrops), 641.36, 1e-10);
  EXPECT_NEAR(world.final_use(kBor, kCrops), 420.0 + 100.0 + 135.0 + 160.3125 / 2.0, 1e-10);
  // arc at cif: imports 126 of crops, 158 of textiles, 190 of transport and 18 for its margins; exports 115.75, 143,
  // 175 and 12 for the margins of others.
  EXPECT_NEAR(world.deficit(kArc), 492.0 - 445.75, 1e-9);
  EXPECT_NEAR(export_tax_revenue(world)(kArc), 2.25 + 2.5, 1e-11);
  EXPECT_NEAR(world.theta(kCrops), 9.1, 1e-12);
  EXPECT_NEAR(world.theta(kTextiles), 6.4, 1e-12);
  EXPECT_LE(check_balance(world).worst(), 1e-12);
  EXPECT_THAT(report_.blocks, IsEmpty()) << "headers that add up are not moved";
  EXPECT_THAT(report_.adjustments, IsEmpty());
  EXPECT_THAT(report_.taken, testing::Contains(HasSubstr("international transport (VCIF - VFOB, 72 million USD)")));
}

TEST_F(Gtap, OlderNamesGiveTheSame) {
  const World newer = import();
  for (const auto& [now, before] : std::vector<std::pair<std::string, std::string>>{{"VXSB", "VXMD"},
                                                                                    {"VFOB", "VXWD"},
                                                                                    {"VCIF", "VIWS"},
                                                                                    {"VMSB", "VIMS"},
                                                                                    {"VDPB", "vdpm"},
                                                                                    {"VMPB", "vipm"},
                                                                                    {"VDGB", "vdgm"},
                                                                                    {"VMGB", "vigm"},
                                                                                    {"VDFB", "base_VDFM"},
                                                                                    {"VMFB", "VIFM"},
                                                                                    {"EVFB", "VFM"}})
    rename(now, before);
  // Investment is the activity CGDS.
  for (const auto& [apart, firms] : {std::pair{"VDIB", "base_VDFM"}, {"VMIB", "VIFM"}}) {
    std::string rows, line;
    std::istringstream text(test::content_of(headers_ / (std::string(apart) + ".csv")));
    std::getline(text, line);
    while (std::getline(text, line)) rows += replaced(line, ",", ",CGDS,") + "\n";
    std::ofstream(headers_ / (std::string(firms) + ".csv"), std::ios::app) << rows;
    std::filesystem::remove(headers_ / (std::string(apart) + ".csv"));
  }
  const World older = import();
  for (std::size_t k = 0; k < newer.expenditure.values().size(); ++k)
    EXPECT_NEAR(older.expenditure.values()[k], newer.expenditure.values()[k], 1e-12);
  EXPECT_EQ(older.tariff.values(), newer.tariff.values());
  EXPECT_TRUE(older.final_use.isApprox(newer.final_use, 1e-14));
}

TEST_F(Gtap, WithoutVtwrTransportIsAsVstHasIt) {
  const World with = import();
  std::filesystem::remove(headers_ / "VTWR.csv");
  EXPECT_TRUE(import().input[kArc].isApprox(with.input[kArc], 1e-14)) << "there is one margin commodity";
}

TEST_F(Gtap, CapitalsDoNotMatter) {
  const World plain = import();
  change("VDPB", "tex,bor", "TEX,Bor");
  EXPECT_EQ(import().final_use, plain.final_use);
}

TEST_F(Gtap, SectorsOfUnknownKindAreNamed) {
  for (const auto& entry : std::filesystem::directory_iterator(headers_)) {
    std::string text = test::content_of(entry.path());
    for (std::size_t k; (k = text.find("tex,")) != std::string::npos;) text.replace(k, 4, "manuf,");
    std::ofstream(entry.path(), std::ios::binary) << text;
  }
  EXPECT_EQ(import().sectors[kTextiles].kind, SectorKind::kUnmarked);
  EXPECT_THAT(report_.taken, testing::Contains(HasSubstr("(column kind of sectors.csv): manuf")));
}

TEST_F(Gtap, ElasticitiesFromEsbdOrByDefault) {
  rename("ESBM", "ESBD");
  EXPECT_NEAR(import().theta(kTextiles), 2.0 * 7.4 - 1.0, 1e-12);
  std::filesystem::remove(headers_ / "ESBD.csv");
  EXPECT_EQ(import().theta(kTextiles), 5.03);
  write("gtap_2017/ESBM.csv", "COMM,Value\npdr,3\ntex,0.9\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("ESBM.csv:3: ESBM: the elasticity 0.9 gives θ = -0.1"),
                               HasSubstr("ESBM.csv: otp: no elasticity for this commodity")));
}

TEST_F(Gtap, MissingHeadersAreNamedByBothNames) {
  std::filesystem::remove(headers_ / "VDFB.csv");
  rename("VST", "VTS");
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("VDFB: the header VDFB is missing: no file is named VDFB.csv or, as older versions "
                              "have it, VDFM.csv"),
                    HasSubstr("VST: the header VST is missing"), HasSubstr("did you mean VTS, which is there?")));
}

TEST_F(Gtap, WrongHeadersAreToldWithLineAndSet) {
  change("VXSB", "pdr,arc,bor,45", "pdr,arc,bor,many");
  change("VMPB", "tex,bor", "text,bor");
  EXPECT_THAT(refusal(), HasSubstr("VXSB.csv:3: Value: 'many' is not a finite number"));
  change("VXSB", "many", "45");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("VMPB.csv:6: COMM: COMM has no 'text' elsewhere; did you mean 'tex'?")));
  change("VMPB", "text,bor", "tex,arc");
  EXPECT_THAT(refusal(), HasSubstr("VMPB.csv:6: the entry VMPB(tex, arc) is listed twice"));
  change("VMPB", "COMM,REG,Value", "COMM,REG,Amount");
  EXPECT_THAT(refusal(), HasSubstr("VMPB.csv:1: Amount: the last column of a header array is 'Value'"));
  write("gtap_2017/VMPB.csv", "COMM,Value\npdr,1\n");
  EXPECT_THAT(refusal(), HasSubstr("VMPB.csv:1: VMPB: this header has 1 sets; 2 are expected before Value"));
  write("gtap_2017/VMPB.csv", "");
  EXPECT_THAT(refusal(), HasSubstr("VMPB.csv: this file is empty"));
}

TEST_F(Gtap, AHeaderGivenTwiceIsRefused) {
  std::filesystem::copy_file(headers_ / "VDFB.csv", headers_ / "VDFM.csv");
  EXPECT_THAT(refusal(), HasSubstr("VDFM: this is the older name of VDFB, which is also given"));
  rename("VDFM", "old_VDFB");
  EXPECT_THAT(refusal(), HasSubstr("VDFB: this header is also in"));
}

TEST_F(Gtap, WhatDoesNotAddUpIsBalancedAndNegativeEntriesReported) {
  change("VDPB", "pdr,arc,400", "pdr,arc,380");
  change("VDGB", "tex,arc,110", "tex,arc,-1");
  const World world = import();
  ASSERT_EQ(report_.adjustments.size(), 1u);
  EXPECT_EQ(report_.adjustments[0].largest, "VDGB(tex, arc)");
  EXPECT_LE(check_balance(world).worst(), 1e-12) << "value added is what is left of sales: nothing to balance";
  change("VMFB", "pdr,pdr,bor,32.0625", "pdr,pdr,bor,42.0625");
  const World moved = import();
  EXPECT_EQ(report_.blocks.size(), 6u);
  EXPECT_GT(report_.before.worst(), 0.01);
  EXPECT_LE(check_balance(moved).worst(), 1e-11);
}

}  // namespace
}  // namespace entrepot
