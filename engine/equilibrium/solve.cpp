#include "solve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "anderson.hpp"
#include "blocks.hpp"
#include "existence.hpp"
#include "factor_markets.hpp"
#include "kernel.hpp"
#include "krylov.hpp"

namespace entrepot {

namespace {

constexpr std::size_t kMemory = 8;    ///< differences that the acceleration remembers
constexpr double kLongestStep = 1.5;  ///< in ln ŵ: a factor of 4.5 at a time
constexpr double kInnerShare = 0.02;  ///< the blocks are solved this much closer than the factor markets are cleared
constexpr double kLoosest = 1e-3;     ///< but at least this close
constexpr double kWorthwhile = 0.4;   ///< a step that leaves more of the gap calls for a new linearisation
constexpr double kAcceptable = 2.0;   ///< a step that makes the gap this many times larger is halved
constexpr int kMostHalvings = 6;
constexpr double kLopsided = 3.0;  ///< |ln(receipts / payments)| at borders beyond which wages jump
constexpr int kMostJumps = 12;
constexpr double kNoTrade = 1e-13;  ///< of factor income: trade below this is round-off
constexpr int kPatience = 8;        ///< steps without halving the gap before Newton's method takes over
// Newton's method.
constexpr int kMostNewton = 40;
constexpr int kMostProducts = 60;
constexpr double kForcing = 0.02;     ///< how closely each Newton step is solved for
constexpr double kDifference = 1e-5;  ///< the length, in ln ŵ, of a difference
constexpr double kDifferenceTolerance = 1e-12;

class Solver {
 public:
  Solver(const World& world, const Shock& shock, const SolveOptions& options)
      : world_(world),
        options_(options),
        kernel_(world, shock),
        blocks_(kernel_),
        factors_(kernel_),
        floor_(1e-9 * kernel_.factor_income.sum()) {}

  Solution run() {
    Solution solution;
    if (const std::optional<Obstacle> obstacle = find_obstacle(kernel_)) {
      give_up(*obstacle, solution.report);
      return solution;
    }
    Vector log_wage = start();
    iterate(log_wage, solution.report);
    finish(log_wage, solution);
    return solution;
  }

 private:
  static void give_up(const Obstacle& obstacle, SolveReport& report) {
    report.status = obstacle.status;
    report.sentence = obstacle.sentence;
  }

  const std::string& location(Index l) const { return world_.locations[at(l)].code; }
  const std::string& sector(Index j) const { return world_.sectors[at(j)].code; }
  const std::string& country(Index n) const { return world_.countries[at(n)].code; }

  // ---- The iteration on factor prices ----
  Vector start() const {
    Vector log_wage = Vector::Zero(factors_.size());
    if (options_.start != nullptr && options_.start->wage.size() > 0) {
      for (Index f = 0; f < factors_.size(); ++f) {
        const FactorMarkets::Market& market = factors_.markets()[at(f)];
        log_wage(f) = std::log(market.location < 0 ? options_.start->factor_price(market.country)
                                                   : options_.start->wage(market.location, market.sector));
      }
    }
    factors_.normalise(log_wage);
    return log_wage;
  }

  /// Solves both blocks at these wages; the largest relative gap of the factor markets, or infinity.
  double evaluate(const Vector& log_wage, double tolerance, SolveReport& report) {
    prices_.log_wage = factors_.spread(log_wage);
    const int price_sweeps = options_.stopped() ? -1 : blocks_.solve_prices(prices_, tolerance);
    if (price_sweeps < 0) {
      prices_.log_cost.resize(0, 0);
      return std::numeric_limits<double>::infinity();
    }
    const int spending_sweeps = blocks_.solve_spending(prices_, factors_.income(log_wage), spending_, tolerance);
    if (spending_sweeps < 0) {
      spending_.output.resize(0, 0);
      return std::numeric_limits<double>::infinity();
    }
    report.sweeps += price_sweeps + spending_sweeps;
    border_ = blocks_.border_trade(prices_, spending_);
    return clear_borders(log_wage);
  }

