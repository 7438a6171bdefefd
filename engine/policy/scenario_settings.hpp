#pragma once

#include <string>
#include <vector>

#include "text/schema.hpp"

namespace entrepot {

/// One setting of a scenario that can be changed while looking at what follows.
struct Setting {
  enum class Kind { kNumber, kSwitch, kChoice };

  std::string path;   ///< as in --set: "policy.customs.days_saved"
  std::string group;  ///< the policy's name and instrument, or the table it stands in
  std::string label;  ///< "days_saved", "coverage.mining"
  std::string meaning, unit;
  Kind kind = Kind::kNumber;
  bool written = false;  ///< in the file; else `value` is the default
  TomlValue value;       ///< as the scenario has it
  Range range = {};      ///< of a number: what it takes
  /// Of a number: the ends of its slider and its step; within the range and around the value, as ranges may be endless.
  double from = 0.0, to = 1.0, step = 0.01;
  std::vector<std::string> choices = {};
};

/// The settings of a checked scenario document, in the order of the file: of every policy whether it is enabled, its
/// numbers, switches and choices, be they written or defaults; the closure; elasticities and model options.
std::vector<Setting> scenario_settings(const TomlValue& document);

}  // namespace entrepot
