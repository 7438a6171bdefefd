#include "players.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "results/dataset.hpp"
#include "shapley.hpp"
#include "text/file_error.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

constexpr double kMostCombinations = 1e6;

/// The list of countries under a key; each once.
void read_countries(const Arguments& table, const char* key, PlayersAsked& asked, Problems& problems) {
  if (!table.has(key)) return;
  std::set<std::string> seen;
  for (const LocatedText& country : table.list(key)) {
    if (!seen.insert(country.text).second) {
      problems.add(country.where, table.key(key), fmt::format("'{}' stands here twice", country.text));
      continue;
    }
    asked.players.countries.push_back(country.text);
    asked.country_where.push_back(country.where);
  }
  if (asked.players.countries.empty())
    problems.add(table.where(key), table.key(key), "at least one country is expected; this list is empty");
  for (const LocatedText& target : table.list("target")) {
    if (!seen.insert(target.text).second) {
      problems.add(target.where, table.key("target"),
                   fmt::format("'{}' stands here twice or among the {}", target.text, key));
      continue;
    }
    asked.players.targets.push_back(target.text);
    asked.target_where.push_back(target.where);
  }
}

std::vector<double> numbers(const Arguments& table, const char* key) {
  std::vector<double> result;
  if (table.has(key))
    for (const TomlValue& number : table.at(key).children) result.push_back(number.number);
  std::ranges::sort(result);
  const auto repeated = std::ranges::unique(result);
  result.erase(repeated.begin(), repeated.end());
  return result;
}

void read_coalition(const Arguments& table, PlayersAsked& asked, Problems& problems) {
  Players& players = asked.players;
  players.kind = Players::Kind::kCoalition;
  players.strategies = {"out", "in"};
  read_countries(table, "joiners", asked, problems);
  players.losses = numbers(table, "losses");
  if (!table.has("bloc")) return;
  asked.bloc = {table.text("bloc"), table.where("bloc")};
  asked.blocs = {{}, {asked.bloc}};
  if (table.has("target") && table.list("target").empty())
    problems.add(table.where("target"), table.key("target"), "at least one country is expected; this list is empty");
  if (players.countries.size() > at(kMostSharers))
    problems.add(asked.country_where[at(kMostSharers)], table.key("joiners"),
                 fmt::format("all coalitions of {} countries at most can be solved; there are {}", kMostSharers,
                             players.countries.size()));
}

std::set<std::string> names_of(const std::vector<LocatedText>& list) {
  std::set<std::string> result;
  for (const LocatedText& one : list) result.insert(one.text);
  return result;
}

void read_game(const Arguments& table, PlayersAsked& asked, Problems& problems) {
  Players& players = asked.players;
  players.kind = Players::Kind::kGame;
  read_countries(table, "players", asked, problems);
  players.penalties = numbers(table, "penalties");
  if (players.penalties.empty()) players.penalties = {0.0};
  if (!table.has("strategy")) return;
  const std::vector<TomlValue>& strategies = table.at("strategy").children;
  std::size_t number = 0;
  for (const TomlValue& one : strategies) {
    const Arguments strategy =
        read_table(one, strategy_schema(), fmt::format("game.strategy number {}", ++number), problems);
    if (!strategy.has("name")) continue;
    if (strategy.text("name").find_first_not_of(' ') == std::string::npos)
      problems.add(strategy.where("name"), strategy.key("name"), "a name is expected");
    if (std::ranges::find(players.strategies, strategy.text("name")) != players.strategies.end())
      problems.add(strategy.where("name"), strategy.key("name"), "another strategy has this name");
    players.strategies.push_back(strategy.text("name"));
    std::set<std::string> blocs;
    for (const LocatedText& bloc : strategy.list("blocs")) blocs.insert(bloc.text);
    for (std::size_t other = 0; other < asked.blocs.size(); ++other)
      if (blocs == names_of(asked.blocs[other])) {
        problems.add(one.where, strategy.path(),
                     fmt::format("'{}' has the same blocs as '{}', so that the two are one", strategy.text("name"),
                                 players.strategies[other]));
        break;
      }
    asked.blocs.push_back(strategy.list("blocs"));
  }
  if (strategies.size() < 2)
    problems.add(table.where("strategy"), table.key("strategy"),
                 "two strategies at least are expected, the first of those who comply");
  double combinations = 1.0;
  for (std::size_t k = 0; k < players.countries.size(); ++k) combinations *= static_cast<double>(strategies.size());
  if (combinations > kMostCombinations)
    problems.add(table.where("players"), table.key("players"),
                 fmt::format("{} players of {} strategies have {:.0f} combinations; {:.0f} can be solved",
                             players.countries.size(), strategies.size(), combinations, kMostCombinations));
}

std::vector<std::string> texts_in(const TomlValue& document, const char* key) {
  std::vector<std::string> result;
  if (const TomlValue* list = document.find(key); list != nullptr)
    for (const TomlValue& one : list->children) result.push_back(one.text);
  return result;
}
std::vector<double> numbers_in(const TomlValue& document, const char* key) {
  std::vector<double> result;
  if (const TomlValue* list = document.find(key); list != nullptr)
    for (const TomlValue& one : list->children) result.push_back(one.number);
  return result;
}

}  // namespace

Index Players::combinations() const {
  Index result = 1;
  for (std::size_t k = 0; k < countries.size(); ++k) result *= static_cast<Index>(strategies.size());
  return result;
}

Index Players::strategy(Index combination, Index player) const {
  const auto count = static_cast<Index>(strategies.size());
  for (Index k = static_cast<Index>(countries.size()) - 1; k > player; --k) combination /= count;
  return combination % count;
}

