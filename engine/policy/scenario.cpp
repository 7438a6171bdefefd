#include "scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "economic_zone.hpp"
#include "scenario_schema.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

std::vector<std::string> texts(const Arguments& arguments, const std::string& name) {
  std::vector<std::string> result;
  for (const LocatedText& one : arguments.list(name)) result.push_back(one.text);
  return result;
}

Closure closure_named(const std::string& name) {
  return name == "balanced" ? Closure::kBalanced : name == "proportional" ? Closure::kProportional : Closure::kFixed;
}

using TableFiles = std::vector<TableFile>;

const TableFile* file_named(const TableFiles& files, const std::string& name) {
  const auto found = std::find_if(files.begin(), files.end(), [&](const TableFile& file) { return file.name == name; });
  return found == files.end() ? nullptr : &*found;
}

/// Reads the CSV file that a policy names, as seen from the scenario's folder, and keeps it for the record.
void read_table_file(Policy& policy, Scenario& scenario, const TableFiles& known, Problems& problems) {
  const std::string& name = policy.arguments.text("file");
  const std::filesystem::path path = scenario.file.parent_path() / name;
  const TableFile* seen = file_named(scenario.table_files, name);
  if (seen == nullptr) seen = file_named(known, name);
  std::error_code ignored;
  if (seen == nullptr && !std::filesystem::is_regular_file(path, ignored)) {
    problems.add(policy.arguments.where("file"), policy.arguments.key("file"),
                 fmt::format("there is no file '{}' beside this scenario", name));
    return;
  }
  try {
    std::string text = seen != nullptr ? seen->text : read_text(path);
    policy.table = CsvTable::parse(text, path.string(), {});
    if (file_named(scenario.table_files, name) == nullptr) scenario.table_files.push_back({name, std::move(text)});
  } catch (const InputError& error) {
    problems.add(error.problems());
  }
}

/// All that a policy of one kind may say; made once, as sweeps read thousands of scenarios.
const Schema& policy_schema(const Instrument& instrument) {
  static const std::map<const Instrument*, Schema> schemas = [] {
    std::map<const Instrument*, Schema> all;
    for (const Instrument* one : instruments()) {
      Schema& schema = all[one] = common_parameters();
      schema.insert(schema.end(), one->parameters.begin(), one->parameters.end());
    }
    return all;
  }();
  return schemas.at(&instrument);
}

std::optional<Policy> read_policy(const TomlValue& table, const std::string& list, std::size_t number,
                                  Scenario& scenario, const TableFiles& known_files, Problems& problems) {
  const TomlValue* name = table.find("name");
  const TomlValue* kind = table.find("instrument");
  const bool named = name != nullptr && name->kind == Kind::kText;
  const std::string path = named ? list + "." + name->text : fmt::format("{} number {}", list, number);
  Policy policy;
  policy.instrument = kind != nullptr && kind->kind == Kind::kText ? find_instrument(kind->text) : nullptr;
  if (policy.instrument == nullptr) {
    // Without the instrument only its own name and this policy's can be judged.
    TomlValue known = table;
    std::erase_if(known.children, [](const TomlValue& v) { return v.key != "name" && v.key != "instrument"; });
    read_table(known, common_parameters(), path, problems);
    return std::nullopt;
  }
  policy.arguments = read_table(table, policy_schema(*policy.instrument), path, problems);
  if (!policy.arguments.has("name")) return std::nullopt;
  policy.name = policy.arguments.text("name");
  const auto unseen = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
  if (policy.name.empty() || std::ranges::any_of(policy.name, unseen))
    problems.add(
        policy.arguments.where("name"), policy.arguments.key("name"),
        policy.name.empty() ? "a name is expected" : "a name of one line without control characters is expected");
  if (policy.instrument->check != nullptr) policy.instrument->check(policy, problems);
  if (policy.arguments.has("file")) read_table_file(policy, scenario, known_files, problems);
  return policy;
}

std::vector<Policy> read_policies(const Arguments& arguments, Scenario& scenario, const TableFiles& known,
                                  Problems& problems) {
  std::vector<Policy> policies;
  if (!arguments.has("policy")) return policies;
  std::size_t number = 0;
  for (const TomlValue& table : arguments.at("policy").children) {
    std::optional<Policy> policy = read_policy(table, arguments.key("policy"), ++number, scenario, known, problems);
    if (policy) policies.push_back(std::move(*policy));
  }
  return policies;
}

/// What can be said of the policies as a whole without a world.
void expect_sound_lists(const Scenario& scenario, Problems& problems) {
  for (const Policy& policy : scenario.reference_policies)
    if (!policy.instrument->in_reference)
      problems.add(policy.arguments.where("instrument"), policy.arguments.key("instrument"),
                   fmt::format("a policy of kind '{}' can't be in force in the reference world, whose accounts have no "
                               "place for what it leads to; put it under [[policy]]",
                               policy.instrument->name));
  const auto shares_only = [](const Policy& policy) { return policy.instrument == &kBurdenSharingInstrument; };
  if (problems.empty() && !scenario.policies.empty() &&
      std::all_of(scenario.policies.begin(), scenario.policies.end(), shares_only)) {
    const Arguments& first = scenario.policies.front().arguments;
    problems.add(first.where(), first.path(), "there is no other policy whose burden could be shared");
  }
}

