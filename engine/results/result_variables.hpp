#pragma once

#include <span>

#include "measures.hpp"
#include "zone_measures.hpp"

namespace entrepot {

/// How one measure is called and described in a result file: the one list that writing, showing and checking follow.
template <typename Array, typename Owner = Measures>
struct MeasureVariable {
  const char* name;
  const char* units;  ///< "percent" or "million USD"
  const char* long_name;
  const char* description;
  Array Owner::*values;
};

/// Dimensions: country.
std::span<const MeasureVariable<Vector>> country_variables();
/// Dimensions: country × sector; location × sector where there are zones.
std::span<const MeasureVariable<Matrix>> sector_variables();
/// Dimensions: sector × exporter × importer.
std::span<const MeasureVariable<Bilateral>> trade_variables();

/// Dimensions: zone; only where there are zones. Each has a counterpart NAME_base in the base.
std::span<const MeasureVariable<Vector, ZoneFigures>> zone_variables();
/// Dimensions: zone × sector; likewise.
std::span<const MeasureVariable<Matrix, ZoneFigures>> zone_sector_variables();
/// Dimensions: zone; changes, without a counterpart.
std::span<const MeasureVariable<Vector, ZoneMeasures>> zone_changes();

}  // namespace entrepot
