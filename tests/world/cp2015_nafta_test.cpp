// The committed accounts of cp2015-nafta are what its script makes of the published figures.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "support/temporary_folder.hpp"
#include "text/csv.hpp"
#include "world/baseline_files.hpp"

namespace entrepot::testing {
namespace {

/// Cells equal as text, or as numbers to 1e-9: another processor rounds otherwise.
void expect_same_table(const std::filesystem::path& committed, const std::filesystem::path& made) {
  SCOPED_TRACE(committed.string());
  const CsvTable a = CsvTable::read(committed), b = CsvTable::read(made);
  ASSERT_EQ(a.columns(), b.columns());
  ASSERT_EQ(a.rows(), b.rows());
  for (std::size_t row = 0; row < a.rows(); ++row)
    for (std::size_t column = 0; column < a.columns().size(); ++column) {
      if (a.text(row, column) == b.text(row, column)) continue;
      const double x = std::stod(a.text(row, column)), y = std::stod(b.text(row, column));
      ASSERT_LE(std::abs(x - y), 1e-9 * std::max(std::abs(x), 1.0)) << "row " << row << ", " << a.columns()[column];
    }
}

TEST(Cp2015Nafta, TheScriptGivesTheCommittedAccounts) {
  const std::filesystem::path source = ENTREPOT_SOURCE_DIR;
  const std::filesystem::path figures = source.parent_path() / "shared/data/cp2015_nafta";
  if (!std::filesystem::exists(figures)) GTEST_SKIP() << "the published figures are not here";
  const test::TemporaryFolder temporary;
  const std::filesystem::path& folder = temporary.path();
  const std::string command = "/usr/bin/python3 '" + (source / "data/cp2015-nafta/calibrate.py").string() + "' '" +
                              figures.string() + "' '" + folder.string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0);
  for (const std::string& file : baseline_file_names())
    expect_same_table(source / "data/cp2015-nafta" / file, folder / file);
  expect_same_table(source / "scenarios/known/nafta-tariffs-2005.csv", folder / "nafta-tariffs-2005.csv");
}

}  // namespace
}  // namespace entrepot::testing
