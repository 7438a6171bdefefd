#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "differentiator.hpp"
#include "equilibrium/solve.hpp"
#include "optimum_study.hpp"

namespace entrepot {

/// The objective and each constraint's measure at one choice, with their slopes by the choices.
struct PolicyPoint {
  struct Draw {
    std::vector<double> values;    ///< the objective, then each limit's measure
    Matrix slopes;                 ///< of the values, value × choice, per unit of the choice
    std::vector<double> measures;  ///< of each term of the objective, then of each limit
  };
  std::string sentence;     ///< why there is no equilibrium
  std::vector<Draw> draws;  ///< one where nothing is drawn; none where one of them has no equilibrium
  Draw mean;                ///< of the draws

  bool solved() const noexcept { return !draws.empty(); }
};

/// The mean of several draws, one at least.
PolicyPoint::Draw mean_of(const std::vector<PolicyPoint::Draw>& draws);

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

  /// What it is made of must outlive it. stop: becomes true when solves are to end soon; may be nullptr.
  PolicyChoice(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs,
               const std::atomic<bool>* stop = nullptr);

  /// Solves the scenario as it is, and finds out what the names stand for. False: it has no equilibrium, and `report`
  /// says why. Throws InputError for what is wrong in the file, with everything that is, and as run_scenario() does.
  bool prepare(SolveReport& report);

  // After that:
  const std::vector<Term>& terms() const noexcept { return terms_; }
  const std::vector<Limit>& limits() const noexcept { return limits_; }
  /// The scenario's own numbers, within the bounds, and what they give as they are, in the draws that count.
  const std::vector<double>& own() const noexcept { return own_; }
  const PolicyPoint& before() const noexcept { return before_; }
  /// The draws that a choice is judged by, as places among all of them; see OptimumStudy::judged_by_worst.
  const std::vector<std::size_t>& counted() const noexcept { return counted_; }

  /// Solves the draws that count, in parallel (OpenMP).
  PolicyPoint at(const std::vector<double>& choice);
  /// The objective in every draw, whether it counts or not; kMissing where there is no equilibrium. choice: none for
  /// the scenario's own numbers.
  std::vector<double> everywhere(const std::optional<std::vector<double>>& choice);
  /// The scenario with these numbers, nothing drawn.
  TomlValue document(const std::vector<double>& choice) const {
    return with_choices(study_.scenario, study_.choices, choice);
  }

 private:
  void find_measures(const Differentiator& differentiator, const std::string& date, Problems& problems);
  void find_own(const Differentiator& differentiator, Problems& problems);
  void expect_choices(const Differentiator& differentiator, Problems& problems) const;
  bool reference_is_chosen(const Differentiator& differentiator) const;
  void make_draws(const Differentiator& differentiator);
  /// One of what nobody knows.
  struct Case {
    TomlValue document;
    /// Where its solves begin: with the scenario's own numbers, so that a point is the same whatever was solved before;
    /// empty before the first.
    Equilibrium start;
    std::shared_ptr<const World> reference;  ///< its reference world, once known, unless that is chosen
  };
  template <class Change>
  PolicyPoint solve_cases(const std::vector<std::size_t>& which, const Change& change);
  PolicyPoint::Draw solved(const TomlValue& document, Case& of, std::string& sentence) const;
  PolicyPoint::Draw evaluated(const Differentiator& differentiator) const;
  Scenario scenario_at(const TomlValue& document) const;
  std::vector<double> measured(const SolvedScenario& at) const;
  std::vector<double> functions(const std::vector<double>& measures) const;

  const OptimumStudy& study_;
  const Baseline& baseline_;
  const BlocTable& blocs_;
  const std::atomic<bool>* stop_;
  std::vector<TableFile> table_files_;  ///< read once
  std::vector<Term> terms_;
  std::vector<Limit> limits_;
  std::vector<double> own_;
  PolicyPoint before_;
  std::vector<Case> cases_;
  std::vector<std::size_t> counted_;  ///< of the cases
  bool keeps_reference_ = false;      ///< as nothing that is chosen changes it
};

}  // namespace entrepot