std::vector<LocatedText> PlayersAsked::all_blocs() const {
  std::vector<LocatedText> result;
  for (const std::vector<LocatedText>& own : blocs)
    for (const LocatedText& one : own)
      if (std::ranges::find(result, one.text, &LocatedText::text) == result.end()) result.push_back(one);
  return result;
}

std::optional<PlayersAsked> read_players(const Arguments& study, Problems& problems) {
  const bool game = study.has("game");
  if (!game && !study.has("coalition")) return {};
  if (game && study.has("coalition"))
    problems.add(study.where("game"), "game", "a study has a [coalition] or a [game]; leave out one of them");
  PlayersAsked asked;
  const char* key = game ? "game" : "coalition";
  const Arguments table = read_table(study.at(key), game ? game_schema() : coalition_schema(), key, problems);
  asked.where = study.where(key);
  if (game)
    read_game(table, asked, problems);
  else
    read_coalition(table, asked, problems);
  return asked;
}

std::string players_text(const Players& players) {
  TomlValue document;
  document.children = {toml_value("kind", players.kind == Players::Kind::kGame ? "game" : "coalition"),
                       toml_list("countries", players.countries),
                       toml_list("strategies", players.strategies),
                       toml_list("targets", players.targets),
                       toml_list("core", players.core),
                       toml_list("income", players.income),
                       toml_list("losses", players.losses),
                       toml_list("penalties", players.penalties),
                       toml_value("listed", players.listed)};
  std::vector<std::string> names, reasons;
  std::vector<double> losses, costs;
  for (const Players::Bound& bound : players.bounds) {
    names.push_back(bound.name);
    losses.push_back(bound.target_loss);
    costs.push_back(bound.cost);
    reasons.push_back(bound.reason);
  }
  document.children.push_back(toml_list("bound_names", names));
  document.children.push_back(toml_list("bound_losses", losses));
  document.children.push_back(toml_list("bound_costs", costs));
  document.children.push_back(toml_list("bound_reasons", reasons));
  return to_toml(document);
}

Players parse_players(std::string_view text, const std::filesystem::path& file) {
  const TomlValue document = parse_toml(text, file.string());
  Players players;
  const TomlValue* kind = document.find("kind");
  players.kind = kind != nullptr && kind->text == "game" ? Players::Kind::kGame : Players::Kind::kCoalition;
  players.countries = texts_in(document, "countries");
  players.strategies = texts_in(document, "strategies");
  players.targets = texts_in(document, "targets");
  players.core = texts_in(document, "core");
  players.income = numbers_in(document, "income");
  players.losses = numbers_in(document, "losses");
  players.penalties = numbers_in(document, "penalties");
  const TomlValue* listed = document.find("listed");
  players.listed = listed != nullptr && listed->boolean;
  const std::vector<std::string> names = texts_in(document, "bound_names"),
                                 reasons = texts_in(document, "bound_reasons");
  const std::vector<double> losses = numbers_in(document, "bound_losses"), costs = numbers_in(document, "bound_costs");
  const bool whole = !players.countries.empty() && players.strategies.size() >= 2 &&
                     players.income.size() == players.core.size() + players.countries.size() &&
                     losses.size() == names.size() && costs.size() == names.size() && reasons.size() == names.size();
  if (!whole) throw FileError(file, "what it says of its players is damaged");
  for (std::size_t k = 0; k < names.size(); ++k) players.bounds.push_back({names[k], losses[k], costs[k], reasons[k]});
  return players;
}

const Schema& coalition_schema() {
  static const Schema schema = {
      {.name = "bloc", .meaning = "the bloc of the scenario that countries may join", .required = true},
      {.name = "joiners",
       .type = ValueType::kTextList,
       .meaning = "who may join it, 14 at most; the bloc's other members are in every coalition",
       .unit = "country codes",
       .required = true},
      {.name = "target",
       .type = ValueType::kTextList,
       .meaning = "whom the coalition is against; what several lose is summed",
       .unit = "country codes",
       .required = true},
      {.name = "losses",
       .type = ValueType::kNumberList,
       .meaning = "losses of the target for each of which the cheapest coalition is found; by default tenths of the "
                  "most that any coalition takes",
       .unit = "million USD",
       .range = {.lower = 0.0, .upper = 1e12}}};
  return schema;
}

const Schema& game_schema() {
  static const Schema schema = {
      {.name = "players",
       .type = ValueType::kTextList,
       .meaning = "who chooses among the strategies, each for the sake of its own real income",
       .unit = "country codes",
       .required = true},
      {.name = "strategy",
       .type = ValueType::kTableList,
       .meaning = "what a player can do; the first is to comply",
       .unit = "game.strategy",
       .required = true},
      {.name = "target",
       .type = ValueType::kTextList,
       .meaning = "whose loss is told beside the players' own; what several lose is summed",
       .unit = "country codes"},
      {.name = "penalties",
       .type = ValueType::kNumberList,
       .meaning = "what whoever does not comply pays beside what the scenario has; the game is played with each",
       .unit = "million USD",
       .fallback = "[0]",
       .range = {.lower = 0.0, .upper = 1e12}}};
  return schema;
}

const Schema& strategy_schema() {
  static const Schema schema = {
      {.name = "name", .meaning = "what results call it", .required = true},
      {.name = "blocs",
       .type = ValueType::kTextList,
       .meaning = "the blocs of the scenario that a player belongs to who does this, and to no other that is named "
                  "in the game",
       .unit = "bloc names"}};
  return schema;
}

}  // namespace entrepot
