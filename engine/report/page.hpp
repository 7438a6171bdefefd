#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace entrepot {

/// A page that draws these results: an array of what report_data.hpp makes.
/// beside: HTML in front of everything; style: CSS after the page's own; start: JavaScript that calls startPage().
std::string page_of(const nlohmann::ordered_json& results, const std::string& beside, const std::string& style,
                    const std::string& start);

/// JSON in a script element, which nothing in it may end.
std::string embedded(const nlohmann::ordered_json& data);

namespace page {

// The files of page/, as the build embeds them.
extern const char* const kHtml;
extern const char* const kStyle;
extern const char* const kScript;
extern const char* const kLiveHtml;
extern const char* const kLiveStyle;
extern const char* const kLiveScript;

}  // namespace page

}  // namespace entrepot
