#pragma once

#include "adjoint.hpp"
#include "conditions.hpp"

namespace entrepot {

/// The adjoint of an equilibrium with conditions: rents of the caps that bind and transfers of the groups that share
/// their burden move along, so that the conditions go on to hold. Caps that are slack or an embargo stay so.
class SettledAdjoint {
 public:
  /// The arguments must outlive it. settled: solved, in this world.
  SettledAdjoint(const World& world, const Settlement& settled);

  struct Answer {
    Gradient gradient;
    Vector log_limit;  ///< of ln of each cap's limit over the exporter's price at the border, in the order of
                       ///< Settlement::caps
  };
  /// Throws std::runtime_error as Adjoint::gradient() does, and where the conditions depend on each other.
  Answer gradient(const MeasureSeed& measure) const;

 private:
  /// What a condition's unknown moves, and the gradient of what must stay zero.
  struct Condition {
    const CapOutcome* cap = nullptr;  ///< else a transfer
    std::size_t number = 0;           ///< of the cap
    Index to = 0, from = 0;           ///< of a transfer, countries
    Gradient gradient;
  };
  double response(const Condition& unknown, const Gradient& of) const;

  const World& world_;
  const Settlement& settled_;
  Adjoint adjoint_;
  std::vector<Condition> conditions_;
  Eigen::PartialPivLU<Matrix> transposed_;  ///< of the conditions' derivatives by their unknowns
};

}  // namespace entrepot
