#include "optimise.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <nlopt.hpp>
#include <random>

#include "differentiator.hpp"
#include "results/table.hpp"
#include "study_measures.hpp"
#include "study_scenarios.hpp"

namespace entrepot {

namespace {

constexpr double kAtBound = 1e-6;     ///< of a choice's range
constexpr double kHolds = 1e-7;       ///< of a constraint, relative to its size
constexpr double kMet = 1e-5;         ///< of a constraint that is met with equality, likewise
constexpr double kFlat = 1e-6;        ///< of the steepest slope that was seen: what may be left at an optimum
constexpr int kMostRestarts = 3;      ///< from where a search ended that left more
constexpr double kSameChoice = 1e-3;  ///< of ranges: two starts that ended in one place

/// The objective (first) and each constraint's measure at one choice, with their slopes by the choices.
struct Point {
  static Point none(const std::string& sentence) {
    Point point;
    point.sentence = sentence;
    return point;
  }
  bool solved = false;
  std::string sentence;
  std::vector<double> values;
  Matrix slopes;  ///< function × choice, per unit of the choice
  std::vector<double> measures;
  std::vector<double> draws;  ///< the objective in each; one where nothing is drawn
};

/// The mean of several; not solved where one is not.
Point mean(const std::vector<Point>& points) {
  Point result;
  for (const Point& point : points)
    if (!point.solved) return point;
  result = points.front();
  result.draws = {points.front().values.front()};
  if (points.size() == 1) return result;
  const auto add = [](std::vector<double>& to, const std::vector<double>& from) {
    for (std::size_t k = 0; k < to.size(); ++k) to[k] += from[k];
  };
  for (std::size_t d = 1; d < points.size(); ++d) {
    add(result.values, points[d].values);
    add(result.measures, points[d].measures);
    result.slopes += points[d].slopes;
    result.draws.push_back(points[d].values.front());
  }
  const double part = 1.0 / static_cast<double>(points.size());
  for (std::vector<double>* values : {&result.values, &result.measures})
    for (double& value : *values) value *= part;
  result.slopes *= part;
  return result;
}

class PolicyChoice {
 public:
  PolicyChoice(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs)
      : study_(study),
        baseline_(baseline),
        blocs_(blocs),
        table_files_(make_scenario(study.scenario, study.scenario_file).table_files) {}

  /// Solves the scenario as it is, and finds out what the names stand for.
  void prepare(OptimumResult& result) {
    const Scenario scenario = scenario_at(study_.scenario);
    Differentiator differentiator(scenario, baseline_, blocs_);
    if (!differentiator.solve(result.report)) return;
    const World& world = differentiator.at().world;
    const Selector selector(world, differentiator.blocs(), scenario.date);
    Problems problems;
    const auto numbers_of = [&](const LocatedText& measure) {
      return StudyMeasures({measure}, world, selector, problems);
    };
    for (const ObjectiveTerm& term : study_.objective) {
      const StudyMeasures asked = numbers_of(term.measure);
      for (const auto& [name, number, column] : asked.numbers()) {
        terms_.push_back({name, asked.columns()[column].units, number, term.weight});
        expect_derivative(terms_.back(), term.measure, differentiator, problems);
      }
    }
    for (const Bound& bound : study_.bounds) {
      const StudyMeasures asked = numbers_of(bound.measure);
      for (const auto& [name, number, column] : asked.numbers()) {
        bounds_.push_back({{name, asked.columns()[column].units, number, 1.0}, bound.at_least, bound.at_most});
        expect_derivative(bounds_.back().of, bound.measure, differentiator, problems);
      }
    }
    const std::vector<Setting> settings = differentiator.settings();
    std::vector<std::string> paths;
    std::ranges::transform(settings, std::back_inserter(paths), &Setting::path);
    for (const Choice& choice : study_.choices)
      for (const LocatedText& path : choice.paths) {
        const auto setting = std::ranges::find(settings, path.text, &Setting::path);
        if (setting == settings.end())
          problems.add(path.where, "choose." + choice.name,
                       fmt::format("'{}' is no number of the scenario{}", path.text, suggestion(path.text, paths)));
        else if (choice.low < setting->range.lower || choice.high > setting->range.upper ||
                 (setting->range.above_lower && choice.low <= setting->range.lower))
          problems.add(choice.where, "choose." + choice.name,
                       fmt::format("the scenario takes {} from {} to {} there", path.text, setting->range.lower,
                                   setting->range.upper));
        else if (&path == &choice.paths.front())
          own_.push_back(std::clamp(setting->value.number, choice.low, choice.high));
      }
    problems.throw_if_any();
    // What no scenario can have is said before the search, and not in its middle.
    for (std::size_t c = 0; c < own_.size(); ++c)
      for (const double end : {study_.choices[c].low, study_.choices[c].high}) {
        std::vector<double> choice = own_;
        choice[c] = end;
        try {
          compile_policies(world, scenario_at(document(choice)), differentiator.blocs());
        } catch (const InputError& error) {
          problems.add(study_.choices[c].where, "choose." + study_.choices[c].name,
                       fmt::format("at {}: {}", end, error.problems().front().sentence));
        }
      }
    problems.throw_if_any();
    make_draws();
    const Point before = at_all([](TomlValue document) { return document; });
    if (!before.solved) {
      result.report.status = SolveStatus::kNoConvergence;
      result.report.sentence = "In one of the draws: " + before.sentence;
      return;
    }
    result.objective_before = before.values.front();
    if (study_.uncertainty) result.draws_before = before.draws;
    before_ = before.measures;
  }

