#pragma once

#include "show.hpp"
#include "table.hpp"

namespace entrepot {

/// One row per country: welfare, its components, real wage and trade; base values where there is no equilibrium.
Table headline(const ResultReader& reader, const ShowOptions& options);

/// Who gains and who loses most, in million USD, the world's sum, and what came of each condition: lines above the
/// table. Empty without an equilibrium.
std::string headline_summary(const ResultReader& reader);

/// What the table's columns mean, in a few lines.
std::string headline_legend(const ResultReader& reader);

}  // namespace entrepot
