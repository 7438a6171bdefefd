#pragma once

#include <string>
#include <vector>

#include "policy/selector.hpp"
#include "results/measures.hpp"
#include "sweep_job.hpp"

namespace entrepot {

/// The numbers of every draw that a study asks for, picked out of the measures of a run.
class StudyMeasures {
 public:
  /// names: result variables of dimensions country, location × sector or sector × exporter × importer, each with or
  /// without countries or blocs in brackets, "welfare[IRN, EAEU]": those alone (as exporters and importers both).
  /// Unknown names and countries are added to `problems` with the nearest name.
  StudyMeasures(const std::vector<LocatedText>& names, const World& world, const Selector& selector,
                Problems& problems);

  const std::vector<RowColumn>& columns() const noexcept { return columns_; }
  std::size_t values() const noexcept { return values_; }
  const MeasureScope& scope() const noexcept { return scope_; }
  /// The numbers, in the order of the columns. What a run does not have (evasion, where nothing is evaded) is 0.
  std::vector<double> pick(const Measures& measures) const;

 private:
  struct Pick {
    Vector Measures::*country = nullptr;
    Matrix Measures::*sector = nullptr;
    Bilateral Measures::*trade = nullptr;
    std::vector<Index> places;  ///< countries or locations
  };
  std::vector<Pick> picks_;
  std::vector<RowColumn> columns_;
  std::size_t values_ = 0;
  MeasureScope scope_{false, false};
  Index sectors_ = 0;
};

}  // namespace entrepot
