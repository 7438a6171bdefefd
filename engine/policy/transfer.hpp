#pragma once

#include <string>
#include <vector>

#include "instrument.hpp"

namespace entrepot {

/// The parameter `split`: how several givers, and several receivers, share an amount.
Parameter transfer_split();

/// Moves an amount every year, million USD at base-year world GDP: each side shares it by `split`.
void add_transfer(const World& world, const std::vector<Index>& givers, const std::vector<Index>& receivers,
                  double amount, const std::string& split, Shock& shock);

/// Adds a problem at `parameter` where a country is on both sides.
void expect_two_sides(const Policy& policy, const Context& context, const std::string& parameter,
                      const std::vector<Index>& one, const std::vector<Index>& other);

}  // namespace entrepot
