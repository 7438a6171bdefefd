#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "equilibrium/kernel.hpp"
#include "equilibrium/settled_adjoint.hpp"
#include "policy/scenario.hpp"
#include "policy/scenario_settings.hpp"
#include "results/measure_seed.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"

namespace entrepot {

/// A reference world and the counterfactual solved in it.
struct SolvedScenario {
  std::shared_ptr<const World> reference;
  Settlement settled;
  const World& world() const noexcept { return *reference; }
  const Shock& shock() const noexcept { return settled.shock; }
  const Equilibrium& equilibrium() const noexcept { return settled.solution.equilibrium; }
};

/// Solves a scenario and takes derivatives of measures by its numbers.
class Differentiator {
 public:
  /// The first two must outlive it. scenario: with `resolved`. blocs: as read.
  Differentiator(const Scenario& scenario, const Baseline& baseline, const BlocTable& blocs);

  /// Becomes true when solves are to end soon; may be nullptr.
  void stop_by(const std::atomic<bool>* stop) { stop_ = stop; }
  /// The reference world, if it is known already: it is not solved anew. May be nullptr.
  void use_reference(std::shared_ptr<const World> known) { known_ = std::move(known); }

  /// Solves, to round-off. False: there is no equilibrium, and `report` says why. start: where to begin; may be
  /// nullptr. Throws InputError for policies that do not fit the world.
  bool solve(SolveReport& report, const Equilibrium* start = nullptr);

  // After a solve:
  const SolvedScenario& at() const noexcept { return at_; }
  const BlocTable& blocs() const noexcept { return blocs_; }
  /// The scenario's numbers.
  std::vector<Setting> settings() const;
  /// Whether a number changes the shock and nothing else, or elasticities that no reference world hangs on.
  bool is_exact(const Setting& setting) const;
  /// Derivatives of measures with these gradients, per unit of a number: exact, or by differences of whole solves where
  /// is_exact() does not hold, and where the number makes or ends detours (at a coverage of 0). To one side where the
  /// number is at an end of its range. values: the measures of a solve, for the latter.
  struct Derivatives {
    std::vector<double> values;
    bool exact = true;
  };
  using Values = std::function<std::vector<double>(const SolvedScenario&)>;
  Derivatives derivatives(const Setting& setting, const std::vector<SettledAdjoint::Answer>& gradients,
                          const Values& values) const;

 private:
  struct Elasticities {
    Vector theta, value_added, input;  ///< sector
    Vector mobility;                   ///< country
  };
  static Elasticities elasticities_of(const World& world);
  struct Compiled {
    Elasticities of;
    Shock shock;
  };
  std::vector<double> differences(
      const Setting& setting, double step,
      const std::function<std::vector<double>(double one, double other, double weight)>& term) const;
  Scenario with(const std::string& path, double value) const;
  Compiled compiled(const std::string& path, double value) const;
  SolveOptions exactly(const Scenario& scenario) const;
  std::shared_ptr<const World> reference_of(const Scenario& scenario, SolveReport& report) const;
  std::optional<SolvedScenario> solved(const Scenario& scenario, std::shared_ptr<const World> reference,
                                       SolveReport& report, const Equilibrium* start) const;
  std::vector<double> measured(const std::string& path, double value, const Values& values) const;
  std::vector<double> along(const Compiled& one, const Compiled& other, double weight,
                            const std::vector<SettledAdjoint::Answer>& gradients) const;
  double log_limit(const Shock& shock, const PriceCap& of) const;
  Vector deficit_of(const Shock& shock) const;

  const Scenario& scenario_;
  const Baseline& baseline_;
  BlocTable blocs_;
  TomlValue document_;
  const std::atomic<bool>* stop_ = nullptr;
  std::shared_ptr<const World> known_;
  SolvedScenario at_;
  std::vector<Component> components_;
};

}  // namespace entrepot
