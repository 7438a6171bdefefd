#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "equilibrium/solve.hpp"

namespace entrepot {

/// What came of one row of a study.
struct RowResult {
  SolveStatus status = SolveStatus::kNotSolved;
  std::string sentence;        ///< why there is no answer; empty where there is one
  std::vector<double> values;  ///< the numbers asked for, all finite, in the order of the columns; empty if not solved
};

/// One result variable of a study: how its numbers are called and where they stand in a row.
struct RowColumn {
  std::string name, units, long_name, description;
  /// Without the draw's own: "country", "location", "sector", …, or, where only some are asked for, "NAME_country".
  struct Dimension {
    std::string name;
    std::vector<std::string> labels;
    std::vector<std::string> names = {};  ///< what the labels stand for; may be empty
  };
  std::vector<Dimension> dimensions;
  std::size_t first = 0,
              count = 1;  ///< position in RowResult::values and how many; the product of the dimensions' lengths
};

/// Rows first … first + count − 1.
struct RowRange {
  Index first = 0, count = 0;
};

/// The work of a study, whoever shares it out.
struct SweepJob {
  std::string fingerprint;  ///< of everything that the results follow from; only the like can be resumed or merged
  Index rows = 0;
  std::size_t values = 0;  ///< numbers per row
  /// Fills `results` with rows first … first + results.size() − 1. Safe for any number of threads at once; the answer
  /// of a row depends on its index alone, to the bit.
  std::function<void(Index first, std::span<RowResult> results)> evaluate;
};

}  // namespace entrepot
