#pragma once

#include <optional>

#include "equilibrium/adjoint.hpp"
#include "measures.hpp"

namespace entrepot {

/// One number of a run's measures: one of the three members says which.
struct MeasureNumber {
  Vector Measures::*by_country = nullptr;
  Matrix Measures::*by_sector = nullptr;
  Bilateral Measures::*trade = nullptr;
  Index place = 0;     ///< country; location; of trade the exporting location
  Index sector = 0;    ///< of by_sector and trade
  Index importer = 0;  ///< of trade: location
};

/// Adds weight times another measure, of the same world.
void add(MeasureSeed& to, double weight, const MeasureSeed& other);

/// Its value among the measures of an equilibrium. Without evasion nothing evades, and customs record what is traded.
double value_at(const Measures& measures, const MeasureNumber& number, const World& world, const Shock& shock,
                const Equilibrium& equilibrium);

/// How a measure follows from an equilibrium of `shock` in `world`, for Adjoint::gradient(). None for numbers of the
/// base year, which do not change.
std::optional<MeasureSeed> measure_seed(const MeasureNumber& number, const World& world, const Shock& shock,
                                        const Equilibrium& equilibrium);

}  // namespace entrepot
