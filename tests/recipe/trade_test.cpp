#include "recipe/goods_trade.hpp"
#include "recipe/tariff_schedule.hpp"
#include "recipe_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::HasSubstr;

class RecipeTrade : public RecipeFolder {
 protected:
  void SetUp() override {
    RecipeFolder::SetUp();
    recipe_ = read_recipe(write_recipe());
  }
  Recipe recipe_;
};

TEST_F(RecipeTrade, ReportedThenMirroredThenEarlier) {
  ReportedTrade exports, imports;
  exports.reporters = {"ARC"};
  exports.value = {{{"ARC", "BOR"}, 100.0}, {{"ARC", "CAT"}, 60.0}};
  imports.reporters = {"ARC"};
  imports.value = {{{"BOR", "ARC"}, 110.0}, {{"ARC", "BOR"}, 999.0}};
  const PairFigures earlier = {{{"ARC", "BOR"}, 50.0}, {{"BOR", "CAT"}, 7.0}, {{"BOR", "ARC"}, 5.0}};
  const GoodsTrade trade = bilateral_goods_trade(recipe_, exports, imports, earlier);
  EXPECT_DOUBLE_EQ(trade.growth, 2.0);
  EXPECT_DOUBLE_EQ(trade.total(0, 1), 100.0);  // the exporter's word
  EXPECT_DOUBLE_EQ(trade.total(0, 2), 60.0);   // Cathay is in the rest
  EXPECT_DOUBLE_EQ(trade.total(1, 0), 100.0);  // 110 cif
  EXPECT_DOUBLE_EQ(trade.total(1, 2), 14.0);   // 7, doubled
  EXPECT_DOUBLE_EQ(trade.by_origin[0] + trade.by_origin[1] + trade.by_origin[2], trade.total.sum());
}

TEST_F(RecipeTrade, UndisclosedExportsGoWherePartnersSeeThem) {
  ReportedTrade exports, imports;
  exports.reporters = {"ARC"};
  exports.value = {{{"ARC", "BOR"}, 10.0}};
  exports.undisclosed = {{"ARC", 50.0}};
  imports.reporters = {"BOR"};
  imports.value = {{{"ARC", "BOR"}, 44.0}};
  const GoodsTrade trade = bilateral_goods_trade(recipe_, exports, imports, {});
  EXPECT_DOUBLE_EQ(trade.total(0, 1), 40.0);  // 44 cif: 30 more than disclosed
  EXPECT_DOUBLE_EQ(trade.total(0, 2), 20.0);  // nobody's: the rest of the world
  EXPECT_DOUBLE_EQ(trade.undisclosed, 50.0);
}

TEST_F(RecipeTrade, SomeImportersAreTakenAtTheirWord) {
  recipe_.importer_figures = {"BOR"};
  ReportedTrade exports, imports;
  exports.reporters = {"ARC", "CAT"};
  exports.value = {{{"ARC", "BOR"}, 100.0}, {{"CAT", "BOR"}, 5.0}};
  imports.reporters = {"BOR"};
  imports.value = {{{"ARC", "BOR"}, 11.0}};
  imports.undisclosed = {{"BOR", 11.0}};
  const GoodsTrade trade = bilateral_goods_trade(recipe_, exports, imports, {});
  // 10 disclosed and 10 not, spread over the exporters' excess: 90 of Arcadia's, 5 of Cathay's.
  EXPECT_DOUBLE_EQ(trade.total(0, 1), 10.0 + 10.0 * 90.0 / 95.0);
  EXPECT_DOUBLE_EQ(trade.total(2, 1), 10.0 * 5.0 / 95.0);
}

TEST_F(RecipeTrade, EstimatesPlaceWhatNobodyReports) {
  ReportedTrade exports, imports;
  exports.reporters = {"ARC"};
  exports.value = {{{"ARC", "BOR"}, 10.0}};
  exports.undisclosed = {{"ARC", 50.0}};
  GoodsTrade goods = bilateral_goods_trade(recipe_, exports, imports, {});
  EXPECT_DOUBLE_EQ(goods.total(0, 2), 50.0);
  RecipeTables tables;
  tables.estimates = {{"undisclosed_exports", "ARC", "BOR", "", 20.0, {"estimates.csv", 2, 0}}};
  place_undisclosed_exports(recipe_, tables, goods);
  EXPECT_DOUBLE_EQ(goods.total(0, 1), 30.0);
  EXPECT_DOUBLE_EQ(goods.total(0, 2), 30.0);
  EXPECT_DOUBLE_EQ(goods.unplaced, 30.0);
  tables.estimates.front().value = 31.0;
  EXPECT_THAT(
      message_of([&] { place_undisclosed_exports(recipe_, tables, goods); }),
      ::testing::AllOf(HasSubstr("estimates.csv:2"), HasSubstr("30 million USD of undisclosed exports of ARC")));
}

