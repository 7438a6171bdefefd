#pragma once

#include <string>

#include "world/balance.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// What a base year holds, for the terminal: title, sources and notes; each country's GDP, trade, deficit and mean
/// tariffs; each sector's θ, output and trade. With a country's code or name, that country's sectors and partners
/// instead. Throws InputError with the nearest name for a country it does not have.
std::string describe_baseline(const Baseline& baseline, const std::string& country);

/// The code of a country given by code or name. Throws InputError with the nearest name.
std::string country_code(const World& world, const std::string& name);

/// Whether it balances, block by block.
std::string describe_balance(const Baseline& baseline, const BalanceReport& report);

}  // namespace entrepot
