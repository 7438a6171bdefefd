#pragma once

#include <string>

namespace entrepot {

/// Markdown: every instrument with its parameters, defaults and an example; docs/instruments.md is this text.
std::string describe_instruments();

/// Markdown: the keys of a scenario file; docs/scenario.md is this text.
std::string describe_scenario_file();

}  // namespace entrepot
