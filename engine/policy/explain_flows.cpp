#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "explain.hpp"

namespace entrepot {

namespace {

/// The levels shown of a flow, fractions; of a ban, the share of varieties allowed.
constexpr std::size_t kLevels = 5;
using Levels = std::array<double, kLevels>;
constexpr std::array<const char*, kLevels> kLevelNames = {"tariff", "export tax", "trade cost", "varieties allowed",
                                                          "rent"};

/// wedges: under the policies; earlier: under the reference policies, on which costs, bans and rents come on top.
Levels levels_of(const Wedges& wedges, const Wedges& earlier) {
  return {wedges.tariff, wedges.export_tax, earlier.iceberg * wedges.iceberg - 1.0,
          earlier.open_share * wedges.open_share, (1.0 + earlier.rent) * (1.0 + wedges.rent) - 1.0};
}

/// What the flows that are looked at are called and worth, and where each market and origin belongs.
struct Flows {
  struct Flow {
    Index importer, exporter, sector;
    double value = 0.0;  ///< before duty, base year, million USD
    double parts = 0.0;  ///< locations and uses
  };
  std::vector<Flow> all;
  FlowSet set;
  std::vector<std::size_t> number;  ///< by sector, exporter, importer
  std::size_t place(const World& world, Index m, Index i, Index j) const {
    const Index n = world.country_count();
    return number[at((j * n + world.country_of_location(i)) * n + world.country_of_market(m))];
  }
};

Flows flows_in(const World& world, FlowSet set) {
  Flows flows;
  const Index n = world.country_count();
  flows.number.resize(at(n * n * world.sector_count()));
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < n; ++i)
      for (Index importer = 0; importer < n; ++importer) {
        if (!set.has(importer, i, j)) continue;
        flows.number[at((j * n + i) * n + importer)] = flows.all.size();
        flows.all.push_back({importer, i, j});
      }
  set.for_each(world, [&](Index m, Index i, Index j) {
    Flows::Flow& flow = flows.all[flows.place(world, m, i, j)];
    flow.value += world.before_duty(m, i, j);
    flow.parts += 1.0;
  });
  flows.set = std::move(set);
  return flows;
}

/// Each flow's levels under a shock. base: the base year; world: the one the shock is relative to; earlier: from base
/// to world.
std::vector<Levels> levels_under(const Flows& flows, const World& base, const World& world, const Shock& earlier,
                                 const Shock& shock) {
  std::vector<Levels> levels(flows.all.size(), Levels{});
  flows.set.for_each(base, [&](Index m, Index i, Index j) {
    const std::size_t k = flows.place(base, m, i, j);
    const Flows::Flow& flow = flows.all[k];
    const double weight = flow.value > 0.0 ? base.before_duty(m, i, j) / flow.value : 1.0 / flow.parts;
    const Levels here = levels_of(wedges_at(world, shock, m, i, j), wedges_at(base, earlier, m, i, j));
    for (std::size_t level = 0; level < kLevels; ++level) levels[k][level] += weight * here[level];
  });
  return levels;
}

/// The price cap on each flow, ratio to the exporter's price in the reference world; 0 where there is none.
std::vector<double> caps_under(const Flows& flows, const World& world, const Shock& shock) {
  std::vector<double> limits(flows.all.size());
  for (const PriceCap& cap : shock.price_caps)
    for (const Index m : cap.markets)
      if (flows.set.has(world.country_of_market(m), world.country_of_location(cap.origin), cap.sector))
        limits[flows.place(world, m, cap.origin, cap.sector)] = cap.limit;
  return limits;
}

struct Step {
  const Policy* policy;
  bool reference;
  Levels levels;
  double cap;
};

/// Applies policies in order and notes for each flow those that change it. Problems are gathered, not thrown.
class Tracer {
 public:
  Tracer(const World& base, const Flows& flows)
      : base_(base),
        flows_(flows),
        start_(levels_under(flows, base, base, {}, {})),
        now_(start_),
        caps_(now_.size()),
        steps_(now_.size()) {}

