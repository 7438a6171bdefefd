#include "study_scenarios.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "policy/explain.hpp"
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

/// A path into a policy: its table in the scenario's document and the key there.
struct PolicyPath {
  const TomlValue* policy;
  std::string_view key;
  bool reference;

  const Instrument* instrument() const {
    const TomlValue* kind = policy->find("instrument");
    return kind == nullptr ? nullptr : find_instrument(kind->text);
  }
  /// What the schema says of the key; none for a key inside a table.
  std::optional<Parameter> parameter() const {
    if (instrument() == nullptr) return std::nullopt;
    for (const Schema& schema : {common_parameters(), instrument()->parameters})
      for (const Parameter& parameter : schema)
        if (parameter.name == key) return parameter;
    return std::nullopt;
  }
};

/// Taken apart; none where there is no such policy. Names may hold dots: the longest that fits is meant.
std::optional<PolicyPath> policy_path(const TomlValue& scenario, std::string_view path) {
  std::optional<PolicyPath> best;
  std::size_t length = 0;
  for (const std::string_view list : {"policy", "reference.policy"}) {
    const TomlValue* policies = find_value(scenario, list);
    if (!path.starts_with(list) || policies == nullptr) continue;
    for (const TomlValue& policy : policies->children) {
      const TomlValue* name = policy.find("name");
      if (name == nullptr || (best && name->text.size() <= length)) continue;
      const std::string start = fmt::format("{}.{}.", list, name->text);
      if (!path.starts_with(start)) continue;
      best = {&policy, path.substr(start.size()), list != "policy"};
      length = name->text.size();
    }
  }
  return best;
}

bool has_number(const TomlValue& value) {
  return value.kind == Kind::kNumber || std::any_of(value.children.begin(), value.children.end(), has_number);
}

/// A number, or all numbers of a table, times a factor.
void multiply(TomlValue& value, double factor) {
  value.number *= factor;
  value.whole = value.whole && value.number == std::floor(value.number);
  for (TomlValue& child : value.children) multiply(child, factor);
}

void expect_players(const PlayersAsked& asked, const World& world, Problems& problems) {
  const std::vector<std::string> known = codes_of(world.countries);
  const bool coalition = asked.players.kind == Players::Kind::kCoalition;
  const auto expect = [&](const std::vector<std::string>& codes, const std::vector<SourceLocation>& where,
                          const char* key) {
    for (std::size_t k = 0; k < codes.size(); ++k)
      if (position_of(world.countries, codes[k]) < 0)
        problems.add(where[k], key,
                     fmt::format("there is no country '{}' in this baseline{}", codes[k], suggestion(codes[k], known)));
  };
  expect(asked.players.countries, asked.country_where, coalition ? "coalition.joiners" : "game.players");
  expect(asked.players.targets, asked.target_where, coalition ? "coalition.target" : "game.target");
}

}  // namespace

StudyScenarios::StudyScenarios(const Study& study, const World& baseline, const BlocTable& blocs)
    : study_(study), plain_(make_scenario(study.scenario, study.scenario_file)), design_(design_of(study, baseline)) {
  const World world = apply_model_options(baseline, plain_);
  table_files_ = plain_.table_files;
  Problems problems;
  if (study.players) {
    const BlocTable own = apply_blocs(blocs, plain_, baseline);
    for (const LocatedText& bloc : study.players->all_blocs())
      if (!own.has(bloc.text))
        problems.add(bloc.where, study.players->bloc.text.empty() ? "game.strategy.blocs" : "coalition.bloc",
                     fmt::format("the scenario has no bloc '{}'{}", bloc.text, suggestion(bloc.text, own.names())));
    expect_players(*study.players, baseline, problems);
    problems.throw_if_any();
  }
  Index first = 0;
  for (std::size_t f = 0; f < study.factors.size(); ++f) {
    add_targets(f, first, world, problems);
    first += design_.factors()[f].dimensions;
  }
  problems.throw_if_any();
  for (const Target& target : targets_) input_names_.push_back(target.path);
  expect_scenarios(baseline, blocs, problems);
  problems.throw_if_any();
}

/// Whether the draws of a path leave the world as it is in which policies act.
void StudyScenarios::note_world(std::string_view path) {
  if (within(path, "theta")) {
    one_world_ = one_world_ && plain_.reference_is_baseline();
  } else if (within(path, "bloc") || path == "date") {
    one_world_ = one_world_ && plain_.reference_policies.empty();
  } else {
    const std::optional<PolicyPath> policy = policy_path(study_.scenario, path);
    one_world_ = one_world_ && policy && !policy->reference && policy->instrument() != &kEconomicZoneInstrument;
  }
}

