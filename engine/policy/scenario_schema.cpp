#include "scenario_schema.hpp"

namespace entrepot {

Parameter theta_value() {
  return {.name = "theta",
          .type = ValueType::kNumber,
          .meaning = "trade elasticity θ",
          .range = {.lower = 0.0, .above_lower = true}};
}

Parameter theta_set() { return {.name = "set", .meaning = "elasticities of another source"}; }

const Schema& scenario_schema() {
  static const Schema schema = {
      {.name = "title", .meaning = "what results call the scenario; by default the file's name"},
      {.name = "question", .meaning = "the question it answers"},
      {.name = "baseline", .meaning = "the folder of the base year, under data/ or as a path", .required = true},
      {.name = "date",
       .type = ValueType::kDate,
       .meaning = "the day whose bloc membership counts; by default the latest known"},
      {.name = "sources", .type = ValueType::kTextList, .meaning = "where its figures come from"},
      {.name = "notes", .type = ValueType::kTextList, .meaning = "what a reader should know"},
      {.name = "reference",
       .type = ValueType::kTable,
       .meaning = "what holds in both worlds, with and without the policies"},
      {.name = "policy", .type = ValueType::kTableList, .meaning = "one policy each, applied in the order of the file"},
      {.name = "bloc",
       .type = ValueType::kTable,
       .meaning = "changes of who is in a bloc: under [bloc.NAME], COUNTRY = true puts a country in, false takes it "
                  "out; new = true "
                  "makes a bloc of this name"},
      {.name = "theta",
       .type = ValueType::kTable,
       .meaning =
           "trade elasticities θ by sector; `set` takes another source's, `all` sets every sector's, `scale` then "
           "multiplies all",
       .unit = "elasticities, such as theta.all = 4 or theta.SECTOR = 4,"},
      {.name = "model", .type = ValueType::kTable, .meaning = "elasticities of the nests and labour mobility"},
      {.name = "solver", .type = ValueType::kTable, .meaning = "accuracy"}};
  return schema;
}

const Schema& reference_schema() {
  static const Schema schema = {
      {.name = "closure",
       .meaning = "how trade deficits follow: fixed in units of world GDP, zero, or proportional to own income",
       .fallback = "fixed",
       .choices = {"fixed", "balanced", "proportional"}},
      {.name = "policy", .type = ValueType::kTableList, .meaning = "policies in force in both worlds"}};
  return schema;
}

const Schema& model_schema() {
  static const Schema schema = {
      {.name = "value_added_elasticity",
       .type = ValueType::kNumberOrTable,
       .meaning = "σ^V, between value added and inputs: a number, or a table by sector; by default 1 (Cobb–Douglas)",
       .range = {.lower = 0.0}},
      {.name = "input_elasticity",
       .type = ValueType::kNumberOrTable,
       .meaning = "σ^M, between inputs: a number, or a table by sector; by default 1 (Cobb–Douglas)",
       .range = {.lower = 0.0}},
      {.name = "labour_mobility",
       .type = ValueType::kNumberOrTable,
       .meaning = "ν, how easily labour changes sector: \"mobile\", a number, or a table by country; by default mobile",
       .choices = {"mobile"},
       .range = {.lower = 1.0, .above_lower = true, .infinite = true}}};
  return schema;
}

const Schema& solver_schema() {
  static const Schema schema = {{.name = "tolerance",
                                 .type = ValueType::kNumber,
                                 .meaning = "largest relative residual of any equation at the answer; by default 1e-10",
                                 .range = {.lower = 0.0, .upper = 0.01, .above_lower = true}},
                                {.name = "max_iterations",
                                 .type = ValueType::kInteger,
                                 .meaning = "steps of one attempt before giving up; by default 200",
                                 .range = {.lower = 1.0, .upper = 1e6}}};
  return schema;
}

}  // namespace entrepot
