#pragma once

#include <nlohmann/json.hpp>

#include "results/result_reader.hpp"

namespace entrepot {

/// What page/page.js draws of a run: see there for the keys.
nlohmann::ordered_json run_data(const ResultReader& reader);

/// And of a sweep.
nlohmann::ordered_json sweep_data(const DatasetSource& reader);

/// The policies of a scenario's text, each with its instrument's meaning and its settings in words; and its `sources`
/// and `notes`. Tables of CSV may follow the text.
nlohmann::ordered_json scenario_data(const std::string& text);

}  // namespace entrepot
