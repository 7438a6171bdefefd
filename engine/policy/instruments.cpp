#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "instrument.hpp"

namespace entrepot {

const std::vector<const Instrument*>& instruments() {
  static const std::vector<const Instrument*> all = {&kTariffInstrument,
                                                     &kFreeTradeAgreementInstrument,
                                                     &kCustomsUnionInstrument,
                                                     &kExportTaxInstrument,
                                                     &kNtbInstrument,
                                                     &kCustomsCooperationInstrument,
                                                     &kCorridorInstrument,
                                                     &kEmbargoInstrument,
                                                     &kFinancialSanctionsInstrument,
                                                     &kSecondarySanctionsInstrument,
                                                     &kEvasionInstrument,
                                                     &kPriceCapInstrument,
                                                     &kEconomicZoneInstrument,
                                                     &kProductivityInstrument,
                                                     &kInvestmentInstrument,
                                                     &kTransferInstrument,
                                                     &kAssetFreezeInstrument,
                                                     &kBurdenSharingInstrument};
  return all;
}

const Instrument* find_instrument(const std::string& name) {
  const auto& all = instruments();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Instrument* one) { return one->name == name; });
  return found == all.end() ? nullptr : *found;
}

Schema common_parameters() {
  std::vector<std::string> names;
  for (const Instrument* instrument : instruments()) names.push_back(instrument->name);
  return {{.name = "name", .meaning = "what results and `--set policy.<name>.<key>` call it", .required = true},
          {.name = "instrument", .meaning = "the kind of policy", .required = true, .choices = names},
          {.name = "enabled",
           .type = ValueType::kSwitch,
           .meaning = "false leaves the policy out, as if the file did not have it",
           .fallback = "true"}};
}

Parameter country_list(std::string name, std::string meaning, bool required) {
  return {.name = std::move(name),
          .type = ValueType::kTextList,
          .meaning = std::move(meaning),
          .unit = "country codes, blocs or \"all\"",
          .fallback = required ? "" : "all",
          .required = required};
}

Parameter sector_list() {
  return {.name = "sectors",
          .type = ValueType::kTextList,
          .meaning = "the sectors it covers",
          .unit = "sector codes, \"goods\", \"services\" or \"all\"",
          .fallback = "all"};
}

Parameter goods_list() {
  Parameter parameter = sector_list();
  parameter.meaning += "; by default goods, or all where the baseline does not mark them";
  parameter.fallback.clear();
  return parameter;
}

Parameter country_exclusions(const std::string& of) {
  return {.name = "exclude",
          .type = ValueType::kTextList,
          .meaning = "taken out of " + of,
          .unit = "country codes or blocs"};
}

Parameter sector_exclusions() {
  return {.name = "exclude_sectors",
          .type = ValueType::kTextList,
          .meaning = "taken out of the sectors",
          .unit = "sector codes, \"goods\" or \"services\""};
}

Parameter fraction(std::string name, std::string meaning, std::string fallback) {
  return {.name = std::move(name),
          .type = ValueType::kNumber,
          .meaning = std::move(meaning),
          .unit = "fraction",
          .fallback = std::move(fallback),
          .range = {.lower = 0.0, .upper = 1.0}};
}

namespace {

/// The keys under which a policy lists countries; what it takes out of them is not among them.
std::vector<std::string> country_lists(const Policy& policy) {
  std::vector<std::string> result;
  for (const Parameter& parameter : policy.instrument->parameters)
    if (parameter.type == ValueType::kTextList && parameter.name != "sectors" && !parameter.name.starts_with("exclude"))
      result.push_back(parameter.name);
  return result;
}

}  // namespace

bool names_own_bloc(const Policy& policy, const Context& context, const std::string& list) {
  return std::ranges::any_of(policy.arguments.list(list),
                             [&](const LocatedText& name) { return context.selector.is_own_bloc(name.text); });
}

bool names_bloc(const Policy& policy, const std::string& bloc) {
  for (const Parameter& parameter : policy.instrument->parameters)
    for (const LocatedText& name : policy.arguments.list(parameter.name))
      if (parameter.type == ValueType::kTextList && name.text == bloc) return true;
  return false;
}