  struct Term {
    std::string name, units;
    MeasureNumber number;
    double weight;
  };
  struct Limit {
    Term of;
    std::optional<double> at_least, at_most;
  };
  const std::vector<Term>& terms() const noexcept { return terms_; }
  const std::vector<Limit>& limits() const noexcept { return bounds_; }
  const std::vector<double>& own() const noexcept { return own_; }
  const std::vector<double>& before() const noexcept { return before_; }

  TomlValue document(const std::vector<double>& choice) const { return chosen(study_.scenario, choice); }

  Point at(const std::vector<double>& choice) {
    return at_all([&](TomlValue document) { return chosen(std::move(document), choice); });
  }

 private:
  TomlValue chosen(TomlValue document, const std::vector<double>& choice) const {
    for (std::size_t c = 0; c < study_.choices.size(); ++c)
      for (const LocatedText& path : study_.choices[c].paths)
        set_value(document, path.text, {.kind = TomlValue::Kind::kNumber, .number = choice[c]}, path.where);
    return document;
  }

  /// The scenario in every draw: one as it is where nothing is drawn.
  void make_draws() {
    documents_.assign(1, study_.scenario);
    if (study_.uncertainty) {
      const StudyScenarios scenarios(*study_.uncertainty, baseline_.world, blocs_);
      documents_.assign(entrepot::at(scenarios.design().rows()), study_.scenario);
      for (std::size_t d = 0; d < documents_.size(); ++d)
        for (const std::string& one : scenarios.overrides(static_cast<Index>(d))) apply_override(documents_[d], one);
    }
    starts_.resize(documents_.size());
  }

  template <class Change>
  Point at_all(const Change& change) {
    std::vector<Point> points(documents_.size());
    std::exception_ptr failed;
#pragma omp parallel for schedule(dynamic, 1)
    for (std::size_t d = 0; d < documents_.size(); ++d) {
      try {
        points[d] = solved(change(documents_[d]), starts_[d]);
      } catch (...) {
#pragma omp critical(optimise_draw)
        failed = std::current_exception();
      }
    }
    if (failed) std::rethrow_exception(failed);
    return mean(points);
  }

  Point solved(const TomlValue& document, Equilibrium& start) const {
    const Scenario scenario = scenario_at(document);
    Differentiator differentiator(scenario, baseline_, blocs_);
    SolveReport report;
    if (!differentiator.solve(report, start.wage.size() > 0 ? &start : nullptr)) return Point::none(report.sentence);
    start = differentiator.at().equilibrium();
    return evaluated(differentiator, differentiator.settings());
  }

  Scenario scenario_at(const TomlValue& document) const {
    Scenario scenario = make_scenario(document, study_.scenario_file, table_files_);
    scenario.resolved = to_toml(document);
    return scenario;
  }

  static void expect_derivative(const Term& term, const LocatedText& measure, const Differentiator& at,
                                Problems& problems) {
    if (!measure_seed(term.number, at.at().world, at.at().shock(), at.at().equilibrium()))
      problems.add(measure.where, "measure", fmt::format("'{}' has no derivative", term.name));
  }

