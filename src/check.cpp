#include <fmt/format.h>

#include "command.hpp"
#include "policy/explain.hpp"
#include "policy/scenario.hpp"
#include "world/baseline_files.hpp"

namespace entrepot::program {

namespace {

int check(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
                        "override a value of the scenario; may be repeated")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.toml"}, values)) return kSuccess;
  const Scenario scenario = read_scenario(
      values["FILE.toml"].as<std::string>(),
      values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{});
  const Baseline baseline = read_baseline(find_baseline_folder(scenario, data_folder()));
  const BlocTable blocs = BlocTable::read(data_folder() / "blocs.csv");
  fmt::print("{}", explain(apply_model_options(baseline.world, scenario), scenario, blocs));
  return kSuccess;
}

}  // namespace

const Command kCheck{"check", "FILE.toml [options]",
                     "Say everything about a scenario that can be said without solving it.",
                     "entrepot check scenarios/minsk-2025.toml", check};

}  // namespace entrepot::program
