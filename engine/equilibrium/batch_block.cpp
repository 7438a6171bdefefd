#include "batch_block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <tuple>
#include <utility>

namespace entrepot {

namespace {

constexpr double kLongestStep = 0.5;  ///< in ln ŵ
// Of the tolerance: prices and spending are off by a fraction of what their last step changed, wages by all of it, and
// a residual can be twice the change.
constexpr double kCloseBlocks = 0.4;
constexpr double kCloseWages = 0.1;
constexpr double kRidge = 1e-14;  ///< keeps the acceleration's equations solvable
enum ErrorRow : Index { kCosts, kSpending, kIncome, kOutput, kFactors, kErrors };

}  // namespace

BatchBlock::BatchBlock(const BatchBase& base, Index lanes, double tolerance, bool hold_wages)
    : base_(base),
      lanes_((lanes + kLaneGroup - 1) / kLaneGroup * kLaneGroup),
      tolerance_(tolerance),
      hold_wages_(hold_wages),
      busy_(at(lanes_), false),
      steps_(at(lanes_), 0),
      corrections_(at(base.kernel.sectors)),
      payments_(at(base.kernel.sectors)),
      leaks_(base.leaks),
      has_last_(at(lanes_), false) {
  const Kernel& kernel = base.kernel;
  const auto rows = [&](Index count) { return Lanes(Lanes::Zero(count, lanes_)); };
  theta_ = minus_inverse_theta_ = rows(kernel.sectors);
  deficit_ = log_wage_ = income_ = factor_ = rows(kernel.countries);
  revenue_ = export_tax_ = rent_ = rows(kernel.countries);
  log_cost_ = supply_ = foreign_ = received_ = rest_ = rows(kernel.sectors * kernel.locations);
  spending_ = log_price_ = rows(kernel.sectors * kernel.markets);
  index_ = scaled_ = net_ = rows(padded(kernel.markets));
  sold_ = rows(padded(kernel.locations));
  product_ = rows(padded(kernel.sectors));
  gap_ = rows(padded(kernel.countries));
  wish_ = last_wage_ = last_step_ = rows(padded(kernel.countries));
  error_ = rows(kErrors);
  moved_.assign(kWagesRemembered, wish_);
  changed_.assign(kWagesRemembered, wish_);
  for (Index j = 0; j < kernel.sectors; ++j) {
    Corrections& own = corrections_[at(j)];
    own.flows = base.touched[at(j)];
    own.weight = own.net = rows(static_cast<Index>(own.flows.size()));
    for (const SectorFlow& flow : own.flows) {
      own.plain_weight.push_back(kernel.weight(flow.market, flow.origin, j));
      own.plain_net.push_back(kernel.net_weight(flow.market, flow.origin, j));
    }
  }
  for (Index lane = 0; lane < lanes_; ++lane) leave(lane);
}

// ---- One step ------------------------------------------------------------------------------------------------------

void BatchBlock::step() {
  error_.setZero();
  if (!hold_wages_) move_wages();
  prices_and_receipts();
  costs();
  incomes();
  spend();
  clear_markets();
  for (int& count : steps_) ++count;
}

/// The factor markets' own linear map of the gaps, accelerated by what the last few steps of each lane did (Anderson,
/// type II). `wish_` holds how far they came.
void BatchBlock::move_wages() {
  const Kernel& kernel = base_.kernel;
  const Index countries = kernel.countries;
  lane_product(base_.wage_step, gap_.data(), lanes_, wish_.data(), lanes_, lanes_);
  Lanes& moved = moved_[at(slot_)];
  Lanes& changed = changed_[at(slot_)];
  // Newest first, so that a lane adds up in the same order whenever it was entered.
  const auto aged = [newest = slot_](Index age) { return at((newest + kWagesRemembered - age) % kWagesRemembered); };
  slot_ = (slot_ + 1) % kWagesRemembered;
  Eigen::Array<double, 1, Eigen::Dynamic> known(lanes_);
  for (Index lane = 0; lane < lanes_; ++lane) {
    known(lane) = has_last_[at(lane)] ? 1.0 : 0.0;
    has_last_[at(lane)] = busy_[at(lane)] && steps_[at(lane)] > 0;  // the first gap is known after the first step
  }
  Lanes products = Lanes::Zero(kWagesRemembered * kWagesRemembered, lanes_),
        targets = Lanes::Zero(kWagesRemembered, lanes_);
  for (Index n = 0; n < countries; ++n) {
    lane_row(moved, n) = (lane_row(log_wage_, n) - lane_row(last_wage_, n)) * known;
    lane_row(changed, n) = (lane_row(wish_, n) - lane_row(last_step_, n)) * known;
    lane_row(last_wage_, n) = lane_row(log_wage_, n);
    lane_row(last_step_, n) = lane_row(wish_, n);
    for (Index a = 0; a < kWagesRemembered; ++a) {
      const LaneRow one = lane_row(changed_[aged(a)], n);
      lane_row(targets, a) += one * lane_row(wish_, n);
      for (Index b = 0; b <= a; ++b)
        lane_row(products, a * kWagesRemembered + b) += one * lane_row(changed_[aged(b)], n);
    }
  }
  Lanes share = Lanes::Zero(kWagesRemembered, lanes_);
  for (Index lane = 0; lane < lanes_; ++lane) {
    if (!has_last_[at(lane)]) continue;
    Eigen::Matrix<double, kWagesRemembered, kWagesRemembered> system;
    Eigen::Matrix<double, kWagesRemembered, 1> right;
    for (Index a = 0; a < kWagesRemembered; ++a) {
      right(a) = targets(a, lane);
      for (Index b = 0; b <= a; ++b) system(a, b) = system(b, a) = products(a * kWagesRemembered + b, lane);
    }
    // Each difference in units of its own length: they shrink as the lane settles.
    Eigen::Matrix<double, kWagesRemembered, 1> length = system.diagonal().cwiseSqrt();
    for (Index a = 0; a < kWagesRemembered; ++a) length(a) = length(a) > 0.0 ? 1.0 / length(a) : 0.0;
    system = length.asDiagonal() * system * length.asDiagonal();
    for (Index a = 0; a < kWagesRemembered; ++a) system(a, a) = length(a) > 0.0 ? system(a, a) + kRidge : 1.0;
    share.col(lane) = length.cwiseProduct(system.ldlt().solve(length.cwiseProduct(right)));
    if (!share.col(lane).allFinite()) share.col(lane).setZero();
  }
  Eigen::Array<double, 1, Eigen::Dynamic> longest = Eigen::Array<double, 1, Eigen::Dynamic>::Zero(lanes_);
  for (Index n = 0; n < countries; ++n) {
    LaneRow step = lane_row(wish_, n);
    for (Index a = 0; a < kWagesRemembered; ++a)
      step -= lane_row(share, a) * (lane_row(moved_[aged(a)], n) + lane_row(changed_[aged(a)], n));
    longest = longest.max(step.abs());
  }
  // No step is longer than allowed, and world factor income is the numeraire.
  const Eigen::Array<double, 1, Eigen::Dynamic> part = (kLongestStep / longest.max(kLongestStep));
  Eigen::Array<double, 1, Eigen::Dynamic> total = Eigen::Array<double, 1, Eigen::Dynamic>::Zero(lanes_);
  for (Index n = 0; n < countries; ++n) {
    LaneRow wage = lane_row(log_wage_, n);
    wage += part * lane_row(wish_, n);
    total += wage.exp() * kernel.factor_income(n);
  }
  const Eigen::Array<double, 1, Eigen::Dynamic> level = (kernel.factor_income.sum() / total).log();
  for (Index n = 0; n < countries; ++n) {
    lane_row(log_wage_, n) += level;
    lane_row(wish_, n) = lane_row(log_wage_, n) - lane_row(last_wage_, n);
  }
}

/// What costs and spending of one sector will come to after the last move of wages, to first order: without it, wages
/// would move again before prices and spending have settled.
void BatchBlock::follow_wages(Index j) {
  const Index locations = base_.kernel.locations, markets = base_.kernel.markets;
  lane_product(base_.cost_response[at(j)], wish_.data(), lanes_, sold_.data(), lanes_, lanes_);
  for (Index l = 0; l < locations; ++l) lane_row(log_cost_, j * locations + l) += lane_row(sold_, l);
  lane_product(base_.spending_response[at(j)], wish_.data(), lanes_, scaled_.data(), lanes_, lanes_);
  for (Index m = 0; m < markets; ++m) {
    LaneRow spending = lane_row(spending_, j * markets + m);
    spending += spending * lane_row(scaled_, m).max(-0.5).min(0.5);
  }
}

/// Model eqs. 2–4, sector by sector: prices at these costs, and what producers receive of last step's spending at these
/// prices, that of their own market apart.
void BatchBlock::prices_and_receipts() {
  const Kernel& kernel = base_.kernel;
  const World& world = base_.world;
  const Index locations = kernel.locations, markets = kernel.markets;
  const Index inputs = world.market(world.intermediate_use(), 0);
  revenue_.setZero();
  export_tax_.setZero();
  rent_.setZero();
  for (Index j = 0; j < kernel.sectors; ++j) {
    const ConstLaneRow theta = lane_row(std::as_const(theta_), j);
    const ConstLaneRow inverse = lane_row(std::as_const(minus_inverse_theta_), j);
    if (!hold_wages_) follow_wages(j);
    for (Index l = 0; l < locations; ++l)
      lane_row(supply_, j * locations + l) = -theta * lane_row(log_cost_, j * locations + l);
    lane_exp(supply_.row(j * locations).data(), supply_.row(j * locations).data(), locations * lanes_);
    const double* supply = supply_.row(j * locations).data();
    const bool traded = kernel.traded[at(j)];
    const bool leaks = leaks_[at(j)];
    if (traded) {
      lane_product(base_.weight[at(j)], supply, lanes_, index_.data(), lanes_, lanes_);
      if (leaks) {
        const Matrix& net = base_.net_weight[at(j)].size() > 0 ? base_.net_weight[at(j)] : base_.weight[at(j)];
        lane_product(net, supply, lanes_, net_.data(), lanes_, lanes_);
      }
    } else {
      for (Index m = 0; m < markets; ++m) {
        const Index l = world.location_of_market(m);
        lane_row(index_, m) = kernel.weight(m, l, j) * lane_row(supply_, j * locations + l);
        if (leaks) lane_row(net_, m) = kernel.net_weight(m, l, j) * lane_row(supply_, j * locations + l);
      }
    }
    const Corrections& own = corrections_[at(j)];
    for (std::size_t f = 0; f < own.flows.size(); ++f) {
      const auto [m, i] = own.flows[f];
      const LaneRow from = lane_row(supply_, j * locations + i);
      lane_row(index_, m) += lane_row(own.weight, static_cast<Index>(f)) * from;
      lane_row(net_, m) += lane_row(own.net, static_cast<Index>(f)) * from;
    }
    for (Index m = 0; m < markets; ++m) {
      if (!kernel.supplied(j, m)) {
        lane_row(index_, m).setOnes();
        lane_row(net_, m).setOnes();
      }
      const Index row = j * markets + m;
      lane_row(scaled_, m) = lane_row(spending_, row) / lane_row(index_, m);
      if (leaks)
        lane_row(revenue_, world.country_of_market(m)) +=
            lane_row(scaled_, m) * (lane_row(index_, m) - lane_row(net_, m));
    }
    lane_log(index_.data(), log_price_.row(j * markets).data(), markets * lanes_);
    for (Index m = 0; m < markets; ++m) lane_row(log_price_, j * markets + m) *= inverse;
    for (Index l = 0; l < locations; ++l)
      lane_row(rest_, j * locations + l) = lane_row(log_price_, j * markets + inputs + l) -
                                           base_.own_share(j, l) * lane_row(log_cost_, j * locations + l);
    if (traded) {
      lane_product(base_.receipts[at(j)], scaled_.data(), lanes_, sold_.data(), lanes_, lanes_);
    } else {
      sold_.setZero();
      for (Index m = 0; m < markets; ++m) {
        const Index l = world.location_of_market(m);
        lane_row(sold_, l) += kernel.net_weight(m, l, j) * lane_row(scaled_, m);
      }
    }
    for (std::size_t f = 0; f < own.flows.size(); ++f) {
      const auto [m, i] = own.flows[f];
      lane_row(sold_, i) += lane_row(own.net, static_cast<Index>(f)) * lane_row(scaled_, m);
    }
    const Payments& payments = payments_[at(j)];
    for (std::size_t p = 0; p < payments.payers.size(); ++p) {
      const auto& [flow, country, tax] = payments.payers[p];
      LaneRow to = lane_row(tax ? export_tax_ : rent_, country),
              from = lane_row(revenue_, world.country_of_market(flow.market));
      const ConstLaneRow rate = lane_row(payments.rate, static_cast<Index>(p));
      const LaneRow supplied = lane_row(supply_, j * locations + flow.origin), spent = lane_row(scaled_, flow.market);
      to += rate * supplied * spent;
      from -= rate * supplied * spent;
    }
    for (Index l = 0; l < locations; ++l) {
      LaneRow received = lane_row(received_, j * locations + l);
      received = lane_row(sold_, l) * lane_row(supply_, j * locations + l);
      LaneRow foreign = lane_row(foreign_, j * locations + l);
      foreign = received - base_.own_share(j, l) * lane_row(spending_, j * markets + inputs + l);
      if (world.uses > 1)
        foreign -=
            base_.own_final_share(j, l) * lane_row(spending_, j * markets + world.market(world.final_demand_use(), l));
    }
  }
}

/// Model eq. 1, each country's own round-about inverted.
void BatchBlock::costs() {
  const Kernel& kernel = base_.kernel;
  const Index locations = kernel.locations;
  LaneRow worst = lane_row(error_, kCosts);
  for (Index l = 0; l < locations; ++l) {
    lane_product(base_.cost_of_prices[at(l)], rest_.row(l).data(), locations * lanes_, product_.data(), lanes_, lanes_);
    const LaneRow wage = lane_row(log_wage_, base_.world.country_of_location(l));
    for (Index j = 0; j < kernel.sectors; ++j) {
      LaneRow next = lane_row(product_, j), cost = lane_row(log_cost_, j * locations + l);
      next += base_.cost_of_wage(j, l) * wage;
      if (labour_cost_.size() > 0) next += lane_row(labour_cost_, j * locations + l);
      worst = worst.max((next - cost).abs());
      cost = next;
    }
  }
}

/// Model eq. 5.
void BatchBlock::incomes() {
  const Kernel& kernel = base_.kernel;
  LaneRow worst = lane_row(error_, kIncome);
  for (Index n = 0; n < kernel.countries; ++n) {
    LaneRow factor = lane_row(factor_, n), income = lane_row(income_, n);
    factor = lane_row(log_wage_, n).exp() * kernel.factor_income(n);
    const Eigen::Array<double, 1, Eigen::Dynamic> before = income;
    income = factor + lane_row(revenue_, n) + lane_row(export_tax_, n) + lane_row(rent_, n) + lane_row(deficit_, n);
    worst = worst.max((income - before).abs() / before.abs().max(base_.floor));
  }
}

/// Model eq. 6, what each country's producers buy of each other inverted.
void BatchBlock::spend() {
  const Kernel& kernel = base_.kernel;
  const World& world = base_.world;
  const Index locations = kernel.locations, markets = kernel.markets;
  LaneRow worst = lane_row(error_, kSpending);
  for (Index l = 0; l < locations; ++l) {
    lane_product(base_.spending_of_foreign[at(l)], foreign_.row(l).data(), locations * lanes_, product_.data(), lanes_,
                 lanes_);
    const LaneRow income = lane_row(income_, world.country_of_location(l));
    const Index m = world.market(world.intermediate_use(), l), final_market = world.market(world.final_demand_use(), l);
    for (Index j = 0; j < kernel.sectors; ++j) {
      LaneRow next = lane_row(product_, j), spending = lane_row(spending_, j * markets + m);
      next += base_.spending_of_income(j, l) * income;
      worst = worst.max((next - spending).abs() / spending.abs().max(base_.floor));
      spending = next;
      if (world.uses > 1) {
        LaneRow final_spending = lane_row(spending_, j * markets + final_market);
        final_spending = kernel.final_share(j, l) * income;
      }
    }
  }
}

/// Model eq. 7: output once what is bought has followed, and what producers pay beyond what workers earn.
void BatchBlock::clear_markets() {
  const Kernel& kernel = base_.kernel;
  const World& world = base_.world;
  const Index locations = kernel.locations, markets = kernel.markets;
  gap_.setZero();
  LaneRow changed = lane_row(error_, kOutput);
  Eigen::Array<double, 1, Eigen::Dynamic> before(lanes_);
  for (Index j = 0; j < kernel.sectors; ++j)
    for (Index l = 0; l < locations; ++l) {
      LaneRow received = lane_row(received_, j * locations + l);
      before = received;
      received = lane_row(foreign_, j * locations + l) +
                 base_.own_share(j, l) * lane_row(spending_, j * markets + world.market(world.intermediate_use(), l));
      if (world.uses > 1)
        received +=
            base_.own_final_share(j, l) * lane_row(spending_, j * markets + world.market(world.final_demand_use(), l));
      changed = changed.max((received - before).abs() / received.abs().max(base_.floor));
      lane_row(gap_, world.country_of_location(l)) += kernel.value_added_share(j, l) * received;
    }
  LaneRow worst = lane_row(error_, kFactors);
  for (Index n = 0; n < kernel.countries; ++n) {
    LaneRow gap = lane_row(gap_, n);
    gap -= lane_row(factor_, n);
    worst = worst.max(gap.abs() / lane_row(factor_, n).max(base_.floor));
  }
}

// ---- What came of it -----------------------------------------------------------------------------------------------

BatchBlock::State BatchBlock::state(Index lane) const {
  const double blocks = error_.col(lane).head(kFactors).maxCoeff(), wages = error_(kFactors, lane);
  if (!error_.col(lane).allFinite()) return State::kLost;
  const bool settled = blocks <= kCloseBlocks * tolerance_ && (hold_wages_ || wages <= kCloseWages * tolerance_);
  return settled ? State::kSettled : State::kMoving;
}

Matrix BatchBlock::by_sector(const Lanes& lanes, Index lane, Index places) const {
  return Matrix(lanes.col(lane)).reshaped(places, base_.kernel.sectors).transpose();
}

std::vector<Solution> BatchBlock::solutions(const std::vector<Index>& lanes) const {
  // Row by row: a lane alone would fetch a line of memory for every number.
  const auto pick = [&](const Lanes& from) {
    Matrix picked(from.rows(), static_cast<Index>(lanes.size()));
    for (Index row = 0; row < from.rows(); ++row)
      for (std::size_t k = 0; k < lanes.size(); ++k) picked(row, static_cast<Index>(k)) = from(row, lanes[k]);
    return picked;
  };
  const Matrix supply = pick(supply_), received = pick(received_), log_price = pick(log_price_),
               spending = pick(spending_);
  std::vector<Solution> result;
  for (std::size_t k = 0; k < lanes.size(); ++k) {
    const auto own = static_cast<Index>(k);
    result.push_back(solution(lanes[k], supply.col(own), received.col(own), log_price.col(own), spending.col(own)));
  }
  return result;
}

Solution BatchBlock::solution(Index lane, const Column& supply, const Column& received, const Column& log_price,
                              const Column& spending) const {
  const Kernel& kernel = base_.kernel;
  const World& world = base_.world;
  const Index locations = kernel.locations, markets = kernel.markets, sectors = kernel.sectors;
  Solution solution;
  Equilibrium& answer = solution.equilibrium;
  answer.factor_price = log_wage_.col(lane).array().exp();
  answer.wage.resize(locations, sectors);
  for (Index l = 0; l < locations; ++l)
    answer.wage.row(l).setConstant(answer.factor_price(world.country_of_location(l)));
  // The costs that prices are of, not those that follow from them.
  const auto each = [](void (*function)(const double*, double*, Index), Matrix& of) {
    function(of.data(), of.data(), of.size());
  };
  answer.cost = supply.reshaped(locations, sectors);
  each(lane_log, answer.cost);
  for (Index j = 0; j < sectors; ++j) answer.cost.col(j) *= minus_inverse_theta_(j, lane);
  each(lane_exp, answer.cost);
  answer.output = received.reshaped(locations, sectors);
  answer.price = log_price.reshaped(markets, sectors);
  each(lane_exp, answer.price);
  answer.spending = spending.reshaped(markets, sectors);
  for (Index j = 0; j < sectors; ++j) {
    for (Index l = 0; l < locations; ++l) {
      if (kernel.alive(j, l)) continue;
      answer.cost(l, j) = 1.0;
      answer.output(l, j) = 0.0;
    }
    for (Index m = 0; m < markets; ++m)
      if (!kernel.supplied(j, m)) answer.price(m, j) = 1.0;
  }
  answer.value_added = answer.output.cwiseProduct(kernel.value_added_share.transpose());
  answer.income = income_.col(lane);
  answer.tariff_revenue = revenue_.col(lane);
  answer.export_tax_revenue = export_tax_.col(lane);
  answer.rent = rent_.col(lane);
  answer.deficit = deficit_.col(lane);
  static const char* const kNames[] = {"prices", "markets", "income", "producers", "factors"};
  for (Index row = 0; row < kErrors; ++row) {
    const double residual = (row == kFactors || row == kIncome ? 1.0 : 2.0) * error_(row, lane);
    solution.report.residuals.push_back({kNames[row], residual, ""});
    solution.report.residual = std::max(solution.report.residual, residual);
  }
  solution.report.iterations = solution.report.sweeps = steps(lane);
  solution.report.status = SolveStatus::kSolved;
  solution.report.sentence = fmt::format("Solved in {} steps to a relative residual of {:.1e}.",
                                         solution.report.iterations, solution.report.residual);
  return solution;
}

}  // namespace entrepot
