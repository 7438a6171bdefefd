#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "text/schema.hpp"

namespace entrepot {

// What files that name a scenario and vary it have in common.

/// What such a file fixes in its scenario.
struct StudySetting {
  std::string path;
  TomlValue value;
};

/// Applies `path=value` to a document; what is wrong is added to the problems.
void apply_overrides(TomlValue& document, const std::vector<std::string>& overrides, Problems& problems);

/// The settings of [set]: a key with dots is a path as a whole; a table under a key without dots is a step of one.
std::vector<StudySetting> settings_of(const TomlValue& set);

/// Whether a path is another or leads into what is there.
bool within(std::string_view path, std::string_view other);

/// The file that a key names, as seen from `file`. False where there is none: a problem is added.
bool find_beside(const Arguments& top, const char* key, const std::filesystem::path& file, std::filesystem::path& found,
                 Problems& problems);

/// The document of the scenario that `scenario` names, as seen from the file, with [set] in place.
TomlValue scenario_of(const Arguments& top, const std::filesystem::path& file, std::filesystem::path& scenario_file,
                      Problems& problems);

}  // namespace entrepot
