#include "optimum_study.hpp"

#include <fmt/format.h>

#include <set>

#include "study_document.hpp"

namespace entrepot {

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
       .meaning = "a study, as seen from this file, whose draws are made of this scenario: the objective and the "
                  "constraints then count by their mean over the draws"},
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
      {.name = "draws",
       .type = ValueType::kInteger,
       .meaning = "draws that the mean over the study of `uncertainty` is taken over; each multiplies the time",
       .fallback = "32",
       .range = {.lower = 1.0, .upper = 1e5}}};
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
       .fallback = "1"}};
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
      {.name = "high", .type = ValueType::kNumber, .meaning = "largest value", .required = true}};
  return schema;
}

const Schema& bound_schema() {
  static const Schema schema = {
      {.name = "measure", .meaning = "a measure as in a study; of several countries: each", .required = true},
      {.name = "at_least", .type = ValueType::kNumber, .meaning = "in the measure's units"},
      {.name = "at_most", .type = ValueType::kNumber, .meaning = "in the measure's units"}};
  return schema;
}

namespace {

LocatedText located(const Arguments& table, const char* key) { return {table.text(key), table.where(key)}; }

void read_choice(const TomlValue& table, std::size_t number, OptimumStudy& study, Problems& problems) {
  const Arguments one = read_table(table, choose_schema(), fmt::format("choose number {}", number), problems);
  if (!one.has("path") || !one.has("low") || !one.has("high")) return;
  Choice choice;
  choice.paths = one.list("path");
  choice.low = one.number("low");
  choice.high = one.number("high");
  choice.where = table.where;
  if (choice.paths.empty()) return problems.add(one.where("path"), one.key("path"), "at least one path is expected");
  choice.name = one.has("name") ? one.text("name") : choice.paths.front().text;
  if (!(choice.low < choice.high))
    problems.add(one.where("high"), one.key("high"), fmt::format("a number above low, {}, is expected", choice.low));
  study.choices.push_back(std::move(choice));
}

/// The study of `uncertainty`, with this file's scenario in place of its own.
void read_uncertainty(const Arguments& top, const Arguments& search, OptimumStudy& study, Problems& problems) {
  if (!top.has("uncertainty")) {
    if (search.written("draws"))
      problems.add(search.where("draws"), "search.draws", "there is no `uncertainty` that draws could be made of");
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

}  // namespace

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
  if (search.has("most_solves")) study.most_solves = static_cast<int>(search.number("most_solves"));
  std::size_t number = 0;
  if (top.has("objective"))
    for (const TomlValue& table : top.at("objective").children) {
      const Arguments one =
          read_table(table, objective_schema(), fmt::format("objective number {}", ++number), problems);
      if (one.has("measure") && one.has("weight"))
        study.objective.push_back({located(one, "measure"), one.number("weight")});
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
      if (one.has("at_least")) bound.at_least = one.number("at_least");
      if (one.has("at_most")) bound.at_most = one.number("at_most");
      if (!bound.at_least && !bound.at_most)
        problems.add(table.where, one.path(), "at_least or at_most is expected, or both");
      else if (bound.at_least && bound.at_most && *bound.at_least > *bound.at_most)
        problems.add(one.where("at_least"), one.key("at_least"),
                     "this is above at_most, so that nothing can hold both");
      study.bounds.push_back(std::move(bound));
    }
  expect_distinct(study, problems);
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