  /// Money that crosses a country's borders either way apart from the goods' own price, million USD, net.
  Vector other_receipts(const Vector& log_wage) const {
    return spending_.export_tax_revenue + spending_.rent - spending_.charges +
           kernel_.deficit(factors_.income(log_wage));
  }

  /// As clear, but where all labour is mobile the gap that steps are taken from is each country's balance at the
  /// border: the same where the blocks are solved exactly (what is paid to workers beyond their income is what comes in
  /// beyond what goes out). The blocks' errors leave it in proportion to a country's trade, not to its output, so that
  /// one that hardly trades has a gap with digits; and such gaps sum to zero, as the linear map takes for granted.
  double clear_borders(const Vector& log_wage) {
    const double paid = clear(log_wage);
    if (!factors_.all_mobile()) return paid;
    gap_ = (border_.exports.colwise().sum() - border_.imports.colwise().sum()).transpose() + other_receipts(log_wage);
    const double worst = (gap_.array().abs() / factors_.supply(log_wage).array().max(floor_)).maxCoeff();
    return std::isfinite(worst) ? std::max(paid, worst) : std::numeric_limits<double>::infinity();
  }

  /// Where a country's receipts and payments at the border are far apart, the wage change that would even them out if
  /// each sector's exports go with −θ and imports with 1 + θ of it; zero elsewhere. Linear steps crawl there.
  Vector jump(const Vector& log_wage) const {
    Vector result = Vector::Zero(factors_.size());
    const Vector other = other_receipts(log_wage), supply = factors_.supply(log_wage);
    for (Index f = 0; f < factors_.size(); ++f) {
      const FactorMarkets::Market& market = factors_.markets()[at(f)];
      if (market.location >= 0) continue;
      const Vector out = border_.exports.col(market.country).cwiseMax(0.0),
                   in = border_.imports.col(market.country).cwiseMax(0.0);
      const auto lopsided = [&](double by) {
        const double receipts =
            out.dot((-world_.theta.array() * by).exp().matrix()) + std::max(other(market.country), 0.0);
        const double payments =
            in.dot(((1.0 + world_.theta.array()) * by).exp().matrix()) + std::max(-other(market.country), 0.0);
        return std::log(receipts / payments);
      };
      if (out.sum() + in.sum() < kNoTrade * supply(f)) continue;
      const double now = lopsided(0.0);
      if (!(std::abs(now) > kLopsided)) continue;
      double low = now < 0.0 ? -kLongestStep : 0.0, high = now < 0.0 ? 0.0 : kLongestStep;
      for (int halving = 0; halving < 40; ++halving) {
        const double middle = 0.5 * (low + high);
        (lopsided(middle) > 0.0 ? low : high) = middle;
      }
      result(f) = 0.5 * (low + high);
    }
    return result;
  }

  double clear(const Vector& log_wage) {
    const Vector supply = factors_.supply(log_wage);
    gap_ = factors_.demand(prices_, spending_) - supply;
    const double worst = (gap_.array().abs() / supply.array().max(floor_)).maxCoeff(&worst_market_);
    return std::isfinite(worst) ? worst : std::numeric_limits<double>::infinity();
  }

  double inner_residual() const {
    return std::max({blocks_.price_residual().value, blocks_.output_residual().value, blocks_.income_residual().value});
  }

  bool done(double gap) const { return gap <= options_.tolerance && inner_residual() <= tightest(); }
  double tightest() const { return 0.2 * options_.tolerance; }
  double inner_tolerance(double gap) const { return std::clamp(kInnerShare * gap, tightest(), kLoosest); }

  /// Gap in units of each market's own size.
  Vector relative(const Vector& log_wage) const { return gap_.array() / factors_.supply(log_wage).array().max(floor_); }

  void iterate(Vector& log_wage, SolveReport& report) {
    double gap = evaluate(log_wage, kLoosest, report);
    remember(log_wage, gap);
    accelerated(log_wage, gap, report);
    if (!done(gap)) newton_krylov(log_wage, gap, report);
    // Where round-off is all that is left, steps lead away from what was there.
    if (!done(gap) && best_gap_ < gap) {
      log_wage = best_wage_;
      evaluate(log_wage, tightest(), report);
    }
  }

