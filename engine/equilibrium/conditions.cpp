#include "conditions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <optional>

#include "condition_step.hpp"
#include "kernel.hpp"
#include "welfare.hpp"

namespace entrepot {

namespace {

constexpr double kAlive = 1e-8;       ///< the least of a flow's weight that a rent may leave
constexpr double kDifference = 1e-4;  ///< in the unknowns
constexpr double kCloser = 0.1;       ///< the equilibrium is solved this much closer than the conditions
constexpr double kClosest = 1e-12;    ///< but not closer than this
constexpr double kSlow = 0.5;         ///< a step that leaves more of the gap calls for new derivatives
constexpr int kMostSteps = 60;
constexpr std::size_t kMemory = 6;  ///< a step need only be better than the worst of the last ones
constexpr int kMostHalvings = 10;
constexpr int kMostStuck = 8;

/// Flows with one highest price of the producer: a cap, or the part of it whose export tax changes alike.
struct Level {
  PriceCap cap;
  double border = 1.0;  ///< (1+e')/(1+e)
  bool banned = false;
  double highest() const { return cap.limit / border; }  ///< of ĉ
};

/// Where the search stands. Unknowns: y = 1 − (1+r)^−θ of each level, the part of a flow's weight that its rent takes
/// away, in which prices are almost linear; then t = T/I of each member of each group. residual: ln(price / limit) of
/// each level that counts, then ln(Î/P̂) less the group's mean, weighted by base income.
struct Point {
  Vector unknown, residual;
  Solution solution;
  bool solved() const { return solution.report.solved(); }
};

class Settler {
 public:
  Settler(const World& world, Shock shock, const SolveOptions& options)
      : world_(world), now_(std::move(shock)), options_(options), closer_(options), income_(income(world)) {
    closer_.tolerance = std::max(kCloser * options.tolerance, std::min(options.tolerance, kClosest));
    for (const PriceCap& cap : now_.price_caps) add_levels(cap);
    groups_ = std::move(now_.burden_groups);
    now_.price_caps.clear();
    now_.burden_groups.clear();
    transfer_ = now_.transfer;
    Index size = level_count();
    for (const auto& group : groups_) size += static_cast<Index>(group.size());
    projection_ = Matrix::Identity(size, size);
    each_group([&](const std::vector<Index>& group, Index first) {
      const auto members = static_cast<Index>(group.size());
      for (Index k = 0; k < members; ++k)
        projection_.col(first + k).segment(first, members).array() -= income_(group[at(k)]) / income_of(group);
    });
  }

  Settlement run() {
    const auto begin = std::chrono::steady_clock::now();
    Point here{Vector::Zero(projection_.rows()), {}, solve(world_, now_, options_)};
    if (projection_.rows() > 0 && here.solved()) {
      if (apart(here)) return answer(std::move(here));
      measure(here);
      iterations_ = here.solution.report.iterations;
      sweeps_ = here.solution.report.sweeps;
      if (gap(here) > options_.tolerance) search(here);
    }
    here.solution.report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return answer(std::move(here));
  }

 private:
  Index level_count() const { return static_cast<Index>(levels_.size()); }
  double income_of(const std::vector<Index>& group) const {
    double sum = 0.0;
    for (const Index n : group) sum += income_(n);
    return sum;
  }
  template <class Visit>
  void each_group(Visit visit) const {
    Index first = level_count();
    for (const std::vector<Index>& group : groups_) {
      visit(group, first);
      first += static_cast<Index>(group.size());
    }
  }

  void add_levels(const PriceCap& cap) {
    constexpr double kSame = 1e-12;
    bool traded = false;
    for (const Index m : cap.markets) {
      const Wedges wedges = wedges_at(world_, now_, m, cap.origin, cap.sector);
      if (world_.expenditure(m, cap.origin, cap.sector) == 0.0 || wedges.open_share == 0.0) continue;
      traded = true;
      const double border = (1.0 + wedges.export_tax) / (1.0 + world_.export_tax_at(m, cap.origin, cap.sector));
      const auto same = std::find_if(levels_.begin(), levels_.end(), [&](const Level& level) {
        return level.cap.origin == cap.origin && level.cap.sector == cap.sector &&
               std::abs(level.highest() * border / cap.limit - 1.0) < kSame;
      });
      if (same != levels_.end())
        same->cap.markets.push_back(m);
      else
        levels_.push_back({{cap.origin, cap.sector, cap.limit, {m}}, border});
    }
    if (!traded) levels_.push_back({{cap.origin, cap.sector, cap.limit, {}}});
  }