/// What the scenario says at a path, else the base year, else the instrument; none where that is no number.
std::optional<TomlValue> StudyScenarios::base_of(const std::string& path, const World& world) const {
  if (path.starts_with("theta.")) {
    const TomlValue* scale = find_value(study_.scenario, "theta.scale");
    const double by = scale == nullptr ? 1.0 : scale->number;
    if (path == "theta.scale") return toml_value("", by);
    const Index j = position_of(world.sectors, path.substr(6));
    if (j >= 0) return toml_value("", world.theta(j) / by);
  }
  std::optional<TomlValue> base;
  if (const TomlValue* given = find_value(study_.scenario, path)) {
    base = *given;
  } else if (const std::optional<PolicyPath> policy = policy_path(study_.scenario, path)) {
    const std::optional<Parameter> parameter = policy->parameter();
    if (parameter && !parameter->fallback.empty()) base = parse_toml_value(parameter->fallback, "");
  }
  return base && has_number(*base) ? base : std::nullopt;
}

void StudyScenarios::add_targets(std::size_t f, Index first, const World& world, Problems& problems) {
  const StudyFactor& factor = study_.factors[f];
  for (std::size_t p = 0; p < factor.paths.size(); ++p) {
    const std::string& path = factor.paths[p].text;
    const auto wrong = [&](const std::string& sentence) {
      problems.add(factor.paths[p].where, "vary." + factor.name, sentence);
    };
    std::vector<std::string> paths = {path};
    if (path == kEverySector) {
      paths.clear();
      for (const Sector& sector : world.sectors) paths.push_back("theta." + sector.code);
    }
    for (const char* key : {"baseline", "solver"})
      if (within(path, key))
        wrong(fmt::format("'{}' can't be drawn: all draws share the base year and the solver's accuracy", path));
    for (const char* key : {"title", "question", "sources", "notes"})
      if (within(path, key)) wrong(fmt::format("'{}' can't be drawn: no result depends on it", path));
    const std::optional<PolicyPath> policy = policy_path(study_.scenario, path);
    if (policy && (policy->key == "name" || policy->key == "instrument"))
      wrong(fmt::format("'{}' can't be drawn: it says which policy this is; switch policies on and off by `enabled`",
                        path));
    note_world(path);
    Target target{f, first, path, factor.paths[p].where, p, {}, false};
    const std::optional<Parameter> parameter = policy ? policy->parameter() : std::nullopt;
    target.whole = parameter && parameter->type == ValueType::kInteger;
    for (std::string& one : paths) {
      target.path = std::move(one);
      if (factor.multiply) target.base = base_of(target.path, world);
      if (factor.multiply && !target.base)
        wrong(
            fmt::format("the scenario has no number at '{}' that a draw could multiply; set it there or leave out "
                        "`apply`",
                        target.path));
      targets_.push_back(target);
      ++target.dimension;
    }
  }
}

/// The draw itself, as yet without what it multiplies.
TomlValue StudyScenarios::draw(const Target& target, double p) const {
  const StudyFactor& factor = study_.factors[target.factor];
  const double number = factor.distribution.quantile(p);
  const auto choice = static_cast<std::size_t>(number);
  if (!factor.values.empty()) return factor.values[choice];
  if (!factor.memberships.empty())
    return {.kind = Kind::kBoolean, .where = target.where, .boolean = factor.memberships[choice][target.column]};
  Problems none;  // every cell was read before
  TomlValue value = toml_value("", factor.table ? factor.table->number(choice, target.column, none) : number);
  value.where = factor.table ? factor.table->where(choice) : target.where;
  return value;
}

TomlValue StudyScenarios::drawn(const Target& target, double p) const {
  TomlValue value = draw(target, p);
  if (target.base) {
    TomlValue product = *target.base;
    multiply(product, value.number);
    if (product.kind == Kind::kNumber) product = toml_value("", product.number);
    relocate(product, value.where);
    value = std::move(product);
  }
  if (target.whole && value.kind == Kind::kNumber) {
    value.number = std::round(value.number);
    value.whole = true;
  }
  return value;
}

TomlValue StudyScenarios::document(std::span<const double> row, std::optional<std::size_t> only) const {
  TomlValue result = study_.scenario;
  for (const Target& target : targets_) {
    if (only && target.factor != *only) continue;
    TomlValue value = drawn(target, row[at(target.dimension)]);
    TomlValue& place = value_at(result, target.path, target.where);
    value.key = std::move(place.key);
    value.key_where = target.where;
    place = std::move(value);
  }
  return result;
}