  std::vector<double> measured(const SolvedScenario& at) const {
    const Measures all = measure(at.world, at.shock(), at.equilibrium());
    std::vector<double> result;
    for (const Term& term : terms_) result.push_back(value_of(all, term.number));
    for (const Limit& limit : bounds_) result.push_back(value_of(all, limit.of.number));
    return result;
  }
  std::vector<double> functions(const std::vector<double>& measures) const {
    std::vector<double> result{0.0};
    for (std::size_t t = 0; t < terms_.size(); ++t) result.front() += terms_[t].weight * measures[t];
    result.insert(result.end(), measures.begin() + static_cast<std::ptrdiff_t>(terms_.size()), measures.end());
    return result;
  }

  Point evaluated(const Differentiator& differentiator, const std::vector<Setting>& settings) const {
    const SolvedScenario& at = differentiator.at();
    Point point;
    point.solved = true;
    point.measures = measured(at);
    point.values = functions(point.measures);
    const SettledAdjoint adjoint(at.world, at.settled);
    std::vector<SettledAdjoint::Answer> gradients;
    MeasureSeed objective;
    for (const Term& term : terms_)
      add(objective, term.weight, *measure_seed(term.number, at.world, at.shock(), at.equilibrium()));
    gradients.push_back(adjoint.gradient(objective));
    for (const Limit& limit : bounds_)
      gradients.push_back(adjoint.gradient(*measure_seed(limit.of.number, at.world, at.shock(), at.equilibrium())));
    point.slopes = Matrix::Zero(static_cast<Index>(gradients.size()), static_cast<Index>(study_.choices.size()));
    for (std::size_t c = 0; c < study_.choices.size(); ++c)
      for (const LocatedText& path : study_.choices[c].paths) {
        const auto setting = std::ranges::find(settings, path.text, &Setting::path);
        const std::vector<double> slopes = differentiator.derivatives(
            *setting, gradients, [&](const SolvedScenario& other) { return functions(measured(other)); });
        for (std::size_t g = 0; g < slopes.size(); ++g)
          point.slopes(static_cast<Index>(g), static_cast<Index>(c)) += slopes[g];
      }
    return point;
  }

  const OptimumStudy& study_;
  const Baseline& baseline_;
  const BlocTable& blocs_;
  std::vector<TableFile> table_files_;  ///< read once
  std::vector<Term> terms_;
  std::vector<Limit> bounds_;
  std::vector<double> own_, before_;
  std::vector<TomlValue> documents_;  ///< the scenario, draw by draw
  std::vector<Equilibrium> starts_;   ///< where the next solve of each begins
};

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

  Optimum run(std::vector<double> from) {
    for (std::size_t c = 0; c < from.size(); ++c)
      from[c] = (from[c] - study_.choices[c].low) / (study_.choices[c].high - study_.choices[c].low);
    // A search may end in a corner of the constraints that its own picture of the curvature made; it begins anew there.
    for (int restarts = 0;; ++restarts) {
      const std::string ended = search(from);
      Optimum result = best(ended);
      const bool by_itself = ended == kNoGain || ended == kRoundOff;
      if (!by_itself || result.slope <= kFlat * steepest_ || restarts == kMostRestarts || solves_ >= study_.most_solves)
        return result;
      from = best_scaled_;
    }
  }

 private:
  struct Side {
    Search* self;
    std::size_t function;  ///< among Point::values
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

  /// Answers why it ended.
  std::string search(std::vector<double> from) {
    nlopt::opt search(nlopt::LD_SLSQP, static_cast<unsigned>(study_.choices.size()));
    search.set_lower_bounds(0.0);
    search.set_upper_bounds(1.0);
    search.set_max_objective(&Search::objective, this);
    for (Side& side : sides_) search.add_inequality_constraint(&Search::constraint, &side, kHolds);
    search.set_xtol_rel(1e-9);
    search.set_ftol_rel(1e-13);
    search.set_maxeval(study_.most_solves - solves_);
    double reached = 0.0;
    try {
      return search.optimize(from, reached) == nlopt::MAXEVAL_REACHED ? "as many solves as allowed" : kNoGain;
    } catch (const nlopt::roundoff_limited&) {
      return kRoundOff;
    } catch (const nlopt::forced_stop&) {
      return "stopped";
    } catch (const std::runtime_error& error) {
      return error.what();
    }
  }

