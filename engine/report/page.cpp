#include "page.hpp"

#include <map>

namespace entrepot {

namespace {

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

}  // namespace

std::string embedded(const nlohmann::ordered_json& data) {
  std::string text = data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 6))
    text.replace(at, 1, "\\u003c");
  return text;
}

std::string page_of(const nlohmann::ordered_json& results, const std::string& beside, const std::string& style,
                    const std::string& start) {
  return filled(page::kHtml, {{"TITLE", escaped(results.at(0).at("title").get<std::string>())},
                              {"STYLE", page::kStyle + style},
                              {"BESIDE", beside},
                              {"DATA", embedded(results)},
                              {"SCRIPT", page::kScript},
                              {"START", start}});
}

}  // namespace entrepot
