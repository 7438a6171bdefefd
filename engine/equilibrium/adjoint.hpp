#pragma once

#include <memory>

#include "solve.hpp"

namespace entrepot {

/// A measure of an equilibrium, by its derivatives with respect to what the measure is computed from, everything else
/// held. Empty arrays stand for zeros.
struct MeasureSeed {
  Matrix log_cost;                                          ///< of ln ĉ, location × sector
  Matrix log_price;                                         ///< of ln P̂, market × sector
  Matrix output, value_added;                               ///< per million USD, location × sector
  Vector income, tariff_revenue, export_tax_revenue, rent;  ///< per million USD, country
  Vector deficit;                                           ///< of D', per million USD, country
  Vector log_factor_price;                                  ///< of ln Φ̂, country
  /// Of a flow's value at producer prices and at border prices, per million USD, market × origin × sector.
  Bilateral receipts, border;
  /// Of its value at purchasers' prices, and of that at border prices as if no hub kept a part of it, likewise.
  Bilateral purchases, before_hubs;
  // What the measure has of these themselves, beside what it has by the equilibrium:
  std::vector<double> detour_share, detour_margin;  ///< of each detour's share and margin, per unit
  Bilateral open_share;                             ///< of s, per unit
};

/// Derivatives of one measure of an equilibrium, all of it adjusted, with respect to everything the equilibrium follows
/// from. Bilateral arrays are market × origin × sector; flows that the base year does not have are 0.
struct Gradient {
  Bilateral tariff, export_tax, rent;  ///< of τ', e', r: per unit (one unit is 100 percentage points)
  Bilateral log_iceberg;               ///< of ln d̂
  Bilateral open_share;                ///< of s, per unit; also where s is 0
  Bilateral log_share;         ///< of ln π, each by itself: the weight of a flow in its market of the base year
  std::vector<double> detour;  ///< of each detour's share · margin, per unit
  std::vector<double> detour_share, detour_margin;  ///< as of MeasureSeed, beside that; empty: 0
  Matrix log_productivity;                          ///< of ln Â, location × sector
  Vector transfer;                                  ///< of what is added to D', per million USD, country
  Vector theta;                                     ///< of θ, sector
  Vector value_added_elasticity, input_elasticity;  ///< of σ^V and σ^M, sector
  Vector labour_mobility;                           ///< of ν, country; 0 where labour is mobile
  int products = 0;                                 ///< of the transposed system, with its preconditioner, that it took
};

/// The adjoint of an equilibrium: of each measure the derivatives with respect to all parameters at once, at the cost
/// of one transposed linear system (docs/gradients.md). The derivatives are those of the equations themselves.
class Adjoint {
 public:
  /// The arguments must outlive it. equilibrium: a solved one of `shock` in this world.
  Adjoint(const World& world, const Shock& shock, const Equilibrium& equilibrium);
  ~Adjoint();
  Adjoint(const Adjoint&) = delete;
  Adjoint& operator=(const Adjoint&) = delete;

  /// Throws std::runtime_error where the linear system can't be solved: at a point where the equilibrium is not unique.
  Gradient gradient(const MeasureSeed& measure) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace entrepot
