#include "welfare.hpp"

#include <cmath>

namespace entrepot {

Vector consumer_price_index(const World& world, const Matrix& price) {
  Vector log_sum = Vector::Zero(world.country_count()), final_use = Vector::Zero(world.country_count());
  for (Index l = 0; l < world.location_count(); ++l) {
    const Index n = world.country_of_location(l), m = world.market(world.final_demand_use(), l);
    for (Index j = 0; j < world.sector_count(); ++j) {
      const double weight = world.final_use(l, j);
      if (weight == 0.0) continue;
      final_use(n) += weight;
      log_sum(n) += weight * std::log(price(m, j));
    }
  }
  return log_sum.binaryExpr(final_use,
                            [](double sum, double total) { return total > 0.0 ? std::exp(sum / total) : 1.0; });
}

Matrix consumer_price_weights(const World& world, Index country) {
  Matrix result = Matrix::Zero(world.market_count(), world.sector_count());
  double total = 0.0;
  for (Index l = 0; l < world.location_count(); ++l) {
    if (world.country_of_location(l) != country) continue;
    total += world.final_use.row(l).sum();
    result.row(world.market(world.final_demand_use(), l)) = world.final_use.row(l);
  }
  if (total > 0.0) result /= total;
  return result;
}

Vector real_income_change(const World& world, const Equilibrium& equilibrium) {
  const Vector price = consumer_price_index(world, equilibrium.price);
  return (equilibrium.income.array() / (income(world).array() * price.array())).matrix();
}

}  // namespace entrepot
