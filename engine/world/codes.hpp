#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "arrays.hpp"

namespace entrepot {

/// The codes of countries, sectors or locations, in their order.
template <class Named>
std::vector<std::string> codes_of(const std::vector<Named>& all) {
  std::vector<std::string> codes;
  for (const Named& one : all) codes.push_back(one.code);
  return codes;
}

/// Where the one with this code stands; −1 where there is none.
template <class Named>
Index position_of(const std::vector<Named>& all, const std::string& code) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.code == code; });
  return found == all.end() ? -1 : static_cast<Index>(found - all.begin());
}

}  // namespace entrepot
