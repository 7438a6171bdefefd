#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "study.hpp"
#include "text/schema.hpp"

namespace entrepot {

/// A number of the scenario that is chosen, or several that get the same value.
struct Choice {
  std::string name, player;
  std::vector<LocatedText> paths;
  double low = 0.0, high = 0.0;
  SourceLocation where;
};

/// A scenario's document with these values chosen, one for each choice.
TomlValue with_choices(TomlValue document, const std::vector<Choice>& choices, const std::vector<double>& values);

/// weight · measure; a measure of several countries counts as their sum.
struct ObjectiveTerm {
  LocatedText measure;
  double weight = 1.0;
  std::string player = {};
};

/// at_least ≤ measure ≤ at_most; a measure of several countries is a constraint for each.
struct Bound {
  LocatedText measure;
  std::optional<double> at_least, at_most;
  std::string player = {};
};

/// A file that asks for the best policy, checked as far as it can be without a world.
struct OptimumStudy {
  std::filesystem::path file;
  std::string title, question;
  std::filesystem::path scenario_file;
  TomlValue scenario;  ///< its document, with [set] in place
  std::vector<ObjectiveTerm> objective;
  std::vector<Choice> choices;
  std::vector<Bound> bounds;
  /// Who chooses: each has choices and objectives of its own, under its name, and answers the others' choices. Empty:
  /// there is one who chooses, without a name.
  std::vector<std::string> players;
  /// A study whose draws stand for what nobody knows, on this file's scenario in place of its own.
  std::optional<Study> uncertainty;
  bool judged_by_worst = false;  ///< by the worst of the draws in a confidence set, and not by the mean of all
  double confidence = 0.9;       ///< the share of the draws that this set has
  int starts = 4;
  std::uint64_t seed = 1;
  int most_solves = 400;  ///< of each start
  int rounds = 50;        ///< in which each player answers once, at most
  std::string resolved;   ///< for the record, as TOML
};

/// Reads such a file and the scenario it names. overrides: `path=value` on the file itself. Throws InputError with
/// everything that can be found wrong without a world.
OptimumStudy read_optimum_study(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The keys at its top, in [search], and in each [[objective]], [[choose]] and [[constraint]].
const Schema& optimum_schema();
const Schema& search_schema();
const Schema& objective_schema();
const Schema& choose_schema();
const Schema& bound_schema();

/// Markdown: the keys of such a file; docs/optimise.md is this text.
std::string describe_optimum_file();

}  // namespace entrepot