  /// The wages with the least gap so far.
  void remember(const Vector& log_wage, double gap) {
    if (!(gap < best_gap_)) return;
    best_gap_ = gap;
    best_wage_ = log_wage;
  }

  /// Quasi-Newton with the factor markets' own linear map, accelerated: a few steps, each of a few sweeps. Gives up
  /// when it no longer gains.
  void accelerated(Vector& log_wage, double& gap, SolveReport& report) {
    Anderson anderson(kMemory);
    const auto step_of = [&](const Vector& r) { return factors_.step(r); };
    double best = gap;
    int since_best = 0, jumps = 0;
    bool stale = true;
    while (report.iterations < options_.max_iterations && std::isfinite(gap) && !done(gap)) {
      if (gap <= options_.tolerance) {
        gap = evaluate(log_wage, tightest(), report);
        if (gap <= options_.tolerance) return;
      }
      ++report.iterations;
      if (const Vector leap = jumps < kMostJumps ? jump(log_wage) : Vector();
          leap.size() > 0 && leap.cwiseAbs().maxCoeff() > 0.0) {
        ++jumps;
        log_wage += leap;
        factors_.normalise(log_wage);
        gap = evaluate(log_wage, inner_tolerance(gap), report);
        anderson.forget();
        stale = true;
        best = gap;
        since_best = 0;
        continue;
      }
      if (stale) factors_.linearise(log_wage, prices_, spending_, blocks_.domestic());
      stale = false;
      Vector step = anderson.step(log_wage, gap_, step_of);
      if (!step.allFinite()) return;
      const double longest = step.cwiseAbs().maxCoeff();
      if (longest > kLongestStep) step *= kLongestStep / longest;
      const Vector from = log_wage;
      double next = std::numeric_limits<double>::infinity();
      for (int halving = 0; halving <= kMostHalvings; ++halving) {
        log_wage = from + step;
        factors_.normalise(log_wage);
        next = evaluate(log_wage, inner_tolerance(gap), report);
        if (next <= kAcceptable * gap) break;
        step *= 0.5;
      }
      stale = next > kWorthwhile * gap;
      gap = next;
      remember(log_wage, gap);
      since_best = gap < 0.5 * best ? 0 : since_best + 1;
      best = std::min(best, gap);
      if (since_best > kPatience) return;
    }
  }

  /// Newton's method, the linear system solved by GMRES with the factor markets' linear map as preconditioner and
  /// derivatives along a direction by differences: slower a step, but it knows every linkage.
  void newton_krylov(Vector& log_wage, double& gap, SolveReport& report) {
    gap = evaluate(log_wage, kDifferenceTolerance, report);
    for (int newton = 0; newton < kMostNewton && report.iterations < options_.max_iterations && std::isfinite(gap);
         ++newton) {
      if (gap <= options_.tolerance) return;
      factors_.linearise(log_wage, prices_, spending_, blocks_.domestic());
      const Vector from = log_wage, residual = relative(log_wage), scale = factors_.supply(log_wage).cwiseMax(floor_);
      const PriceState prices = prices_;
      const SpendingState spending = spending_;
      const auto direction_of = [&](const Vector& v) { return Vector(-factors_.step(v.cwiseProduct(scale))); };
      const auto derivative = [&](const Vector& v) -> Vector {
        const Vector direction = direction_of(v);
        const double length = direction.cwiseAbs().maxCoeff();
        if (!(length > 0.0) || !std::isfinite(length)) return Vector::Zero(v.size());
        const double small = kDifference / length;
        ++report.iterations;
        evaluate(from + small * direction, kDifferenceTolerance, report);
        const Vector moved = gap_.cwiseQuotient(scale);
        return (moved - residual) / small;
      };
      const Vector y = gmres(derivative, -residual, kForcing, kMostProducts);
      Vector step = direction_of(y);
      if (!step.allFinite()) return;
      const double longest = step.cwiseAbs().maxCoeff();
      if (longest > kLongestStep) step *= kLongestStep / longest;
      double next = std::numeric_limits<double>::infinity();
      for (int halving = 0; halving <= 2 * kMostHalvings; ++halving) {
        prices_ = prices;
        spending_ = spending;
        log_wage = from + step;
        factors_.normalise(log_wage);
        next = evaluate(log_wage, kDifferenceTolerance, report);
        if (next < gap) break;
        step *= 0.5;
      }
      if (!(next < gap)) return;
      gap = next;
      remember(log_wage, gap);
    }
  }

