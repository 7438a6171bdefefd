#pragma once

#include <string>
#include <vector>

#include "policy/scenario.hpp"
#include "study.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// The draws of a study as scenarios of one base year. Immutable and safe for any number of threads; what it is made of
/// must outlive it.
class StudyScenarios {
 public:
  /// Throws InputError, at the study's lines, for paths that lead nowhere and draws that no scenario can have.
  StudyScenarios(const Study& study, const World& baseline);

  const Study& study() const noexcept { return study_; }
  const SampleDesign& design() const noexcept { return design_; }

  /// The scenario of a row. Throws InputError where a draw is outside what the scenario allows.
  Scenario scenario(Index row) const;
  /// What makes it of the study's scenario, as for --set: "path=value".
  std::vector<std::string> overrides(Index row) const;
  /// The scenario without draws.
  const Scenario& plain() const noexcept { return plain_; }

  /// Every drawn number by its path. Switches are 1 and 0; a text is its place among the values.
  std::vector<double> inputs(Index row) const;
  const std::vector<std::string>& input_names() const noexcept { return input_names_; }

  /// Whether all draws share the world that policies act on, θ apart: nothing of the reference world, of zones or of
  /// the model's options is drawn, and the reference does not depend on a θ that is.
  bool one_world() const noexcept { return one_world_; }

 private:
  struct Target {
    std::size_t factor = 0;
    Index dimension = 0;
    std::string path;
    std::size_t column = 0;  ///< of the factor's table
    double base = 1.0;       ///< what a draw multiplies
    bool whole = false;      ///< a whole number is expected
  };
  TomlValue drawn(const Target& target, double p) const;
  TomlValue document(std::span<const double> row) const;
  void add_targets(std::size_t factor, Index first, const World& world, Problems& problems);
  void expect_scenarios(const World& world, Problems& problems) const;

  const Study& study_;
  Scenario plain_;
  std::vector<Target> targets_;
  std::vector<std::string> input_names_;
  SampleDesign design_;
  bool one_world_ = true;
};

}  // namespace entrepot
