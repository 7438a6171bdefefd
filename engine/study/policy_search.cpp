#include "policy_search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlopt.hpp>

#include "nonnegative_least_squares.hpp"
#include "solve_record.hpp"

namespace entrepot {

namespace {

constexpr double kAtBound = 1e-6;  ///< of a choice's range
constexpr double kHolds = 1e-7;    ///< of a constraint, relative to its size
constexpr double kFeasible = 10.0 * kHolds;
constexpr double kMet = 1e-5;  ///< of a constraint that is met with equality, likewise

constexpr const char *kNoGain = "no further gain", *kRoundOff = "round-off";

double size_of(const PolicyChoice::Limit& limit) {
  return std::max({1e-3, std::abs(limit.at_least.value_or(0.0)), std::abs(limit.at_most.value_or(0.0))});
}

/// How far a value is beyond a limit; below 0 within it.
double beyond(double value, const PolicyChoice::Limit& limit) {
  double result = -std::numeric_limits<double>::infinity();
  if (limit.at_least) result = std::max(result, *limit.at_least - value);
  if (limit.at_most) result = std::max(result, value - *limit.at_most);
  return result;
}

}  // namespace

double objective_of(const OptimumStudy& study, const PolicyPoint& point) {
  if (!study.judged_by_worst) return point.mean.values.front();
  double worst = point.draws.front().values.front();
  for (const PolicyPoint::Draw& draw : point.draws) worst = std::min(worst, draw.values.front());
  return worst;
}

double measure_of(const OptimumStudy& study, const PolicyPoint& point, const PolicyChoice& problem, std::size_t limit) {
  if (!study.judged_by_worst) return point.mean.values[1 + limit];
  double nearest = point.draws.front().values[1 + limit];
  for (const PolicyPoint::Draw& draw : point.draws)
    if (beyond(draw.values[1 + limit], problem.limits()[limit]) > beyond(nearest, problem.limits()[limit]))
      nearest = draw.values[1 + limit];
  return nearest;
}

bool is_feasible(const OptimumStudy& study, const PolicyPoint& point, const PolicyChoice& problem) {
  for (std::size_t l = 0; l < problem.limits().size(); ++l) {
    const PolicyChoice::Limit& limit = problem.limits()[l];
    if (beyond(measure_of(study, point, problem, l), limit) > kFeasible * size_of(limit)) return false;
  }
  return true;
}

bool holds_with_equality(double value, const PolicyChoice::Limit& limit) {
  const auto near = [&](const std::optional<double>& side) {
    return side && std::abs(value - *side) <= kMet * size_of(limit);
  };
  return near(limit.at_least) || near(limit.at_most);
}

PolicySearch::PolicySearch(const OptimumStudy& study, PolicyChoice& problem, int start, const OptimiseOptions& options)
    : study_(study),
      problem_(problem),
      start_(start),
      options_(options),
      choices_(study.choices.size()),
      worst_(study.judged_by_worst) {
  const std::size_t draws = worst_ ? problem.counted().size() : 1;
  for (std::size_t d = 0; d < draws; ++d) {
    const std::size_t draw = worst_ ? d : kMean;
    if (worst_) sides_.push_back({this, 0, draw, -1.0, 0.0, 1.0, true});
    for (std::size_t k = 0; k < problem.limits().size(); ++k) {
      const PolicyChoice::Limit& limit = problem.limits()[k];
      if (limit.at_least) sides_.push_back({this, 1 + k, draw, -1.0, *limit.at_least, size_of(limit)});
      if (limit.at_most) sides_.push_back({this, 1 + k, draw, 1.0, *limit.at_most, size_of(limit)});
    }
  }
}

std::pair<Optimum, PolicyPoint> PolicySearch::run(std::vector<double> from) {
  for (std::size_t c = 0; c < choices_; ++c)
    from[c] = (from[c] - study_.choices[c].low) / (study_.choices[c].high - study_.choices[c].low);
  Optimum result = best(search(std::move(from)));
  return {std::move(result), best_};
}

std::vector<double> PolicySearch::choice_of(const std::vector<double>& scaled) const {
  std::vector<double> choice(choices_);
  for (std::size_t c = 0; c < choices_; ++c) {
    const Choice& of = study_.choices[c];
    choice[c] = std::clamp(of.low + scaled[c] * (of.high - of.low), of.low, of.high);
  }
  return choice;
}

/// Answers why it ended. The objective is measured by its steepest slope where the search begins, as the first steps
/// know nothing else of its size.
std::string PolicySearch::search(std::vector<double> unknowns) {
  double reached = 0.0;
  try {
    const PolicyPoint& begin = at(unknowns);
    const double steepest = begin.solved() ? slope_of(begin.mean, 0).cwiseAbs().maxCoeff() : 0.0;
    unit_ = steepest > 0.0 ? steepest : 1.0;
    std::vector<double> low(choices_, 0.0), high(choices_, 1.0);
    if (worst_) {
      origin_ = begin.solved() ? objective_of(study_, begin) : 0.0;
      unknowns.push_back(0.0);
      low.push_back(-HUGE_VAL);
      high.push_back(HUGE_VAL);
    }
    nlopt::opt search(nlopt::LD_SLSQP, static_cast<unsigned>(unknowns.size()));
    search.set_lower_bounds(low);
    search.set_upper_bounds(high);
    search.set_max_objective(&PolicySearch::objective, this);
    for (Side& side : sides_) search.add_inequality_constraint(&PolicySearch::constraint, &side, kHolds);
    search.set_xtol_rel(1e-9);
    search.set_ftol_rel(1e-13);
    search.set_maxeval(study_.most_solves);
    return search.optimize(unknowns, reached) == nlopt::MAXEVAL_REACHED ? "as many solves as allowed" : kNoGain;
  } catch (const nlopt::roundoff_limited&) {
    return kRoundOff;
  } catch (const nlopt::forced_stop&) {
    if (failed_) std::rethrow_exception(failed_);
    return "stopped";
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

/// From the record, if it has the point.
PolicyPoint PolicySearch::solved(const std::vector<double>& choice) {
  std::vector<double> key = options_.record_key;
  key.insert(key.end(), choice.begin(), choice.end());
  if (options_.record != nullptr)
    if (const PolicyPoint* known = options_.record->find(key)) return *known;
  PolicyPoint result = problem_.at(choice);
  if (options_.stop != nullptr && *options_.stop && !result.solved()) throw nlopt::forced_stop();  // not to be recorded
  if (options_.record != nullptr) options_.record->add(key, result);
  return result;
}

const PolicyPoint& PolicySearch::at(const std::vector<double>& unknowns) {
  const std::vector<double> scaled(unknowns.begin(), unknowns.begin() + static_cast<std::ptrdiff_t>(choices_));
  if (scaled == scaled_) return point_;
  if (options_.stop != nullptr && *options_.stop) throw nlopt::forced_stop();
  try {
    point_ = solved(choice_of(scaled));
  } catch (const nlopt::forced_stop&) {
    throw;
  } catch (...) {
    // NLopt would keep no more of it than that something failed.
    failed_ = std::current_exception();
    throw nlopt::forced_stop();
  }
  scaled_ = scaled;
  ++solves_;
  if (point_.solved() && (best_scaled_.empty() || better())) {
    best_ = point_;
    best_scaled_ = scaled;
  }
  if (options_.progress) {
#pragma omp critical(optimise_progress)
    options_.progress(start_, solves_, point_.solved() ? objective_of(study_, point_) : 0.0);
  }
  return point_;
}

const PolicyPoint::Draw& PolicySearch::of(const Side& side, const PolicyPoint& point) const {
  return side.draw == kMean ? point.mean : point.draws[side.draw];
}

double PolicySearch::value(const Side& side, const PolicyPoint& point, double t) const {
  const double value = of(side, point).values[side.function];
  return side.with_t ? t - (value - origin_) / unit_ : side.sign * (value - side.limit) / side.size;
}

/// Per whole range of each choice.
Vector PolicySearch::slope_of(const PolicyPoint::Draw& draw, std::size_t function) const {
  Vector slope = draw.slopes.row(static_cast<Index>(function)).transpose();
  for (std::size_t c = 0; c < choices_; ++c)
    slope(static_cast<Index>(c)) *= study_.choices[c].high - study_.choices[c].low;
  return slope;
}

/// Of value(), by all unknowns.
Vector PolicySearch::slope_of(const Side& side, const PolicyPoint& point) const {
  Vector slope = Vector::Zero(static_cast<Index>(choices_ + (worst_ ? 1 : 0)));
  slope.head(static_cast<Index>(choices_)) =
      slope_of(of(side, point), side.function) * (side.sign / (side.with_t ? unit_ : side.size));
  if (side.with_t) slope(static_cast<Index>(choices_)) = 1.0;
  return slope;
}

double PolicySearch::violation(const PolicyPoint& point) const {
  double worst = 0.0;
  for (const Side& side : sides_)
    if (!side.with_t) worst = std::max(worst, value(side, point, 0.0));
  return worst;
}

/// Nearer to holding the constraints, or as near and with a larger objective.
bool PolicySearch::better() const {
  const double here = violation(point_), there = violation(best_);
  if (here <= kHolds && there <= kHolds) return objective_of(study_, point_) > objective_of(study_, best_);
  return here < there;
}

/// A choice without an equilibrium is worse than any other, and flat.
double PolicySearch::objective(const std::vector<double>& unknowns, std::vector<double>& slope, void* self) {
  auto& search = *static_cast<PolicySearch*>(self);
  const PolicyPoint& point = search.at(unknowns);
  if (!point.solved()) {
    std::ranges::fill(slope, 0.0);
    const double seen = search.best_scaled_.empty() ? 0.0 : objective_of(search.study_, search.best_);
    return (seen - search.origin_ - 10.0 * (1.0 + std::abs(seen))) / search.unit_;
  }
  if (search.worst_) {
    std::ranges::fill(slope, 0.0);
    if (!slope.empty()) slope.back() = 1.0;
    return unknowns.back();
  }
  if (!slope.empty()) Vector::Map(slope.data(), std::ssize(slope)) = search.slope_of(point.mean, 0) / search.unit_;
  return point.mean.values.front() / search.unit_;
}

double PolicySearch::constraint(const std::vector<double>& unknowns, std::vector<double>& slope, void* side_of) {
  const auto& side = *static_cast<Side*>(side_of);
  PolicySearch& search = *side.self;
  const PolicyPoint& point = search.at(unknowns);
  if (!point.solved()) {
    std::ranges::fill(slope, 0.0);
    return 1.0;
  }
  if (!slope.empty()) Vector::Map(slope.data(), std::ssize(slope)) = search.slope_of(side, point);
  return search.value(side, point, unknowns.back());
}

Optimum PolicySearch::best(const std::string& ended) const {
  Optimum result;
  result.ended = ended;
  result.cut_short = ended != kNoGain && ended != kRoundOff;
  result.solves = solves_;
  if (best_scaled_.empty()) {
    result.ended = "no equilibrium anywhere it looked";
    result.objective = -std::numeric_limits<double>::max();
    return result;
  }
  result.choice = choice_of(best_scaled_);
  result.objective = objective_of(study_, best_);
  result.feasible = violation(best_) <= kFeasible;
  std::vector<bool> at_low, at_high;
  for (const double scaled : best_scaled_) {
    at_low.push_back(scaled <= kAtBound);
    at_high.push_back(scaled >= 1.0 - kAtBound);
    result.at_bound.push_back(at_low.back() || at_high.back());
  }
  result.slope = slope_left(at_low, at_high);
  return result;
}

/// What of the objective's slope no combination of the constraints and bounds that are met with equality takes away,
/// each of which only holds back what would break it (Karush, Kuhn & Tucker).
double PolicySearch::slope_left(const std::vector<bool>& at_low, const std::vector<bool>& at_high) const {
  const auto unknowns = static_cast<Index>(choices_ + (worst_ ? 1 : 0));
  Vector objective = Vector::Zero(unknowns);
  double t = 0.0;
  if (worst_) {
    objective(unknowns - 1) = 1.0;
    t = (objective_of(study_, best_) - origin_) / unit_;
  } else {
    objective = slope_of(best_.mean, 0) / unit_;
  }
  std::vector<Vector> holding;  // what may not rise
  for (const Side& side : sides_)
    if (std::abs(value(side, best_, t)) <= kMet) holding.push_back(slope_of(side, best_));
  for (std::size_t c = 0; c < choices_; ++c) {
    if (at_low[c]) holding.emplace_back(-Vector::Unit(unknowns, static_cast<Index>(c)));
    if (at_high[c]) holding.emplace_back(Vector::Unit(unknowns, static_cast<Index>(c)));
  }
  // The weights of the draws that hold t sum to one, whatever that leaves of the slopes.
  constexpr double kSumsToOne = 1e6;
  if (worst_) {
    objective(unknowns - 1) *= kSumsToOne;
    for (Vector& one : holding) one(unknowns - 1) *= kSumsToOne;
  }
  Matrix columns(unknowns, std::ssize(holding));
  for (Index k = 0; k < columns.cols(); ++k) {
    const double size = holding[entrepot::at(k)].norm();
    columns.col(k) = holding[entrepot::at(k)] / (size > 0.0 ? size : 1.0);
  }
  if (columns.cols() > 0) objective -= columns * nonnegative_least_squares(columns, objective);
  return unit_ * objective.head(static_cast<Index>(choices_)).cwiseAbs().maxCoeff();
}

}  // namespace entrepot
