#pragma once

#include <filesystem>
#include <string>

#include "results/result_file.hpp"
#include "support/temporary_folder.hpp"

namespace entrepot::test {

/// Two countries, one sector, no inputs, one tariff: A buys 100 from B at a tariff of 25 % (80 at the border), B buys
/// 80 from A; own sales are 120 and 220. Value added A 200, B 300; income A 220 (20 of tariff), B 300.
World two_countries();

/// Three countries, two sectors, inputs, tariffs, export taxes, two uses and unequal sizes; balanced in its markets.
World three_countries();

/// Nothing changes: every hat 1 and every level as in the base.
Equilibrium unchanged(const World& world);

/// A run of three_countries with every variable present and all values different.
RunResults full_run();

/// The same with IRN split into two locations, output 4 everywhere and trade 1 on every flow.
RunResults run_with_a_zone();

/// The same where a ban left Iran without fuel: the base side alone.
RunResults run_without_equilibrium();

}  // namespace entrepot::test
