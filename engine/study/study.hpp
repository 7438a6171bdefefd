#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "distribution.hpp"
#include "players.hpp"
#include "policy/scenario.hpp"
#include "sample_design.hpp"
#include "study_document.hpp"
#include "text/csv.hpp"
#include "text/schema.hpp"

namespace entrepot {

/// One [[vary]] of a study: what is drawn, and the numbers of the scenario that it is written to.
struct StudyFactor {
  std::string name;
  std::vector<LocatedText> paths;  ///< as after --set; "theta.*" stands for every sector, each drawn by itself
  Distribution distribution;       ///< kChoice: one of `values` or of the rows of `table`
  std::vector<TomlValue> values;
  /// Of a player: for each of its strategies and each path, whether it is in that bloc.
  std::vector<std::vector<bool>> memberships;
  std::optional<CsvTable> table;  ///< a row is a draw; a column for each path, named by it
  bool multiply = false;          ///< the draw multiplies what the scenario or the base year say
  Index points = 0;               ///< along a grid
  SourceLocation where;
};

/// What two factors' normals have in common (Gaussian copula).
struct StudyCorrelation {
  std::size_t first = 0, second = 0;  ///< factors
  double value = 0.0;
  SourceLocation where;
};

/// A study file, checked as far as it can be without a world.
struct Study {
  std::filesystem::path file;
  std::string title, question;
  std::vector<std::string> sources, notes;
  std::filesystem::path scenario_file;
  TomlValue scenario;                  ///< its document, with `settings` in place
  std::vector<StudySetting> settings;  ///< [set]
  std::vector<StudyFactor> factors;    ///< those of players, or that results are shared out among, last
  std::optional<PlayersAsked> players;
  std::vector<StudyCorrelation> correlations;
  DesignOptions design;               ///< without the correlation matrix
  std::vector<double> quantiles;      ///< rising, each in (0, 1)
  std::vector<LocatedText> measures;  ///< names of result variables, see Measurements
  /// The days that are drawn: who is in a bloc may depend on them.
  std::vector<std::string> drawn_dates() const;
  /// For the record: the study with its overrides, as TOML, and the files of draws beside it.
  std::string resolved;
  std::vector<TableFile> table_files;
};

/// Reads a study file and the scenario it names, and applies overrides `path=value` to the study (`sample.draws=100`).
/// Throws InputError with everything that can be found wrong without a world.
Study read_study(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The same from a text; `file` stands for it in messages, and what it names is as seen from there.
Study parse_study(std::string_view text, const std::filesystem::path& file,
                  const std::vector<std::string>& overrides = {});

/// The same from a document.
Study make_study(TomlValue document, const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The keys of a study file: at its top, in [sample], in each [[vary]] and in each [[correlation]]; those of players
/// are in players.hpp.
const Schema& study_schema();
const Schema& sample_schema();
const Schema& vary_schema();
const Schema& correlation_schema();

/// Markdown: the keys of a study file; docs/studies.md is this text.
std::string describe_study_file();

}  // namespace entrepot