  /// Of several highest prices of one producer only the lowest counts, until its flows are banned.
  bool counts(Index k) const {
    const Level& level = levels_[at(k)];
    return !level.banned && !level.cap.markets.empty() &&
           std::none_of(levels_.begin(), levels_.end(), [&](const Level& other) {
             return !other.banned && !other.cap.markets.empty() && other.cap.origin == level.cap.origin &&
                    other.cap.sector == level.cap.sector && other.highest() < level.highest();
           });
  }

  // ---- A point ----
  double rent(Index k, double y) const { return std::expm1(-std::log1p(-y) / world_.theta(levels_[at(k)].cap.sector)); }

  /// Writes rents and transfers into the shock.
  void apply(const Vector& unknown) {
    for (Index k = 0; k < level_count(); ++k) {
      const PriceCap& cap = levels_[at(k)].cap;
      if (unknown(k) == 0.0 && now_.rent.empty()) continue;
      if (now_.rent.empty())
        now_.rent = Bilateral(world_.market_count(), world_.location_count(), world_.sector_count());
      for (const Index m : cap.markets) now_.rent(m, cap.origin, cap.sector) = rent(k, unknown(k));
    }
    now_.transfer = transfer_;
    each_group([&](const std::vector<Index>& group, Index first) {
      if (now_.transfer.size() == 0) now_.transfer = Vector::Zero(world_.country_count());
      for (std::size_t k = 0; k < group.size(); ++k)
        now_.transfer(group[k]) += unknown(first + static_cast<Index>(k)) * income_(group[k]);
    });
  }

  Point at_point(const Vector& unknown, const Equilibrium& start) {
    apply(unknown);
    closer_.start = &start;
    Point point{unknown, {}, solve(world_, now_, closer_)};
    iterations_ += point.solution.report.iterations;
    sweeps_ += point.solution.report.sweeps;
    ++solves_;
    if (point.solved())
      measure(point);
    else
      obstacle_ = point.solution.report.sentence;
    return point;
  }

  void measure(Point& point) const {
    const Equilibrium& e = point.solution.equilibrium;
    point.residual = Vector::Zero(point.unknown.size());
    for (Index k = 0; k < level_count(); ++k) {
      const Level& level = levels_[at(k)];
      const double price = e.cost(level.cap.origin, level.cap.sector);
      const bool sold = e.output(level.cap.origin, level.cap.sector) > 0.0;
      if (counts(k)) point.residual(k) = sold ? std::log(price / level.highest()) : -1.0;
    }
    if (groups_.empty()) return;
    const Vector welfare = real_income_change(world_, e).array().log();
    each_group([&](const std::vector<Index>& group, Index first) {
      double mean = 0.0;
      for (const Index n : group) mean += income_(n) / income_of(group) * welfare(n);
      for (std::size_t k = 0; k < group.size(); ++k)
        point.residual(first + static_cast<Index>(k)) = welfare(group[k]) - mean;
    });
  }

  /// The highest y of each level, 0 where it does not count.
  Vector highest() const {
    Vector most(level_count());
    for (Index k = 0; k < level_count(); ++k) most(k) = counts(k) ? 1.0 - kAlive : 0.0;
    return most;
  }
  /// How far each condition is from holding; 0 at an answer.
  Vector gaps(const Point& point) const { return condition_gaps(point.unknown, point.residual, highest()); }
  double gap(const Point& point) const { return gaps(point).cwiseAbs().maxCoeff(); }

  /// Whether members of a group no longer trade with each other, so that no transfer reaches them: then says so.
  bool apart(Point& here) const {
    if (groups_.empty()) return false;
    const Kernel kernel(world_, now_);
    for (const std::vector<Index>& group : groups_)
      for (const Index n : group) {
        if (kernel.component_of[at(n)] == kernel.component_of[at(group[0])]) continue;
        here.solution.report.status = SolveStatus::kNoEquilibrium;
        here.solution.report.sentence = fmt::format(
            "{} and {} share their burden, yet the policies leave no trade, direct or through others, that could carry "
            "a "
            "transfer from one to the other.",
            world_.countries[at(group[0])].code, world_.countries[at(n)].code);
        return true;
      }
    return false;
  }

