#include "players_at_hand.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reference_world.hpp"
#include "scenario_run.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

/// Puts an embargo of all trade, both ways, behind the policies of a scenario: nothing gets around it.
void add_embargo(TomlValue& scenario, const std::string& senders, const std::vector<std::string>& targets) {
  TomlValue policy;
  policy.children = {toml_value("name", "embargo of all trade"), toml_value("instrument", "embargo"),
                     toml_list("senders", std::vector{senders}), toml_list("targets", targets),
                     toml_list("sectors", std::vector<std::string>{"all"})};
  TomlValue* policies = scenario.find("policy");
  if (policies == nullptr) {
    scenario.children.push_back({.kind = Kind::kList, .key = "policy"});
    policies = &scenario.children.back();
  }
  policies->children.push_back(std::move(policy));
}

class PlayersInWorld {
 public:
  PlayersInWorld(const Study& study, const Baseline& baseline, const BlocTable& blocs)
      : study_(study),
        asked_(*study.players),
        baseline_(baseline),
        plain_(make_scenario(study.scenario, study.scenario_file)),
        blocs_(blocs),
        own_blocs_(apply_blocs(blocs, plain_, baseline.world)),
        players_(asked_.players) {}

  Players find(const StudyMeasures& measures) {
    const bool coalition = players_.kind == Players::Kind::kCoalition;
    if (coalition) find_core();
    expect_measures(measures);
    find_incomes();
    if (coalition) find_bounds();
    return players_;
  }

 private:
  const std::vector<Country>& countries() const { return baseline_.world.countries; }

  /// That policies are of this bloc, and of nobody beside it whose costs would not be counted.
  void expect_policies(Problems& problems) const {
    // Those that are left out may be switched on by what is varied.
    TomlValue all = study_.scenario;
    if (TomlValue* policies = all.find("policy"); policies != nullptr)
      for (TomlValue& policy : policies->children)
        if (TomlValue* enabled = policy.find("enabled"); enabled != nullptr) enabled->boolean = true;
    bool named = false;
    for (const StudyFactor& factor : study_.factors)
      for (const TomlValue& value : factor.values)
        for (const TomlValue& one : value.children) named = named || one.text == asked_.bloc.text;
    for (const Policy& policy : make_scenario(all, study_.scenario_file).policies) {
      if (!names_bloc(policy, asked_.bloc.text)) continue;
      named = true;
      for (const Parameter& parameter : policy.instrument->parameters) {
        if (parameter.type != ValueType::kTextList) continue;
        const std::vector<LocatedText> names = policy.arguments.list(parameter.name);
        if (names.size() < 2 || std::ranges::find(names, asked_.bloc.text, &LocatedText::text) == names.end()) continue;
        if (parameter.name.starts_with("exclude")) continue;
        problems.add(
            asked_.bloc.where, "coalition.bloc",
            fmt::format("{} of the policy '{}' has others beside {}, whose costs would not be counted; make them "
                        "members of it",
                        parameter.name, policy.name, asked_.bloc.text));
      }
    }
    if (!named)
      problems.add(
          asked_.bloc.where, "coalition.bloc",
          fmt::format("no policy of the scenario names {}, so that it is all one who joins", asked_.bloc.text));
  }

  void find_core() {
    Problems problems;
    expect_policies(problems);
    const Selector selector(baseline_.world, own_blocs_, plain_.date);
    const Selection members = selector.countries_named(asked_.bloc, "coalition.bloc", problems);
    for (const Index n : members.members) {
      const std::string& code = countries()[at(n)].code;
      if (const auto target = std::ranges::find(players_.targets, code); target != players_.targets.end())
        problems.add(asked_.target_where[static_cast<std::size_t>(target - players_.targets.begin())],
                     "coalition.target", fmt::format("'{}' is a member of {} itself", code, asked_.bloc.text));
      if (std::ranges::find(players_.countries, code) == players_.countries.end()) players_.core.push_back(code);
    }
    if (players_.core.empty() && !members.may_be_empty && problems.empty())
      problems.add(
          asked_.country_where.front(), "coalition.joiners",
          fmt::format("all members of {0} are joiners, but only a bloc of the scenario's own may have none; leave "
                      "one out, or make one ([bloc.NAME] with new = true) for the policies that are of {0}",
                      asked_.bloc.text));
    problems.throw_if_any();
  }

