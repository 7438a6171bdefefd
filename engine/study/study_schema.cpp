#include "study.hpp"

namespace entrepot {

const Schema& study_schema() {
  static const Schema schema = {
      {.name = "title", .meaning = "what results call the study; by default the file's name"},
      {.name = "question", .meaning = "the question it answers"},
      {.name = "scenario",
       .meaning = "the scenario file that is varied, as seen from the study file",
       .required = true},
      {.name = "measures",
       .type = ValueType::kTextList,
       .meaning = "the result variables that every draw reports, see below; by default welfare",
       .unit = "variable names"},
      {.name = "sources", .type = ValueType::kTextList, .meaning = "where its figures come from"},
      {.name = "notes", .type = ValueType::kTextList, .meaning = "what a reader should know"},
      {.name = "set",
       .type = ValueType::kTable,
       .meaning = "values of the scenario that the study fixes, by their path"},
      {.name = "sample", .type = ValueType::kTable, .meaning = "how draws are made"},
      {.name = "vary",
       .type = ValueType::kTableList,
       .meaning = "what is drawn, one factor each; needed unless the study has a coalition or a game"},
      {.name = "correlation", .type = ValueType::kTableList, .meaning = "factors that move together"},
      {.name = "coalition",
       .type = ValueType::kTable,
       .meaning = "who may join a coalition: all coalitions are solved, for every draw of what is varied"},
      {.name = "game",
       .type = ValueType::kTable,
       .meaning = "who chooses what to do: all combinations are solved, for every draw of what is varied"}};
  return schema;
}

const Schema& sample_schema() {
  static const Schema schema = {
      {.name = "method",
       .meaning = "a grid of all combinations, a Latin hypercube, Sobol points or independent draws",
       .fallback = "sobol",
       .choices = {"grid", "latin-hypercube", "sobol", "monte-carlo"}},
      {.name = "draws",
       .type = ValueType::kInteger,
       .meaning =
           "draws of the sample; with Sobol indices each needs one solve for every factor and two more; a grid's "
           "number follows from its points",
       .fallback = "1000",
       .range = {.lower = 1.0, .upper = 1e9}},
      {.name = "seed",
       .type = ValueType::kInteger,
       .meaning = "the same seed gives the same draws, on every machine",
       .fallback = "1",
       .range = {.lower = 0.0, .upper = 9e15}},
      {.name = "sobol_indices",
       .type = ValueType::kSwitch,
       .meaning = "whether to find how much of each result's variance comes from each factor",
       .fallback = "false"},
      {.name = "shapley",
       .type = ValueType::kSwitch,
       .meaning =
           "whether to share each result out among the factors of two values, without and with it: all combinations "
           "of these, 14 at most, are solved for every draw of what else is varied",
       .fallback = "false"},
      {.name = "tornado",
       .type = ValueType::kSwitch,
       .meaning = "whether to move each factor alone from its 5 % to its 95 % quantile, all others at their median",
       .fallback = "true"},
      {.name = "quantiles",
       .type = ValueType::kNumberList,
       .meaning = "the quantiles reported",
       .unit = "fraction",
       .fallback = "[0.05, 0.25, 0.5, 0.75, 0.95]",
       .range = {.lower = 0.0, .upper = 1.0}}};
  return schema;
}

const Schema& vary_schema() {
  static const Schema schema = {
      {.name = "name", .meaning = "what results call the factor; by default its path"},
      {.name = "path",
       .type = ValueType::kTextList,
       .meaning =
           "the number, text or switch of the scenario that is drawn, as after --set; a list: all of them get the "
           "one draw; \"theta.*\": every sector's elasticity, each drawn by itself",
       .unit = "paths"},
      {.name = "distribution",
       .meaning = "of the draws: uniform from low to high; normal of mean and sd; lognormal of median and sd (of the "
                  "logarithm); triangular from low over mode to high",
       .choices = {"uniform", "normal", "lognormal", "triangular"}},
      {.name = "low", .type = ValueType::kNumber, .meaning = "least value"},
      {.name = "high", .type = ValueType::kNumber, .meaning = "largest value"},
      {.name = "mode", .type = ValueType::kNumber, .meaning = "likeliest value"},
      {.name = "mean", .type = ValueType::kNumber, .meaning = "mean"},
      {.name = "median", .type = ValueType::kNumber, .meaning = "median"},
      {.name = "sd", .type = ValueType::kNumber, .meaning = "standard deviation"},
      {.name = "values",
       .type = ValueType::kValueList,
       .meaning = "numbers, texts or switches, one as likely as another"},
      {.name = "range", .type = ValueType::kTable, .meaning = "{ from, to, points }: numbers evenly spaced"},
      {.name = "draws",
       .meaning = "a CSV file beside the study: each row is a draw, its columns are named by the paths they go to, "
                  "such as bootstrap estimates"},
      {.name = "points",
       .type = ValueType::kInteger,
       .meaning = "in a grid: into how many equally likely parts a distribution is cut, each at its middle",
       .range = {.lower = 1.0, .upper = 1e6}},
      {.name = "apply",
       .meaning = "whether the draw is the value itself or multiplies what the scenario or the base year say",
       .fallback = "set",
       .choices = {"set", "multiply"}}};
  return schema;
}

const Schema& correlation_schema() {
  static const Schema schema = {{.name = "between",
                                 .type = ValueType::kTextList,
                                 .meaning = "two factors",
                                 .unit = "factor names",
                                 .required = true},
                                {.name = "value",
                                 .type = ValueType::kNumber,
                                 .meaning = "correlation of the normals behind the draws (a Gaussian copula)",
                                 .required = true,
                                 .range = {.lower = -1.0, .upper = 1.0}}};
  return schema;
}

}  // namespace entrepot
