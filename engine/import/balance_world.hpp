#pragma once

#include "import/import_report.hpp"

namespace entrepot {

/// What every format goes through between its reader and a baseline. All three keep trade between countries as it is
/// (but for entries that are negative) and list in the report what they change.

/// Final flows below zero (a sum over categories of final demand: inventories run down) become zero, and final use
/// grows by as much. Flows for intermediate use below zero likewise, with the inputs of all who use them.
void clear_negative_flows(World& world, ImportReport& report);

/// What can't be produced: value added below zero becomes zero; what a sector that sells nothing buys is counted as
/// final use and its value added is dropped; a sector that sells without any cost gets value added for all it sells.
void clear_impossible_producers(World& world, ImportReport& report);

/// Balances each country for itself: its trade and its total value added stay, and the accounts nearest to the
/// others in relative entropy are found (balance_accounts); deficits are what they imply. A world that balances to
/// 1e-12 is left to the last bit as it is. Throws InputError naming the countries that can't be balanced; `source`
/// stands for the files in the message.
void balance_world(World& world, ImportReport& report, const std::string& source);

/// Both uses in one market; where a flow's rates differ between them, those that keep its revenues.
World merge_uses(const World& world);

/// Deficits as final use asks: D = F − V − tariff and export-tax revenue.
Vector implied_deficits(const World& world);

}  // namespace entrepot
