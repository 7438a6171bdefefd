#include "study_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/instrument.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

constexpr std::string_view kEverySector = "theta.*";

/// The sectors whose θ a scenario can set.
Index dimensions_of(const StudyFactor& factor, const World& world) {
  const bool every = std::any_of(factor.paths.begin(), factor.paths.end(),
                                 [](const LocatedText& path) { return path.text == kEverySector; });
  return every ? world.sector_count() : 1;
}

SampleDesign design_of(const Study& study, const World& world) {
  std::vector<DesignFactor> factors;
  std::vector<Index> first;
  Index dimensions = 0;
  for (const StudyFactor& factor : study.factors) {
    factors.push_back({dimensions_of(factor, world), factor.points});
    first.push_back(dimensions);
    dimensions += factors.back().dimensions;
  }
  const Index needed = study.design.sobol_indices ? 2 * dimensions : dimensions;
  if (needed > SampleDesign::most_dimensions())
    throw InputError(
        {study.file.string(), 0, 0}, "vary",
        fmt::format("{} numbers are drawn for each row; {} are possible", needed, SampleDesign::most_dimensions()));
  DesignOptions options = study.design;
  if (!study.correlations.empty()) {
    options.correlation = Matrix::Identity(dimensions, dimensions);
    for (const StudyCorrelation& one : study.correlations) {
      const Index a = first[one.first], b = first[one.second];
      // Of factors of many numbers each is correlated with the other's of the same place.
      const Index of_a = factors[one.first].dimensions, of_b = factors[one.second].dimensions;
      if (of_a != of_b)
        throw InputError(one.where, "correlation",
                         "two factors of one number each, or of every sector each, can be correlated");
      for (Index k = 0; k < of_a; ++k)
        options.correlation(a + k, b + k) = options.correlation(b + k, a + k) = one.value;
    }
    if (const std::string wrong = check_correlation(options.correlation, dimensions); !wrong.empty())
      throw InputError(study.correlations.front().where, "correlation", wrong);
  }
  return SampleDesign(std::move(factors), std::move(options));
}

std::string shown(const TomlValue& value) {
  switch (value.kind) {
    case Kind::kNumber:
      return fmt::format("{}", value.number);
    case Kind::kBoolean:
      return value.boolean ? "true" : "false";
    default:
      return value.text;
  }
}

const Policy* find_policy(const Scenario& scenario, std::string_view name) {
  for (const std::vector<Policy>* list : {&scenario.policies, &scenario.reference_policies})
    for (const Policy& policy : *list)
      if (policy.name == name) return &policy;
  return nullptr;
}

/// "policy.NAME.KEY…" taken apart; none for other paths.
struct PolicyPath {
  std::string name, key;
};
std::optional<PolicyPath> policy_path(const Scenario& scenario, std::string_view path) {
  for (const std::string_view start : {"policy.", "reference.policy."}) {
    if (!path.starts_with(start)) continue;
    const std::string_view rest = path.substr(start.size());
    // Names may hold dots: the longest policy's name that fits.
    std::optional<PolicyPath> best;
    for (const std::vector<Policy>* list : {&scenario.policies, &scenario.reference_policies})
      for (const Policy& policy : *list)
        if (rest.starts_with(policy.name + ".") && (!best || policy.name.size() > best->name.size()))
          best = {policy.name, std::string(rest.substr(policy.name.size() + 1))};
    return best;
  }
  return std::nullopt;
}

}  // namespace

StudyScenarios::StudyScenarios(const Study& study, const World& baseline)
    : study_(study), plain_(make_scenario(study.scenario, study.scenario_file)), design_(design_of(study, baseline)) {
  const World world = apply_model_options(baseline, plain_);
  Problems problems;
  Index first = 0;
  for (std::size_t f = 0; f < study.factors.size(); ++f) {
    add_targets(f, first, world, problems);
    first += design_.factors()[f].dimensions;
  }
  problems.throw_if_any();
  for (const Target& target : targets_) input_names_.push_back(target.path);
  expect_scenarios(baseline, problems);
  problems.throw_if_any();
}

