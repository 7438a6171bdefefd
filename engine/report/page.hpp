#pragma once

namespace entrepot::page {

// The files of page/, as the build embeds them.
extern const char* const kHtml;
extern const char* const kStyle;
extern const char* const kScript;

}  // namespace entrepot::page