  const Point& at(const std::vector<double>& scaled) {
    if (scaled == scaled_) return point_;
    if (options_.stop != nullptr && *options_.stop) throw nlopt::forced_stop();
    scaled_ = scaled;
    point_ = problem_.at(choice_of(scaled));
    ++solves_;
    for (std::size_t c = 0; point_.solved && c < scaled.size(); ++c)
      steepest_ = std::max(steepest_, std::abs(point_.slopes(0, static_cast<Index>(c))) *
                                          (study_.choices[c].high - study_.choices[c].low));
    if (point_.solved && (best_scaled_.empty() || better())) {
      best_ = point_;
      best_scaled_ = scaled;
    }
    if (options_.progress) options_.progress(start_, solves_, point_.solved ? point_.values.front() : 0.0);
    return point_;
  }

  double violation(const Point& point) const {
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
    const Point& point = search.at(scaled);
    if (!point.solved) {
      std::ranges::fill(slope, 0.0);
      const double seen = search.best_scaled_.empty() ? 0.0 : search.best_.values.front();
      return seen - 10.0 * (1.0 + std::abs(seen));
    }
    search.fill(slope, point, 0, 1.0);
    return point.values.front();
  }
  static double constraint(const std::vector<double>& scaled, std::vector<double>& slope, void* side_of) {
    const auto& side = *static_cast<Side*>(side_of);
    const Point& point = side.self->at(scaled);
    if (!point.solved) {
      std::ranges::fill(slope, 0.0);
      return 1.0;
    }
    side.self->fill(slope, point, static_cast<Index>(side.function), side.sign / side.size);
    return side.sign * (point.values[side.function] - side.limit) / side.size;
  }
  void fill(std::vector<double>& slope, const Point& point, Index function, double scale) const {
    for (std::size_t c = 0; c < slope.size(); ++c)
      slope[c] =
          scale * point.slopes(function, static_cast<Index>(c)) * (study_.choices[c].high - study_.choices[c].low);
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
    const auto slope_of = [&](std::size_t function) {
      Vector slope(count);
      for (Index c = 0; c < count; ++c) {
        const Choice& of = study_.choices[entrepot::at(c)];
        slope(c) = best_.slopes(static_cast<Index>(function), c) * (of.high - of.low);
      }
      return slope;
    };
    std::vector<Index> free;
    for (Index c = 0; c < count; ++c) {
      const double scaled = best_scaled_[entrepot::at(c)];
      result.at_bound.push_back(scaled <= kAtBound || scaled >= 1.0 - kAtBound);
      if (!result.at_bound.back()) free.push_back(c);
    }
    // The constraints that are met with equality take from the slope what they can, judged by the choices between their
    // bounds; a bound holds what would go beyond it.
    Vector left = slope_of(0);
    std::vector<Vector> active;
    for (const Side& side : sides_)
      if (std::abs(best_.values[side.function] - side.limit) <= kMet * side.size)
        active.push_back(slope_of(side.function));
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

  static constexpr const char* kNoGain = "no further gain";
  static constexpr const char* kRoundOff = "round-off";
  const OptimumStudy& study_;
  PolicyChoice& problem_;
  int start_;
  const OptimiseOptions& options_;
  std::vector<Side> sides_;
  std::vector<double> scaled_, best_scaled_;
  Point point_, best_;
  double steepest_ = 0.0;  ///< slope of the objective that was seen, per range of a choice
  int solves_ = 0;
};

}  // namespace

OptimumResult optimise(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
                       const OptimiseOptions& options) {
  OptimumResult result;
  PolicyChoice problem(study, baseline, blocs);
  problem.prepare(result);
  if (!result.report.solved()) return result;
  std::mt19937_64 draw(study.seed);
  for (int start = 0; start < study.starts; ++start) {
    std::vector<double> from = problem.own();
    if (start > 0)
      for (std::size_t c = 0; c < from.size(); ++c) {
        const double share = (static_cast<double>(draw() >> 11) + 0.5) * 0x1p-53;
        from[c] = study.choices[c].low + share * (study.choices[c].high - study.choices[c].low);
      }
    result.found.push_back(Search(study, problem, start, options).run(std::move(from)));
    if (options.stop != nullptr && *options.stop) break;
  }
  std::ranges::stable_sort(result.found, [](const Optimum& a, const Optimum& b) {
    return a.feasible != b.feasible ? a.feasible : a.objective > b.objective;
  });
  const Optimum& best = result.found.front();
  if (best.choice.empty()) return result;
  const Point point = problem.at(best.choice);
  if (study.uncertainty) result.draws = point.draws;
  std::size_t k = 0;
  for (const PolicyChoice::Term& term : problem.terms()) {
    result.measures.push_back({term.name, term.units, problem.before()[k], point.measures[k]});
    ++k;
  }
  for (const PolicyChoice::Limit& limit : problem.limits()) {
    const double after = point.measures[k];
    const auto near = [&](const std::optional<double>& side) {
      return side && std::abs(after - *side) <= kMet * std::max(1e-3, std::abs(*side));
    };
    result.measures.push_back(
        {limit.of.name, limit.of.units, problem.before()[k], after, true, near(limit.at_least) || near(limit.at_most)});
    ++k;
  }
  result.scenario = to_toml(problem.document(best.choice));
  return result;
}

std::string show_optimum(const OptimumStudy& study, const OptimumResult& result) {
  std::string text = study.title + "\n";
  if (!study.question.empty()) text += study.question + "\n";
  if (!result.report.solved())
    return text + "The scenario as it is has no equilibrium. " + result.report.sentence + "\n";
  const Optimum& best = result.found.front();
  if (best.choice.empty()) return text + "No choice that was tried has an equilibrium.\n";
  text += fmt::format("\nObjective: {:.6g}, with the scenario's own numbers {:.6g}\n", best.objective,
                      result.objective_before);
  if (!best.feasible) text += "No choice that was tried meets every constraint; this one is nearest.\n";
  Table choices({{"chosen", ""}, {"value", ""}, {"from", ""}, {"to", ""}, {"", ""}});
  for (std::size_t c = 0; c < study.choices.size(); ++c)
    choices.add_row({study.choices[c].name, fmt::format("{:.6g}", best.choice[c]),
                     fmt::format("{:g}", study.choices[c].low), fmt::format("{:g}", study.choices[c].high),
                     std::string(best.at_bound[c] ? "at its bound" : "")});
  Table measures({{"measure", ""}, {"", ""}, {"before", ""}, {"after", ""}, {"", ""}});
  for (const OptimumResult::Row& row : result.measures)
    measures.add_row({row.name, row.units, fmt::format("{:.6g}", row.before), fmt::format("{:.6g}", row.after),
                      std::string(!row.is_constraint ? ""
                                  : row.active       ? "a constraint, which holds it"
                                                     : "a constraint")});
  text += "\n" + choices.text() + "\n" + measures.text() + "\n";
  if (!result.draws.empty()) {
    std::vector<double> gain, sorted = result.draws;
    for (std::size_t d = 0; d < result.draws.size(); ++d) gain.push_back(result.draws[d] - result.draws_before[d]);
    std::ranges::sort(sorted);
    text += fmt::format(
        "Means over {} draws. The objective is larger than with the scenario's own numbers in {} of them, and lies "
        "from {:.6g} to {:.6g}.\n",
        result.draws.size(), std::ranges::count_if(gain, [](double g) { return g > 0.0; }), sorted.front(),
        sorted.back());
  }
  text += fmt::format("Slope left: {:.2g} per whole range of a choice; {} solves, ended: {}.\n", best.slope,
                      best.solves, best.ended);
  int same = 0, others = 0;
  double next = -std::numeric_limits<double>::infinity();
  for (const Optimum& one : result.found) {
    double apart = 0.0;
    for (std::size_t c = 0; c < one.choice.size(); ++c)
      apart =
          std::max(apart, std::abs(one.choice[c] - best.choice[c]) / (study.choices[c].high - study.choices[c].low));
    if (!one.choice.empty() && apart <= kSameChoice) {
      ++same;
    } else {
      ++others;
      if (one.feasible) next = std::max(next, one.objective);
    }
  }
  text += fmt::format("{} of {} starts ended here", same, result.found.size());
  if (others > 0 && std::isfinite(next)) text += fmt::format("; the best of the others reached {:.6g}", next);
  return text + ".\n";
}

}  // namespace entrepot
