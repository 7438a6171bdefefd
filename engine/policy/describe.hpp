#pragma once

#include <string>

#include "text/schema.hpp"

namespace entrepot {

/// Markdown: every instrument with its parameters, defaults and an example; docs/instruments.md is this text.
std::string describe_instruments();

/// Markdown: the keys of a scenario file; docs/scenario.md is this text.
std::string describe_scenario_file();

/// Markdown: a table of a schema's keys, what they take, their defaults and meanings.
std::string schema_table(const Schema& schema);

}  // namespace entrepot
