#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "results/output_file.hpp"
#include "sample_design.hpp"
#include "sweep_job.hpp"

namespace entrepot {

/// Raised whenever a reader of the old files would misread the new ones.
constexpr int kSweepFormatVersion = 1;

/// What a sweep's file says beside its numbers.
struct SweepDescription {
  std::string title, question;
  std::string study;     ///< the resolved study, text
  std::string scenario;  ///< the scenario it varies, text
  std::string baseline, baseline_sha256;
  std::string fingerprint;
  std::vector<std::string> factors;
  std::vector<std::string> inputs;  ///< drawn numbers, by path
  std::vector<double> quantiles;
};

/// Where the rows of a sweep come from.
struct SweepSource {
  std::function<void(Index first, std::span<RowResult> results)> rows;
  std::function<std::vector<double>(Index row)> inputs;
};

/// Writes the file that `lock` stands for, whole or not at all: for each column M the numbers of every draw,
/// M(draw, …), missing where a draw has no answer, and over all draws with an answer M_mean, M_sd, M_mean_error,
/// M_positive (per cent of draws above 0), M_quantile(quantile, …); with a tornado M_middle, M_low(factor, …) and
/// M_high(factor, …); with Sobol indices M_first_order(factor, …), M_total(factor, …) and their errors. Equal sweeps
/// give equal bytes. Memory does not grow with the number of draws beyond some numbers for each. Throws FileError.
void write_sweep(const SweepDescription& description, const SampleDesign& design, const std::vector<RowColumn>& columns,
                 const SweepSource& source, const ResultFileLock& lock);

}  // namespace entrepot
