#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "text/input_error.hpp"

namespace entrepot {

/// What to say after an unknown code: "; 'Belarus' is BLR" where it is the name of one of these, letter case aside;
/// else the nearest of `known` (see suggestion).
template <class Named>
std::string name_hint(const std::string& written, const std::vector<Named>& all,
                      const std::vector<std::string>& known) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  for (const Named& one : all)
    if (!written.empty() && std::ranges::equal(one.name, written, same))
      return fmt::format("; '{}' is {}", written, one.code);
  return suggestion(written, known);
}

}  // namespace entrepot
