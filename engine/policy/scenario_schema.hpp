#pragma once

#include "text/schema.hpp"

namespace entrepot {

/// The keys of a scenario file: at its top, and in its tables [reference], [model] and [solver].
const Schema& scenario_schema();
const Schema& reference_schema();
const Schema& model_schema();
const Schema& solver_schema();

/// What a value in [theta] must be.
Parameter theta_value();
/// What its `set` must be: the name of one of the base year's alternative elasticities.
Parameter theta_set();

}  // namespace entrepot
