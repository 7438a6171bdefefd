#include "players_at_hand.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reference_world.hpp"
#include "scenario_run.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

TomlValue text(const std::string& key, const std::string& value) {
  return {.kind = Kind::kText, .key = key, .text = value};
}

TomlValue list(const std::string& key, const std::vector<std::string>& values) {
  TomlValue result{.kind = Kind::kList, .key = key};
  for (const std::string& value : values) result.children.push_back(text("", value));
  return result;
}

/// Puts an embargo of all trade, both ways, behind the policies of a scenario.
void add_embargo(TomlValue& scenario, const std::string& senders, const std::vector<std::string>& targets) {
  TomlValue policy;
  policy.children = {text("name", "embargo of all trade"), text("instrument", "embargo"), list("senders", {senders}),
                     list("targets", targets), list("sectors", {"all"})};
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
      : study_(study), asked_(*study.players), baseline_(baseline), blocs_(blocs), players_(asked_.players) {}

  Players find(const StudyMeasures& measures) {
    expect_countries();
    const bool coalition = players_.kind == Players::Kind::kCoalition;
    if (coalition) find_core();
    expect_measures(measures);
    find_incomes();
    if (coalition) find_bounds();
    return players_;
  }

 private:
  const std::vector<Country>& countries() const { return baseline_.world.countries; }

  void expect_countries() const {
    Problems problems;
    const std::vector<std::string> known = codes_of(countries());
    const auto expect = [&](const std::string& code, const SourceLocation& where, const char* key) {
      if (position_of(countries(), code) < 0)
        problems.add(where, key,
                     fmt::format("there is no country '{}' in this baseline{}", code, suggestion(code, known)));
    };
    const char* key = players_.kind == Players::Kind::kCoalition ? "coalition.joiners" : "game.players";
    for (std::size_t k = 0; k < players_.countries.size(); ++k)
      expect(players_.countries[k], asked_.country_where[k], key);
    for (std::size_t k = 0; k < players_.targets.size(); ++k)
      expect(players_.targets[k], asked_.target_where[k],
             players_.kind == Players::Kind::kCoalition ? "coalition.target" : "game.target");
    problems.throw_if_any();
  }

  void find_core() {
    const Scenario plain = make_scenario(study_.scenario, study_.scenario_file);
    const BlocTable own = apply_blocs(blocs_, plain, baseline_.world);
    Problems problems;
    const Selector selector(baseline_.world, own, plain.date);
    for (const Index n : selector.countries_named({asked_.bloc, asked_.where}, "coalition.bloc", problems).members) {
      const std::string& code = countries()[at(n)].code;
      if (const auto target = std::ranges::find(players_.targets, code); target != players_.targets.end())
        problems.add(asked_.target_where[static_cast<std::size_t>(target - players_.targets.begin())],
                     "coalition.target", fmt::format("'{}' is a member of {} itself", code, asked_.bloc));
      if (std::ranges::find(players_.countries, code) == players_.countries.end()) players_.core.push_back(code);
    }
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
    const Scenario plain = make_scenario(study_.scenario, study_.scenario_file);
    SolveReport report;
    const std::optional<World> world = reference_world(
        plain, baseline_.world, apply_blocs(blocs_, plain, baseline_.world), solver_options(plain), report);
    if (!world) throw InputError(asked_.where, "scenario", report.sentence);
    const Vector income = base_measures(*world).income_base;
    for (const std::string& code : members()) players_.income.push_back(income(position_of(countries(), code)));
  }

  /// What the bloc takes from the target and what it costs its members, with these countries in it.
  Players::Bound bound(const std::string& name, TomlValue scenario, const std::vector<std::string>& members,
                       bool embargo) const {
    for (const std::string& code : members)
      set_value(scenario, "bloc." + asked_.bloc + "." + code, {.kind = Kind::kBoolean, .boolean = true}, asked_.where);
    if (embargo) add_embargo(scenario, asked_.bloc, players_.targets);
    const RunResults run = run_scenario(make_scenario(scenario, study_.scenario_file), baseline_, blocs_,
                                        {.progress = {}, .stop = nullptr, .exact_decomposition = false});
    if (!run.report.solved()) return {name, kMissing, kMissing};
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
      set_value(scenario, "bloc." + asked_.bloc + "." + code, {.kind = Kind::kBoolean, .boolean = false}, asked_.where);
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
  const BlocTable& blocs_;
  Players players_;
};

}  // namespace

Players players_of(const Study& study, const Baseline& baseline, const BlocTable& blocs,
                   const StudyMeasures& measures) {
  return PlayersInWorld(study, baseline, blocs).find(measures);
}

}  // namespace entrepot
