#include "rate_change.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <tuple>

namespace entrepot {

namespace {

constexpr double kLargestRate = 10.0;  // 1000 %: beyond it a percentage was written for a fraction

Range limits(const std::string& action) {
  if (action == "multiply") return {.lower = 0.0};
  return {.lower = -1.0, .upper = kLargestRate, .above_lower = action != "add"};
}

Parameter rate_parameter(const std::string& action) {
  return {.name = "rate",
          .type = ValueType::kNumber,
          .unit = action == "multiply" ? "factor" : "fraction",
          .range = limits(action)};
}

std::string flow_name(const World& world, Index m, Index i, Index j) {
  const auto location = [&](Index l) { return world.locations[static_cast<std::size_t>(l)].code; };
  return fmt::format("{} from {} to {}", world.sectors[static_cast<std::size_t>(j)].code, location(i),
                     location(world.location_of_market(m)));
}

/// Each country's locations and markets, so that a row of a table costs no more than the flows it names.
struct Places {
  explicit Places(const World& world)
      : locations(static_cast<std::size_t>(world.country_count())), markets(locations.size()) {
    for (Index l = 0; l < world.location_count(); ++l)
      locations[static_cast<std::size_t>(world.country_of_location(l))].push_back(l);
    for (Index m = 0; m < world.market_count(); ++m)
      markets[static_cast<std::size_t>(world.country_of_market(m))].push_back(m);
  }
  std::vector<std::vector<Index>> locations, markets;
};

/// Writes the rows of a table that fall inside the policy's selection; returns the flows written.
FlowSet apply_table(const Policy& policy, const Context& context, const FlowSet& inside, Bilateral& rates,
                    Effect& effect) {
  const World& world = context.world;
  const CsvTable& table = *policy.table;
  FlowSet written(world);
  table.expect_only({"sector", "exporter", "importer", "rate"}, context.problems);
  for (const char* name : {"sector", "exporter", "importer", "rate"}) {
    if (table.has_column(name)) continue;
    context.problems.add({table.file(), 1, 0}, name, "this column is missing");
    return written;
  }
  const std::size_t sector = table.column("sector"), exporter = table.column("exporter"),
                    importer = table.column("importer"), rate = table.column("rate");
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> lines;
  std::size_t outside = 0;
  std::size_t slips = 0;
  std::string doubt;  // of the first
  const Places places(world);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const SourceLocation where = table.where(row);
    const auto named = [&](std::size_t column) { return LocatedText{table.text(row, column), where}; };
    const auto [first, fresh] =
        lines.try_emplace({table.text(row, sector), table.text(row, exporter), table.text(row, importer)}, where.line);
    if (!fresh) {
      context.problems.add(where, "", fmt::format("this flow has a rate already, on line {}", first->second));
    }
    const std::vector<Index> j = context.selector.sectors_named(named(sector), "sector", context.problems).members;
    const std::vector<Index> i =
        context.selector.countries_named(named(exporter), "exporter", context.problems).members;
    const std::vector<Index> n =
        context.selector.countries_named(named(importer), "importer", context.problems).members;
    Problems numbers;
    TomlValue value{.kind = TomlValue::Kind::kNumber, .where = where};
    value.number = table.number(row, rate, numbers);
    if (numbers.empty()) check_value(value, rate_parameter("set"), "rate", numbers);
    context.problems.add(numbers.all());
    Effect slip;
    doubt_rate("rate", value.number, slip);
    if (!slip.doubts.empty() && slips++ == 0) doubt = fmt::format("{} (line {}", slip.doubts.front(), where.line);
    bool used = false;
    for (const Index buyer : n)
      for (const Index seller : i)
        for (const Index s : j) {
          if (!inside.has(buyer, seller, s)) continue;
          written.add(buyer, seller, s);
          used = true;
          for (const Index origin : places.locations[static_cast<std::size_t>(seller)])
            for (const Index m : places.markets[static_cast<std::size_t>(buyer)]) rates(m, origin, s) = value.number;
        }
    if (!used) ++outside;
  }
  if (outside > 0) {
    effect.notes.push_back(
        fmt::format("{} of the table's {} rows are outside the selection or within a country", outside, table.rows()));
  }
  if (slips > 0)
    effect.doubts.push_back(doubt + fmt::format(" of {}{})", policy.arguments.text("file"),
                                                slips == 1 ? "" : fmt::format(", and {} more so high", slips - 1)));
  return written;
}

}  // namespace