void expect_distinct_names(const Scenario& scenario, Problems& problems) {
  std::vector<const Policy*> seen;
  for (const std::vector<Policy>* list : {&scenario.reference_policies, &scenario.policies})
    for (const Policy& policy : *list) {
      const auto first =
          std::find_if(seen.begin(), seen.end(), [&](const Policy* p) { return p->name == policy.name; });
      if (first != seen.end()) {
        problems.add(policy.arguments.where("name"), policy.arguments.key("name"),
                     fmt::format("another policy has this name, on line {}", (*first)->arguments.where("name").line));
      }
      seen.push_back(&policy);
    }
}

/// What is not enabled was checked like the rest and takes no part.
void leave_out_disabled(Scenario& scenario) {
  for (std::vector<Policy>* list : {&scenario.reference_policies, &scenario.policies})
    std::erase_if(*list, [&](const Policy& policy) {
      const bool out = policy.arguments.has("enabled") && !policy.arguments.on("enabled");
      if (out) scenario.disabled.push_back(policy.name);
      return out;
    });
}

/// [bloc.NAME] with COUNTRY = true or false.
std::vector<TomlValue> read_blocs(const Arguments& top, Problems& problems) {
  if (!top.has("bloc")) return {};
  std::vector<TomlValue> blocs = top.at("bloc").children;
  for (const TomlValue& bloc : blocs) {
    if (!check_value(bloc, {.name = bloc.key, .type = ValueType::kTable}, "bloc." + bloc.key, problems)) continue;
    for (const TomlValue& country : bloc.children)
      check_value(country, {.name = country.key, .type = ValueType::kSwitch}, "bloc." + bloc.key + "." + country.key,
                  problems);
  }
  return blocs;
}

Arguments read_section(const Arguments& top, const char* name, const Schema& schema, Problems& problems) {
  TomlValue nothing;
  nothing.where = top.where();
  return read_table(top.has(name) ? top.at(name) : nothing, schema, name, problems);
}

Scenario read_document(const TomlValue& document, const std::filesystem::path& file, const TableFiles& known,
                       Problems problems) {
  const Arguments top = read_table(document, scenario_schema(), "", problems);
  Scenario scenario;
  scenario.file = file;
  scenario.title = top.has("title") ? top.text("title") : file.stem().string();
  if (top.has("question")) scenario.question = top.text("question");
  if (top.has("baseline")) scenario.baseline = top.text("baseline");
  scenario.baseline_where = top.where("baseline");
  if (top.has("date")) scenario.date = top.text("date");
  scenario.sources = texts(top, "sources");
  scenario.notes = texts(top, "notes");
  const Arguments reference = read_section(top, "reference", reference_schema(), problems);
  if (reference.has("closure")) scenario.closure = closure_named(reference.text("closure"));
  scenario.reference_policies = read_policies(reference, scenario, known, problems);
  scenario.policies = read_policies(top, scenario, known, problems);
  expect_distinct_names(scenario, problems);
  expect_sound_lists(scenario, problems);
  leave_out_disabled(scenario);
  order_zones(scenario.reference_policies, scenario.policies);
  scenario.blocs = read_blocs(top, problems);
  if (top.has("theta")) scenario.theta = top.at("theta").children;
  scenario.model = read_section(top, "model", model_schema(), problems);
  for (const TomlValue& value : scenario.theta)
    check_value(value, value.key == "set" ? theta_set() : theta_value(), "theta." + value.key, problems);
  const Arguments solver = read_section(top, "solver", solver_schema(), problems);
  if (solver.has("tolerance")) scenario.tolerance = solver.number("tolerance");
  if (solver.has("max_iterations")) scenario.max_iterations = static_cast<int>(solver.number("max_iterations"));
  problems.throw_if_any();
  return scenario;
}

bool is_baseline(const std::filesystem::path& folder) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(folder / "baseline.toml", ignored);
}

}  // namespace

Scenario read_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return parse_scenario(read_text(file), file, overrides);
}

Scenario make_scenario(const TomlValue& document, const std::filesystem::path& file, const TableFiles& known) {
  return read_document(document, file, known, {});
}

Scenario parse_scenario(std::string_view text, const std::filesystem::path& file,
                        const std::vector<std::string>& overrides) {
  TomlValue document = parse_toml(text, file.string());
  Problems problems;
  for (const std::string& assignment : overrides) {
    try {
      apply_override(document, assignment);
    } catch (const InputError& error) {
      problems.add(error.problems());
    }
  }
  Scenario scenario = read_document(document, file, {}, std::move(problems));
  scenario.resolved = to_toml(document);
  return scenario;
}

std::vector<std::string> baseline_names(const std::filesystem::path& data_folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(data_folder, ignored))
    if (is_baseline(entry.path())) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::filesystem::path find_baseline_folder(const std::string& name, const std::filesystem::path& scenario_file,
                                           const std::filesystem::path& data_folder, const SourceLocation& where) {
  if (!name.empty()) {
    for (const std::filesystem::path& folder : {data_folder / name, scenario_file.parent_path() / name, {name}})
      if (is_baseline(folder)) return folder;
  }
  throw InputError(where, "baseline",
                   fmt::format("there is no baseline '{}', neither under {} nor as a path{}", name,
                               data_folder.string(), suggestion(name, baseline_names(data_folder))));
}

std::filesystem::path find_baseline_folder(const Scenario& scenario, const std::filesystem::path& data_folder) {
  return find_baseline_folder(scenario.baseline, scenario.file, data_folder, scenario.baseline_where);
}

}  // namespace entrepot