  // ---- The search ----
  void search(Point& here) {
    while (newton(here)) {
      std::vector<Index> hopeless;
      for (Index k = 0; k < level_count(); ++k)
        if (counts(k) && here.unknown(k) == highest()(k) && here.residual(k) > options_.tolerance)
          hopeless.push_back(k);
      if (hopeless.empty()) return succeed(here);
      for (const Index k : hopeless) ban(k, here);
      Point next = at_point(here.unknown, here.solution.equilibrium);
      if (!next.solved()) {
        here = std::move(next);
        here.solution.report.sentence = fmt::format(
            "No rent brings the price of {} down to its cap, and without this trade there is no "
            "equilibrium. {}",
            name(hopeless.front()), here.solution.report.sentence);
        return;
      }
      here = std::move(next);
    }
    fail(here);
  }

  void ban(Index k, Point& here) {
    Level& level = levels_[at(k)];
    level.banned = true;
    here.unknown(k) = 0.0;
    if (now_.open_share.empty())
      now_.open_share = Bilateral(world_.market_count(), world_.location_count(), world_.sector_count(), 1.0);
    for (const Index m : level.cap.markets) now_.open_share(m, level.cap.origin, level.cap.sector) = 0.0;
  }

  /// Newton's method with Broyden's updates. At first a transfer is taken to raise its receiver's welfare by as much as
  /// its income, and prices not at all; where that does not do, all derivatives are by differences.
  bool newton(Point& here) {
    Matrix slope = Matrix::Identity(here.unknown.size(), here.unknown.size());
    differentiate(here, slope, level_count());
    bool exact = groups_.empty();
    std::deque<double> last;  // gaps
    int stuck = 0;
    for (int step = 0; step < kMostSteps; ++step) {
      if (gap(here) <= options_.tolerance) return true;
      last.push_back(gaps(here).norm());
      if (last.size() > kMemory) last.pop_front();
      const Vector along = projection_ * condition_step(here.unknown, here.residual, slope * projection_, highest());
      std::optional<Point> next = step_from(here, along, *std::max_element(last.begin(), last.end()));
      if (!next) {
        if (++stuck > kMostStuck) return false;
        if (exact) one_by_one(here, slope);
        last.clear();
        exact = differentiate(here, slope, here.unknown.size());
        continue;
      }
      const Vector moved = next->unknown - here.unknown;
      slope += (next->residual - here.residual - slope * moved) * moved.transpose() / moved.squaredNorm();
      here = std::move(*next);
      obstacle_.clear();
      exact = gaps(here).norm() > kSlow * last.back() && differentiate(here, slope, here.unknown.size());
    }
    return gap(here) <= options_.tolerance;
  }

  /// Goes along a direction as far as the gap there is less than `most`; nothing where it never is.
  std::optional<Point> step_from(const Point& here, const Vector& along, double most) {
    double length = 1.0;
    for (int halving = 0; halving <= kMostHalvings && along.allFinite(); ++halving, length *= 0.5) {
      Vector to = here.unknown + length * along;
      to.head(level_count()) = to.head(level_count()).cwiseMax(0.0).cwiseMin(highest());
      if (to == here.unknown) break;
      Point next = at_point(to, here.solution.equilibrium);
      if (next.solved() && gaps(next).norm() < most) return next;
    }
    return std::nullopt;
  }

  /// Moves each rent in turn to where its own cap would be met, as far as its own slope tells.
  void one_by_one(Point& here, const Matrix& slope) {
    const Vector most = highest();
    for (Index k = 0; k < level_count(); ++k) {
      if (most(k) == 0.0 || slope(k, k) == 0.0) continue;
      Vector to = here.unknown;
      to(k) = std::clamp(to(k) + here.residual(k) / std::abs(slope(k, k)), 0.0, most(k));
      if (to(k) == here.unknown(k)) continue;
      if (Point next = at_point(to, here.solution.equilibrium); next.solved()) here = std::move(next);
    }
  }

  /// Derivatives of the residuals by the first `count` unknowns; a transfer is taken from its whole group. False where
  /// some could not be had.
  bool differentiate(const Point& here, Matrix& slope, Index count) {
    const Vector most = highest();
    bool all = true;
    for (Index k = 0; k < count; ++k) {
      if (k < level_count() && most(k) == 0.0) continue;
      const double by = k < level_count() && here.unknown(k) + kDifference > most(k) ? -kDifference : kDifference;
      const Point beside = at_point(here.unknown + by * projection_.col(k), here.solution.equilibrium);
      all = all && beside.solved();
      if (beside.solved()) slope.col(k) = (beside.residual - here.residual) / by;
    }
    return all;
  }

