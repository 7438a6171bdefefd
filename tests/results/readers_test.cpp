#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>

#include "small_runs.hpp"

namespace entrepot {
namespace {

using testing::HasSubstr;

struct Ran {
  int status = 0;
  std::string output;
};

Ran run(const std::string& command) {
  Ran ran;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {127, "no shell"};
  std::array<char, 4096> block{};
  while (std::fgets(block.data(), block.size(), pipe) != nullptr) ran.output += block.data();
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

bool is_installed(const std::string& tool) { return run("command -v " + tool).status == 0; }

class ResultFileOpensIn : public testing::TestWithParam<const char*> {};

TEST_P(ResultFileOpensIn, PythonWithNamesAndUnits) {
  const test::TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  const std::string script = std::string(ENTREPOT_SOURCE_DIR) + "/tests/results/check_readers.py";
  const Ran ran = run("/usr/bin/python3 '" + script + "' " + GetParam() + " '" + (folder / "run.nc").string() + "'");
  constexpr int kNoSuchLibrary = 77, kNoSuchProgram = 127;
  if (ran.status == kNoSuchLibrary || ran.status == kNoSuchProgram)
    FAIL() << GetParam() << " is not installed: scripts/setup test";
  EXPECT_EQ(ran.status, 0) << ran.output;
}

INSTANTIATE_TEST_SUITE_P(Libraries, ResultFileOpensIn,
                         testing::Values("h5py", "netCDF4", "xarray:netcdf4", "xarray:h5netcdf"),
                         [](const auto& library) {
                           std::string name = library.param;
                           std::erase(name, ':');
                           return name;
                         });

TEST(ResultFile, NcdumpShowsDimensionsLabelsAndUnits) {
  if (!is_installed("ncdump")) FAIL() << "netcdf-bin is not installed: scripts/setup test";
  const test::TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  const Ran ran = run("ncdump '" + (folder / "run.nc").string() + "'");
  EXPECT_EQ(ran.status, 0);
  for (const char* expected : {"country = 3 ;", "double trade(sector, exporter, importer) ;",
                               "double output(country, sector) ;", "string welfare:units = \"percent\" ;",
                               "string :title = \"Iran joins – a test\" ;", "country = \"BLR\", \"IRN\", \"TUR\" ;",
                               "country_name = \"Belarus\", \"Iran\", \"Türkiye\" ;", ":format_version = 1 ;"}) {
    EXPECT_THAT(ran.output, HasSubstr(expected));
  }
}

TEST(ResultFile, H5dumpReadsIt) {
  if (!is_installed("h5dump")) FAIL() << "hdf5-tools is not installed: scripts/setup test";
  const test::TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  const Ran ran = run("h5dump -H -p '" + (folder / "run.nc").string() + "'");
  EXPECT_EQ(ran.status, 0);
  for (const char* expected :
       {"DATASET \"trade\"", "COMPRESSION DEFLATE", "PREPROCESSING SHUFFLE", "ATTRIBUTE \"DIMENSION_LIST\""}) {
    EXPECT_THAT(ran.output, HasSubstr(expected));
  }
}

TEST(ResultFile, OpensInR) {
  if (!is_installed("Rscript") || run("Rscript -e 'library(ncdf4)'").status != 0)
    FAIL() << "R's ncdf4 is not installed: scripts/setup test";
  const test::TemporaryFolder folder;
  write_results(test::full_run(), folder / "run.nc");
  const Ran ran = run("Rscript -e 'library(ncdf4); f <- nc_open(\"" + (folder / "run.nc").string() +
                      "\"); cat(ncvar_get(f, \"country\"), ncatt_get(f, \"welfare\", \"units\")$value, "
                      "ncvar_get(f, \"decomposition_exact\")[3, 2], ncatt_get(f, 0, \"status\")$value)'");
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("BLR IRN TUR percent -3 solved"));
}

}  // namespace
}  // namespace entrepot
