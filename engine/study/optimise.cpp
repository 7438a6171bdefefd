#include "optimise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlopt.hpp>
#include <random>
#include <utility>

#include "policy_choice.hpp"

namespace entrepot {

namespace {

constexpr double kAtBound = 1e-6;  ///< of a choice's range
constexpr double kHolds = 1e-7;    ///< of a constraint, relative to its size
constexpr double kMet = 1e-5;      ///< of a constraint that is met with equality, likewise

/// One start: the search in choices scaled to [0, 1].
class Search {
 public:
  Search(const OptimumStudy& study, PolicyChoice& problem, int start, const OptimiseOptions& options)
      : study_(study), problem_(problem), start_(start), options_(options) {
    for (const PolicyChoice::Limit& limit : problem.limits()) {
      const double size =
          std::max({1e-3, std::abs(limit.at_least.value_or(0.0)), std::abs(limit.at_most.value_or(0.0))});
      const std::size_t function = 1 + static_cast<std::size_t>(&limit - problem.limits().data());
      if (limit.at_least) sides_.push_back({this, function, -1.0, *limit.at_least, size});
      if (limit.at_most) sides_.push_back({this, function, 1.0, *limit.at_most, size});
    }
  }

  /// What was found, and the point there.
  std::pair<Optimum, PolicyPoint> run(std::vector<double> from) {
    for (std::size_t c = 0; c < from.size(); ++c)
      from[c] = (from[c] - study_.choices[c].low) / (study_.choices[c].high - study_.choices[c].low);
    Optimum result = best(search(from));
    return {std::move(result), best_};
  }

 private:
  struct Side {
    Search* self;
    std::size_t function;  ///< among PolicyPoint::values
    double sign, limit, size;
  };

  std::vector<double> choice_of(const std::vector<double>& scaled) const {
    std::vector<double> choice(scaled.size());
    for (std::size_t c = 0; c < scaled.size(); ++c) {
      const Choice& of = study_.choices[c];
      choice[c] = std::clamp(of.low + scaled[c] * (of.high - of.low), of.low, of.high);
    }
    return choice;
  }

