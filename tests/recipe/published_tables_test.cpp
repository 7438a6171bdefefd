#include "recipe/published_tables.hpp"

#include <zlib.h>

#include "recipe/gzip_file.hpp"
#include "recipe/world_table.hpp"
#include "recipe_fixture.hpp"

namespace entrepot {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PublishedTables : public RecipeFolder {
 protected:
  void SetUp() override {
    RecipeFolder::SetUp();
    write_recipe();
    names_ = CountryNames::read(folder() / "country_names.csv");
  }
  std::string comtrade_message(const std::string& text) const {
    const std::filesystem::path file = write("exports.csv", text);
    return message_of([&] { read_comtrade(file, names_, 2021, true); });
  }
  void write_gzip(const std::string& name, const std::string& text) const {
    gzFile file = gzopen((folder() / name).string().c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
  }
  CountryNames names_;
};

TEST_F(PublishedTables, ComtradeKeepsTotalsAndUndisclosedTradeApart) {
  const std::filesystem::path file =
      write("exports.csv",
            "date,value,reporter,partner\n2021-01-01,10000000,Arcadia,World\n2021-01-01,4000000,Arcadia,Borduria\n"
            "2021-01-01,6000000,Arcadia,\"Areas, nes\"\n2020-01-01,1,Borduria,Arcadia\n");
  const ReportedTrade exports = read_comtrade(file, names_, 2021, true);
  EXPECT_DOUBLE_EQ(exports.total.at("ARC"), 10.0);
  EXPECT_DOUBLE_EQ(exports.undisclosed.at("ARC"), 6.0);
  EXPECT_DOUBLE_EQ(exports.value.at({"ARC", "BOR"}), 4.0);
  EXPECT_EQ(exports.reporters.count("BOR"), 0u);
  const ReportedTrade imports = read_comtrade(file, names_, 2021, false);
  EXPECT_DOUBLE_EQ(imports.value.at({"BOR", "ARC"}), 4.0);
}

TEST_F(PublishedTables, MissingFileMissingColumnAndBadCellsAreLocated) {
  EXPECT_THAT(message_of([&] { read_comtrade(folder() / "none.csv", names_, 2021, true); }), HasSubstr("none.csv"));
  EXPECT_THAT(comtrade_message("date,value,reporter,parner\n"), AllOf(HasSubstr("partner"), HasSubstr("'parner'")));
  EXPECT_THAT(comtrade_message("date,value,reporter,partner\n2021-01-01,nan,Arcadia,World\n"),
              AllOf(HasSubstr("exports.csv:2"), HasSubstr("not a finite number")));
  EXPECT_THAT(comtrade_message("date,value,reporter,partner\n2021-01-01,-5,Arcadia,World\n"),
              HasSubstr("zero or more"));
  EXPECT_THAT(comtrade_message("date,value,reporter,partner\n2020-01-01,5,Arcadia,World\n"),
              HasSubstr("no row is of 2021"));
}

TEST_F(PublishedTables, UnknownCountriesAreAllToldWithTheNearestName) {
  const std::string message =
      comtrade_message("date,value,reporter,partner\n2021-01-01,1,Arcadya,World\n2021-01-01,1,Borduria,Catay\n");
  EXPECT_THAT(message, AllOf(HasSubstr("exports.csv:2"), HasSubstr("'Arcadia'")));
  EXPECT_THAT(message, AllOf(HasSubstr("exports.csv:3"), HasSubstr("'Cathay'")));
}

TEST_F(PublishedTables, DirectionOfTradePrefersExportsAndTakesCifOff) {
  write_gzip("before.csv.gz",
             "flow,reporter,partner,2016,2017\nexports_fob,Arcadia,Cathay,2000000,4000000\n"
             "imports_cif,Cathay,Arcadia,9000000,\nimports_cif,Arcadia,Cathay,,2200000\n");
  const PairFigures figures = read_direction_of_trade(folder() / "before.csv.gz", names_, 1.1);
  EXPECT_DOUBLE_EQ(figures.at({"ARC", "CAT"}), 3.0);
  EXPECT_DOUBLE_EQ(figures.at({"CAT", "ARC"}), 2.0);
}

TEST_F(PublishedTables, DamagedGzipIsRefused) {
  write_gzip("whole.gz", std::string(10000, 'x') + "y");
  std::string bytes;
  {
    std::ifstream in(folder() / "whole.gz", std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_EQ(read_gzip(folder() / "whole.gz").size(), 10001u);
  const std::filesystem::path cut = write("cut.gz", bytes.substr(0, bytes.size() / 2));
  EXPECT_THAT(message_of([&] { read_gzip(cut); }), HasSubstr("cut.gz"));
  EXPECT_THAT(message_of([&] { read_gzip(folder() / "none.gz"); }), HasSubstr("can't be read"));
}

TEST_F(PublishedTables, GdpNeedsTheWorldOfTheYear) {
  const std::filesystem::path file =
      write("gdp.csv", "date,gdp,reporter\n2021-01-01,5000000,Arcadia\n2021-01-01,1,Asia\n");
  EXPECT_THAT(message_of([&] { read_gdp(file, names_, 2021); }), HasSubstr("no figure for the world in 2021"));
}

TEST_F(PublishedTables, ElasticitiesChangeSignAndMayBeAbsent) {
  const auto theta = read_elasticities(write("theta.csv", "gtap_sector,epsilon_GTAP\nofd,-4.5\ngas,\n"));
  EXPECT_DOUBLE_EQ(theta.at("ofd"), 4.5);
  EXPECT_EQ(theta.count("gas"), 0u);
  const std::filesystem::path bad = write("bad.csv", "gtap_sector,epsilon_GTAP\nofd,4.5\n");
  EXPECT_THAT(message_of([&] { read_elasticities(bad); }),
              AllOf(HasSubstr("bad.csv:2"), HasSubstr("must be negative")));
}

TEST_F(PublishedTables, ProfilesAreFractions) {
  const ProductProfile profile = ProductProfile::read(
      write("profile.csv", "iso3,measure,product_group,year,value\nARC,export_share_pct,Fuels,2015,25\n"));
  double share = 0.0;
  EXPECT_TRUE(profile.find("ARC", "export_share_pct", "Fuels", share));
  EXPECT_DOUBLE_EQ(share, 0.25);
  EXPECT_FALSE(profile.find("ARC", "export_share_pct", "Metals", share));
}

TEST_F(PublishedTables, WorldTableMustBeHdf5) {
  const std::filesystem::path file = write("table.h5", "not HDF5");
  EXPECT_THAT(message_of([&] { read_world_table(file); }), AllOf(HasSubstr("table.h5"), HasSubstr("HDF5")));
}

}  // namespace
}  // namespace entrepot
