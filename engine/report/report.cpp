#include "report.hpp"

#include <nlohmann/json.hpp>

#include "page.hpp"
#include "report_data.hpp"
#include "results/file_formats.hpp"
#include "results/netcdf_file.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;

Json data_of(const std::filesystem::path& file) {
  const NetcdfReader reader(file);
  const std::optional<std::string> format = reader.text_attribute("format");
  if (format == kResultsFormat) return run_data(ResultReader(file));
  if (format == kSweepFormat) return sweep_data(reader);
  if (format == kShardFormat)
    throw InputError({}, file.string(), "this is one shard of a sweep, without statistics; name the sweep's file");
  throw FileError(file, "this holds no results of entrepot");
}

}  // namespace

std::string report(std::span<const std::filesystem::path> files) {
  Json results = Json::array();
  for (const std::filesystem::path& file : files) results.push_back(data_of(file));
  return page_of(results, "", "", "startPage(JSON.parse(document.getElementById('data').textContent));");
}

}  // namespace entrepot
