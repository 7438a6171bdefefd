#include "explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <unordered_map>

namespace entrepot {

namespace {

template <class Named>
const std::string& code(const std::vector<Named>& all, Index k) {
  return all[static_cast<std::size_t>(k)].code;
}

bool is_bilateral(Channel channel) {
  return channel == Channel::kTariff || channel == Channel::kExportTax || channel == Channel::kIceberg ||
         channel == Channel::kOpenShare || channel == Channel::kPriceCap;
}

/// What a channel holds of one flow: a rate, a cost against the base (0: none) or the share still open.
double level(Channel channel, const World& world, const Shock& shock, Index m, Index i, Index j) {
  switch (channel) {
    case Channel::kTariff:
      return shock.tariff.empty() ? world.tariff_at(m, i, j) : shock.tariff(m, i, j);
    case Channel::kExportTax:
      return shock.export_tax.empty() ? world.export_tax_at(m, i, j) : shock.export_tax(m, i, j);
    case Channel::kIceberg:
      return shock.iceberg.empty() ? 0.0 : shock.iceberg(m, i, j) - 1.0;
    case Channel::kOpenShare:
      return shock.open_share.empty() ? 1.0 : shock.open_share(m, i, j);
    default:
      return 0.0;
  }
}

const char* level_name(Channel channel) {
  switch (channel) {
    case Channel::kTariff:
      return "average tariff";
    case Channel::kExportTax:
      return "average export tax";
    case Channel::kIceberg:
      return "average change of trade cost";
    case Channel::kOpenShare:
      return "share of varieties allowed";
    default:
      return "";
  }
}

std::string codes_of(const World& world, const Resolved& resolved) {
  const auto total = static_cast<std::size_t>(resolved.sectors ? world.sector_count() : world.country_count());
  const char* what = resolved.sectors ? "sectors" : "countries";
  if (resolved.members.empty()) return "none";
  if (resolved.members.size() == total) return fmt::format("all {} {}", total, what);
  std::string list;
  for (const Index k : resolved.members) {
    list += list.empty() ? "" : ", ";
    list += resolved.sectors ? code(world.sectors, k) : code(world.countries, k);
  }
  return list;
}

/// A flow between two countries as one number.
using Flow = std::size_t;

/// Flows of a set that are traded in the base year, in rising order; several locations and uses count once.
std::vector<Flow> traded(const World& world, const FlowSet& flows) {
  const Index n = world.country_count();
  std::vector<bool> seen(at(n * n * world.sector_count()));
  flows.for_each(world, [&](Index m, Index i, Index j) {
    if (world.expenditure(m, i, j) > 0.0)
      seen[at((j * n + world.country_of_location(i)) * n + world.country_of_market(m))] = true;
  });
  std::vector<Flow> found;
  for (Flow flow = 0; flow < seen.size(); ++flow)
    if (seen[flow]) found.push_back(flow);
  return found;
}

/// What one change does to its flows, `count` of which are traded; `same_as_before` where the policy's last change
/// touched these flows too.
std::string flow_sentences(const World& world, const Shock& before, const Shock& after, const Change& change,
                           std::size_t count, bool same_as_before) {
  double value = 0.0, level_before = 0.0, level_after = 0.0;
  change.flows.for_each(world, [&](Index m, Index i, Index j) {
    const double weight = world.before_duty(m, i, j);
    value += weight;
    level_before += weight * level(change.channel, world, before, m, i, j);
    level_after += weight * level(change.channel, world, after, m, i, j);
  });
  if (count == 0 && same_as_before) return {};
  const std::string of = change.of.empty() ? "" : change.of + ": ";
  if (count == 0)
    return fmt::format("     note: {}{}, so this changes nothing\n", of,
                       change.flows.empty() ? "it covers no flow" : "none of these flows is traded in the base year");
  std::string text;
  if (!same_as_before)
    text = fmt::format("     {}touches {} flow{} worth {:.1f} million USD before duty in the base year\n", of, count,
                       count == 1 ? "" : "s", value);
  if (change.channel == Channel::kPriceCap) return text;  // what the rent will be is not known before it is solved for
  text += fmt::format("     {}: {:.2f} % -> {:.2f} %\n", level_name(change.channel), 100.0 * level_before / value,
                      100.0 * level_after / value);
  if (change.channel != Channel::kOpenShare && level_after > value && level_after > level_before)
    text += "     note: this is more than the goods themselves cost; rates are fractions (0.08 is 8 %)\n";
  return text;
}

/// By how much productivity changes, on average over the value added where it does.
std::string productivity_sentence(const World& world, const Shock& before, const Shock& after) {
  double value = 0.0, changed = 0.0;
  for (Index l = 0; l < world.location_count(); ++l)
    for (Index j = 0; j < world.sector_count(); ++j) {
      const double ratio =
          after.productivity(l, j) / (before.productivity.size() == 0 ? 1.0 : before.productivity(l, j));
      if (ratio == 1.0) continue;
      value += world.value_added(l, j);
      changed += world.value_added(l, j) * (ratio - 1.0);
    }
  if (value == 0.0) return "     productivity changes nowhere that value added is made\n";
  return fmt::format("     productivity {:+.2f} % where {:.1f} million USD of value added is made\n",
                     100.0 * changed / value, value);
}

std::string transfer_sentence(const World& world, const Shock& before, const Shock& after) {
  const Vector change = before.transfer.size() == 0 ? after.transfer : Vector(after.transfer - before.transfer);
  std::string list;
  for (Index n = 0; n < world.country_count(); ++n) {
    if (change(n) == 0.0) continue;
    list += fmt::format("{}{} {:+.1f}", list.empty() ? "" : ", ", code(world.countries, n), change(n));
  }
  return fmt::format("     million USD a year: {}\n", list.empty() ? "nothing" : list);
}

/// Which deficits can no longer be financed.
std::string deficit_sentence(const World& world, const Shock& before, const Shock& after) {
  std::string list;
  for (Index n = 0; n < after.closed_deficit.size(); ++n) {
    const double was = before.closed_deficit.size() == 0 ? 0.0 : before.closed_deficit(n),
                 now = after.closed_deficit(n);
    if (was == now) continue;
    list += fmt::format("{}{} {:.2f} % -> {:.2f} % of {:.1f} million USD", list.empty() ? "" : ", ",
                        code(world.countries, n), 100.0 * was, 100.0 * now, world.deficit(n));
  }
  return fmt::format("     deficits closed: {}\n", list.empty() ? "none" : list);
}

/// Which policies have written where, so that the next one can say what stands there already.
class Written {
 public:
  /// A note for each earlier policy on whose flows this one writes the same part of the shock; then remembers this one.
  /// flows: those of each change.
  std::string add(const Policy& policy, const Effect& effect, const std::vector<std::vector<Flow>>& flows) {
    struct Overlap {
      std::vector<Flow> flows;
      bool replaced = true;
    };
    std::map<std::size_t, Overlap> overlaps;  // by earlier policy
    for (std::size_t k = 0; k < flows.size(); ++k)
      for (const Flow flow : flows[k])
        for (const std::size_t earlier : writers_[effect.changes[k].channel][flow]) {
          Overlap& overlap = overlaps[earlier];
          if (overlap.flows.empty() || overlap.flows.back() != flow) overlap.flows.push_back(flow);
          overlap.replaced = overlap.replaced && effect.changes[k].replaces;
        }
    std::string text;
    for (auto& [earlier, overlap] : overlaps) {
      std::sort(overlap.flows.begin(), overlap.flows.end());  // once each, though written by several changes
      const auto end = std::unique(overlap.flows.begin(), overlap.flows.end());
      const auto count = std::distance(overlap.flows.begin(), end);
      text +=
          fmt::format("     note: {} '{}' on {} flow{}\n", overlap.replaced ? "takes the place of" : "comes on top of",
                      policies_[earlier]->name, count, count == 1 ? "" : "s");
    }
    for (std::size_t k = 0; k < flows.size(); ++k)
      for (const Flow flow : flows[k]) {
        std::vector<std::size_t>& writers = writers_[effect.changes[k].channel][flow];
        if (writers.empty() || writers.back() != policies_.size()) writers.push_back(policies_.size());
      }
    policies_.push_back(&policy);
    return text;
  }
  std::size_t count() const { return policies_.size(); }

