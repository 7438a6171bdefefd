#pragma once

#include <Eigen/Dense>

namespace entrepot {

/// One producer's unit cost and cost shares (model eq. 1; CRC14 for the nests): CES of value added and the bundle of
/// inputs, elasticity σ^V, the bundle a CES of inputs, elasticity σ^M. Exact Cobb–Douglas at elasticity 1.
/// base_inputs: γ, base cost shares of inputs; base_labour: γ^V; they sum to 1. log_price: ln P̂ of each input, +∞ for
/// one that can't be had. log_labour: ln(ŵ/Â). Writes the new shares; returns ln ĉ.
double unit_cost(const Eigen::Ref<const Eigen::VectorXd>& base_inputs, double base_labour,
                 const Eigen::Ref<const Eigen::VectorXd>& log_price, double log_labour, double value_added_elasticity,
                 double input_elasticity, Eigen::Ref<Eigen::VectorXd> inputs, double& labour);

/// How a producer's unit cost at given prices responds to its elasticities: the derivatives that unit_cost() has where
/// all else is held. Arguments as there.
struct CostResponse {
  double cost_by_upper = 0.0, cost_by_lower = 0.0;  ///< of ln ĉ by 1 − σ^V and by 1 − σ^M
  double log_bundle = 0.0;                          ///< ln P̂ of the bundle of inputs
  double bundle_by_lower = 0.0;                     ///< of that by 1 − σ^M
};
CostResponse cost_response(const Eigen::Ref<const Eigen::VectorXd>& base_inputs, double base_labour,
                           const Eigen::Ref<const Eigen::VectorXd>& log_price, double log_labour,
                           double value_added_elasticity, double input_elasticity);

}  // namespace entrepot
