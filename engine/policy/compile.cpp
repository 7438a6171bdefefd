#include "scenario.hpp"

namespace entrepot {

namespace {

/// All policies in the file's order; each sees what those before it did to the shock.
Shock compile(const World& world, const std::vector<Policy>& policies, const Scenario& scenario, const BlocTable& blocs,
              PolicyNotes* notes) {
  Shock shock;
  shock.closure = scenario.closure;
  Problems problems;
  const Selector selector(world, blocs, scenario.date);
  for (const Policy& policy : policies) {
    const Effect effect = compile_policy(policy, {world, selector, problems}, shock);
    if (notes == nullptr) continue;
    for (const std::string& note : effect.notes) notes->all.push_back(policy.name + ": " + note);
    for (const std::string& doubt : effect.doubts) {
      notes->all.push_back(policy.name + ": " + doubt);
      notes->doubts.push_back(notes->all.back());
    }
  }
  if (problems.empty()) {
    // What no single policy does but several together may, such as a cost too large for a number.
    for (const std::string& sentence : check_values(world, shock))
      problems.add({scenario.file.string(), 0, 0}, "", sentence);
  }
  problems.throw_if_any();
  return shock;
}

}  // namespace

Shock compile_reference(const World& world, const Scenario& scenario, const BlocTable& blocs, PolicyNotes* notes) {
  return compile(world, scenario.reference_policies, scenario, blocs, notes);
}

Shock compile_policies(const World& world, const Scenario& scenario, const BlocTable& blocs, PolicyNotes* notes) {
  Shock shock = compile(world, scenario.policies, scenario, blocs, notes);
  // A balanced reference world has no deficits but the transfers of its own policies, and those are in force here too.
  if (shock.closure == Closure::kBalanced) shock.closure = Closure::kFixed;
  return shock;
}

}  // namespace entrepot