void StudyScenarios::add_targets(std::size_t f, Index first, const World& world, Problems& problems) {
  const StudyFactor& factor = study_.factors[f];
  double scale = 1.0;
  for (const TomlValue& value : plain_.theta)
    if (value.key == "scale") scale = value.number;
  for (std::size_t p = 0; p < factor.paths.size(); ++p) {
    const LocatedText& path = factor.paths[p];
    const auto wrong = [&](const std::string& sentence) { problems.add(path.where, "vary." + factor.name, sentence); };
    const auto refused = [&](std::string_view start) {
      return path.text == start || path.text.starts_with(std::string(start) + ".");
    };
    for (const char* key : {"baseline", "title", "question", "sources", "notes", "solver", "date"})
      if (refused(key)) {
        wrong(fmt::format("'{}' can't be drawn: all draws share the base year and the solver's accuracy", path.text));
        return;
      }
    Target target{f, first, path.text, p, 1.0, false};
    if (path.text == kEverySector) {
      one_world_ = one_world_ && plain_.reference_is_baseline();
      for (Index j = 0; j < world.sector_count(); ++j) {
        target.path = "theta." + world.sectors[at(j)].code;
        target.dimension = first + j;
        if (factor.multiply) target.base = world.theta(j) / scale;
        targets_.push_back(target);
      }
      continue;
    }
    const std::optional<PolicyPath> policy = policy_path(plain_, path.text);
    if (refused("theta"))
      one_world_ = one_world_ && plain_.reference_is_baseline();
    else if (!path.text.starts_with("policy.") && !refused("bloc"))
      one_world_ = false;
    if (refused("bloc") && !(plain_.reference_policies.empty())) one_world_ = false;
    if (policy) {
      const Policy& found = *find_policy(plain_, policy->name);
      if (found.instrument == &kEconomicZoneInstrument) one_world_ = false;
      for (const Parameter& parameter : found.instrument->parameters)
        if (parameter.name == policy->key) target.whole = parameter.type == ValueType::kInteger;
    }
    if (factor.multiply) {
      std::optional<double> base;
      if (path.text.starts_with("theta.")) {
        const Index j = position_of(world.sectors, path.text.substr(6));
        if (j >= 0) base = world.theta(j) / scale;
        if (path.text == "theta.scale") base = scale;
      } else if (policy) {
        const Arguments& arguments = find_policy(plain_, policy->name)->arguments;
        if (arguments.has(policy->key) && arguments.at(policy->key).kind == Kind::kNumber)
          base = arguments.number(policy->key);
      }
      if (!base) {
        TomlValue copy = study_.scenario;
        try {
          const TomlValue& there = value_at(copy, path.text, path.where);
          if (there.kind == Kind::kNumber) base = there.number;
        } catch (const InputError&) {
        }
      }
      if (!base) {
        wrong(
            fmt::format("the scenario has no number at '{}' that a draw could multiply; set it there or leave out "
                        "`apply`",
                        path.text));
        continue;
      }
      target.base = *base;
    }
    targets_.push_back(target);
  }
}

TomlValue StudyScenarios::drawn(const Target& target, double p) const {
  const StudyFactor& factor = study_.factors[target.factor];
  TomlValue value{.kind = Kind::kNumber, .where = factor.where};
  const double number = factor.distribution.quantile(p);
  const auto choice = static_cast<std::size_t>(number);
  if (factor.table) {
    Problems none;  // every cell was read before
    value.number = factor.table->number(choice, target.column, none);
  } else if (!factor.values.empty()) {
    value = factor.values[choice];
  } else {
    value.number = number;
  }
  if (value.kind == Kind::kNumber) {
    if (factor.multiply) value.number *= target.base;
    if (target.whole) value.number = std::round(value.number);
    value.whole = value.number == std::floor(value.number);
  }
  return value;
}

TomlValue StudyScenarios::document(std::span<const double> row) const {
  TomlValue result = study_.scenario;
  for (const Target& target : targets_) {
    const StudyFactor& factor = study_.factors[target.factor];
    TomlValue value = drawn(target, row[at(target.dimension)]);
    TomlValue& place = value_at(result, target.path, factor.where);
    value.key = place.key;
    value.where = value.key_where = factor.where;
    place = std::move(value);
  }
  return result;
}

Scenario StudyScenarios::scenario(Index row) const {
  std::vector<double> numbers(at(design_.dimensions()));
  design_.row(row, numbers);
  return make_scenario(document(numbers), study_.scenario_file);
}

std::vector<std::string> StudyScenarios::overrides(Index row) const {
  std::vector<double> numbers(at(design_.dimensions()));
  design_.row(row, numbers);
  std::vector<std::string> result;
  for (const Target& target : targets_)
    result.push_back(target.path + "=" + shown(drawn(target, numbers[at(target.dimension)])));
  return result;
}

std::vector<double> StudyScenarios::inputs(Index row) const {
  std::vector<double> numbers(at(design_.dimensions())), result;
  design_.row(row, numbers);
  for (const Target& target : targets_) {
    const double p = numbers[at(target.dimension)];
    const TomlValue value = drawn(target, p);
    result.push_back(value.kind == Kind::kNumber    ? value.number
                     : value.kind == Kind::kBoolean ? (value.boolean ? 1.0 : 0.0)
                                                    : study_.factors[target.factor].distribution.quantile(p));
  }
  return result;
}

/// Each factor alone, at its lowest, middle and highest draws, makes a scenario that can be.
void StudyScenarios::expect_scenarios(const World& world, Problems& problems) const {
  constexpr double kRare = 0.001;
  Index first = 0;
  for (std::size_t f = 0; f < study_.factors.size(); first += design_.factors()[f++].dimensions) {
    const StudyFactor& factor = study_.factors[f];
    std::vector<double> places = {kRare, 0.5, 1.0 - kRare};
    if (factor.distribution.kind == Distribution::Kind::kChoice) {
      places.clear();
      for (int k = 0; k < factor.distribution.choices; ++k) places.push_back((k + 0.5) / factor.distribution.choices);
    }
    for (const double p : places) {
      std::vector<double> row(at(design_.dimensions()), 0.5);
      std::fill_n(row.begin() + first, design_.factors()[f].dimensions, p);
      try {
        const Scenario scenario = make_scenario(document(row), study_.scenario_file);
        apply_model_options(world, scenario);
      } catch (const InputError& error) {
        const Problem& said = error.problems().front();
        std::string what;
        for (const Target& target : targets_)
          if (target.factor == f && what.empty()) what = target.path + " = " + shown(drawn(target, p));
        problems.add(factor.where, "vary." + factor.name,
                     fmt::format("{}: {}{}", what,
                                 said.key.empty() || said.key == factor.paths.front().text ? "" : said.key + ": ",
                                 said.sentence));
        break;
      }
    }
  }
}

}  // namespace entrepot
