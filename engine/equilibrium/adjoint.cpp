#include "adjoint.hpp"

#include <cmath>
#include <stdexcept>
#include <tuple>

#include "blocks.hpp"
#include "factor_markets.hpp"
#include "krylov.hpp"
#include "production.hpp"

namespace entrepot {

namespace {

constexpr double kBlockTolerance = 1e-13;  ///< of the equilibrium's blocks, taken up where it left them
constexpr double kAdjointTolerance = 1e-12;
constexpr double kStillGood = 1e-8;  ///< of the linear system; worse is no answer
constexpr int kMostProducts = 400;

/// One number for each equation: what relaxing it by one unit (in logs) does to the measure.
struct Multipliers {
  Matrix cost, output;  ///< sector × location
  Vector income;        ///< country
  Vector factor;        ///< factor market

  Vector packed() const {
    Vector all(cost.size() + output.size() + income.size() + factor.size());
    all << cost.reshaped(), output.reshaped(), income, factor;
    return all;
  }
};

/// Sums that every flow enters in the same way, of one measure.
struct FlowSeed {
  Matrix value;  ///< Σ_i π'·(received)·seed, market × sector: of one unit of spending
  Matrix own;    ///< Σ_m value of the flow · seed, location × sector
};

}  // namespace

struct Adjoint::Implementation {
  Implementation(const World& w, const Shock& s, const Equilibrium& e);

  const World& world;
  const Shock& shock;
  const Equilibrium& equilibrium;
  Kernel kernel;
  Blocks blocks;
  FactorMarkets factors;
  PriceState prices;
  SpendingState spending;
  Vector factor_income, supply;  ///< Φ̂V, country; what workers earn, factor market
  Bilateral share;               ///< π'
  Bilateral received;            ///< of one unit of the market's spending, what reaches the producer
  Bilateral duty;                ///< and what the importer's government gets; empty sectors where there is no tariff
  Matrix duty_of_spending;       ///< Σ_i duty, market × sector
  Matrix deficit_response;       ///< ∂D'/∂(Φ̂V), country × country

  const Matrix& input_share(Index l) const {
    return kernel.cobb_douglas ? kernel.input_share[at(l)] : prices.input_share[at(l)];
  }
  Index country(Index location) const { return world.country_of_location(location); }