std::vector<double> StudyScenarios::numbers(Index row) const {
  std::vector<double> result(at(design_.dimensions()));
  design_.row(row, result);
  return result;
}

Scenario StudyScenarios::scenario(Index row) const {
  return make_scenario(document(numbers(row)), study_.scenario_file, table_files_);
}

std::vector<std::string> StudyScenarios::overrides(Index row) const {
  const std::vector<double> place = numbers(row);
  std::vector<std::string> result;
  for (const StudySetting& set : study_.settings) result.push_back(set.path + "=" + value_text(set.value));
  for (const Target& target : targets_)
    result.push_back(target.path + "=" + value_text(drawn(target, place[at(target.dimension)])));
  return result;
}

std::vector<double> StudyScenarios::inputs(Index row) const {
  const std::vector<double> place = numbers(row);
  std::vector<double> result;
  for (const Target& target : targets_) {
    const double p = place[at(target.dimension)];
    TomlValue value = drawn(target, p);
    if (value.kind == Kind::kTable) value = draw(target, p);
    result.push_back(value.kind == Kind::kNumber    ? value.number
                     : value.kind == Kind::kBoolean ? (value.boolean ? 1.0 : 0.0)
                                                    : study_.factors[target.factor].distribution.quantile(p));
  }
  return result;
}

std::vector<std::vector<std::string>> StudyScenarios::input_choices() const {
  std::vector<std::vector<std::string>> result;
  for (const Target& target : targets_) {
    result.emplace_back();
    for (const TomlValue& value : study_.factors[target.factor].values)
      if (value.kind == Kind::kText) result.back().push_back(value.text);
  }
  return result;
}

void StudyScenarios::expect_scenarios(const World& world, const BlocTable& blocs, Problems& problems) {
  const auto compile = [&](const Scenario& scenario) {
    const BlocTable own_blocs = apply_blocs(blocs, scenario, world);
    const World own = add_zones(apply_model_options(world, scenario), scenario, own_blocs);
    const Shock reference = compile_reference(own, scenario, own_blocs);
    compile_policies(with_shock(own, reference), scenario, own_blocs);
  };
  compile(plain_);
  constexpr double kRare = 0.001;
  constexpr int kMostCompiled = 100;  // values of one factor that are worth the time of a look at every flow
  const auto add = [&](const Problem& problem) {
    const bool said = std::any_of(problems.all().begin(), problems.all().end(),
                                  [&](const Problem& one) { return format_problem(one) == format_problem(problem); });
    if (!said) problems.add(problem.where, problem.key, problem.sentence);
  };
  const auto attempt = [&](const TomlValue& document, bool compiled, const std::string& remark) {
    try {
      const Scenario scenario = make_scenario(document, study_.scenario_file, table_files_);
      for (const TableFile& file : scenario.table_files)
        if (std::none_of(table_files_.begin(), table_files_.end(),
                         [&](const TableFile& one) { return one.name == file.name; }))
          table_files_.push_back(file);
      if (compiled) compile(scenario);
    } catch (const InputError& error) {
      for (Problem problem : error.problems()) {
        problem.sentence += remark;
        add(problem);
      }
      return false;
    }
    return true;
  };
  const std::vector<double> middle(at(design_.dimensions()), 0.5);
  for (std::size_t f = 0; f < study_.factors.size(); ++f) {
    const StudyFactor& factor = study_.factors[f];
    const bool choice = factor.distribution.kind == Distribution::Kind::kChoice;
    const int count = choice ? factor.distribution.choices : 3;
    bool sound = true;
    for (int k = 0; k < count && sound; ++k) {
      const double p = choice ? (k + 0.5) / count : k == 0 ? 0.5 : k == 1 ? kRare : 1.0 - kRare;
      const std::vector<double> row(middle.size(), p);
      std::string remark;
      if (!choice && k > 0) remark = fmt::format("; this is the {} % quantile of '{}'", 100.0 * p, factor.name);
      try {
        sound = attempt(document(row, f), count <= kMostCompiled, remark);
      } catch (const InputError& error) {  // a path that can't be gone
        for (const Problem& problem : error.problems()) add(problem);
        sound = false;
      }
    }
  }
  if (problems.empty()) attempt(document(middle), true, "; this is where all that is drawn is at its median");
}

}  // namespace entrepot