Effect compile_policy(const Policy& policy, const Context& context, Shock& shock) {
  const std::vector<std::string> lists = country_lists(policy);
  for (const std::string& list : lists) {
    if (!names_own_bloc(policy, context, list)) continue;
    Problems found;
    Selection selection = context.selector.countries(policy.arguments, list, "exclude", found);
    if (!selection.members.empty() || !found.empty()) continue;
    // What else it names is to be right, though it changes nothing.
    for (const std::string& other : lists)
      if (other != list && policy.arguments.has(other))
        context.selector.countries(policy.arguments, other, "exclude", context.problems);
    if (policy.arguments.has("sectors"))
      context.selector.sectors(policy.arguments, "sectors", "exclude_sectors", context.problems);
    Effect nothing;
    nothing.resolved.push_back({list, false, {}});
    nothing.notes = std::move(selection.notes);
    nothing.notes.push_back(fmt::format("{} is nobody, so this changes nothing", list));
    return nothing;
  }
  return policy.instrument->compile(policy, context, shock);
}

std::vector<Index> resolve_countries(const Policy& policy, const Context& context, const std::string& parameter,
                                     Effect& effect) {
  Selection selection = context.selector.countries(policy.arguments, parameter, "exclude", context.problems);
  for (const std::string& note : selection.notes)
    if (std::find(effect.notes.begin(), effect.notes.end(), note) == effect.notes.end()) effect.notes.push_back(note);
  effect.resolved.push_back({parameter, false, selection.members});
  return std::move(selection.members);
}

std::vector<Index> resolve_sectors(const Policy& policy, const Context& context, Effect& effect) {
  Selection selection = context.selector.sectors(policy.arguments, "sectors", "exclude_sectors", context.problems);
  effect.resolved.push_back({"sectors", true, selection.members});
  return std::move(selection.members);
}

std::optional<Index> resolve_country(const Policy& policy, const Context& context, const std::string& parameter) {
  const LocatedText name{policy.arguments.text(parameter), policy.arguments.where(parameter)};
  const std::string key = policy.arguments.key(parameter);
  const Selection selection = context.selector.countries_named(name, key, context.problems);
  const std::vector<Index>& named = selection.members;
  if (named.size() > 1 || (named.empty() && selection.may_be_empty))
    context.problems.add(name.where, key,
                         fmt::format("'{}' are {} countries; one is expected", name.text, named.size()));
  return named.size() == 1 ? std::optional(named[0]) : std::nullopt;
}

void doubt_rate(const std::string& what, double rate, Effect& effect) {
  constexpr double kHardlyMeant = 3.0;
  if (rate > kHardlyMeant)
    effect.doubts.push_back(
        fmt::format("a {} of {:g} is {:g} %; {:g} % would be {:g}", what, rate, 100.0 * rate, rate, rate / 100.0));
}

void expect_flows(const Policy& policy, const Context& context, Effect& effect, const FlowSet& flows) {
  const bool resolved = std::none_of(effect.resolved.begin(), effect.resolved.end(),
                                     [](const Resolved& one) { return one.members.empty(); });
  if (!resolved || !flows.empty()) return;
  constexpr const char* kNoFlow = "no flow between two different countries is selected";
  // A bloc of the scenario's own may have one member, or just those of the other side.
  const std::vector<std::string> lists = country_lists(policy);
  if (std::ranges::any_of(lists, [&](const std::string& list) { return names_own_bloc(policy, context, list); }))
    effect.notes.push_back(fmt::format("{}, so this changes nothing", kNoFlow));
  else
    context.problems.add(policy.arguments.where(), policy.arguments.path(), kNoFlow);
}

std::string listed(const World& world, const std::vector<Index>& countries) {
  std::string list;
  for (const Index n : countries) list += (list.empty() ? "" : ", ") + world.countries[at(n)].code;
  return list;
}

void expect_opponents(const Policy& policy, const Context& context, const std::vector<Index>& senders,
                      const std::vector<Index>& targets, Effect& effect) {
  std::vector<Index> both;
  std::set_intersection(senders.begin(), senders.end(), targets.begin(), targets.end(), std::back_inserter(both));
  if (both.empty()) return;
  const std::string names = listed(context.world, both);
  if (senders == targets)
    context.problems.add(policy.arguments.where("targets"), policy.arguments.key("targets"),
                         "senders and targets are the same: " + names);
  else
    effect.notes.push_back(names + ": sender and target at once");
}

void allocate(Bilateral& array, const World& world, double fill) {
  if (array.empty()) array = Bilateral(world.market_count(), world.location_count(), world.sector_count(), fill);
}

}  // namespace entrepot
