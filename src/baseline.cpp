#include <fmt/format.h>

#include "command.hpp"
#include "policy/scenario.hpp"
#include "recipe/build_baseline.hpp"
#include "results/baseline_checks.hpp"
#include "results/baseline_tables.hpp"
#include "text/input_error.hpp"
#include "world/baseline_files.hpp"

namespace entrepot::program {

namespace {

const std::vector<std::string> kActions{"show", "check", "build", "aggregate"};

/// A baseline's folder by name under data/, or a path.
std::filesystem::path folder_of(const std::string& name) { return find_baseline_folder(name, {}, data_folder()); }

std::filesystem::path required_path(const options::variables_map& values, const char* name, const char* why) {
  if (values.count(name) == 0) throw InputError({}, fmt::format("--{}", name), why);
  return values[name].as<std::string>();
}

int show_baseline(const std::string& name, const options::variables_map& values) {
  const std::filesystem::path folder = folder_of(name);
  const Baseline baseline = read_baseline_unchecked(folder);
  const std::string country = values.count("country") > 0 ? values["country"].as<std::string>() : "";
  fmt::print("{}", describe_baseline(baseline, country));
  const auto checks = check_figures(baseline.world, read_published_figures(folder, baseline.world));
  const std::string text = describe_checks(checks, country.empty() ? "" : country_code(baseline.world, country));
  if (!text.empty()) fmt::print("\n{}", text);
  return kSuccess;
}

int check_baseline(const std::string& name) {
  const Baseline baseline = read_baseline_unchecked(folder_of(name));
  const BalanceReport report = check_balance(baseline.world);
  fmt::print("{}", describe_balance(baseline, report));
  return report.worst() <= BalanceReport::kTolerance ? kSuccess : kWrongInput;
}

int build(const std::string& name, const options::variables_map& values) {
  const std::filesystem::path raw =
      required_path(values, "raw", "building a baseline needs the folder of raw tables: --raw FOLDER");
  const std::filesystem::path folder = data_folder() / name;
  const std::filesystem::path recipe =
      values.count("recipe") > 0 ? std::filesystem::path(values["recipe"].as<std::string>()) : folder / "recipe.toml";
  const std::filesystem::path output =
      values.count("output") > 0 ? std::filesystem::path(values["output"].as<std::string>()) : folder;
  BuildReport report;
  Baseline baseline = build_baseline(recipe, raw, report);
  baseline.info.name = output.filename().string();
  write_baseline(baseline.world, baseline.info, output);
  fmt::print("{}\nWritten to {}.\n", describe(report), output.string());
  return kSuccess;
}

/// "EU=DEU,FRA" as pairs of a code and the code it becomes.
void add_groups(const options::variables_map& values, const char* name,
                std::vector<std::pair<std::string, std::string>>& groups) {
  if (values.count(name) == 0) return;
  for (const std::string& text : values[name].as<std::vector<std::string>>()) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      throw InputError({}, fmt::format("--{}", name), fmt::format("'{}' is not of the form NEW=CODE,CODE", text));
    for (std::size_t from = equals + 1; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      groups.emplace_back(text.substr(from, comma - from), text.substr(0, equals));
      from = comma + 1;
    }
  }
}

int merge(const std::string& name, const options::variables_map& values) {
  const std::filesystem::path output =
      required_path(values, "output", "merging needs a folder for the new baseline: --output FOLDER");
  Merge groups;
  add_groups(values, "countries", groups.country_group);
  add_groups(values, "sectors", groups.sector_group);
  if (groups.country_group.empty() && groups.sector_group.empty())
    throw InputError({}, "entrepot baseline aggregate",
                     "nothing to merge: --countries NEW=CODE,CODE or --sectors NEW=CODE,CODE");
  const std::filesystem::path source = folder_of(name);
  std::error_code ignored;
  if (std::filesystem::equivalent(source, output, ignored))
    throw InputError({}, "--output",
                     fmt::format("{} is the baseline to be merged; give another folder", output.string()));
  const Baseline baseline = read_baseline(source);
  BaselineInfo info = baseline.info;
  info.name = output.filename().string();
  info.title += " (aggregated)";
  info.notes.push_back("Aggregated from " + baseline.info.name + " (SHA-256 of its accounts " + baseline.sha256 + ").");
  const World world = aggregate(baseline.world, groups);
  write_baseline(world, info, output);
  fmt::print("{} countries and {} sectors written to {}.\n", world.country_count(), world.sector_count(),
             output.string());
  return kSuccess;
}

int baseline(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("country,c", options::value<std::string>()->value_name("ISO"),
                        "show: one country's sectors, partners and published figures")(
      "raw", options::value<std::string>()->value_name("FOLDER"), "build: where the raw tables are")(
      "recipe", options::value<std::string>()->value_name("FILE.toml"),
      "build: the recipe; data/NAME/recipe.toml by default")(
      "output,o", options::value<std::string>()->value_name("FOLDER"), "build, aggregate: where to write")(
      "countries", options::value<std::vector<std::string>>()->value_name("NEW=CODE,CODE")->composing(),
      "aggregate: countries to merge; may be repeated")(
      "sectors", options::value<std::vector<std::string>>()->value_name("NEW=CODE,CODE")->composing(),
      "aggregate: sectors to merge; may be repeated")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"ACTION", "NAME"}, values)) return kSuccess;
  const std::string action = values["ACTION"].as<std::string>(), name = values["NAME"].as<std::string>();
  if (action == "show") return show_baseline(name, values);
  if (action == "check") return check_baseline(name);
  if (action == "build") return build(name, values);
  if (action == "aggregate") return merge(name, values);
  throw InputError({}, "entrepot baseline", "there is no action '" + action + "'" + suggestion(action, kActions));
}

}  // namespace

const Command kBaseline{"baseline", "show|check|build|aggregate NAME [options]",
                        "Look at a base year, check, build or merge it.",
                        "entrepot baseline show eurasia-2021 --country IRN", baseline};

}  // namespace entrepot::program
