#pragma once

#include <string>
#include <vector>

#include "policy/scenario.hpp"
#include "support/small_world.hpp"

namespace entrepot::testing {

inline std::string tests_folder() { return std::string(ENTREPOT_SOURCE_DIR) + "/tests"; }

inline BlocTable blocs() { return BlocTable::read(tests_folder() + "/data/blocs.csv"); }

/// A scenario from its text after the baseline's line; files it names are in tests/policy/tables.
inline Scenario scenario_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  const std::string file = tests_folder() + "/policy/tables/scenario.toml";
  return parse_scenario("baseline = \"three-countries\"\n" + text, file, overrides);
}

/// The shock of the policies in a scenario's text.
inline Shock shock_of(const std::string& text, const World& world = small_world(),
                      const std::vector<std::string>& overrides = {}) {
  const Scenario scenario = scenario_of(text, overrides);
  const BlocTable table = apply_blocs(blocs(), scenario, world);
  return compile_policies(add_zones(world, scenario, table), scenario, table);
}

/// All problems of a scenario's text, formatted, one after the other; "" where there is none.
inline std::string problems_of(const std::string& text, const World& world = small_world()) {
  try {
    const Scenario scenario = scenario_of(text);
    const BlocTable table = apply_blocs(blocs(), scenario, world);
    const World ready = add_zones(apply_model_options(world, scenario), scenario, table);
    compile_reference(ready, scenario, table);
    compile_policies(ready, scenario, table);
  } catch (const InputError& error) {
    std::string all;
    for (const Problem& problem : error.problems()) all += problem.key + ": " + problem.sentence + "\n";
    return all;
  }
  return {};
}

}  // namespace entrepot::testing