  FlowSeed flow_seed(const MeasureSeed& measure) const;
  struct Bars {
    Matrix price;      ///< of ln P̂, market × sector
    Matrix value;      ///< of one unit of spending, market × sector
    Matrix wage;       ///< of ln ŵ of producers, sector × location, through costs and their shares
    Vector of_income;  ///< per million USD of each country's income
    Matrix of_output;  ///< per million USD of each producer's output, sector × location
    Matrix payroll;    ///< of one million USD more paid to a producer's workers, times what it pays, sector × location
    Vector log_income;  ///< of ln Φ̂ of each country, its factor markets apart
    Multipliers equations;
  };
  /// b + Jᵀλ: what moving each unknown (in logs) does to the measure plus the equations weighted by `multipliers`.
  /// measure and seed: nullptr for Jᵀλ alone.
  Multipliers reverse(const Multipliers& multipliers, const MeasureSeed* measure, const FlowSeed* seed,
                      Bars* bars = nullptr) const;
  void spend(const Vector& of_income, const Matrix& of_output, const MeasureSeed* measure, Matrix& value,
             Matrix& own) const;
  void nests(const Matrix& value, const Matrix& payroll, Matrix& price, Matrix& cost, Matrix& wage) const;
  Vector wages(const Matrix& wage, Vector& log_income, const Vector& multiplier) const;
  Multipliers precondition(const Multipliers& right) const;
  Multipliers unpacked(const Vector& all) const;
  Multipliers none() const;
  void domestic_spending(Matrix& output, Vector& income) const;
  Gradient differentiate(const MeasureSeed& measure, const Bars& bars) const;
  void differentiate_nests(const Bars& bars, Gradient& gradient) const;
  void differentiate_mobility(const Bars& bars, Gradient& gradient) const;
};

Adjoint::Implementation::Implementation(const World& w, const Shock& s, const Equilibrium& e)
    : world(w), shock(s), equilibrium(e), kernel(w, s), blocks(kernel), factors(kernel) {
  Vector log_wage(factors.size());
  for (Index f = 0; f < factors.size(); ++f) {
    const FactorMarkets::Market& market = factors.markets()[at(f)];
    log_wage(f) =
        std::log(market.location < 0 ? e.factor_price(market.country) : e.wage(market.location, market.sector));
  }
  prices.log_wage = factors.spread(log_wage);
  blocks.solve_prices(prices, kBlockTolerance);
  factor_income = factors.income(log_wage);
  spending.output = e.output.transpose();
  spending.income = e.income;
  blocks.solve_spending(prices, factor_income, spending, kBlockTolerance);
  supply = factors.supply(log_wage);
  factors.linearise(log_wage, prices, spending, blocks.domestic());

  const Index markets = kernel.markets, locations = kernel.locations, sectors = kernel.sectors;
  share = Bilateral(markets, locations, sectors);
  received = Bilateral(markets, locations, sectors);
  for (Index j = 0; j < sectors; ++j) {
    const auto weight = kernel.weight.sector(j), net = kernel.net_weight.sector(j);
    auto own_share = share.sector(j), own_received = received.sector(j);
    for (Index i = 0; i < locations; ++i) {
      own_share.col(i) = weight.col(i).array() * prices.supply(i, j) / prices.index.col(j).array();
      own_received.col(i) = net.col(i).array() * prices.supply(i, j) / prices.index.col(j).array();
    }
  }
  for (const PriceState::Remote& remote : prices.remote)
    for (Index i = 0; i < locations; ++i) {
      const double net = kernel.net_weight(remote.market, i, remote.sector);
      received(remote.market, i, remote.sector) = remote.share(i);
      share(remote.market, i, remote.sector) =
          net > 0.0 ? remote.share(i) * kernel.weight(remote.market, i, remote.sector) / net : 0.0;
    }
  duty = Bilateral(markets, locations, sectors);
  duty_of_spending = Matrix::Zero(markets, sectors);
  for (Index j = 0; j < sectors; ++j)
    if (kernel.tariffed[at(j)]) duty.sector(j) = share.sector(j) - received.sector(j);
  for (const TaxedFlow& flow : kernel.taxed_flows)
    if (kernel.tariffed[at(flow.sector)])
      duty(flow.market, flow.origin, flow.sector) -=
          received(flow.market, flow.origin, flow.sector) * (flow.export_tax + flow.rent);
  for (Index j = 0; j < sectors; ++j) duty_of_spending.col(j) = duty.sector(j).rowwise().sum();

  deficit_response = entrepot::deficit_response(world, shock, kernel.components, kernel.factor_income, factor_income);
}

Multipliers Adjoint::Implementation::none() const {
  return {Matrix::Zero(kernel.sectors, kernel.locations), Matrix::Zero(kernel.sectors, kernel.locations),
          Vector::Zero(kernel.countries), Vector::Zero(factors.size())};
}

Multipliers Adjoint::Implementation::unpacked(const Vector& all) const {
  Multipliers result = none();
  const Index producers = result.cost.size();
  result.cost = all.head(producers).reshaped(kernel.sectors, kernel.locations);
  result.output = all.segment(producers, producers).reshaped(kernel.sectors, kernel.locations);
  result.income = all.segment(2 * producers, kernel.countries);
  result.factor = all.tail(factors.size());
  return result;
}

FlowSeed Adjoint::Implementation::flow_seed(const MeasureSeed& measure) const {
  FlowSeed result{Matrix::Zero(kernel.markets, kernel.sectors), Matrix::Zero(kernel.locations, kernel.sectors)};
  if (measure.receipts.empty() && measure.border.empty() && measure.purchases.empty() && measure.before_hubs.empty())
    return result;
  for (Index j = 0; j < kernel.sectors; ++j)
    for (Index i = 0; i < kernel.locations; ++i)
      for (Index m = 0; m < kernel.markets; ++m) {
        const double got = received(m, i, j);
        if (got == 0.0) continue;
        double seed = measure.receipts.empty() ? 0.0 : measure.receipts(m, i, j);
        if (!measure.border.empty())
          seed += measure.border(m, i, j) * (1.0 + wedges_at(world, shock, m, i, j).export_tax);
        double worth = got * seed;
        if (!measure.purchases.empty()) worth += share(m, i, j) * measure.purchases(m, i, j);
        if (!measure.before_hubs.empty() && measure.before_hubs(m, i, j) != 0.0) {
          const Wedges wedges = wedges_at(world, shock, m, i, j);
          worth += share(m, i, j) * measure.before_hubs(m, i, j) / ((1.0 + wedges.tariff) * (1.0 + wedges.rent));
        }
        result.value(m, j) += worth;
        result.own(i, j) += worth * spending.spending(j, m);
      }
  return result;
}

/// What one unit of spending is worth, and what all flows of a producer are, where output and incomes have these
/// values.
void Adjoint::Implementation::spend(const Vector& of_income, const Matrix& of_output, const MeasureSeed* measure,
                                    Matrix& value, Matrix& own) const {
  const auto with = [&](Vector MeasureSeed::*seed) {
    return measure != nullptr && (measure->*seed).size() > 0 ? Vector(of_income + measure->*seed) : of_income;
  };
  const Vector of_duty = with(&MeasureSeed::tariff_revenue), of_tax = with(&MeasureSeed::export_tax_revenue),
               of_rent = with(&MeasureSeed::rent);
  Vector market_duty(kernel.markets);
  for (Index m = 0; m < kernel.markets; ++m) market_duty(m) = of_duty(world.country_of_market(m));
  for (Index j = 0; j < kernel.sectors; ++j) {
    const auto got = received.sector(j);
    const Vector of_producer = of_output.row(j).transpose();
    if (kernel.traded[at(j)]) {
      value.col(j).noalias() += got * of_producer;
    } else {
      for (Index m = 0; m < kernel.markets; ++m) {
        const Index l = world.location_of_market(m);
        value(m, j) += got(m, l) * of_producer(l);
      }
    }
    own.col(j) += of_producer.cwiseProduct(spending.output.row(j).transpose());
    if (!kernel.tariffed[at(j)]) continue;
    value.col(j) += duty_of_spending.col(j).cwiseProduct(market_duty);
    own.col(j).noalias() += duty.sector(j).transpose() * market_duty.cwiseProduct(spending.spending.row(j).transpose());
  }
  for (const TaxedFlow& flow : kernel.taxed_flows) {
    const double worth = received(flow.market, flow.origin, flow.sector) *
                         (flow.export_tax * of_tax(country(flow.origin)) + flow.rent * of_rent(flow.beneficiary));
    value(flow.market, flow.sector) += worth;
    own(flow.origin, flow.sector) += worth * spending.spending(flow.sector, flow.market);
  }
}

/// What moving prices, costs and wages does through the cost shares of CES nests. payroll: of one million USD more paid
/// to a producer's workers, times what it pays.
void Adjoint::Implementation::nests(const Matrix& value, const Matrix& payroll, Matrix& price, Matrix& cost,
                                    Matrix& wage) const {
  if (kernel.cobb_douglas) return;
  for (Index l = 0; l < kernel.locations; ++l) {
    const Index m = world.market(world.intermediate_use(), l);
    const Matrix& gamma = input_share(l);
    for (Index j = 0; j < kernel.sectors; ++j) {
      if (!kernel.alive(j, l)) continue;
      const double upper = 1.0 - world.value_added_elasticity(j), lower = 1.0 - world.input_elasticity(j);
      const Vector inputs = gamma.col(j).cwiseProduct(value.row(m).transpose()) * spending.output(j, l);
      const double all = inputs.sum(), bundle = gamma.col(j).sum();
      wage(j, l) += upper * payroll(j, l);
      cost(j, l) -= upper * (payroll(j, l) + all);
      if (!(bundle > 0.0)) continue;
      price.row(m) += (lower * inputs + (upper - lower) * all / bundle * gamma.col(j)).transpose();
    }
  }
}

/// From the wages that producers pay and from countries' factor incomes to the wages of factor markets.
/// What of that is by ln Φ̂ is added to log_income.
Vector Adjoint::Implementation::wages(const Matrix& wage, Vector& log_income, const Vector& multiplier) const {
  Vector result = Vector::Zero(factors.size());
  for (Index l = 0; l < kernel.locations; ++l)
    for (Index j = 0; j < kernel.sectors; ++j) {
      const Index f = factors.market_of(j, country(l));
      (f < 0 ? log_income(country(l)) : result(f)) += wage(j, l);
    }
  // The equation of a market: (demand − supply)/supply − (ΣΦ̂V − base)/ΣΦ̂V of its component.
  Vector numeraire = Vector::Zero(static_cast<Index>(kernel.components.size()));
  for (Index f = 0; f < factors.size(); ++f) {
    const FactorMarkets::Market& market = factors.markets()[at(f)];
    numeraire(kernel.component_of[at(market.country)]) += multiplier(f);
    if (market.location < 0) {
      log_income(market.country) -= multiplier(f);
    } else {
      const double nu = world.labour_mobility(market.country);
      result(f) -= nu * multiplier(f);
      log_income(market.country) -= (1.0 - nu) * multiplier(f);
    }
  }
  for (std::size_t c = 0; c < kernel.components.size(); ++c) {
    double total = 0.0;
    for (const Index n : kernel.components[c].countries) total += factor_income(n);
    for (const Index n : kernel.components[c].countries)
      log_income(n) -= numeraire(static_cast<Index>(c)) * factor_income(n) / total;
  }
  for (Index f = 0; f < factors.size(); ++f) {
    const FactorMarkets::Market& market = factors.markets()[at(f)];
    result(f) += log_income(market.country) * (market.location < 0 ? 1.0 : supply(f) / factor_income(market.country));
  }
  return result;
}

Multipliers Adjoint::Implementation::reverse(const Multipliers& multipliers, const MeasureSeed* measure,
                                             const FlowSeed* seed, Bars* bars) const {
  const Index sectors = kernel.sectors, locations = kernel.locations, markets = kernel.markets;
  const auto has = [&](const auto MeasureSeed::*member) { return measure != nullptr && (measure->*member).size() > 0; };
  const Matrix of_output =
      (spending.output.array() > 0.0).select(multipliers.output.array() / spending.output.array(), 0.0).matrix();
  const Vector of_income = multipliers.income.cwiseQuotient(spending.income);

  // Spending: what a unit is worth, and how flows move with costs and prices.
  Matrix value = Matrix::Zero(markets, sectors), own = Matrix::Zero(locations, sectors);
  if (seed != nullptr) {
    value = seed->value;
    own = seed->own;
  }
  spend(of_income, of_output, measure, value, own);
  Matrix price = value.cwiseProduct(spending.spending.transpose()) * world.theta.asDiagonal();
  Matrix cost = -(own * world.theta.asDiagonal()).transpose();

  // Payrolls: what producers pay their workers counts in the factor markets.
  Matrix of_payroll = Matrix::Zero(sectors, locations);  // per million USD
  for (Index f = 0; f < factors.size(); ++f) {
    const FactorMarkets::Market& market = factors.markets()[at(f)];
    const double worth = multipliers.factor(f) / supply(f);
    for (const Index l : kernel.locations_of[at(market.country)]) {
      if (market.location < 0)
        of_payroll.col(l).setConstant(worth);
      else
        of_payroll(market.sector, l) = worth;
    }
  }
  if (has(&MeasureSeed::value_added)) of_payroll += measure->value_added.transpose();

  // Demand.
  Multipliers result = none();
  for (Index l = 0; l < locations; ++l) {
    const Index inputs = world.market(world.intermediate_use(), l),
                final_use = world.market(world.final_demand_use(), l);
    result.output.col(l).noalias() = input_share(l).transpose() * value.row(inputs).transpose();
    result.income(country(l)) += kernel.final_share.col(l).dot(value.row(final_use).transpose());
  }
  result.output += of_payroll.cwiseProduct(prices.labour_share);
  if (has(&MeasureSeed::output)) result.output += measure->output.transpose();
  if (has(&MeasureSeed::income)) result.income += measure->income;

  // Costs and their shares.
  Matrix wage = multipliers.cost.cwiseProduct(prices.labour_share);
  for (Index l = 0; l < locations; ++l)
    price.row(world.market(world.intermediate_use(), l)) += (input_share(l) * multipliers.cost.col(l)).transpose();
  Matrix payroll = of_payroll.cwiseProduct(prices.labour_share).cwiseProduct(spending.output);
  nests(value, payroll, price, cost, wage);
  if (has(&MeasureSeed::log_cost)) cost += measure->log_cost.transpose();
  if (has(&MeasureSeed::log_price)) price += measure->log_price;
  for (Index j = 0; j < sectors; ++j) {
    if (kernel.traded[at(j)]) {
      cost.row(j).noalias() += (share.sector(j).transpose() * price.col(j)).transpose();
    } else {
      for (Index m = 0; m < markets; ++m) {
        const Index l = world.location_of_market(m);
        cost(j, l) += share(m, l, j) * price(m, j);
      }
    }
  }

  // Factor incomes.
  Vector of_deficit = of_income;
  if (has(&MeasureSeed::deficit)) of_deficit += measure->deficit;
  Vector log_income = (of_income + deficit_response.transpose() * of_deficit).cwiseProduct(factor_income);
  if (has(&MeasureSeed::log_factor_price)) log_income += measure->log_factor_price;
  result.factor = wages(wage, log_income, multipliers.factor);

  if (bars != nullptr)
    *bars = {price, value, wage, of_income, of_output, std::move(payroll), std::move(log_income), multipliers};
  result.cost = kernel.alive.select(cost - multipliers.cost, 0.0);
  result.output = kernel.alive.select(result.output.cwiseProduct(spending.output) - multipliers.output, 0.0);
  result.income = result.income.cwiseProduct(spending.income) - multipliers.income;
  return result;
}

/// The transposed step of Blocks::solve_spending, on multipliers per log unit.
void Adjoint::Implementation::domestic_spending(Matrix& output, Vector& income) const {
  const Domestic& domestic = blocks.domestic();
  const Matrix per_output =
      (spending.output.array() > 0.0).select(output.array() / spending.output.array(), 0.0).matrix();
  Vector step = income.cwiseQuotient(spending.income);
  for (Index l = 0; l < kernel.locations; ++l)
    step(country(l)) += domestic.final_response.col(l).dot(per_output.col(l));
  step.array() /= 1.0 - domestic.revenue_share.array();
  for (Index l = 0; l < kernel.locations; ++l)
    output.col(l) =
        (domestic.inverse[at(l)].transpose() * per_output.col(l) + domestic.revenue_of_output.col(l) * step(country(l)))
            .cwiseProduct(spending.output.col(l));
  income = step.cwiseProduct(spending.income);
}

/// About −J⁻ᵀ: spending through each country's own round-about, then costs likewise, then the factor markets by their
/// linear map, and what follows from that for spending and costs.
Multipliers Adjoint::Implementation::precondition(const Multipliers& right) const {
  const Domestic& domestic = blocks.domestic();
  const auto pass_costs = [&](const Matrix& gap) {
    Matrix result(kernel.sectors, kernel.locations);
    for (Index l = 0; l < kernel.locations; ++l) result.col(l).noalias() = domestic.inverse[at(l)] * gap.col(l);
    return result;
  };
  Multipliers first = none();
  first.output = right.output;
  first.income = right.income;
  domestic_spending(first.output, first.income);
  const Multipliers follows = reverse(first, nullptr, nullptr);
  first.cost = pass_costs(right.cost + follows.cost);
  Vector log_income = Vector::Zero(kernel.countries);
  const Vector gap = right.factor + follows.factor +
                     wages(first.cost.cwiseProduct(prices.labour_share), log_income, Vector::Zero(factors.size()));
  Multipliers second = none();
  second.factor = supply.cwiseProduct(factors.step_transposed(gap));
  const Multipliers response = reverse(second, nullptr, nullptr);
  second.output = response.output;
  domestic_spending(second.output, second.income);
  second.cost = pass_costs(reverse(second, nullptr, nullptr).cost);
  return {first.cost + second.cost, first.output + second.output, first.income + second.income, second.factor};
}

/// By the elasticities of the nests: through what producers' costs are at given prices, and through cost shares, whose
/// logs are ln γ + (1 − σ^V)(ln P_M − ln ĉ) + (1 − σ^M)(ln P̂ − ln P_M), P_M the bundle's price.
void Adjoint::Implementation::differentiate_nests(const Bars& bars, Gradient& gradient) const {
  gradient.value_added_elasticity = gradient.input_elasticity = Vector::Zero(kernel.sectors);
  for (Index l = 0; l < kernel.locations; ++l) {
    const Index m = world.market(world.intermediate_use(), l);
    const Vector log_price = prices.log_price.col(m);
    for (Index j = 0; j < kernel.sectors; ++j) {
      if (!kernel.alive(j, l)) continue;
      const double log_labour = prices.log_wage(j, l) - kernel.log_productivity(j, l), log_cost = prices.log_cost(j, l),
                   upper = 1.0 - world.value_added_elasticity(j), lower = 1.0 - world.input_elasticity(j);
      const CostResponse response =
          cost_response(kernel.input_share[at(l)].col(j), kernel.value_added_share(j, l), log_price, log_labour,
                        world.value_added_elasticity(j), world.input_elasticity(j));
      double by_upper = bars.equations.cost(j, l) * response.cost_by_upper,
             by_lower = bars.equations.cost(j, l) * response.cost_by_lower;
      if (bars.payroll(j, l) != 0.0) by_upper += bars.payroll(j, l) * (log_labour - log_cost);
      for (Index k = 0; k < kernel.sectors; ++k) {
        const double worth = input_share(l)(k, j) * bars.value(m, k) * spending.output(j, l);
        if (worth == 0.0) continue;
        by_upper += worth * (response.log_bundle - log_cost);
        by_lower += worth * (log_price(k) - response.log_bundle + (upper - lower) * response.bundle_by_lower);
      }
      gradient.value_added_elasticity(j) -= by_upper;
      gradient.input_elasticity(j) -= by_lower;
    }
  }
}

/// By how easily labour changes sector: through what workers of a sector earn, λ' = λ (ŵ/Φ̂)^ν, and through
/// ln Φ̂ = ln(Σ λ ŵ^ν)/ν.
void Adjoint::Implementation::differentiate_mobility(const Bars& bars, Gradient& gradient) const {
  gradient.labour_mobility = Vector::Zero(kernel.countries);
  Vector log_wage(factors.size());
  for (Index f = 0; f < factors.size(); ++f) {
    const FactorMarkets::Market& market = factors.markets()[at(f)];
    if (market.location >= 0) log_wage(f) = prices.log_wage(market.sector, market.location);
  }
  for (Index f = 0; f < factors.size(); ++f) {
    const FactorMarkets::Market& market = factors.markets()[at(f)];
    if (market.location < 0) continue;
    const Index n = market.country;
    const double above = log_wage(f) - std::log(factor_income(n) / kernel.factor_income(n));
    gradient.labour_mobility(n) +=
        above *
        (bars.log_income(n) * supply(f) / factor_income(n) / world.labour_mobility(n) - bars.equations.factor(f));
  }
}

Gradient Adjoint::Implementation::differentiate(const MeasureSeed& measure, const Bars& bars) const {
  Gradient gradient;
  const Index sectors = kernel.sectors, locations = kernel.locations, markets = kernel.markets;
  for (Bilateral* array : {&gradient.tariff, &gradient.export_tax, &gradient.rent, &gradient.log_iceberg,
                           &gradient.open_share, &gradient.log_share})
    *array = Bilateral(markets, locations, sectors);
  gradient.theta = Vector::Zero(sectors);
  const auto with = [&](Vector MeasureSeed::*seed) {
    return (measure.*seed).size() > 0 ? Vector(bars.of_income + measure.*seed) : bars.of_income;
  };
  const Vector of_duty = with(&MeasureSeed::tariff_revenue), of_tax = with(&MeasureSeed::export_tax_revenue),
               of_rent = with(&MeasureSeed::rent);
  // Of each flow, what hubs' margins are worth to them; then the flow itself, and what one unit less for its other
  // receivers costs.
  Bilateral kept, flow_of, others_of;
  if (!shock.detours.empty()) {
    for (Bilateral* array : {&kept, &flow_of, &others_of}) *array = Bilateral(markets, locations, sectors);
    for (const Detour& detour : shock.detours)
      kept(detour.market, detour.origin, detour.sector) += detour.share * detour.margin * of_rent(detour.hub);
  }
  for (Index j = 0; j < sectors; ++j) {
    const double theta = world.theta(j);
    const auto base = world.expenditure.sector(j);
    const Vector spent = base.rowwise().sum();
    for (Index i = 0; i < locations; ++i) {
      if (!kernel.alive(j, i)) continue;
      for (Index m = 0; m < markets; ++m) {
        if (base(m, i) == 0.0 || !kernel.supplied(j, m)) continue;
        const Wedges wedges = wedges_at(world, shock, m, i, j);
        const double relative =
            std::log(wedge_change(world, wedges, m, i, j)) + prices.log_cost(j, i) - prices.log_price(j, m);
        // π' were all of the flow allowed.
        const double whole = base(m, i) / spent(m) * std::exp(-theta * relative);
        const double x = spending.spending(j, m), importer = of_duty(world.country_of_market(m)),
                     exporter = of_tax(country(i)), beneficiary = of_rent(rent_receiver(world, shock, m, i, j));
        const double at_producer = bars.of_output(j, i) + (measure.receipts.empty() ? 0.0 : measure.receipts(m, i, j)),
                     at_border = measure.border.empty() ? 0.0 : measure.border(m, i, j);
        const double got = wedges.received(), left = 1.0 - wedges.hub_margin;
        const double paid_rent = 1.0 + wedges.rent, paid_duty = 1.0 + wedges.tariff, paid_tax = 1.0 + wedges.export_tax;
        const double producer = got * (at_producer + wedges.export_tax * exporter + paid_tax * at_border);
        const double duties = left * wedges.tariff / (paid_duty * paid_rent) * importer;
        const double rents = left * wedges.rent / paid_rent * beneficiary;
        const double before_hubs =
            measure.before_hubs.empty() ? 0.0 : measure.before_hubs(m, i, j) / (paid_duty * paid_rent);
        // What one million USD spent on the flow is worth.
        const double worth = producer + duties + rents + before_hubs + (kept.empty() ? 0.0 : kept(m, i, j)) +
                             (measure.purchases.empty() ? 0.0 : measure.purchases(m, i, j));
        const double per_share = whole * (x * worth - bars.price(m, j) / theta);
        const double by_weight = wedges.open_share * per_share, flow = wedges.open_share * whole * x;
        gradient.open_share(m, i, j) = per_share;
        gradient.log_share(m, i, j) = by_weight;
        gradient.log_iceberg(m, i, j) = -theta * by_weight;
        gradient.tariff(m, i, j) =
            -theta * by_weight / paid_duty +
            flow * (left / (paid_rent * paid_duty * paid_duty) * importer - (producer + before_hubs) / paid_duty);
        gradient.export_tax(m, i, j) = -theta * by_weight / paid_tax + flow * got / paid_tax * (exporter - at_producer);
        gradient.rent(m, i, j) =
            -theta * by_weight / paid_rent +
            flow * (left / (paid_rent * paid_rent) * beneficiary - (producer + duties + before_hubs) / paid_rent);
        gradient.theta(j) -= relative * by_weight;
        if (kept.empty()) continue;
        flow_of(m, i, j) = flow;
        others_of(m, i, j) = flow * (producer + duties + rents) / left;
      }
    }
  }
  for (const Detour& detour : shock.detours) {
    const auto [m, i, j] = std::tuple(detour.market, detour.origin, detour.sector);
    gradient.detour.push_back(flow_of(m, i, j) * of_rent(detour.hub) - others_of(m, i, j));
  }
  gradient.detour_share = measure.detour_share;
  gradient.detour_margin = measure.detour_margin;
  for (std::size_t k = 0; k < measure.open_share.values().size(); ++k)
    gradient.open_share.values()[k] += measure.open_share.values()[k];
  differentiate_nests(bars, gradient);
  differentiate_mobility(bars, gradient);
  gradient.log_productivity = -bars.wage.transpose();
  gradient.transfer = bars.of_income;
  if (measure.deficit.size() > 0) gradient.transfer += measure.deficit;
  return gradient;
}

Adjoint::Adjoint(const World& world, const Shock& shock, const Equilibrium& equilibrium)
    : implementation_(std::make_unique<Implementation>(world, shock, equilibrium)) {}

Adjoint::~Adjoint() = default;

Gradient Adjoint::gradient(const MeasureSeed& measure) const {
  const Implementation& self = *implementation_;
  const FlowSeed seed = self.flow_seed(measure);
  const Vector right = self.reverse(self.none(), &measure, &seed).packed();
  int products = 0;
  const auto product = [&](const Vector& v) -> Vector {
    ++products;
    return -self.reverse(self.precondition(self.unpacked(v)), nullptr, nullptr).packed();
  };
  const Vector solution = right.norm() > 0.0 ? gmres(product, right, kAdjointTolerance, kMostProducts) : right;
  const Multipliers multipliers = self.precondition(self.unpacked(solution));
  Implementation::Bars bars;
  const double left = self.reverse(multipliers, &measure, &seed, &bars).packed().norm();
  if (!(left <= kStillGood * right.norm()))
    throw std::runtime_error("The derivatives of this equilibrium could not be found: it may not be unique.");
  Gradient gradient = self.differentiate(measure, bars);
  gradient.products = products;
  return gradient;
}

}  // namespace entrepot