  /// The coalition's members, or the players.
  std::vector<std::string> members() const {
    std::vector<std::string> all = players_.core;
    all.insert(all.end(), players_.countries.begin(), players_.countries.end());
    return all;
  }

  void expect_measures(const StudyMeasures& measures) const {
    std::string missing;
    const auto column = std::ranges::find(measures.columns(), std::string("welfare_usd"), &RowColumn::name);
    std::vector<std::string> needed = players_.targets;
    for (const std::string& code : members()) needed.push_back(code);
    for (const std::string& code : needed) {
      const bool there = column != measures.columns().end() &&
                         std::ranges::find(column->dimensions[0].labels, code) != column->dimensions[0].labels.end();
      if (!there) missing += (missing.empty() ? "" : ", ") + code;
    }
    if (!missing.empty())
      throw InputError(
          study_.measures.front().where, "measures",
          fmt::format("welfare_usd of {} is needed here; name welfare_usd, or leave out `measures`", missing));
  }

  void find_incomes() {
    SolveReport report;
    const std::optional<World> world =
        reference_world(plain_, baseline_.world, own_blocs_, solver_options(plain_), report);
    if (!world) throw InputError(asked_.where, "scenario", report.sentence);
    const Vector income = base_measures(*world).income_base;
    for (const std::string& code : members()) players_.income.push_back(income(position_of(countries(), code)));
  }

  /// What the bloc takes from the target and what it costs its members, with these countries in it.
  Players::Bound bound(const std::string& name, TomlValue scenario, const std::vector<std::string>& members,
                       bool embargo) const {
    for (const std::string& code : members)
      set_value(scenario, "bloc." + asked_.bloc.text + "." + code, {.kind = Kind::kBoolean, .boolean = true},
                asked_.where);
    if (embargo) add_embargo(scenario, asked_.bloc.text, players_.targets);
    RunResults run;
    try {
      run = run_scenario(make_scenario(scenario, study_.scenario_file), baseline_, blocs_,
                         {.progress = {}, .stop = nullptr, .exact_decomposition = false});
    } catch (const InputError& error) {
      // What policies make no sense of, such as a transfer from the whole world to one of it.
      const Problem& problem = error.problems().front();
      return {name, kMissing, kMissing, fmt::format("{}: {}", problem.key, problem.sentence)};
    }
    if (!run.report.solved()) return {name, kMissing, kMissing, run.report.sentence};
    const auto change = [&](const std::string& code) {
      return run.measures.welfare_usd(position_of(countries(), code));
    };
    Players::Bound result{name, 0.0, 0.0};
    for (const std::string& code : players_.targets) result.target_loss -= change(code);
    for (const std::string& code : members) result.cost -= change(code);
    return result;
  }

  void find_bounds() {
    std::vector<std::string> world;
    for (const Country& country : countries())
      if (std::ranges::find(players_.targets, country.code) == players_.targets.end()) world.push_back(country.code);
    TomlValue scenario = study_.scenario;
    for (const std::string& code : players_.countries)
      set_value(scenario, "bloc." + asked_.bloc.text + "." + code, {.kind = Kind::kBoolean, .boolean = false},
                asked_.where);
    for (const bool embargo : {false, true}) {
      const std::string with = embargo ? ", embargo of all trade" : ", the scenario's measures";
      players_.bounds.push_back(bound("no joiner" + with, scenario, players_.core, embargo));
      players_.bounds.push_back(bound("all joiners" + with, scenario, members(), embargo));
      players_.bounds.push_back(bound("the whole world" + with, scenario, world, embargo));
    }
  }

  const Study& study_;
  const PlayersAsked& asked_;
  const Baseline& baseline_;
  Scenario plain_;
  const BlocTable& blocs_;
  BlocTable own_blocs_;  ///< with the scenario's changes
  Players players_;
};

}  // namespace

Players players_of(const Study& study, const Baseline& baseline, const BlocTable& blocs,
                   const StudyMeasures& measures) {
  return PlayersInWorld(study, baseline, blocs).find(measures);
}

}  // namespace entrepot
