#include <fmt/format.h>

#include "command.hpp"
#include "policy/explain.hpp"
#include "policy/scenario.hpp"
#include "world/baseline_files.hpp"

namespace entrepot::program {

namespace {

constexpr int kFlowsShown = 20;

/// Whether a word after "--flows" says which flows, rightly or wrongly, and is neither an option nor the scenario file.
bool is_pattern(const std::string& word) {
  if (word.find(':') != std::string::npos) return true;
  std::error_code ignored;
  return !word.starts_with('-') && !word.ends_with(".toml") && !std::filesystem::exists(word, ignored);
}

/// "--flows" alone stands for all flows; the file's name may come right after it.
std::vector<std::string> with_all_flows(std::vector<std::string> arguments) {
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const bool pattern_follows = k + 1 < arguments.size() && is_pattern(arguments[k + 1]);
    if (arguments[k] == "--flows" && !pattern_follows) arguments[k] += "=*:*:*";
  }
  return arguments;
}

int check(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
                        "override a value of the scenario; may be repeated")(
      "flows", options::value<std::vector<std::string>>()->value_name("[IMPORTER:EXPORTER:SECTOR]")->composing(),
      "what each policy does to single flows, those that change most first, in place of the summary: all flows, or "
      "those named by "
      "codes, blocs and *, such as IRN:*:food; may be repeated")(
      "top,n", options::value<int>()->value_name("N")->default_value(kFlowsShown), "with --flows: at most so many")(
      "help,h", "this text");
  options::variables_map values;
  if (!parse(self, with_all_flows(arguments), visible, {"FILE.toml"}, values)) return kSuccess;
  const auto texts = [&](const char* name) {
    return values.count(name) > 0 ? values[name].as<std::vector<std::string>>() : std::vector<std::string>{};
  };
  const int top = values["top"].as<int>();
  if (top < 1) throw InputError({}, "--top", fmt::format("{} flows are nothing to see; 1 or more are expected", top));
  if (!values["top"].defaulted() && values.count("flows") == 0)
    throw InputError({}, "--top", "the summary has no list of flows to shorten; add --flows");
  const Scenario scenario = read_scenario(values["FILE.toml"].as<std::string>(), texts("set"));
  const Baseline baseline = read_baseline(find_baseline_folder(scenario, data_folder()));
  fmt::print("{}", check_scenario(baseline.world, scenario, BlocTable::read(data_folder() / "blocs.csv"),
                                  texts("flows"), static_cast<std::size_t>(top)));
  return kSuccess;
}

}  // namespace

const Command kCheck{"check", "FILE.toml [options]",
                     "Say everything about a scenario that can be said without solving it.",
                     "entrepot check scenarios/minsk-2025.toml", check};

}  // namespace entrepot::program
