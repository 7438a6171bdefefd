#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "text/input_error.hpp"

namespace entrepot {

/// A folder of its own for a test, with files written into it; removed at the end.
class RecipeFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              (std::string("entrepot-") + info->test_suite_name() + "-" + info->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return folder_ / name;
  }
  const std::filesystem::path& folder() const { return folder_; }

  /// A sound recipe: two countries and the rest, two goods and a service, tables beside it.
  std::filesystem::path write_recipe() const {
    write("country_names.csv",
          "source,name,code\nun_comtrade,Arcadia,ARC\nun_comtrade,Borduria,BOR\nun_comtrade,Cathay,CAT\n"
          "un_comtrade,World,world\nun_comtrade,\"Areas, nes\",undisclosed\nworld_bank,Arcadia,ARC\n"
          "world_bank,World,world\nworld_bank,Asia,aggregate\nimf_dots,Arcadia,ARC\nimf_dots,Cathay,CAT\n");
    write("donors.csv", "country,donor,weight,reason\nBOR,ARC,0.5,near\nBOR,RoW,0.5,poor\n");
    write(
        "product_groups.csv",
        "country,group,sector,share,reason\n*,Food Products,food,1,all\n*,Metals,metals,1,all\n*,Fuels,food,0.25,some\n"
        "*,Fuels,metals,0.75,most\n");
    write("estimates.csv", "quantity,country,partner,item,value,mark,source\ntheta,,,services,5,estimate,a paper\n");
    write("tariffs.csv",
          "importer,exporter,item,rate,mark,source\n*,*,goods,wits,proxy,WITS\nARC,BOR,food,0.2,measured,a treaty\n"
          "UNION,UNION,goods,0,measured,a union\n");
    write("agreements.csv",
          "agreement,importer,exporter,item,rate,from,until,mark,source\nA treaty,ROW,ARC,metals,0,2015-01-01,"
          "2022-01-01,measured,a treaty\n");
    write("blocs.csv",
          "bloc,country,from,until,source\nUNION,ARC,2000-01-01,,treaty\nUNION,BOR,2022-01-01,,treaty\n"
          "PACT,ARC,2000-01-01,2021-01-01,pact\nPACT,BOR,2000-01-01,,pact\n");
    return write("recipe.toml", recipe_text());
  }
  static std::string recipe_text() {
    return R"(title = "A test"
year = 2021
licence = "none"
sources = ["invented"]
notes = ["invented"]
[raw]
input_output_table = "table.h5"
goods_exports = "exports.csv"
goods_imports = "imports.csv"
goods_trade_before = "before.csv.gz"
services_exports = "services.csv"
gdp = "gdp.csv"
product_profile = "profile.csv"
elasticities = "theta.csv"
[tables]
country_names = "country_names.csv"
donors = "donors.csv"
product_groups = "product_groups.csv"
estimates = "estimates.csv"
tariffs = "tariffs.csv"
agreements = "agreements.csv"
blocs = "blocs.csv"
[parameters]
reference_date = "2021-07-01"
cif_fob_factor = 1.1
drop_below = 0.01
least_home_share = 0.05
[[sector]]
code = "food"
name = "Food"
industries = ["c1"]
stage = "consumer"
elasticities = ["ofd"]
[[sector]]
code = "metals"
name = "Metals"
industries = ["c2"]
stage = "intermediate"
elasticities = ["i_s"]
[[sector]]
code = "services"
name = "Services"
industries = ["c3"]
[[country]]
code = "ARC"
name = "Arcadia"
[[country]]
code = "BOR"
name = "Borduria"
[[country]]
code = "ROW"
name = "Rest"
kind = "rest"
)";
  }

 private:
  std::filesystem::path folder_;
};

/// What an InputError says, all of it; "" where nothing is thrown.
template <typename Action>
std::string message_of(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

/// `text` with its first `from` made `to`.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "'" + from + "' is not in the text";
  return text.replace(at, from.size(), to);
}

}  // namespace entrepot