  Shock apply(const std::vector<Policy>& policies, bool reference, const World& world, const Shock& earlier,
              const Selector& selector, Problems& problems) {
    Shock shock;
    for (const Policy& policy : policies) {
      compile_policy(policy, {world, selector, problems}, shock);
      std::vector<Levels> after = levels_under(flows_, base_, world, earlier, shock);
      std::vector<double> caps = caps_under(flows_, base_, shock);
      for (std::size_t k = 0; k < after.size(); ++k)
        if (after[k] != now_[k] || caps[k] != caps_[k]) steps_[k].push_back({&policy, reference, after[k], caps[k]});
      now_ = std::move(after);
      caps_ = std::move(caps);
    }
    return shock;
  }
  bool changed(std::size_t flow) const { return !steps_[flow].empty(); }
  /// Value of a flow times how far its levels and a cap on its price have moved: what the order of the list goes by.
  double weight(std::size_t flow) const {
    double moved = 0.0;
    for (std::size_t level = 0; level < kLevels; ++level) moved += std::abs(now_[flow][level] - start_[flow][level]);
    if (caps_[flow] > 0.0) moved += std::max(0.0, 1.0 - caps_[flow]);
    return flows_.all[flow].value * moved;
  }

  /// A line for each level that some policy changes: "tariff: 10 % -> 5 % (fta)".
  std::string lines(std::size_t flow) const {
    std::string text;
    for (std::size_t level = 0; level < kLevels; ++level) {
      double last = start_[flow][level];
      std::string line;
      for (const Step& step : steps_[flow]) {
        if (step.levels[level] == last) continue;
        last = step.levels[level];
        line += fmt::format(" -> {:.4g} % ({}{})", 100.0 * last, step.policy->name,
                            step.reference ? ", in both worlds" : "");
      }
      if (!line.empty())
        text += fmt::format("  {}: {:.4g} %{}\n", kLevelNames[level], 100.0 * start_[flow][level], line);
    }
    return text + cap_line(flow);
  }

