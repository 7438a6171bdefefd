#include "settled_adjoint.hpp"

#include <stdexcept>

#include "welfare.hpp"

namespace entrepot {

namespace {

/// ln of real income, Î/P̂.
void add_real_income(const World& world, const Equilibrium& equilibrium, Index n, double sign, MeasureSeed& seed) {
  if (seed.income.size() == 0) seed.income = Vector::Zero(world.country_count());
  if (seed.log_price.size() == 0) seed.log_price = Matrix::Zero(world.market_count(), world.sector_count());
  seed.income(n) += sign / equilibrium.income(n);
  seed.log_price -= sign * consumer_price_weights(world, n);
}

void add(Gradient& to, double scale, const Gradient& other) {
  for (Bilateral Gradient::*array : {&Gradient::tariff, &Gradient::export_tax, &Gradient::rent, &Gradient::log_iceberg,
                                     &Gradient::open_share, &Gradient::log_share})
    for (std::size_t k = 0; k < (to.*array).values().size(); ++k)
      (to.*array).values()[k] += scale * (other.*array).values()[k];
  for (std::size_t d = 0; d < to.detour.size(); ++d) to.detour[d] += scale * other.detour[d];
  to.log_productivity += scale * other.log_productivity;
  to.transfer += scale * other.transfer;
  for (Vector Gradient::*of :
       {&Gradient::theta, &Gradient::value_added_elasticity, &Gradient::input_elasticity, &Gradient::labour_mobility})
    to.*of += scale * (other.*of);
  to.products += other.products;
}

}  // namespace

SettledAdjoint::SettledAdjoint(const World& world, const Settlement& settled)
    : world_(world), settled_(settled), adjoint_(world, settled.shock, settled.solution.equilibrium) {
  const Equilibrium& equilibrium = settled.solution.equilibrium;
  for (std::size_t k = 0; k < settled.caps.size(); ++k) {
    const CapOutcome& cap = settled.caps[k];
    if (cap.state != CapOutcome::State::kBinding) continue;
    MeasureSeed price;
    price.log_cost = Matrix::Zero(world.location_count(), world.sector_count());
    price.log_cost(cap.cap.origin, cap.cap.sector) = 1.0;
    conditions_.push_back({.cap = &cap, .number = k, .gradient = adjoint_.gradient(price)});
  }
  for (const BurdenOutcome& burden : settled.burdens)
    for (std::size_t k = 0; k + 1 < burden.countries.size(); ++k) {
      const Index to = burden.countries[k], from = burden.countries.back();
      MeasureSeed difference;
      add_real_income(world, equilibrium, to, 1.0, difference);
      add_real_income(world, equilibrium, from, -1.0, difference);
      conditions_.push_back({.to = to, .from = from, .gradient = adjoint_.gradient(difference)});
    }
  const auto count = static_cast<Index>(conditions_.size());
  if (count == 0) return;
  Matrix transposed(count, count);
  for (Index i = 0; i < count; ++i)
    for (Index k = 0; k < count; ++k) transposed(k, i) = response(conditions_[at(k)], conditions_[at(i)].gradient);
  transposed_.compute(transposed);
}

double SettledAdjoint::response(const Condition& unknown, const Gradient& of) const {
  if (unknown.cap == nullptr) return of.transfer(unknown.to) - of.transfer(unknown.from);
  const PriceCap& cap = unknown.cap->cap;
  double sum = 0.0;
  for (const Index m : cap.markets) sum += of.rent(m, cap.origin, cap.sector);
  return sum;
}

SettledAdjoint::Answer SettledAdjoint::gradient(const MeasureSeed& measure) const {
  Answer answer{adjoint_.gradient(measure), Vector::Zero(static_cast<Index>(settled_.caps.size()))};
  const auto count = static_cast<Index>(conditions_.size());
  if (count == 0) return answer;
  Vector moved(count);
  for (Index k = 0; k < count; ++k) moved(k) = response(conditions_[at(k)], answer.gradient);
  const Vector weight = transposed_.solve(-moved);
  if (!weight.allFinite())
    throw std::runtime_error("The derivatives of this equilibrium could not be found: its conditions hang together.");
  for (Index i = 0; i < count; ++i) {
    const Condition& condition = conditions_[at(i)];
    add(answer.gradient, weight(i), condition.gradient);
    if (condition.cap != nullptr) answer.log_limit(static_cast<Index>(condition.number)) = -weight(i);
  }
  return answer;
}

}  // namespace entrepot
