#include <fmt/format.h>

#include "command.hpp"
#include "import/import_baseline.hpp"
#include "policy/scenario.hpp"
#include "recipe/build_baseline.hpp"
#include "results/baseline_checks.hpp"
#include "results/baseline_tables.hpp"
#include "text/input_error.hpp"
#include "world/baseline_files.hpp"

namespace entrepot::program {

namespace {

const std::vector<std::string> kActions{"show", "check", "build", "aggregate", "import"};
constexpr const char* kFiles = "[FILE]";

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

/// A folder that already holds a baseline is lost to nobody.
void refuse_to_overwrite(const std::filesystem::path& output, bool replace) {
  std::vector<std::string> names = baseline_file_names();
  names.emplace_back("baseline.toml");
  for (const std::string& name : names)
    if (!replace && std::filesystem::exists(output / name))
      throw InputError({(output / name).string(), 0, 0}, "",
                       "this folder already holds a baseline; --replace writes over it, or give another folder");
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
  refuse_to_overwrite(output, values.count("replace") > 0);
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

/// The option's text; empty where it is not given.
std::string text_of(const options::variables_map& values, const char* name) {
  return values.count(name) > 0 ? values[name].as<std::string>() : "";
}

int import_tables(const std::string& format, const options::variables_map& values) {
  const std::filesystem::path output =
      required_path(values, "output", "importing needs a folder for the new baseline: --output FOLDER");
  const auto number = [&](const char* name, int fallback) {
    return values.count(name) > 0 ? values[name].as<int>() : fallback;
  };
  ImportOptions wanted;
  wanted.format = format;
  if (values.count(kFiles) > 0)
    for (const std::string& file : values[kFiles].as<std::vector<std::string>>()) wanted.files.emplace_back(file);
  wanted.year = number("year", 0);
  wanted.uses = number("uses", 2);
  if (wanted.uses != 1 && wanted.uses != 2)
    throw InputError({}, "--uses",
                     fmt::format("{} is neither 1 (all purchases alike) nor 2 (intermediate and final)", wanted.uses));
  if (values.count("year") > 0 && (wanted.year < 1 || wanted.year > 9999))
    throw InputError({}, "--year", fmt::format("{} is not a year", wanted.year));
  wanted.title = text_of(values, "title");
  wanted.elasticities = text_of(values, "elasticities");
  wanted.tariffs = text_of(values, "tariffs");
  if (values.count("structure") > 0) wanted.structure = folder_of(values["structure"].as<std::string>());
  wanted.country_codes = text_of(values, "country-codes");
  wanted.product_codes = text_of(values, "product-codes");
  wanted.rest = text_of(values, "rest");
  refuse_to_overwrite(output, values.count("replace") > 0);
  ImportReport report;
  const Baseline imported = import_baseline(wanted, report);
  write_baseline(imported.world, imported.info, output);
  fmt::print("{}\nWritten to {}; check it with `entrepot baseline check {}`.\n", describe(report, imported.world),
             output.string(), output.string());
  return kSuccess;
}

int baseline(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("country,c", options::value<std::string>()->value_name("ISO"),
                        "show: one country's sectors, partners and published figures")(
      "raw", options::value<std::string>()->value_name("FOLDER"), "build: where the raw tables are")(
      "recipe", options::value<std::string>()->value_name("FILE.toml"),
      "build: the recipe; data/NAME/recipe.toml by default")(
      "output,o", options::value<std::string>()->value_name("FOLDER"), "build, aggregate, import: where to write")(
      "countries", options::value<std::vector<std::string>>()->value_name("NEW=CODE,CODE")->composing(),
      "aggregate: countries to merge; may be repeated")(
      "sectors", options::value<std::vector<std::string>>()->value_name("NEW=CODE,CODE")->composing(),
      "aggregate: sectors to merge; may be repeated")("year", options::value<int>()->value_name("YEAR"),
                                                      "import: the base year, where the files do not say it")(
      "title", options::value<std::string>()->value_name("TEXT"), "import: what the base year is, in a line")(
      "uses", options::value<int>()->value_name("1|2"), "import: 1 merges intermediate and final use; 2 by default")(
      "elasticities", options::value<std::string>()->value_name("FILE.csv"),
      "import: sector,theta; where the data have none, 5.03 by default")(
      "tariffs", options::value<std::string>()->value_name("FILE.csv"),
      "import: importer,exporter,sector,rate; where the data have none, 0 by default")(
      "structure", options::value<std::string>()->value_name("BASELINE"),
      "import baci: what BACI lacks comes from here")("country-codes",
                                                      options::value<std::string>()->value_name("FILE.csv"),
                                                      "import baci: code,country, or BACI's own table of countries")(
      "product-codes", options::value<std::string>()->value_name("FILE.csv"), "import baci: product,sector")(
      "rest", options::value<std::string>()->value_name("CODE"), "import baci: takes all other countries")(
      "replace", "aggregate, import: write over the baseline in the output folder")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"ACTION", "NAME", std::string(kFiles) + "..."}, values)) return kSuccess;
  const std::string action = values["ACTION"].as<std::string>(), name = values["NAME"].as<std::string>();
  if (action == "import") return import_tables(name, values);
  if (values.count(kFiles) > 0)
    throw InputError({}, "entrepot baseline",
                     "too many arguments; usage: entrepot baseline " + std::string(self.arguments));
  if (action == "show") return show_baseline(name, values);
  if (action == "check") return check_baseline(name);
  if (action == "build") return build(name, values);
  if (action == "aggregate") return merge(name, values);
  throw InputError({}, "entrepot baseline", "there is no action '" + action + "'" + suggestion(action, kActions));
}

}  // namespace

const Command kBaseline{
    "baseline",
    "show|check|build|aggregate NAME [options], or import icio|wiod|baci|gtap FILE... --output FOLDER [options]",
    "Look at a base year, check, build, merge or import it.", "entrepot baseline show eurasia-2021 --country IRN",
    baseline};

}  // namespace entrepot::program
