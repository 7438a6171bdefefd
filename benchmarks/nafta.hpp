#pragma once

#include "equilibrium/solve.hpp"
#include "policy/scenario.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"

namespace entrepot::benchmarks {

/// CP15's NAFTA: the world with balanced trade, and the tariffs of 2005 among its members.
struct Nafta {
  World world;
  Shock shock;
};

inline const Nafta& nafta() {
  static const Nafta made = [] {
    const std::filesystem::path root = ENTREPOT_SOURCE_DIR;
    const Scenario scenario = read_scenario(root / "scenarios/known/nafta.toml");
    const World base = read_baseline(root / "data/cp2015-nafta").world;
    const BlocTable blocs = BlocTable::read(root / "data/blocs.csv");
    const Shock reference = compile_reference(base, scenario, blocs);
    Nafta result;
    result.world = rebase(base, reference, solve(base, reference, {.tolerance = 1e-12}).equilibrium);
    result.shock = compile_policies(result.world, scenario, blocs);
    return result;
  }();
  return made;
}

}  // namespace entrepot::benchmarks