  // ---- The answer ----
  void finish(const Vector& log_wage, Solution& solution) {
    SolveReport& report = solution.report;
    const Vector factor = factors_.income(log_wage);
    if (prices_.log_cost.size() == 0 || spending_.output.size() == 0) {
      report.status = SolveStatus::kNoConvergence;
      report.sentence = "Prices or spending did not settle at the last factor prices tried.";
      if (const auto found = prices_.log_cost.size() == 0 ? blocks_.runaway(prices_.log_wage) : std::nullopt)
        give_up(runaway_prices(kernel_, found->sector, found->location), report);
      return;
    }
    blocks_.check_spending(prices_, factor, spending_);
    const double factor_gap = clear(log_wage);
    const auto place = [&](Blocks::Worst worst) {
      return fmt::format("{} in {}", sector(worst.row), location(worst.column));
    };
    report.residuals = {{"prices", blocks_.price_residual().value, place(blocks_.price_residual())},
                        {"producers", blocks_.output_residual().value, place(blocks_.output_residual())},
                        market_residual(),
                        {"income", blocks_.income_residual().value, country(blocks_.income_residual().row)},
                        {"factors", factor_gap, factor_name(worst_market_)}};
    report.residual = 0.0;
    for (const Residual& residual : report.residuals) report.residual = std::max(report.residual, residual.value);
    fill(log_wage, factor, solution.equilibrium);
    Index poorest = 0;
    if (report.residual <= options_.tolerance && spending_.income.minCoeff(&poorest) <= 0.0) {
      give_up(insolvency(kernel_, poorest, solution.equilibrium.deficit(poorest), spending_.income(poorest)), report);
    } else if (report.residual <= options_.tolerance) {
      report.status = SolveStatus::kSolved;
      report.sentence =
          fmt::format("Solved in {} steps to a relative residual of {:.1e}.", report.iterations, report.residual);
    } else {
      const Residual& worst = *std::max_element(report.residuals.begin(), report.residuals.end(),
                                                [](const Residual& a, const Residual& b) { return a.value < b.value; });
      report.status = SolveStatus::kNoConvergence;
      report.sentence =
          fmt::format("No equilibrium was found in {} steps: the {} are still off by {:.1e} of their size, most at {}.",
                      report.iterations, worst.block, worst.value, worst.worst);
    }
  }

  std::string factor_name(Index f) const {
    const FactorMarkets::Market& market = factors_.markets()[at(f)];
    return market.location < 0 ? country(market.country)
                               : fmt::format("{} in {}", sector(market.sector), location(market.location));
  }

  /// Every market spends exactly what it has: shares π' at the reported costs and prices add up to one.
  Residual market_residual() const {
    Residual result{"markets", 0.0, ""};
    for (Index j = 0; j < kernel_.sectors; ++j) {
      const double cheapest = prices_.log_cost.row(j).minCoeff();
      for (Index m = 0; m < kernel_.markets; ++m) {
        if (!kernel_.supplied(j, m)) continue;
        const double log_share = std::log(prices_.index(m, j)) + kernel_.log_scale(m, j) +
                                 world_.theta(j) * (prices_.log_price(j, m) - cheapest);
        const bool remote = std::any_of(prices_.remote.begin(), prices_.remote.end(),
                                        [&](const PriceState::Remote& r) { return r.market == m && r.sector == j; });
        const double gap = remote ? 0.0 : std::abs(std::expm1(log_share));
        if (gap > result.value)
          result = {"markets", gap, fmt::format("{} in {}", sector(j), location(world_.location_of_market(m)))};
      }
    }
    return result;
  }

