#pragma once

#include <span>
#include <string>
#include <vector>

#include "study/sweep_file.hpp"
#include "support/draw.hpp"

namespace entrepot::testing {

// A sweep whose rows follow from their numbers.

inline constexpr std::size_t kNumbers = 5;

/// A row's answer follows from its number: some have none.
inline RowResult answer(Index row) {
  Draw draw(static_cast<std::uint32_t>(row));
  if (draw.with_chance(0.05)) return {SolveStatus::kNoEquilibrium, "Nothing to be had, row " + std::to_string(row), {}};
  RowResult result{SolveStatus::kSolved, "", {}};
  for (std::size_t k = 0; k < kNumbers; ++k) result.values.push_back(draw.between(-1.0, 2.0));
  return result;
}

/// Such a sweep as a file has it.
struct Written {
  SampleDesign design{{{1, 0}, {2, 0}}, {.draws = 300, .sobol_indices = true}};
  std::vector<RowColumn> columns;
  SweepDescription description{
      "A title", "A question?",  "study text",    "scenario text",           "a baseline", "0123", "1.2.3", "a commit",
      "a study", {"one", "two"}, {"a", "b", "c"}, {"", "", "0: on, 1: off"}, {0.05, 0.5}};
  SweepSource source;

  Written() {
    RowColumn first{
        "welfare", "percent", "welfare", "What it is.", {{"country", {"AAA", "BBB", "CCC"}, {"A", "B", "C"}}}, 0, 3};
    RowColumn second{
        "output", "million USD", "output", "What it is.", {{"output_country", {"AAA"}}, {"sector", {"s", "t"}}}, 3, 2};
    columns = {first, second};
    source.rows = [](Index from, std::span<RowResult> results) {
      for (std::size_t k = 0; k < results.size(); ++k) results[k] = answer(from + static_cast<Index>(k));
    };
    source.inputs = [this](Index from, Index count) {
      std::vector<double> drawn(static_cast<std::size_t>(3 * count));
      for (Index k = 0; k < count; ++k)
        design.row(from + k, std::span(drawn).subspan(static_cast<std::size_t>(3 * k), 3));
      return drawn;
    };
  }
};

}  // namespace entrepot::testing
