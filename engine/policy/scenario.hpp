#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "instrument.hpp"
#include "shock.hpp"
#include "world/blocs.hpp"
#include "world/world.hpp"

namespace entrepot {

/// A CSV file that a policy names: what it is called there, and what it says.
struct TableFile {
  std::string name;
  std::string text;
};

/// A scenario file, checked as far as it can be without a world.
struct Scenario {
  std::filesystem::path file;
  std::string title;
  std::string question;
  std::string baseline;  ///< a folder's name under data/, or a path
  SourceLocation baseline_where;
  std::string date;  ///< YYYY-MM-DD, or empty for the latest bloc membership
  std::vector<std::string> sources, notes;
  Closure closure = Closure::kFixed;
  std::vector<Policy> reference_policies;  ///< in force in both worlds
  std::vector<Policy> policies;            ///< what the scenario is about
  std::vector<std::string> disabled;       ///< names of policies that are in neither list: `enabled = false`
  std::vector<TomlValue> blocs;            ///< [bloc.NAME]: tables of switches by country code
  std::vector<TomlValue> theta;            ///< θ by sector, `all`, `scale` or `set` (the key)
  Arguments model;                         ///< model_schema()
  std::optional<double> tolerance;         ///< of the solver; absent: its own default
  std::optional<int> max_iterations;
  /// For the record: the scenario with its overrides applied, as TOML, and the files it reads beside it.
  std::string resolved;
  std::vector<TableFile> table_files;

  /// Whether the reference world is the base year itself, so that it need not be solved for.
  bool reference_is_baseline() const { return closure == Closure::kFixed && reference_policies.empty(); }
};

/// Reads a scenario file and applies overrides `path=value` (see apply_override). Throws InputError with everything
/// that can be found wrong without a world.
Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The same from text in memory; `file` stands for it in messages, and the files it names are looked for beside it.
Scenario parse_scenario(std::string_view text, const std::filesystem::path& file,
                        const std::vector<std::string>& overrides = {});

/// The same from a parsed document, changed (set_value) as one likes; `resolved` is left empty. `known`: files that it
/// may name, read before; others are read from the disk.
Scenario make_scenario(const TomlValue& document, const std::filesystem::path& file,
                       const std::vector<TableFile>& known = {});

/// The baselines under a folder, by name.
std::vector<std::string> baseline_names(const std::filesystem::path& data_folder);

/// The folder of a baseline: `name` under `data_folder`, else a path as seen from the scenario file, else as seen from
/// here; a baseline's folder holds baseline.toml. Throws InputError at `where` with the nearest name.
std::filesystem::path find_baseline_folder(const std::string& name, const std::filesystem::path& scenario_file,
                                           const std::filesystem::path& data_folder, const SourceLocation& where = {});
std::filesystem::path find_baseline_folder(const Scenario& scenario, const std::filesystem::path& data_folder);

/// The key of [bloc.NAME] that makes a bloc that the data do not have.
inline constexpr const char* kNewBloc = "new";

/// The blocs with the scenario's changes of membership, in force on every day; a region of the world moves with all
/// that it stands for. Throws InputError for blocs and countries that are not known.
BlocTable apply_blocs(BlocTable blocs, const Scenario& scenario, const World& world);

/// The world with the scenario's [theta] and [model] in place. Throws InputError for sectors and countries not there.
World apply_model_options(World world, const Scenario& scenario);

/// For this and what follows, `blocs` are those of apply_blocs().
/// The world with the zones of all the scenario's policies split off, as yet without privileges: nothing else changes.
/// world: the base year after apply_model_options. Throws InputError for zones that can't be.
World add_zones(World world, const Scenario& scenario, const BlocTable& blocs);

/// What the policies of a scenario came to say of themselves (see Effect), "NAME: SENTENCE" each.
struct PolicyNotes {
  std::vector<std::string> all;     ///< doubts among them
  std::vector<std::string> doubts;  ///< what was hardly meant
};

/// The shock from the base year to the reference world: reference policies and closure. world: the base year after
/// add_zones; notes: what the policies say is added to them. Throws InputError listing every mistake in the policies.
Shock compile_reference(const World& world, const Scenario& scenario, const BlocTable& blocs,
                        PolicyNotes* notes = nullptr);

/// The shock from the reference world to the one with the policies. world: the reference world (the base year itself
/// if reference_is_baseline()); notes: as above. Throws InputError listing every mistake in the policies.
Shock compile_policies(const World& world, const Scenario& scenario, const BlocTable& blocs,
                       PolicyNotes* notes = nullptr);

}  // namespace entrepot