  void fill(const Vector& log_wage, const Vector& factor, Equilibrium& answer) const {
    answer.wage = prices_.log_wage.transpose().array().exp();
    answer.factor_price = factors_.log_income(log_wage).array().exp();
    answer.cost = prices_.log_cost.transpose();
    for (Index l = 0; l < kernel_.locations; ++l)
      for (Index j = 0; j < kernel_.sectors; ++j)
        if (!kernel_.alive(j, l)) answer.cost(l, j) = 0.0;
    answer.cost = answer.cost.array().exp();
    answer.price = prices_.log_price.transpose();
    for (Index m = 0; m < kernel_.markets; ++m)
      for (Index j = 0; j < kernel_.sectors; ++j)
        if (!kernel_.supplied(j, m)) answer.price(m, j) = 0.0;
    answer.price = answer.price.array().exp();
    answer.spending = spending_.spending.transpose();
    answer.output = spending_.output.transpose();
    answer.value_added = prices_.labour_share.cwiseProduct(spending_.output).transpose();
    answer.income = spending_.income;
    answer.tariff_revenue = spending_.tariff_revenue;
    answer.export_tax_revenue = spending_.export_tax_revenue;
    answer.rent = spending_.rent;
    answer.deficit = kernel_.deficit(factor);
  }

  const World& world_;
  const SolveOptions& options_;
  Kernel kernel_;
  Blocks blocks_;
  FactorMarkets factors_;
  double floor_;
  PriceState prices_;
  SpendingState spending_;
  BorderTrade border_;
  Vector gap_;
  Index worst_market_ = 0;
  Vector best_wage_;
  double best_gap_ = std::numeric_limits<double>::infinity();
};

/// Approaches a shock in parts, each solved from the one before; parts shrink where they fail and grow where not.
Solution in_parts(const World& world, const Shock& shock, const SolveOptions& options) {
  constexpr double kSmallestPart = 1.0 / 256.0;
  Solution reached;
  SolveReport total, impossible;
  double done = 0.0, part = 0.25;
  while (done < 1.0 && !options.stopped()) {
    const double next = std::min(1.0, done + part);
    SolveOptions from = options;
    from.start = reached.equilibrium.wage.size() > 0 ? &reached.equilibrium : options.start;
    Solution attempt = Solver(world, part_way(world, shock, next), from).run();
    total.iterations += attempt.report.iterations;
    total.sweeps += attempt.report.sweeps;
    ++total.continuation_steps;
    if (attempt.report.solved()) {
      reached = std::move(attempt);
      done = next;
      part *= 2.0;
    } else {
      if (attempt.report.status == SolveStatus::kNoEquilibrium) impossible = attempt.report;
      part *= 0.5;
      if (part < kSmallestPart) {
        reached.report = impossible.status == SolveStatus::kNoEquilibrium ? impossible : attempt.report;
        reached.report.sentence += fmt::format(" The policies could be followed {:.0f} % of the way.", 100.0 * done);
        break;
      }
    }
  }
  reached.report.iterations = total.iterations;
  reached.report.sweeps = total.sweeps;
  reached.report.continuation_steps = total.continuation_steps;
  return reached;
}

}  // namespace

Solution solve(const World& world, const Shock& shock, const SolveOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  Solution solution = Solver(world, shock, options).run();
  if (solution.report.status == SolveStatus::kNoConvergence) {
    constexpr double kNearly = 1e-8;  // round-off kept it from the tolerance: parts would not do better
    Solution parts = in_parts(world, shock, options);
    const bool nearly = !solution.report.residuals.empty() && solution.report.residual <= kNearly;
    if (parts.report.solved() || !nearly) std::swap(solution, parts);
    solution.report.iterations += parts.report.iterations;
    solution.report.sweeps += parts.report.sweeps;
  }
  if (options.stopped() && !solution.report.solved()) {
    solution.report.status = SolveStatus::kNotSolved;
    solution.report.sentence = "Stopped before an answer was found.";
  }
  solution.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return solution;
}

}  // namespace entrepot
