#pragma once

#include <memory>
#include <span>

#include "equilibrium/batch.hpp"
#include "study_measures.hpp"
#include "study_scenarios.hpp"
#include "sweep_job.hpp"

namespace entrepot {

/// Rows that are best solved in one go where they are solved side by side.
constexpr Index kRowsTogether = 1024;

/// Solves the rows of a study: side by side where they share a world, one by one where they do not. A row's numbers
/// depend on its index alone, to the bit.
class StudyRows {
 public:
  /// Everything must outlive it. Solves the middle of what is drawn. Throws InputError for policies that do not fit the
  /// world and for measures that are not known.
  StudyRows(const StudyScenarios& scenarios, const Baseline& baseline, const BlocTable& blocs);
  ~StudyRows();

  const StudyMeasures& measures() const noexcept;
  /// Fills `results` with rows first … first + results.size() − 1. Safe for several threads at once.
  void evaluate(Index first, std::span<RowResult> results) const;
  /// Whether rows are solved side by side.
  bool batched() const noexcept;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace entrepot
