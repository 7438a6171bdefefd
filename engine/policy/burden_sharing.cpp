#include <fmt/format.h>

#include <algorithm>

#include "instrument.hpp"

namespace entrepot {

namespace {

Effect compile_burden(const Policy& policy, const Context& context, Shock& shock) {
  Effect effect;
  const std::size_t problems = context.problems.all().size();
  const std::vector<Index> members = resolve_countries(policy, context, "members", effect);
  const auto problem = [&](const std::string& sentence) {
    context.problems.add(policy.arguments.where("members"), policy.arguments.key("members"), sentence);
  };
  if (context.problems.all().size() > problems) return effect;
  if (members.size() < 2) {
    if (members.empty() || names_own_bloc(policy, context, "members")) {
      effect.notes.push_back("fewer than two share the burden, so this changes nothing");
      return effect;
    }
    problem(fmt::format("{} is alone; two or more are needed to share a burden",
                        context.world.countries[at(members[0])].code));
    return effect;
  }
  for (const std::vector<Index>& group : shock.burden_groups)
    for (const Index n : members)
      if (std::find(group.begin(), group.end(), n) != group.end()) {
        problem(fmt::format("{} shares its burden with another group already; name them as one, or leave it out of one",
                            context.world.countries[at(n)].code));
        return effect;
      }
  shock.burden_groups.push_back(members);
  effect.changes.push_back({Channel::kBurden});
  effect.notes.push_back("the transfers are found when the scenario is solved");
  return effect;
}

}  // namespace

/// D' (model, policy instruments; CHKW24): T_n with Σ T_n = 0 over the members such that Î_n/P̂_n is the same for all of
/// them, found with the equilibrium by settle().
const Instrument kBurdenSharingInstrument{
    .name = "burden_sharing",
    .meaning =
        "Shares what all policies of the scenario cost a coalition: transfers among its members give each the same "
        "change in real income, in per cent.",
    .compiles_to =
        "the condition that Î_n/P̂_n be the same for all members, met by D'_n + T_n with ΣT = 0, solved together with "
        "the equilibrium (Chowdhry, Hinz, Kamin and Wanner 2024)",
    .parameters = {country_list("members", "who shares; no country in two such policies"),
                   country_exclusions("the members")},
    .example = R"([[policy]]
name = "embargo"
instrument = "embargo"
senders = ["EU", "USA", "JPN"]
targets = ["RUS"]

[[policy]]
name = "one-for-all"
instrument = "burden_sharing"
members = ["EU", "USA", "JPN"]
)",
    .compile = compile_burden,
    .in_reference = false};

}  // namespace entrepot
