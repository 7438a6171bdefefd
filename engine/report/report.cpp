#include "report.hpp"

#include <nlohmann/json.hpp>

#include "page.hpp"
#include "report_data.hpp"
#include "results/file_formats.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;

Json data_of(const std::filesystem::path& file, const CountryNames& names) {
  const NetcdfReader reader(file);
  const std::optional<std::string> format = reader.text_attribute("format");
  if (format == kResultsFormat) return run_data(ResultReader(file));
  if (format == kSweepFormat) return sweep_data(reader, names);
  if (format == kShardFormat)
    throw InputError({}, file.string(), "this is one shard of a sweep, without statistics; name the sweep's file");
  throw FileError(file, "this holds no results of entrepot");
}

void replace(std::string& text, const std::string& mark, const std::string& by) {
  const std::size_t at = text.find(mark);
  text.replace(at, mark.size(), by);
}

/// Text between tags.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '<' ? "&lt;" : c == '&' ? "&amp;" : std::string(1, c);
  return result;
}

/// JSON in a script element, which nothing in it may end.
std::string embedded(const Json& data) {
  std::string text = data.dump(-1, ' ', false, Json::error_handler_t::replace);
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 6))
    text.replace(at, 1, "\\u003c");
  return text;
}

}  // namespace

std::string report(std::span<const std::filesystem::path> files, const CountryNames& names) {
  Json results = Json::array();
  for (const std::filesystem::path& file : files) results.push_back(data_of(file, names));
  std::string page = page::kHtml;
  replace(page, "@TITLE@", escaped(results.at(0).at("title").get<std::string>()));
  replace(page, "@STYLE@", page::kStyle);
  replace(page, "@SCRIPT@", page::kScript);
  replace(page, "@DATA@", embedded(results));
  return page;
}

}  // namespace entrepot
