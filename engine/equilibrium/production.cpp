#include "production.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace entrepot {

namespace {

/// ln of a CES index over terms of base share `share` and ln price; elasticity 1 is the share-weighted mean of logs.
/// Near 1 the exponents are small: expm1 and log1p keep the digits that 1/(1−σ) would lose.
double log_index(const Eigen::Ref<const Eigen::VectorXd>& share, const Eigen::Ref<const Eigen::VectorXd>& log_price,
                 double elasticity) {
  const double power = 1.0 - elasticity;
  double total = 0.0, mean = 0.0;
  for (Eigen::Index k = 0; k < share.size(); ++k) {
    if (share(k) == 0.0 || !std::isfinite(log_price(k))) continue;
    total += share(k);
    mean += share(k) * log_price(k);
  }
  if (!(total > 0.0)) return std::numeric_limits<double>::infinity();
  mean /= total;
  double all = 0.0;
  for (Eigen::Index k = 0; k < share.size(); ++k) all += share(k);
  if (power == 0.0) return mean;
  // Terms that can't be had add nothing (their σ > 1): ln(total/all)/(1−σ) raises the index of what is left.
  double largest = 0.0;
  for (Eigen::Index k = 0; k < share.size(); ++k)
    if (share(k) > 0.0 && std::isfinite(log_price(k))) largest = std::max(largest, power * (log_price(k) - mean));
  double excess = 0.0;
  if (largest < 1.0) {
    for (Eigen::Index k = 0; k < share.size(); ++k)
      if (share(k) > 0.0 && std::isfinite(log_price(k)))
        excess += share(k) / total * std::expm1(power * (log_price(k) - mean));
    excess = std::log1p(excess);
  } else {
    for (Eigen::Index k = 0; k < share.size(); ++k)
      if (share(k) > 0.0 && std::isfinite(log_price(k)))
        excess += share(k) / total * std::exp(power * (log_price(k) - mean) - largest);
    excess = std::log(excess) + largest;
  }
  return mean + (excess + std::log(total / all)) / power;
}

/// The derivative of log_index() by 1 − σ: (Σ s ln p − ln P)/(1 − σ), s the shares at these prices. Near 0 by the
/// cumulants of ln p, whose generating function (1 − σ) ln P is.
double log_index_by_power(const Eigen::Ref<const Eigen::VectorXd>& share,
                          const Eigen::Ref<const Eigen::VectorXd>& log_price, double elasticity, double index) {
  constexpr double kSmall = 1e-3;
  const double power = 1.0 - elasticity, all = share.sum();
  double mean = 0.0, weight = 0.0;
  const auto had = [&](Eigen::Index k) { return share(k) > 0.0 && std::isfinite(log_price(k)); };
  if (std::abs(power) >= kSmall) {
    for (Eigen::Index k = 0; k < share.size(); ++k)
      if (had(k)) mean += share(k) / all * std::exp(power * (log_price(k) - index)) * (log_price(k) - index);
    return mean / power;
  }
  for (Eigen::Index k = 0; k < share.size(); ++k)
    if (had(k)) {
      weight += share(k);
      mean += share(k) * log_price(k);
    }
  if (!(weight > 0.0)) return 0.0;
  mean /= weight;
  double second = 0.0, third = 0.0, fourth = 0.0;
  for (Eigen::Index k = 0; k < share.size(); ++k)
    if (had(k)) {
      const double apart = log_price(k) - mean, square = apart * apart;
      second += share(k) / weight * square;
      third += share(k) / weight * square * apart;
      fourth += share(k) / weight * square * square;
    }
  return second / 2.0 + power * third / 3.0 + power * power * (fourth - 3.0 * second * second) / 8.0;
}

}  // namespace

double unit_cost(const Eigen::Ref<const Eigen::VectorXd>& base_inputs, double base_labour,
                 const Eigen::Ref<const Eigen::VectorXd>& log_price, double log_labour, double value_added_elasticity,
                 double input_elasticity, Eigen::Ref<Eigen::VectorXd> inputs, double& labour) {
  const double base_bundle = base_inputs.sum();
  const double bundle = base_bundle > 0.0 ? log_index(base_inputs, log_price, input_elasticity) : 0.0;
  Eigen::Vector2d share(base_labour, base_bundle), price(log_labour, bundle);
  const double cost = log_index(share, price, value_added_elasticity);
  labour = base_labour * std::exp((1.0 - value_added_elasticity) * (log_labour - cost));
  const double bundle_share =
      std::isfinite(bundle) ? base_bundle * std::exp((1.0 - value_added_elasticity) * (bundle - cost)) : 0.0;
  for (Eigen::Index k = 0; k < inputs.size(); ++k) {
    const bool had = base_inputs(k) > 0.0 && std::isfinite(log_price(k));
    inputs(k) =
        had ? bundle_share * base_inputs(k) / base_bundle * std::exp((1.0 - input_elasticity) * (log_price(k) - bundle))
            : 0.0;
  }
  return cost;
}

CostResponse cost_response(const Eigen::Ref<const Eigen::VectorXd>& base_inputs, double base_labour,
                           const Eigen::Ref<const Eigen::VectorXd>& log_price, double log_labour,
                           double value_added_elasticity, double input_elasticity) {
  CostResponse result;
  const double base_bundle = base_inputs.sum();
  if (base_bundle > 0.0) {
    result.log_bundle = log_index(base_inputs, log_price, input_elasticity);
    if (std::isfinite(result.log_bundle))
      result.bundle_by_lower = log_index_by_power(base_inputs, log_price, input_elasticity, result.log_bundle);
  }
  const Eigen::Vector2d share(base_labour, base_bundle), price(log_labour, result.log_bundle);
  const double cost = log_index(share, price, value_added_elasticity);
  result.cost_by_upper = log_index_by_power(share, price, value_added_elasticity, cost);
  if (base_bundle > 0.0 && std::isfinite(result.log_bundle))
    result.cost_by_lower =
        base_bundle * std::exp((1.0 - value_added_elasticity) * (result.log_bundle - cost)) * result.bundle_by_lower;
  return result;
}

}  // namespace entrepot
