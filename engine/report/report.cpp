#include "report.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "page.hpp"
#include "report_data.hpp"
#include "results/file_formats.hpp"
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

/// A text with its marks @NAME@ filled in, once: what they are filled with may hold marks of its own.
std::string filled(std::string_view text, const std::map<std::string_view, std::string_view>& marks) {
  std::string result;
  while (true) {
    const std::size_t begin = text.find('@');
    const std::size_t end = begin == text.npos ? text.npos : text.find('@', begin + 1);
    if (end == text.npos) return result.append(text);
    const auto mark = marks.find(text.substr(begin + 1, end - begin - 1));
    const bool known = mark != marks.end();
    result.append(text.substr(0, known ? begin : end));
    if (known) result.append(mark->second);
    text.remove_prefix(known ? end + 1 : end);
  }
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

std::string report(std::span<const std::filesystem::path> files) {
  Json results = Json::array();
  for (const std::filesystem::path& file : files) results.push_back(data_of(file));
  return filled(page::kHtml, {{"TITLE", escaped(results.at(0).at("title").get<std::string>())},
                              {"STYLE", page::kStyle},
                              {"SCRIPT", page::kScript},
                              {"DATA", embedded(results)}});
}

}  // namespace entrepot
