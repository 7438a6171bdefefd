#pragma once

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "optimise.hpp"
#include "policy_choice.hpp"

namespace entrepot {

/// The objective at a point: its mean over the draws, or the worst of them.
double objective_of(const OptimumStudy& study, const PolicyPoint& point);

/// The limit's measure at a point: its mean over the draws, or that of the draw which is nearest to breaking it.
double measure_of(const OptimumStudy& study, const PolicyPoint& point, const PolicyChoice& problem, std::size_t limit);

/// Whether a point meets every constraint: in the mean, or in each of its draws.
bool is_feasible(const OptimumStudy& study, const PolicyPoint& point, const PolicyChoice& problem);

/// Whether a constraint is met with equality.
bool holds_with_equality(double value, const PolicyChoice::Limit& limit);

/// One search from one start, in choices scaled to [0, 1]. With the worst of several draws to be raised it has a
/// further unknown t, which is maximised while no draw's objective may be below it.
class PolicySearch {
 public:
  /// Everything must outlive it.
  PolicySearch(const OptimumStudy& study, PolicyChoice& problem, int start, const OptimiseOptions& options);

  /// What was found, and the point there.
  std::pair<Optimum, PolicyPoint> run(std::vector<double> from);

 private:
  /// sign · (a function of a draw or of the mean − limit) ≤ 0, in units of `size`; with t: t ≤ the draw's objective.
  struct Side {
    PolicySearch* self;
    std::size_t function;  ///< among PolicyPoint::Draw::values
    std::size_t draw;      ///< kMean: of the mean
    double sign, limit, size;
    bool with_t = false;
  };
  static constexpr std::size_t kMean = static_cast<std::size_t>(-1);

  static double objective(const std::vector<double>& unknowns, std::vector<double>& slope, void* self);
  static double constraint(const std::vector<double>& unknowns, std::vector<double>& slope, void* side);

  std::string search(std::vector<double> unknowns);
  const PolicyPoint& at(const std::vector<double>& unknowns);
  PolicyPoint solved(const std::vector<double>& choice);
  std::vector<double> choice_of(const std::vector<double>& scaled) const;
  const PolicyPoint::Draw& of(const Side& side, const PolicyPoint& point) const;
  double value(const Side& side, const PolicyPoint& point, double t) const;
  Vector slope_of(const PolicyPoint::Draw& draw, std::size_t function) const;
  Vector slope_of(const Side& side, const PolicyPoint& point) const;
  double violation(const PolicyPoint& point) const;
  bool better() const;
  Optimum best(const std::string& ended) const;
  double slope_left(const std::vector<bool>& at_low, const std::vector<bool>& at_high) const;

  const OptimumStudy& study_;
  PolicyChoice& problem_;
  int start_;
  const OptimiseOptions& options_;
  std::size_t choices_;
  bool worst_;
  std::vector<Side> sides_;
  std::vector<double> scaled_, best_scaled_;
  PolicyPoint point_, best_;
  double unit_ = 1.0;    ///< of the objective, in this search
  double origin_ = 0.0;  ///< where t = 0
  int solves_ = 0;
  std::exception_ptr failed_;  ///< what ended the search from within a solve
};

}  // namespace entrepot