 private:
  std::vector<const Policy*> policies_;
  std::map<Channel, std::unordered_map<Flow, std::vector<std::size_t>>> writers_;
};

/// Applies policies in order and says what each does. Problems are gathered, not thrown.
std::string explain_policies(const World& world, const std::vector<Policy>& policies, const Selector& selector,
                             Shock& shock, Problems& problems) {
  std::string text;
  Written written;
  for (const Policy& policy : policies) {
    const Shock before = shock;
    Problems found;
    const Effect effect = compile_policy(policy, {world, selector, found}, shock);
    problems.add(found.all());
    if (!found.empty()) continue;
    const std::string action = policy.arguments.has("action") ? ", " + policy.arguments.text("action") : "";
    text += fmt::format("  {}. {} ({}{})\n", written.count() + 1, policy.name, policy.instrument->name, action);
    for (const Resolved& resolved : effect.resolved)
      text += fmt::format("     {}: {}\n", resolved.parameter, codes_of(world, resolved));
    const Change* last = nullptr;
    std::vector<std::vector<Flow>> flows;
    for (const Change& change : effect.changes) {
      flows.push_back(traded(world, change.flows));
      const bool same = last != nullptr && last->flows == change.flows;
      if (is_bilateral(change.channel)) text += flow_sentences(world, before, shock, change, flows.back().size(), same);
      if (change.channel == Channel::kProductivity) text += productivity_sentence(world, before, shock);
      if (change.channel == Channel::kTransfer) text += transfer_sentence(world, before, shock);
      if (change.channel == Channel::kClosedDeficit) text += deficit_sentence(world, before, shock);
      last = &change;
    }
    for (const std::vector<std::string>* notes : {&effect.notes, &effect.doubts})
      for (const std::string& note : *notes) text += fmt::format("     note: {}\n", note);
    text += written.add(policy, effect, flows);
  }
  return text.empty() ? "  no policies\n" : text;
}

}  // namespace

World with_shock(World world, const Shock& shock) {
  for (std::size_t k = 0; k < shock.tariff.values().size(); ++k) {
    const double base = world.tariff.empty() ? 0.0 : world.tariff.values()[k];
    world.expenditure.values()[k] *= (1.0 + shock.tariff.values()[k]) / (1.0 + base);
  }
  if (!shock.tariff.empty()) world.tariff = shock.tariff;
  if (!shock.export_tax.empty()) world.export_tax = shock.export_tax;
  for (std::size_t k = 0; k < shock.open_share.values().size(); ++k)
    if (shock.open_share.values()[k] == 0.0) world.expenditure.values()[k] = 0.0;
  return world;
}

namespace {

/// Markets that buy in the base year and have no source left, by name.
std::vector<std::string> without_supply(const World& base, const World& reference, const Shock& shock) {
  std::vector<std::string> names;
  for (Index j = 0; j < base.sector_count(); ++j)
    for (Index m = 0; m < base.market_count(); ++m) {
      bool bought = false, left = false;
      for (Index i = 0; i < base.location_count(); ++i) {
        bought = bought || base.expenditure(m, i, j) > 0.0;
        const bool open = shock.open_share.empty() || shock.open_share(m, i, j) > 0.0;
        left = left || (open && reference.expenditure(m, i, j) > 0.0);
      }
      if (!bought || left) continue;
      const Index l = base.location_of_market(m);
      const char* use = base.uses == 1 ? "" : m < base.location_count() ? " (intermediate use)" : " (final use)";
      names.push_back(fmt::format("{} in {}{}", code(base.sectors, j), code(base.locations, l), use));
    }
  return names;
}

const char* closure_sentence(Closure closure) {
  switch (closure) {
    case Closure::kFixed:
      return "fixed: trade deficits keep their size in units of world GDP";
    case Closure::kBalanced:
      return "balanced: every country's trade balances";
    case Closure::kProportional:
      return "proportional: trade deficits follow each country's own income";
  }
  return "";
}

}  // namespace

std::string explain(const World& world, const Scenario& scenario, const BlocTable& blocs) {
  std::string text = scenario.title + "\n";
  if (!scenario.question.empty()) text += scenario.question + "\n";
  text += fmt::format("\nBaseline {}: {} countries, {} sectors, {}\n", scenario.baseline, world.country_count(),
                      world.sector_count(), world.year);
  text += fmt::format("Bloc membership: {}\n", scenario.date.empty() ? "the latest known" : "on " + scenario.date);
  for (const TomlValue& bloc : scenario.blocs)
    for (const TomlValue& country : bloc.children)
      text += country.key == kNewBloc
                  ? fmt::format("  {} is a bloc of this scenario\n", bloc.key)
                  : fmt::format("  {} is {} {}\n", country.key, country.boolean ? "in" : "not in", bloc.key);
  for (const std::string& name : scenario.disabled) text += fmt::format("Left out: {} (enabled = false)\n", name);
  for (const TomlValue& value : scenario.theta)
    text += fmt::format("Trade elasticity {}: {}\n", value.key, value.number);
  Problems problems;
  const Selector selector(world, blocs, scenario.date);
  Shock reference, shock;
  text += fmt::format("\nTrue in both worlds\n  closure {}\n", closure_sentence(scenario.closure));
  text += explain_policies(world, scenario.reference_policies, selector, reference, problems);
  const World reference_world = with_shock(world, reference);
  text += "\nPolicies\n" + explain_policies(reference_world, scenario.policies, selector, shock, problems);
  problems.throw_if_any();
  if (scenario.closure == Closure::kBalanced && (shock.closed_deficit.array() > 0.0).any())
    text += "  note: trade balances in both worlds, so there is no deficit to close\n";
  const std::vector<std::string> lost = without_supply(world, reference_world, shock);
  if (!lost.empty()) text += "\nThese markets would lose all supply, so that no equilibrium exists:\n";
  for (const std::string& name : lost) text += "  " + name + "\n";
  return text;
}

}  // namespace entrepot
