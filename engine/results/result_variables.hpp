#pragma once

#include <span>

#include "measures.hpp"

namespace entrepot {

/// How one measure is called and described in a result file: the one list that writing, showing and checking follow.
template <typename Array>
struct MeasureVariable {
  const char* name;
  const char* units;  ///< "percent" or "million USD"
  const char* long_name;
  const char* description;
  Array Measures::*values;
};

/// Dimensions: country.
std::span<const MeasureVariable<Vector>> country_variables();
/// Dimensions: country × sector; location × sector where there are zones.
std::span<const MeasureVariable<Matrix>> sector_variables();
/// Dimensions: sector × exporter × importer.
std::span<const MeasureVariable<Bilateral>> trade_variables();

}  // namespace entrepot
