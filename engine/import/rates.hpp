#pragma once

#include <filesystem>

#include "import/import_report.hpp"

namespace entrepot {

/// Tariffs from a CSV with columns importer,exporter,sector,rate (ad valorem, fraction). `*` stands for every country
/// or sector; a later row overrides an earlier one; what no row names stays as it is. Border values and receipts do not
/// move: a flow's purchasers pay its border value times 1 + rate, and the duties on a sector's inputs come off its
/// value added, where a table in basic prices has them among taxes less subsidies. Throws InputError: unknown codes
/// with the nearest, rates at or below −1 or above 10, a duty on home goods.
void apply_tariffs(World& world, const std::filesystem::path& file, ImportReport& report);

/// Trade elasticities θ from a CSV with columns sector,theta; `*` stands for all sectors without a row. Throws
/// InputError: unknown and missing sectors, θ that is not positive.
void apply_elasticities(World& world, const std::filesystem::path& file, ImportReport& report);

/// θ = 5.03 in every sector: the median over structural gravity estimates that use tariffs (Head and Mayer 2014,
/// Handbook of International Economics 4, table 3.5).
void default_elasticities(World& world, ImportReport& report);

}  // namespace entrepot
