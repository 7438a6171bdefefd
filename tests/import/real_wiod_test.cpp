#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "import/icio.hpp"
#include "import_fixture.hpp"
#include "recipe/world_table.hpp"

// A whole published table (WIOD 2011, release 2013, 41 countries × 35 industries) written in the form of the ICIO and
// read back: sizes, negative inventories and empty industries as the world has them.

namespace entrepot {
namespace {

std::filesystem::path world_table_file() {
  const char* folder = std::getenv("ENTREPOT_RAW_DATA");
  const std::filesystem::path raw = folder
                                        ? std::filesystem::path(folder)
                                        : std::filesystem::path(ENTREPOT_SOURCE_DIR) / ".." / "shared" / "data" / "raw";
  return raw / "wiod_2011.h5";
}

std::string as_icio(const WorldTable& table) {
  std::string text = "V1";
  std::vector<std::string> producers;
  for (const std::string& country : table.countries)
    for (const std::string& industry : table.industries)
      producers.push_back((country == "RoW" ? "ROW" : country) + "_" + industry);
  for (const std::string& name : producers) text += "," + name;
  for (const std::string& country : table.countries) text += "," + (country == "RoW" ? "ROW" : country) + "_FD";
  text += ",OUT\n";
  const Index size = static_cast<Index>(producers.size());
  for (Index row = 0; row < size; ++row) {
    text += producers[at(row)];
    for (Index column = 0; column < size; ++column) text += fmt::format(",{}", table.flow(row, column));
    for (Index n = 0; n < table.final_use.cols(); ++n) text += fmt::format(",{}", table.final_use(row, n));
    text += fmt::format(",{}\n", table.output(row));
  }
  text += "VA";
  for (Index column = 0; column < size; ++column)
    text += fmt::format(",{}", table.output(column) - table.flow.col(column).sum());
  for (Index n = 0; n <= table.final_use.cols(); ++n) text += ",0";
  text += "\nOUT";
  for (Index column = 0; column < size; ++column) text += fmt::format(",{}", table.output(column));
  for (Index n = 0; n <= table.final_use.cols(); ++n) text += ",0";
  return text + "\n";
}

class RealTable : public RecipeFolder {};

TEST_F(RealTable, BalancesAndKeepsTrade) {
  if (!std::filesystem::exists(world_table_file())) GTEST_SKIP() << "the raw tables are not here";
  const WorldTable table = read_world_table(world_table_file());
  ImportOptions options;
  options.format = "icio";
  options.year = 2011;
  options.files = {write("world.csv", as_icio(table))};
  ImportReport report;
  const World world = import_baseline(options, report).world;
  ASSERT_EQ(world.country_count(), 41);
  ASSERT_EQ(world.sector_count(), 35);
  EXPECT_LE(check_balance(world).worst(), 1e-10);
  double negative = 0.0;
  std::size_t losers = 0;
  for (const Adjustment& adjustment : report.adjustments) {
    if (adjustment.what.find("negative final demand") == 0) negative = adjustment.value;
    if (adjustment.what.find("negative value added") == 0) losers = adjustment.count;
  }
  EXPECT_NEAR(negative, -table.final_use.cwiseMin(0.0).sum(), 1e-6);
  EXPECT_EQ(losers,
            static_cast<std::size_t>(((table.output.transpose() - table.flow.colwise().sum()).array() < 0.0).count()));
  double worst = 0.0;
  for (const BlockChange& block : report.blocks) worst = std::max(worst, block.change);
  EXPECT_LT(worst, 0.005) << "a published table is moved by less than half a percent";
  // Germany's gains from trade with one sector and θ = 5 are 4.5 % in 2008 (Costinot and Rodríguez-Clare 2014,
  // table 4.1).
  Index germany = 0;
  while (world.countries[at(germany)].code != "DEU") ++germany;
  double home = 0.0, all = 0.0;
  for (Index k = 0; k < 35; ++k)
    for (Index m : {world.market(0, germany), world.market(1, germany)}) {
      home += world.expenditure(m, germany, k);
      all += world.expenditure.sector(k).row(m).sum();
    }
  EXPECT_NEAR(100.0 * (1.0 - std::pow(home / all, 0.2)), 4.5, 0.5);
}

}  // namespace
}  // namespace entrepot