TEST_F(RecipeTrade, LaterTariffRulesOverrideEarlierOnes) {
  const ProductProfile profile = ProductProfile::read(
      write("profile.csv",
            "iso3,measure,product_group,year,value\nARC,tariff_weighted_pct,Consumer goods,2015,10\n"
            "ARC,tariff_weighted_pct,Intermediate goods,2015,4\nBOR,tariff_weighted_pct,Consumer goods,2015,8\n"
            "BOR,tariff_weighted_pct,Intermediate goods,2015,2\nCAT,tariff_weighted_pct,Consumer goods,2015,20\n"
            "CAT,tariff_weighted_pct,Intermediate goods,2015,20\nDOR,tariff_weighted_pct,Consumer goods,2015,0\n"
            "DOR,tariff_weighted_pct,Intermediate goods,2015,0\n"));
  const std::map<std::string, double> gdp = {{"ARC", 5.0}, {"BOR", 5.0}, {"CAT", 3.0}, {"DOR", 1.0}};
  Bilateral trade(3, 3, 3);  // importer × exporter × sector
  trade(2, 0, 1) = trade(2, 1, 1) = 100.0;
  const RecipeTables tables = read_recipe_tables(recipe_);
  Bilateral rates = tariff_rates(recipe_, tables, profile, gdp, trade);
  EXPECT_DOUBLE_EQ(rates(0, 2, 0), 0.10);  // per cent made fraction
  EXPECT_DOUBLE_EQ(rates(0, 1, 0), 0.20);  // the later rule
  EXPECT_DOUBLE_EQ(rates(0, 1, 1), 0.04);
  EXPECT_DOUBLE_EQ(rates(1, 0, 0), 0.08);  // Borduria joins the union after the reference date
  EXPECT_DOUBLE_EQ(rates(2, 0, 0), 0.15);  // the rest: (3 × 20 % + 1 × 0 %) / 4
  EXPECT_DOUBLE_EQ(rates(0, 1, 2), 0.0);   // services
  EXPECT_DOUBLE_EQ(rates(0, 0, 0), 0.0);   // home
  // The rest's average of 15 % on metals holds Arcadia's half of the trade at zero, by the agreement.
  EXPECT_DOUBLE_EQ(rates(2, 0, 1), 0.0);
  EXPECT_DOUBLE_EQ(rates(2, 1, 1), 0.30);
  trade(2, 1, 1) = 25.0;
  rates = tariff_rates(recipe_, tables, profile, gdp, trade);
  EXPECT_DOUBLE_EQ(rates(2, 1, 1), 0.45);  // at most three times the average, where little trade pays
}

TEST_F(RecipeTrade, AgreementsThatWereNotYetInForceDoNotRaiseTheAverage) {
  write("agreements.csv",
        "agreement,importer,exporter,item,rate,from,until,mark,source\nLate,ARC,ROW,metals,0,2016-01-01,,measured,x\n"
        "Half,ARC,BOR,metals,wits*0.5,2016-01-01,,estimate,x\nPast,ARC,BOR,food,0,2010-01-01,2016-01-01,measured,x\n");
  const ProductProfile profile = ProductProfile::read(
      write("profile.csv",
            "iso3,measure,product_group,year,value\nARC,tariff_weighted_pct,Consumer goods,2015,10\n"
            "ARC,tariff_weighted_pct,Intermediate goods,2015,4\nBOR,tariff_weighted_pct,Consumer goods,2015,8\n"
            "BOR,tariff_weighted_pct,Intermediate goods,2015,2\nCAT,tariff_weighted_pct,Consumer goods,2015,20\n"
            "CAT,tariff_weighted_pct,Intermediate goods,2015,20\n"));
  Bilateral trade(3, 3, 3);
  trade(0, 1, 0) = 10.0;
  trade(0, 2, 0) = trade(0, 1, 1) = trade(0, 2, 1) = 30.0;
  const std::map<std::string, double> gdp = {{"ARC", 5.0}, {"BOR", 5.0}, {"CAT", 3.0}};
  const Bilateral rates = tariff_rates(recipe_, read_recipe_tables(recipe_), profile, gdp, trade);
  EXPECT_DOUBLE_EQ(rates(0, 2, 1), 0.0);            // now
  EXPECT_DOUBLE_EQ(rates(0, 1, 1), 0.02);           // half of 4 %: no agreement stood in 2015
  EXPECT_DOUBLE_EQ(rates(0, 2, 0), 0.1 * 40 / 30);  // Borduria paid nothing on food in 2015 …
  EXPECT_DOUBLE_EQ(rates(0, 1, 0), 0.20);           // … and pays the special duty now
}

TEST_F(RecipeTrade, BadAgreementsAreNamed) {
  write("agreements.csv",
        "agreement,importer,exporter,item,rate,from,until,mark,source\n,ARC,ROW,metals,wits*2,2016-13-01,,measured,x\n"
        "Odd,ARC,BOR,metals,0,2016-01-01,2015-01-01,measured,x\n");
  EXPECT_THAT(
      message_of([&] { read_recipe_tables(recipe_); }),
      ::testing::AllOf(HasSubstr("agreements.csv:2"), HasSubstr("needs a name"), HasSubstr("'2' must be a fraction"),
                       HasSubstr("'2016-13-01' is no date"), HasSubstr("ends before it starts")));
}

TEST_F(RecipeTrade, TariffsThatNobodyPublishesAreNamed) {
  const ProductProfile profile = ProductProfile::read(
      write("profile.csv", "iso3,measure,product_group,year,value\nARC,tariff_weighted_pct,Consumer goods,2015,10\n"));
  const RecipeTables tables = read_recipe_tables(recipe_);
  EXPECT_THAT(message_of([&] {
                tariff_rates(recipe_, tables, profile, {{"ARC", 5.0}, {"BOR", 5.0}}, Bilateral(3, 3, 3));
              }),
              HasSubstr("WITS has no averages for the tariffs of BOR"));
}

}  // namespace
}  // namespace entrepot