  // ---- The answer ----
  std::string name(Index k) const {
    const PriceCap& cap = levels_[at(k)].cap;
    return fmt::format("{} from {}", world_.sectors[at(cap.sector)].code, world_.locations[at(cap.origin)].code);
  }
  /// The condition that is furthest from holding.
  std::string worst_name(const Point& point) const {
    Index worst = 0;
    gaps(point).cwiseAbs().maxCoeff(&worst);
    if (worst < level_count()) return name(worst);
    std::string code;
    each_group([&](const std::vector<Index>& group, Index first) {
      if (worst >= first && worst < first + static_cast<Index>(group.size()))
        code = world_.countries[at(group[at(worst - first)])].code;
    });
    return code;
  }

  /// Adds up the effort and says how far the conditions are from holding.
  SolveReport& account(Point& here) const {
    SolveReport& report = here.solution.report;
    report.iterations = iterations_;
    report.sweeps = sweeps_;
    report.residuals.push_back({"conditions", gap(here), worst_name(here)});
    report.residual = std::max(report.residual, gap(here));
    return report;
  }
  void succeed(Point& here) const {
    SolveReport& report = account(here);
    report.sentence += fmt::format(" Its conditions were met after {} further equilibria.", solves_);
  }

  void fail(Point& here) const {
    SolveReport& report = account(here);
    const double left = gap(here);
    report.status = SolveStatus::kNoConvergence;
    Index worst = 0;
    gaps(here).cwiseAbs().maxCoeff(&worst);
    report.sentence =
        worst < level_count()
            ? fmt::format("No rent was found at which the price of {} keeps to its cap", name(worst))
            : fmt::format(
                  "No transfers were found that change the welfare of {} as that of those with whom it shares "
                  "its burden",
                  worst_name(here));
    report.sentence += fmt::format(": it is still off by {:.1e} after {} equilibria.", left, solves_);
    if (!obstacle_.empty()) report.sentence += " On the way: " + obstacle_;
  }

  Settlement answer(Point&& here) {
    apply(here.unknown);
    Settlement result{std::move(here.solution), {}, {}, {}};
    if (result.solution.report.solved()) {
      const Equilibrium& e = result.solution.equilibrium;
      const Bilateral flows = levels_.empty() ? Bilateral() : trade_flows(world_, now_, e);
      for (Index k = 0; k < level_count(); ++k) result.caps.push_back(outcome(k, here.unknown(k), flows, e));
      const Vector welfare = groups_.empty() ? Vector() : real_income_change(world_, e);
      each_group([&](const std::vector<Index>& group, Index first) {
        BurdenOutcome burden{group, Vector(static_cast<Index>(group.size()))};
        for (std::size_t k = 0; k < group.size(); ++k) {
          const auto n = static_cast<Index>(k);
          burden.transfer(n) = here.unknown(first + n) * income_(group[k]);
          burden.welfare += 100.0 * (welfare(group[k]) - 1.0) * income_(group[k]) / income_of(group);
        }
        result.burdens.push_back(std::move(burden));
      });
    }
    result.shock = std::move(now_);
    return result;
  }

  CapOutcome outcome(Index k, double y, const Bilateral& flows, const Equilibrium& e) const {
    const Level& level = levels_[at(k)];
    const PriceCap& cap = level.cap;
    CapOutcome result;
    result.cap = cap;
    result.state = level.banned ? CapOutcome::State::kEmbargo
                   : y > 0.0    ? CapOutcome::State::kBinding
                                : CapOutcome::State::kSlack;
    result.price = e.cost(cap.origin, cap.sector) * level.border;
    result.rent = rent(k, y);
    result.kept = Vector::Zero(world_.country_count());
    for (const Index m : cap.markets)
      result.kept(rent_receiver(world_, now_, m, cap.origin, cap.sector)) +=
          flows(m, cap.origin, cap.sector) * (1.0 - wedges_at(world_, now_, m, cap.origin, cap.sector).hub_margin) *
          result.rent / (1.0 + result.rent);
    return result;
  }

  const World& world_;
  Shock now_;  ///< with the rents and transfers last tried
  const SolveOptions& options_;
  SolveOptions closer_;
  Vector income_;    ///< I, base
  Vector transfer_;  ///< those that are no condition's
  std::vector<Level> levels_;
  std::vector<std::vector<Index>> groups_;
  Matrix projection_;  ///< onto unknowns whose transfers sum to zero in each group
  int iterations_ = 0, sweeps_ = 0, solves_ = 0;
  std::string obstacle_;  ///< of the last point that had no equilibrium
};

}  // namespace

Settlement settle(const World& world, Shock shock, const SolveOptions& options) {
  return Settler(world, std::move(shock), options).run();
}

}  // namespace entrepot