 private:
  std::string cap_line(std::size_t flow) const {
    std::string line;
    double last = 0.0;
    for (const Step& step : steps_[flow]) {
      if (step.cap == last) continue;
      last = step.cap;
      line += fmt::format(" -> {:.4g} % ({})", 100.0 * last, step.policy->name);
    }
    return line.empty() ? ""
                        : fmt::format(
                              "  price cap: none{} of the price in the reference world; the rent is found when "
                              "the scenario is solved\n",
                              line);
  }
  const World& base_;
  const Flows& flows_;
  std::vector<Levels> start_, now_;
  std::vector<double> caps_;
  std::vector<std::vector<Step>> steps_;  ///< by flow
};

std::vector<std::string> parts_of(const std::string& pattern) {
  std::vector<std::string> parts(1);
  for (const char c : pattern) {
    if (c == ':')
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

/// A pattern that may have been meant by one that has not three parts, for its user to see the form.
std::string example_for(const World& world, const Selector& selector, const std::vector<std::string>& parts) {
  Problems unknown;
  if (parts.size() == 1 && position_of(world.sectors, parts[0]) >= 0)
    return fmt::format("*:*:{} for all trade in it", parts[0]);
  if (parts.size() == 1 && !selector.countries_named({parts[0], {}}, "", unknown).members.empty())
    return fmt::format("{0}:*:* for what {0} buys or *:{0}:* for what it sells", parts[0]);
  return "IRN:*:food";
}

FlowSet flows_matching(const World& world, const Selector& selector, std::vector<std::string> patterns,
                       Problems& problems) {
  if (patterns.empty()) patterns = {"*:*:*"};
  FlowSet set(world);
  const std::string key = "--flows";
  for (const std::string& pattern : patterns) {
    std::vector<std::string> parts = parts_of(pattern);
    if (parts.size() != 3 || std::any_of(parts.begin(), parts.end(), [](const auto& part) { return part.empty(); })) {
      problems.add(
          {}, key,
          fmt::format(
              "'{}' is not IMPORTER:EXPORTER:SECTOR; codes, blocs or * are expected for each of the three, such "
              "as {}",
              pattern, example_for(world, selector, parts)));
      continue;
    }
    for (std::string& part : parts)
      if (part == "*") part = "all";
    const std::vector<Index> importers = selector.countries_named({parts[0], {}}, key, problems).members,
                             exporters = selector.countries_named({parts[1], {}}, key, problems).members,
                             sectors = selector.sectors_named({parts[2], {}}, key, problems).members;
    FlowSet one(world);
    one.add(importers, exporters, sectors);
    if (one.empty() && !importers.empty() && !exporters.empty() && !sectors.empty())
      problems.add({}, key, fmt::format("no flow between two different countries is '{}'", pattern));
    set.add(importers, exporters, sectors);
  }
  return set;
}

const char* plural(std::size_t count) { return count == 1 ? "" : "s"; }

}  // namespace

std::string explain_flows(const World& world, const Scenario& scenario, const BlocTable& blocs,
                          const std::vector<std::string>& patterns, std::size_t most) {
  Problems problems;
  const Selector selector(world, blocs, scenario.date);
  const Flows flows = flows_in(world, flows_matching(world, selector, patterns, problems));
  Tracer tracer(world, flows);
  const Shock reference = tracer.apply(scenario.reference_policies, true, world, {}, selector, problems);
  tracer.apply(scenario.policies, false, with_shock(world, reference), reference, selector, problems);
  problems.throw_if_any();

  std::vector<std::size_t> changed;
  std::size_t untraded = 0;
  double value = 0.0;
  for (std::size_t k = 0; k < flows.all.size(); ++k) {
    if (!tracer.changed(k)) continue;
    if (flows.all[k].value > 0.0)
      changed.push_back(k);
    else
      ++untraded;
    value += flows.all[k].value;
  }
  std::stable_sort(changed.begin(), changed.end(),
                   [&](std::size_t a, std::size_t b) { return tracer.weight(a) > tracer.weight(b); });
  if (changed.empty())
    return fmt::format("The scenario changes none of the {} flows looked at{}.\n", flows.all.size(),
                       untraded == 0 ? "" : " that is traded in the base year");
  std::string text = fmt::format(
      "The scenario changes {} of the {} flows looked at, worth {:.1f} million USD before duty in "
      "the base year\n",
      changed.size(), flows.all.size(), value);
  const std::size_t shown = std::min(most, changed.size());
  for (std::size_t k = 0; k < shown; ++k) {
    const Flows::Flow& flow = flows.all[changed[k]];
    text += fmt::format("\n{} buys {} from {}: {:.4g} million USD\n{}", world.countries[at(flow.importer)].code,
                        world.sectors[at(flow.sector)].code, world.countries[at(flow.exporter)].code, flow.value,
                        tracer.lines(changed[k]));
    value -= flow.value;
  }
  if (shown < changed.size())
    text += fmt::format("\nand {} more flow{}, worth {:.1f} million USD\n", changed.size() - shown,
                        plural(changed.size() - shown), std::max(0.0, value));
  if (untraded > 0)
    text += fmt::format("\n{} flow{} that {} not traded in the base year would change too, to no effect\n", untraded,
                        plural(untraded), untraded == 1 ? "is" : "are");
  return text;
}

std::string check_scenario(const World& base, const Scenario& scenario, const BlocTable& bloc_table,
                           const std::vector<std::string>& patterns, std::size_t most) {
  const BlocTable blocs = apply_blocs(bloc_table, scenario, base);
  const World world = add_zones(apply_model_options(base, scenario), scenario, blocs);
  return patterns.empty() ? explain(world, scenario, blocs) : explain_flows(world, scenario, blocs, patterns, most);
}

}  // namespace entrepot
