#pragma once

#include <string_view>

namespace entrepot {

/// Whether a text is a day of the calendar written YYYY-MM-DD. Such texts compare as the days do.
bool is_iso_date(std::string_view text);

}  // namespace entrepot