  /// Answers why it ended. The objective is measured by its steepest slope where the search begins, as the first steps
  /// know nothing else of its size.
  std::string search(std::vector<double> from) {
    nlopt::opt search(nlopt::LD_SLSQP, static_cast<unsigned>(study_.choices.size()));
    search.set_lower_bounds(0.0);
    search.set_upper_bounds(1.0);
    search.set_max_objective(&Search::objective, this);
    for (Side& side : sides_) search.add_inequality_constraint(&Search::constraint, &side, kHolds);
    search.set_xtol_rel(1e-9);
    search.set_ftol_rel(1e-13);
    search.set_maxeval(study_.most_solves);
    double reached = 0.0;
    try {
      const PolicyPoint& begin = at(from);
      const double steepest = begin.solved ? slope_of(begin, 0).cwiseAbs().maxCoeff() : 0.0;
      unit_ = steepest > 0.0 ? steepest : 1.0;
      return search.optimize(from, reached) == nlopt::MAXEVAL_REACHED ? "as many solves as allowed" : "no further gain";
    } catch (const nlopt::roundoff_limited&) {
      return "round-off";
    } catch (const nlopt::forced_stop&) {
      return "stopped";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

  const PolicyPoint& at(const std::vector<double>& scaled) {
    if (scaled == scaled_) return point_;
    if (options_.stop != nullptr && *options_.stop) throw nlopt::forced_stop();
    scaled_ = scaled;
    point_ = problem_.at(choice_of(scaled));
    ++solves_;
    if (point_.solved && (best_scaled_.empty() || better())) {
      best_ = point_;
      best_scaled_ = scaled;
    }
    if (options_.progress) options_.progress(start_, solves_, point_.solved ? point_.values.front() : 0.0);
    return point_;
  }

  double violation(const PolicyPoint& point) const {
    double worst = 0.0;
    for (const Side& side : sides_)
      worst = std::max(worst, side.sign * (point.values[side.function] - side.limit) / side.size);
    return worst;
  }
  /// Nearer to holding the constraints, or as near and with a larger objective.
  bool better() const {
    const double here = violation(point_), there = violation(best_);
    if (here <= kHolds && there <= kHolds) return point_.values.front() > best_.values.front();
    return here < there;
  }

  /// A choice without an equilibrium is worse than any other, and flat.
  static double objective(const std::vector<double>& scaled, std::vector<double>& slope, void* self) {
    auto& search = *static_cast<Search*>(self);
    const PolicyPoint& point = search.at(scaled);
    if (!point.solved) {
      std::ranges::fill(slope, 0.0);
      const double seen = search.best_scaled_.empty() ? 0.0 : search.best_.values.front();
      return (seen - 10.0 * (1.0 + std::abs(seen))) / search.unit_;
    }
    search.fill(slope, point, 0, 1.0 / search.unit_);
    return point.values.front() / search.unit_;
  }
  static double constraint(const std::vector<double>& scaled, std::vector<double>& slope, void* side_of) {
    const auto& side = *static_cast<Side*>(side_of);
    const PolicyPoint& point = side.self->at(scaled);
    if (!point.solved) {
      std::ranges::fill(slope, 0.0);
      return 1.0;
    }
    side.self->fill(slope, point, side.function, side.sign / side.size);
    return side.sign * (point.values[side.function] - side.limit) / side.size;
  }
  /// Per whole range of each choice.
  Vector slope_of(const PolicyPoint& point, std::size_t function) const {
    Vector slope = point.slopes.row(static_cast<Index>(function)).transpose();
    for (Index c = 0; c < slope.size(); ++c)
      slope(c) *= study_.choices[entrepot::at(c)].high - study_.choices[entrepot::at(c)].low;
    return slope;
  }
  void fill(std::vector<double>& slope, const PolicyPoint& point, std::size_t function, double scale) const {
    if (!slope.empty()) Vector::Map(slope.data(), point.slopes.cols()) = scale * slope_of(point, function);
  }

  Optimum best(const std::string& ended) const {
    Optimum result;
    result.ended = ended;
    result.solves = solves_;
    if (best_scaled_.empty()) {
      result.ended = "no equilibrium anywhere it looked";
      result.objective = -std::numeric_limits<double>::max();
      return result;
    }
    result.choice = choice_of(best_scaled_);
    result.objective = best_.values.front();
    result.feasible = violation(best_) <= 10.0 * kHolds;
    const auto count = static_cast<Index>(best_scaled_.size());
    std::vector<Index> free;
    for (Index c = 0; c < count; ++c) {
      const double scaled = best_scaled_[entrepot::at(c)];
      result.at_bound.push_back(scaled <= kAtBound || scaled >= 1.0 - kAtBound);
      if (!result.at_bound.back()) free.push_back(c);
    }
    // The constraints that are met with equality take from the slope what they can, judged by the choices between their
    // bounds; a bound holds what would go beyond it.
    Vector left = slope_of(best_, 0);
    std::vector<Vector> active;
    for (const Side& side : sides_)
      if (std::abs(best_.values[side.function] - side.limit) <= kMet * side.size)
        active.push_back(slope_of(best_, side.function));
    if (!active.empty() && !free.empty()) {
      Matrix rows(static_cast<Index>(free.size()), static_cast<Index>(active.size()));
      for (Index k = 0; k < rows.cols(); ++k) rows.col(k) = active[entrepot::at(k)](free);
      const Vector weights = rows.colPivHouseholderQr().solve(Vector(left(free)));
      for (Index k = 0; k < rows.cols(); ++k) left -= weights(k) * active[entrepot::at(k)];
    }
    for (Index c = 0; c < count; ++c) {
      const double scaled = best_scaled_[entrepot::at(c)];
      const double beyond = scaled <= kAtBound         ? std::max(0.0, left(c))
                            : scaled >= 1.0 - kAtBound ? std::max(0.0, -left(c))
                                                       : std::abs(left(c));
      result.slope = std::max(result.slope, beyond);
    }
    return result;
  }

  const OptimumStudy& study_;
  PolicyChoice& problem_;
  int start_;
  const OptimiseOptions& options_;
  std::vector<Side> sides_;
  std::vector<double> scaled_, best_scaled_;
  PolicyPoint point_, best_;
  double unit_ = 1.0;  ///< of the objective, in this search
  int solves_ = 0;
};

}  // namespace

OptimumResult optimise(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimiseOptions& options) {
  OptimumResult result;
  PolicyChoice problem(study, baseline, blocs);
  if (!problem.prepare(result.report)) return result;
  const PolicyPoint& before = problem.before();
  result.objective_before = before.values.front();
  std::vector<std::pair<Optimum, PolicyPoint>> found;
  std::mt19937_64 draw(study.seed);
  for (int start = 0; start < study.starts; ++start) {
    std::vector<double> from = problem.own();
    if (start > 0)
      for (std::size_t c = 0; c < from.size(); ++c) {
        const double share = (static_cast<double>(draw() >> 11) + 0.5) * 0x1p-53;
        from[c] = study.choices[c].low + share * (study.choices[c].high - study.choices[c].low);
      }
    found.push_back(Search(study, problem, start, options).run(std::move(from)));
    if (options.stop != nullptr && *options.stop) break;
  }
  std::ranges::stable_sort(found, [](const auto& one, const auto& other) {
    const Optimum &a = one.first, &b = other.first;
    return a.feasible != b.feasible ? a.feasible : a.objective > b.objective;
  });
  const PolicyPoint point = std::move(found.front().second);
  for (auto& one : found) result.found.push_back(std::move(one.first));
  const Optimum& best = result.found.front();
  if (best.choice.empty()) return result;
  if (study.uncertainty) {
    result.draws = point.draws;
    result.draws_before = before.draws;
  }
  std::size_t k = 0;
  for (const PolicyChoice::Term& term : problem.terms()) {
    result.measures.push_back({term.name, term.units, before.measures[k], point.measures[k]});
    ++k;
  }
  for (const PolicyChoice::Limit& limit : problem.limits()) {
    const double after = point.measures[k];
    const auto near = [&](const std::optional<double>& side) {
      return side && std::abs(after - *side) <= kMet * std::max(1e-3, std::abs(*side));
    };
    result.measures.push_back(
        {limit.of.name, limit.of.units, before.measures[k], after, true, near(limit.at_least) || near(limit.at_most)});
    ++k;
  }
  result.scenario = to_toml(problem.document(best.choice));
  return result;
}

}  // namespace entrepot
