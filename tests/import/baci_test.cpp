#include "import/baci.hpp"

#include "import_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

enum : Index { kArg, kMex, kRow };
enum : Index { kFarms, kFood, kTransport };

/// The structure is the ICIO table's baseline with duties of 50 % on MEX's farm goods from ARG.
class Baci : public RecipeFolder {
 protected:
  void SetUp() override {
    RecipeFolder::SetUp();
    ImportOptions icio;
    icio.format = "icio";
    icio.year = 2020;
    icio.files = {table_file("icio.csv")};
    icio.tariffs = write("tariffs.csv", "importer,exporter,sector,rate\nMEX,ARG,A01_02,0.5\n");
    icio.elasticities = write("theta.csv", "sector,theta\n*,6\n");
    ImportReport report;
    const Baseline structure = import_baseline(icio, report);
    structure_ = structure.world;
    write_baseline(structure.world, structure.info, folder() / "structure");
    options_.format = "baci";
    options_.structure = folder() / "structure";
    options_.files = {table_file("baci.csv")};
    options_.country_codes = table_file("baci_countries.csv");
    options_.product_codes = table_file("baci_products.csv");
    options_.rest = "ROW";
  }
  Baseline import() {
    report_ = {};
    return import_baseline(options_, report_);
  }
  std::string refusal() {
    return message_of([&] { import(); });
  }
  std::string refusal_of(const std::string& text) {
    options_.files = {write("baci.csv", text)};
    return refusal();
  }
  ImportOptions options_;
  ImportReport report_;
  World structure_;
};

TEST_F(Baci, GoodsTradeIsBacisTheRestTheStructures) {
  const Baseline baseline = import();
  const World& world = baseline.world;
  EXPECT_EQ(world.year, 2021);
  const auto received = [&](Index i, Index n, Index k) {
    return world.receipts_at(world.market(0, n), i, k) + world.receipts_at(world.market(1, n), i, k);
  };
  // 20,000 + 30,000.5 thousand USD of chapter 01, million USD.
  EXPECT_DOUBLE_EQ(received(kArg, kMex, kFarms), 50.0005);
  EXPECT_DOUBLE_EQ(received(kArg, kMex, kFood), 40.0);
  EXPECT_DOUBLE_EQ(received(kRow, kArg, kFarms), 80.0) << "BRA is in ROW";
  EXPECT_DOUBLE_EQ(received(kRow, kMex, kFood), 75.0) << "BRA and CAN add up";
  EXPECT_DOUBLE_EQ(received(kArg, kRow, kFood), 0.0) << "what BACI lacks is zero";
  EXPECT_DOUBLE_EQ(received(kArg, kMex, kTransport), 30.0 + 62.0) << "services stay";
  // The structure has 18 for industries and 52 for final demand of that flow; duties of 50 % on top.
  const Index inputs = world.market(0, kMex);
  EXPECT_EQ(world.tariff(inputs, kArg, kFarms), 0.5);
  EXPECT_DOUBLE_EQ(world.expenditure(inputs, kArg, kFarms), 50.0005 * 18.0 / 70.0 * 1.5);
  for (Index n = 0; n < 3; ++n)
    EXPECT_NEAR(world.value_added.row(n).sum(), structure_.value_added.row(n).sum(), 1e-9) << "GDP stays";
  EXPECT_EQ(world.theta, structure_.theta);
  EXPECT_LE(check_balance(world).worst(), 1e-11);
  EXPECT_GT(report_.before.worst(), 0.01);
  // MEX's deficit: its imports of goods at fob, 50.0005 + 40 + 75, and of services 2·92 in the structure's prices,
  // less its exports, 70 + 60 + 62 and the same services to two partners.
  const double services = (30.0 + 62.0) + (36.0 + 62.0) - (33.0 + 62.0) - (33.0 + 62.0);
  EXPECT_NEAR(world.deficit(kMex), 50.0005 + 40.0 + 75.0 - 70.0 - 60.0 - 62.0 + services, 1e-9);
  EXPECT_THAT(report_.taken,
              AllOf(testing::Contains(HasSubstr("BACI, 2021: trade between countries in A01_02, C10T12")),
                    testing::Contains(HasSubstr("trade inside a country of the baseline (99 million USD)")),
                    testing::Contains(HasSubstr("structure (2020): trade in all other sectors, home sales"))));
  ASSERT_FALSE(report_.adjustments.empty());
  EXPECT_EQ(report_.adjustments[0].what, "trade of countries or products that the tables leave out");
  EXPECT_EQ(report_.adjustments[0].value, 7.0) << "gold";
}

