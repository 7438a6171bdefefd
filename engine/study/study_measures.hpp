#pragma once

#include <string>
#include <vector>

#include "policy/selector.hpp"
#include "results/measure_seed.hpp"
#include "sweep_job.hpp"

namespace entrepot {

/// The numbers of every draw that a study asks for, picked out of the measures of a run.
class StudyMeasures {
 public:
  /// names: result variables, each with or without a choice of what is reported in brackets, its groups separated by
  /// semicolons, an empty group standing for all (blocs stand for their members, "goods" for its sectors):
  ///   country           welfare[IRN, EAEU]
  ///   location × sector output[IRN; food, metals]
  ///   trade             trade[IRN; food; EAEU]     exporters; sectors; importers
  /// Unknown names, countries and sectors are added to `problems` with the nearest name.
  StudyMeasures(const std::vector<LocatedText>& names, const World& world, const Selector& selector,
                Problems& problems);

  const std::vector<RowColumn>& columns() const noexcept { return columns_; }
  std::size_t values() const noexcept { return values_; }
  const MeasureScope& scope() const noexcept { return scope_; }
  /// Every number by itself, in the order of the columns: how it is called ("trade[IRN; food; RUS]") and which it is.
  struct Named {
    std::string name;
    MeasureNumber number;
    std::size_t column = 0;
  };
  std::vector<Named> numbers() const;
  /// The numbers, in the order of the columns. What a run does not have (evasion, where nothing is evaded) is 0.
  std::vector<double> pick(const Measures& measures) const;

 private:
  struct Pick {
    Vector Measures::*country = nullptr;
    Matrix Measures::*sector = nullptr;
    Bilateral Measures::*trade = nullptr;
    std::vector<Index> places;  ///< countries or locations; of trade, exporters
    std::vector<Index> sectors;
    std::vector<Index> importers;  ///< of trade
  };
  std::vector<Pick> picks_;
  std::vector<RowColumn> columns_;
  std::size_t values_ = 0;
  MeasureScope scope_{false, false};
};

}  // namespace entrepot
