#include "optimum_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "study_document.hpp"

namespace entrepot {

namespace {

const Parameter kPlayer = {.name = "player",
                           .meaning =
                               "who it is of, where several choose, each for itself: any name, the same in what "
                               "it chooses, what it wants and what must hold for it"};

}  // namespace

const Schema& optimum_schema() {
  static const Schema schema = {
      {.name = "title", .meaning = "what results call it; by default the file's name"},
      {.name = "question", .meaning = "the question it answers"},
      {.name = "scenario",
       .meaning = "the scenario whose numbers are chosen, as seen from this file",
       .required = true},
      {.name = "sources", .type = ValueType::kTextList, .meaning = "where its figures come from"},
      {.name = "notes", .type = ValueType::kTextList, .meaning = "what a reader should know"},
      {.name = "set", .type = ValueType::kTable, .meaning = "values of the scenario that are fixed, by their path"},
      {.name = "uncertainty",
       .meaning = "a study, as seen from this file, whose draws are made of this scenario; [search] says how they "
                  "are judged"},
      {.name = "search", .type = ValueType::kTable, .meaning = "how the best is looked for"},
      {.name = "objective",
       .type = ValueType::kTableList,
       .meaning = "what is maximised: the sum of these",
       .required = true},
      {.name = "choose", .type = ValueType::kTableList, .meaning = "what is chosen, one number each", .required = true},
      {.name = "constraint", .type = ValueType::kTableList, .meaning = "what must hold"}};
  return schema;
}

const Schema& search_schema() {
  static const Schema schema = {
      {.name = "starts",
       .type = ValueType::kInteger,
       .meaning = "from how many points: the scenario's own, then others drawn within the bounds",
       .fallback = "4",
       .range = {.lower = 1.0, .upper = 1e4}},
      {.name = "seed",
       .type = ValueType::kInteger,
       .meaning = "the same seed draws the same starts",
       .fallback = "1",
       .range = {.lower = 0.0, .upper = 9e15}},
      {.name = "most_solves",
       .type = ValueType::kInteger,
       .meaning = "solves of one start at most",
       .fallback = "400",
       .range = {.lower = 1.0, .upper = 1e6}},
      {.name = "rounds",
       .type = ValueType::kInteger,
       .meaning = "where several choose: rounds at most in which each answers the others' choices",
       .fallback = "50",
       .range = {.lower = 1.0, .upper = 1e4}},
      {.name = "draws",
       .type = ValueType::kInteger,
       .meaning = "draws of the study of `uncertainty`; each multiplies the time",
       .fallback = "32",
       .range = {.lower = 1.0, .upper = 1e5}},
      {.name = "judged_by",
       .meaning =
           "a choice counts by the mean of its objective over the draws, the constraints holding in the mean, or "
           "by its worst draw in a confidence set, the constraints holding in each of them",
       .fallback = "mean",
       .choices = {"mean", "worst"}},
      {.name = "confidence",
       .type = ValueType::kNumber,
       .meaning = "the share of the draws that are in this set: those nearest to the middle of what is drawn",
       .unit = "fraction",
       .fallback = "0.9",
       .range = {.lower = 0.0, .upper = 1.0, .above_lower = true}}};
  return schema;
}

const Schema& objective_schema() {
  static const Schema schema = {
      {.name = "measure",
       .meaning = "a measure as in a study, such as welfare_usd[USA] or welfare_usd[EU], the sum over its members",
       .required = true},
      {.name = "weight",
       .type = ValueType::kNumber,
       .meaning = "what one unit of it counts; below 0 to take it from others",
       .fallback = "1",
       .range = {.lower = -1e12, .upper = 1e12}},
      kPlayer};
  return schema;
}

const Schema& choose_schema() {
  static const Schema schema = {
      {.name = "name", .meaning = "what results call it; by default its path"},
      {.name = "path",
       .type = ValueType::kTextList,
       .meaning = "the number of the scenario that is chosen, as after --set; a list: all of them get the one value",
       .unit = "paths",
       .required = true},
      {.name = "low", .type = ValueType::kNumber, .meaning = "least value", .required = true},
      {.name = "high", .type = ValueType::kNumber, .meaning = "largest value", .required = true},
      kPlayer};
  return schema;
}

const Schema& bound_schema() {
  static const Schema schema = {
      {.name = "measure", .meaning = "a measure as in a study; of several countries: each", .required = true},
      {.name = "at_least", .type = ValueType::kNumber, .meaning = "in the measure's units"},
      {.name = "at_most", .type = ValueType::kNumber, .meaning = "in the measure's units"},
      kPlayer};
  return schema;
}

namespace {

LocatedText located(const Arguments& table, const char* key) { return {table.text(key), table.where(key)}; }

std::string player_of(const Arguments& table) { return table.has("player") ? table.text("player") : ""; }

void read_choice(const TomlValue& table, std::size_t number, OptimumStudy& study, Problems& problems) {
  const Arguments one = read_table(table, choose_schema(), fmt::format("choose number {}", number), problems);
  if (!one.has("path") || !one.has("low") || !one.has("high")) return;
  Choice choice;
  choice.paths = one.list("path");
  choice.low = one.number("low");
  choice.high = one.number("high");
  choice.where = table.where;
  choice.player = player_of(one);
  if (choice.paths.empty()) return problems.add(one.where("path"), one.key("path"), "at least one path is expected");
  choice.name = one.has("name") ? one.text("name") : choice.paths.front().text;
  if (!(choice.low < choice.high))
    problems.add(one.where("high"), one.key("high"), fmt::format("a number above low, {}, is expected", choice.low));
  study.choices.push_back(std::move(choice));
}

/// The study of `uncertainty`, with this file's scenario in place of its own.
void read_uncertainty(const Arguments& top, const Arguments& search, OptimumStudy& study, Problems& problems) {
  if (!top.has("uncertainty")) {
    for (const char* key : {"draws", "judged_by", "confidence"})
      if (search.written(key))
        problems.add(search.where(key), search.key(key), "there is no `uncertainty` that draws could be made of");
    return;
  }
  std::filesystem::path file;
  if (!find_beside(top, "uncertainty", study.file, file, problems)) return;
  try {
    study.uncertainty = read_study(file);
  } catch (const InputError& error) {
    return problems.add(error.problems());
  }
  Study& of = *study.uncertainty;
  if (of.players)
    return problems.add(top.where("uncertainty"), "uncertainty",
                        "draws are expected; this study goes through what its players do");
  if (of.design.sharers > 0)
    return problems.add(top.where("uncertainty"), "uncertainty",
                        "draws are expected; this study shares results out among factors that are in force or not");
  if (of.design.method == SampleMethod::kGrid)
    return problems.add(top.where("uncertainty"), "uncertainty", "draws are expected; this study is a grid");
  of.design.tornado = of.design.sobol_indices = false;
  if (search.has("draws")) of.design.draws = static_cast<Index>(search.number("draws"));
  of.settings.clear();
  for (const StudyFactor& factor : of.factors)
    for (const LocatedText& path : factor.paths)
      for (const Choice& choice : study.choices)
        for (const LocatedText& chosen : choice.paths)
          if (within(chosen.text, path.text) || within(path.text, chosen.text))
            problems.add(
                chosen.where, "choose." + choice.name,
                fmt::format("'{}' is drawn by the study of `uncertainty`; a number is chosen or drawn, not both",
                            path.text));
}

void expect_distinct(const OptimumStudy& study, Problems& problems) {
  std::set<std::string> names, paths;
  for (const Choice& choice : study.choices) {
    if (!names.insert(choice.name).second)
      problems.add(choice.where, "choose." + choice.name, "another number has this name; give this one another `name`");
    for (const LocatedText& path : choice.paths)
      if (!paths.insert(path.text).second)
        problems.add(path.where, "choose." + choice.name, fmt::format("'{}' is chosen twice", path.text));
  }
}

std::vector<std::string> others(std::vector<std::string> names, const std::string& name) {
  std::erase(names, name);
  return names;
}

/// Everything is some player's, or nothing is; and each player wants something and chooses something.
void find_players(OptimumStudy& study, Problems& problems) {
  std::vector<std::pair<std::string, SourceLocation>> owners;
  for (const Choice& choice : study.choices) owners.emplace_back(choice.player, choice.where);
  for (const ObjectiveTerm& term : study.objective) owners.emplace_back(term.player, term.measure.where);
  for (const Bound& bound : study.bounds) owners.emplace_back(bound.player, bound.measure.where);
  for (const auto& [name, where] : owners)
    if (!name.empty() && std::ranges::find(study.players, name) == study.players.end()) study.players.push_back(name);
  if (study.players.empty()) return;
  for (const auto& [name, where] : owners)
    if (name.empty()) problems.add(where, "player", "whose this is is missing, as others here are of a player");
  for (const std::string& name : study.players) {
    const auto where = std::ranges::find(owners, name, &std::pair<std::string, SourceLocation>::first)->second;
    if (std::ranges::find(study.choices, name, &Choice::player) == study.choices.end())
      problems.add(where, "player",
                   fmt::format("'{}' chooses nothing: no [[choose]] is its{}", name,
                               suggestion(name, others(study.players, name))));
    else if (std::ranges::find(study.objective, name, &ObjectiveTerm::player) == study.objective.end())
      problems.add(where, "player",
                   fmt::format("'{}' wants nothing: no [[objective]] is its{}", name,
                               suggestion(name, others(study.players, name))));
  }
}

}  // namespace

TomlValue with_choices(TomlValue document, const std::vector<Choice>& choices, const std::vector<double>& values) {
  for (std::size_t c = 0; c < choices.size(); ++c)
    for (const LocatedText& path : choices[c].paths)
      set_value(document, path.text, {.kind = TomlValue::Kind::kNumber, .number = values[c]}, path.where);
  return document;
}

OptimumStudy read_optimum_study(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  TomlValue document = parse_toml(read_text(file), file.string());
  Problems problems;
  apply_overrides(document, overrides, problems);
  const Arguments top = read_table(document, optimum_schema(), "", problems);
  OptimumStudy study;
  study.file = file;
  study.title = top.has("title") ? top.text("title") : file.stem().string();
  if (top.has("question")) study.question = top.text("question");
  TomlValue nothing;
  nothing.where = top.where();
  const Arguments search =
      read_table(top.has("search") ? top.at("search") : nothing, search_schema(), "search", problems);
  if (search.has("starts")) study.starts = static_cast<int>(search.number("starts"));
  if (search.has("seed")) study.seed = static_cast<std::uint64_t>(search.number("seed"));
  if (search.has("judged_by")) study.judged_by_worst = search.text("judged_by") == "worst";
  if (search.has("confidence")) study.confidence = search.number("confidence");
  if (search.written("confidence") && !study.judged_by_worst)
    problems.add(search.where("confidence"), search.key("confidence"), "this goes with judged_by = \"worst\"");
  if (search.has("most_solves")) study.most_solves = static_cast<int>(search.number("most_solves"));
  std::size_t number = 0;
  if (top.has("objective"))
    for (const TomlValue& table : top.at("objective").children) {
      const Arguments one =
          read_table(table, objective_schema(), fmt::format("objective number {}", ++number), problems);
      if (one.has("measure") && one.has("weight"))
        study.objective.push_back({located(one, "measure"), one.number("weight"), player_of(one)});
    }
  number = 0;
  if (top.has("choose"))
    for (const TomlValue& table : top.at("choose").children) read_choice(table, ++number, study, problems);
  number = 0;
  if (top.has("constraint"))
    for (const TomlValue& table : top.at("constraint").children) {
      const Arguments one = read_table(table, bound_schema(), fmt::format("constraint number {}", ++number), problems);
      if (!one.has("measure")) continue;
      Bound bound;
      bound.measure = located(one, "measure");
      bound.player = player_of(one);
      if (one.has("at_least")) bound.at_least = one.number("at_least");
      if (one.has("at_most")) bound.at_most = one.number("at_most");
      if (!bound.at_least && !bound.at_most)
        problems.add(table.where, one.path(), "at_least or at_most is expected, or both");
      else if (bound.at_least && bound.at_most && *bound.at_least > *bound.at_most)
        problems.add(one.where("at_least"), one.key("at_least"),
                     "this is above at_most, so that nothing can hold both");
      study.bounds.push_back(std::move(bound));
    }
  for (const char* key : {"objective", "choose"})
    if (top.has(key) && top.at(key).children.empty())
      problems.add(top.where(key), key, "one at least is expected; this list is empty");
  expect_distinct(study, problems);
  find_players(study, problems);
  if (search.has("rounds")) study.rounds = static_cast<int>(search.number("rounds"));
  if (study.players.empty() && search.written("rounds"))
    problems.add(search.where("rounds"), search.key("rounds"), "this goes with several who choose, each a `player`");
  study.scenario = scenario_of(top, file, study.scenario_file, problems);
  read_uncertainty(top, search, study, problems);
  problems.throw_if_any();
  if (study.uncertainty) {
    study.uncertainty->scenario = study.scenario;
    study.uncertainty->scenario_file = study.scenario_file;
  }
  study.resolved = to_toml(document);
  return study;
}

}  // namespace entrepot