TEST_F(Baci, WhatItNeedsIsSaid) {
  options_.structure.clear();
  EXPECT_THAT(refusal(), HasSubstr("--structure: BACI has goods trade only"));
  SetUp();
  options_.country_codes.clear();
  EXPECT_THAT(refusal(), HasSubstr("--country-codes"));
  SetUp();
  options_.product_codes.clear();
  EXPECT_THAT(refusal(), HasSubstr("--product-codes"));
  SetUp();
  options_.format = "wiod";
  EXPECT_THAT(refusal(), HasSubstr("--structure: this option is for baci, not wiod"));
}

TEST_F(Baci, WrongConcordancesAreToldWithTheirLine) {
  options_.rest.clear();
  EXPECT_THAT(refusal(),
              AllOf(HasSubstr("baci_countries.csv:3: country_iso3: there is no country 'BRA' in the baseline"),
                    HasSubstr("--rest CODE takes all others"), HasSubstr("baci_countries.csv:4:")));
  options_.rest = "RWO";
  EXPECT_THAT(refusal(), HasSubstr("--rest: there is no country 'RWO' in the baseline; did you mean 'ROW'?"));
  options_.rest = "ROW";
  options_.country_codes = write("codes.csv", "code,country\nx,ARG\n32,ARG\n32,ARG\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("codes.csv:2: code: 'x' is not a numeric country code"),
                               HasSubstr("codes.csv:4: code: the code 32 is listed twice")));
  options_.country_codes = write("codes.csv", "cod,country\n32,ARG\n");
  EXPECT_THAT(refusal(), HasSubstr("codes.csv:1: code: this column is missing; did you mean 'cod'?"));
  options_.country_codes = table_file("baci_countries.csv");
  options_.product_codes = write("products.csv", "product,sector\n1,A01_02\n02,A01_03\n16,C10T12\n16,C10T12\n");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("products.csv:2: product: '1' has 1 digits"),
                               HasSubstr("products.csv:3: sector: there is no sector 'A01_03' in the baseline"),
                               HasSubstr("products.csv:5: product: the product 16 is listed twice")));
}

TEST_F(Baci, WrongFilesAreToldWithLineAndColumn) {
  const std::string text = table_text("baci.csv");
  EXPECT_THAT(refusal_of(""), HasSubstr("baci.csv: this file is empty"));
  EXPECT_THAT(refusal_of("t,i,j,k,v,q\n"), HasSubstr("there is no row below the header"));
  EXPECT_THAT(refusal_of(replaced(text, "t,i,j,k,v,q", "t,i,j,hs6,value,q")),
              AllOf(HasSubstr("baci.csv:1: k: this column of BACI is missing"), HasSubstr("baci.csv:1: v:")));
  EXPECT_THAT(refusal_of(with_line(text, 3, "30000.5", "n/a")),
              HasSubstr("baci.csv:3: v: 'n/a' is not a finite number"));
  EXPECT_THAT(refusal_of(with_line(text, 4, "484", "485")),
              HasSubstr("baci.csv:4: j: the country code 485 is not in baci_countries.csv"));
  EXPECT_THAT(
      refusal_of(with_line(text, 4, "160100", "170100")),
      HasSubstr("baci.csv:4: k: neither product 170100 nor heading 1701 nor chapter 17 is in baci_products.csv"));
  EXPECT_THAT(refusal_of(with_line(text, 4, "2021", "2020")),
              HasSubstr("baci.csv:4: t: the year is 2020; rows above are of 2021"));
  EXPECT_THAT(refusal_of(with_line(text, 4, "40000", "-4")), HasSubstr("baci.csv:4: v: a trade value is zero or more"));
  EXPECT_THAT(refusal_of(text + "2021,32"), HasSubstr("this row has 2 cells, the header has 6"));
}

}  // namespace
}  // namespace entrepot
