#include "study_document.hpp"

#include <fmt/format.h>

namespace entrepot {

namespace {

void add_settings(const TomlValue& table, const std::string& path, std::vector<StudySetting>& settings) {
  for (const TomlValue& given : table.children) {
    const bool step = given.kind == TomlValue::Kind::kTable && given.key.find('.') == std::string::npos;
    if (step)
      add_settings(given, path + given.key + ".", settings);
    else
      settings.push_back({path + given.key, given});
  }
}

}  // namespace

void apply_overrides(TomlValue& document, const std::vector<std::string>& overrides, Problems& problems) {
  for (const std::string& assignment : overrides) {
    try {
      apply_override(document, assignment);
    } catch (const InputError& error) {
      problems.add(error.problems());
    }
  }
}

std::vector<StudySetting> settings_of(const TomlValue& set) {
  std::vector<StudySetting> result;
  add_settings(set, "", result);
  return result;
}

bool within(std::string_view path, std::string_view other) {
  return path == other || (path.starts_with(other) && path[other.size()] == '.');
}

bool find_beside(const Arguments& top, const char* key, const std::filesystem::path& file, std::filesystem::path& found,
                 Problems& problems) {
  found = file.parent_path() / top.text(key);
  std::error_code ignored;
  if (std::filesystem::is_regular_file(found, ignored)) return true;
  problems.add(top.where(key), key, fmt::format("there is no file '{}', as seen from this study", top.text(key)));
  return false;
}

TomlValue scenario_of(const Arguments& top, const std::filesystem::path& file, std::filesystem::path& scenario_file,
                      Problems& problems) {
  TomlValue document;
  if (!top.has("scenario")) return document;
  if (!find_beside(top, "scenario", file, scenario_file, problems)) return document;
  try {
    document = parse_toml(read_text(scenario_file), scenario_file.string());
  } catch (const InputError& error) {
    problems.add(error.problems());
    return document;
  }
  if (!top.has("set")) return document;
  for (const StudySetting& setting : settings_of(top.at("set"))) {
    try {
      TomlValue& place = value_at(document, setting.path, setting.value.key_where);
      const std::string key = place.key;
      place = setting.value;
      place.key = key;
    } catch (const InputError& error) {
      problems.add(error.problems());
    }
  }
  return document;
}

}  // namespace entrepot
