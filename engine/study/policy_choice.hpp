#pragma once

#include <optional>
#include <string>
#include <vector>

#include "differentiator.hpp"
#include "equilibrium/solve.hpp"
#include "optimum_study.hpp"

namespace entrepot {

/// The objective and each constraint's measure at one choice, with their slopes by the choices.
struct PolicyPoint {
  bool solved = false;
  std::string sentence;          ///< why there is no equilibrium
  std::vector<double> values;    ///< the objective, then each limit's measure; means where there are draws
  Matrix slopes;                 ///< of the values, value × choice, per unit of the choice
  std::vector<double> measures;  ///< of each term of the objective, then of each limit
  std::vector<double> draws;     ///< the objective in each draw; one where nothing is drawn
};

/// A scenario as a function of the numbers that are chosen in it, in every draw of what nobody knows.
class PolicyChoice {
 public:
  struct Term {
    std::string name, units;
    MeasureNumber number;
    double weight = 1.0;
  };
  struct Limit {
    Term of;
    std::optional<double> at_least, at_most;
  };

  /// What it is made of must outlive it.
  PolicyChoice(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs);

  /// Solves the scenario as it is, and finds out what the names stand for. False: it has no equilibrium, and `report`
  /// says why. Throws InputError for what is wrong in the file, with everything that is, and as run_scenario() does.
  bool prepare(SolveReport& report);

  // After that:
  const std::vector<Term>& terms() const noexcept { return terms_; }
  const std::vector<Limit>& limits() const noexcept { return limits_; }
  /// The scenario's own numbers, within the bounds, and what they give as they are.
  const std::vector<double>& own() const noexcept { return own_; }
  const PolicyPoint& before() const noexcept { return before_; }

  /// Solves all draws, in parallel (OpenMP), each from where it was last.
  PolicyPoint at(const std::vector<double>& choice);
  /// The scenario with these numbers, nothing drawn.
  TomlValue document(const std::vector<double>& choice) const { return chosen(study_.scenario, choice); }

 private:
  TomlValue chosen(TomlValue document, const std::vector<double>& choice) const;
  void find_measures(const Differentiator& differentiator, const std::string& date, Problems& problems);
  void find_own(const Differentiator& differentiator, Problems& problems);
  void expect_choices(const Differentiator& differentiator, Problems& problems) const;
  void make_draws(const Equilibrium& start);
  template <class Change>
  PolicyPoint at_all(const Change& change);
  PolicyPoint solved(const TomlValue& document, Equilibrium& start) const;
  PolicyPoint evaluated(const Differentiator& differentiator) const;
  Scenario scenario_at(const TomlValue& document) const;
  std::vector<double> measured(const SolvedScenario& at) const;
  std::vector<double> functions(const std::vector<double>& measures) const;

  const OptimumStudy& study_;
  const Baseline& baseline_;
  const BlocTable& blocs_;
  std::vector<TableFile> table_files_;  ///< read once
  std::vector<Term> terms_;
  std::vector<Limit> limits_;
  std::vector<double> own_;
  PolicyPoint before_;
  std::vector<TomlValue> documents_;  ///< the scenario, draw by draw
  std::vector<Equilibrium> starts_;   ///< where the next solve of each begins
};

}  // namespace entrepot
