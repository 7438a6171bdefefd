#pragma once

#include <string>

#include "dataset.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// A base year's accounts, named and described: by flow (sector × exporter × importer) trade, and by flow (and use,
/// where purchases differ by it) expenditure, tariff and export_tax; output, value_added and final_use by country and
/// sector; input by country, input sector and sector; income, exports, imports, tariff_revenue and deficit by country;
/// theta by sector. The world must have no zones.
void write_world(const World& world, const BaselineInfo& info, const std::string& sha256, DatasetSink& sink);

}  // namespace entrepot
