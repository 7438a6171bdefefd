#pragma once

#include <optional>
#include <span>
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
  /// Throws InputError, at the study's lines, for paths that lead nowhere and for draws that no scenario can have: each
  /// factor alone is tried at its median and at its 0.1 % and 99.9 % quantiles, or with each of its values, down to the
  /// shock that the policies compile to.
  StudyScenarios(const Study& study, const World& baseline, const BlocTable& blocs);

  const Study& study() const noexcept { return study_; }
  const SampleDesign& design() const noexcept { return design_; }

  /// The scenario of a row; `resolved` is left empty. Throws InputError where a draw is outside what the scenario
  /// allows.
  Scenario scenario(Index row) const;
  /// What makes it of the study's scenario, as for --set: "path=value", what the study sets first.
  std::vector<std::string> overrides(Index row) const;
  /// The scenario without draws.
  const Scenario& plain() const noexcept { return plain_; }
  /// The files that the scenario reads in any draw, each read once.
  const std::vector<TableFile>& table_files() const noexcept { return table_files_; }

  /// What is drawn, path by path: the value that the scenario gets. Switches are 1 and 0; a text is its place among the
  /// values; for a table that is multiplied, the number it is multiplied by.
  std::vector<double> inputs(Index row) const;
  const std::vector<std::string>& input_names() const noexcept { return input_names_; }
  /// For each input the values it is drawn from where they are texts, in the order of their places; else empty.
  std::vector<std::vector<std::string>> input_choices() const;

  /// Whether all draws share the world that policies act on, θ apart: nothing of the reference world, of zones or of
  /// the model's options is drawn, and the reference does not depend on a θ that is.
  bool one_world() const noexcept { return one_world_; }

 private:
  /// One value of the scenario that is drawn.
  struct Target {
    std::size_t factor = 0;
    Index dimension = 0;
    std::string path;
    SourceLocation where;           ///< of the path in the study
    std::size_t column = 0;         ///< of the factor's table
    std::optional<TomlValue> base;  ///< what the draw multiplies: a number or a table of them
    bool whole = false;             ///< a whole number is expected
  };
  TomlValue draw(const Target& target, double p) const;
  TomlValue drawn(const Target& target, double p) const;
  /// The scenario's document with the draws of all factors, or of one.
  TomlValue document(std::span<const double> row, std::optional<std::size_t> only = {}) const;
  std::vector<double> numbers(Index row) const;
  void add_targets(std::size_t factor, Index first, const World& world, Problems& problems);
  void note_world(std::string_view path);
  std::optional<TomlValue> base_of(const std::string& path, const World& world) const;
  void expect_scenarios(const World& world, const BlocTable& blocs, Problems& problems);

  const Study& study_;
  Scenario plain_;
  std::vector<TableFile> table_files_;
  std::vector<Target> targets_;
  std::vector<std::string> input_names_;
  SampleDesign design_;
  bool one_world_ = true;
};

}  // namespace entrepot
