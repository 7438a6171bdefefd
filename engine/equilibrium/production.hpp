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

}  // namespace entrepot
