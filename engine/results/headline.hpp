#pragma once

#include "show.hpp"
#include "table.hpp"

namespace entrepot {

/// One row per country: welfare, its components, real wage and trade; base values where there is no equilibrium.
Table headline(const ResultReader& reader, const ShowOptions& options);

}  // namespace entrepot