Schema rate_parameters(const std::string& what) {
  return {
      country_list("importers", "who buys; needed unless the action is table", false),
      country_list("exporters", "who sells; needed unless the action is table", false),
      sector_list(),
      country_exclusions("importers and exporters"),
      sector_exclusions(),
      {.name = "action",
       .meaning = "set: the " + what +
                  " becomes the rate; add: the rate is added to it; multiply: it is multiplied "
                  "by the rate; table: it becomes what a CSV file says, flow by flow",
       .fallback = "set",
       .choices = {"set", "add", "multiply", "table"}},
      {.name = "rate",
       .type = ValueType::kNumber,
       .meaning = "ad valorem; set: above -1 and at most 10; add: between -1 and 10; multiply: a factor, at least 0",
       .unit = "fraction"},
      {.name = "file",
       .meaning = "with action table: CSV with the columns sector,exporter,importer,rate beside the scenario file; "
                  "cells may name blocs, \"goods\", \"services\" or \"all\", later rows win"}};
}

void check_rate(const Policy& policy, Problems& problems) {
  const Arguments& arguments = policy.arguments;
  if (!arguments.has("action")) return;
  const std::string& action = arguments.text("action");
  const auto missing = [&](const char* name, const std::string& what) {
    problems.add(arguments.where(), arguments.key(name), fmt::format("action '{}' needs {}", action, what));
  };
  if (action == "table") {
    if (!arguments.written("file")) missing("file", "a CSV file of rates");
    if (arguments.has("rate")) {
      problems.add(arguments.where("rate"), arguments.key("rate"), "action 'table' takes its rates from the file");
    }
    return;
  }
  if (arguments.has("file")) {
    problems.add(arguments.where("file"), arguments.key("file"), fmt::format("action '{}' takes no file", action));
  }
  for (const char* side : {"importers", "exporters"})
    if (!arguments.written(side)) missing(side, "a list of countries, or \"all\"");
  if (!arguments.written("rate")) {
    missing("rate", action == "multiply" ? "a factor" : "a rate, as a fraction");
  } else if (arguments.has("rate")) {
    check_value(arguments.at("rate"), rate_parameter(action), arguments.key("rate"), problems);
  }
}

Effect change_rates(const Policy& policy, const Context& context, Channel channel, const Bilateral& base,
                    Bilateral& rates) {
  const World& world = context.world;
  const std::string& action = policy.arguments.text("action");
  Effect effect;
  FlowSet flows(world);
  const std::vector<Index> importers = resolve_countries(policy, context, "importers", effect);
  const std::vector<Index> exporters = resolve_countries(policy, context, "exporters", effect);
  flows.add(importers, exporters, resolve_sectors(policy, context, effect));
  if (rates.empty()) rates = base;
  allocate(rates, world, 0.0);
  if (action == "table") {
    flows = apply_table(policy, context, flows, rates, effect);
    effect.changes.push_back({channel, std::move(flows), true});
    return effect;
  }
  expect_flows(policy, context, effect, flows);
  const double rate = policy.arguments.number("rate");
  if (action != "multiply") doubt_rate("rate", rate, effect);
  double worst = 0.0;
  std::string worst_flow;
  flows.for_each(world, [&](Index m, Index i, Index j) {
    double& here = rates(m, i, j);
    here = action == "set" ? rate : action == "add" ? here + rate : here * rate;
    if (here <= -1.0 && (worst_flow.empty() || here < worst)) {
      worst = here;
      worst_flow = flow_name(world, m, i, j);
    }
  });
  if (!worst_flow.empty()) {
    context.problems.add(
        policy.arguments.where("rate"), policy.arguments.key("rate"),
        fmt::format("this leaves a rate of {} on {}; rates stay above -1 (-100 %)", worst, worst_flow));
  }
  effect.changes.push_back({channel, std::move(flows), action == "set"});
  return effect;
}

}  // namespace entrepot
