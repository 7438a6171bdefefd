#pragma once

#include <string>

namespace entrepot {

/// Markdown: every variable of a run's file, its units and what it is; docs/result-variables.md is this text.
std::string describe_result_variables();

}  // namespace entrepot
