#include "sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

#include "results/netcdf_file.hpp"
#include "results/result_file.hpp"
#include "sobol_indices.hpp"
#include "summary_statistics.hpp"

namespace entrepot {

namespace {

constexpr std::size_t kNumbersInMemory = std::size_t{4} << 20;  ///< of a slab of columns: 32 MB
constexpr std::size_t kNumbersInChunk = std::size_t{1} << 15;   ///< compressed as one: 256 kB

class SweepFile {
 public:
  SweepFile(const SweepDescription& description, const SampleDesign& design, const std::vector<RowColumn>& columns,
            const SweepSource& source, const ResultFileLock& lock)
      : description_(description),
        design_(design),
        columns_(columns),
        source_(source),
        draws_(static_cast<std::size_t>(design.sample_rows())),
        writer_(lock.file(), lock.temporary()) {}

  void write() {
    attributes();
    dimensions();
    for (const RowColumn& column : columns_)
      stored_.push_back(writer_.row_variable(
          info(column, "", {"draw"}, column.units, column.long_name, column.description), rows_together(column.count)));
    const NetcdfWriter::Rows inputs =
        writer_.row_variable({"drawn",
                              {"draw", "input"},
                              "1",
                              "drawn value",
                              "What was drawn: numbers as they are, switches as 1 and 0, texts by "
                              "their place among the values."},
                             rows_together(description_.inputs.size()));
    const NetcdfWriter::Rows status =
        writer_.row_variable({"status",
                              {"draw"},
                              "1",
                              "status",
                              "0: solved, 1: no market for something needed, 2: no equilibrium, 3: not "
                              "converged, 4: not solved."},
                             kNumbersInChunk);
    const NetcdfWriter::Rows role =
        writer_.row_variable({"role",
                              {"draw"},
                              "1",
                              "role",
                              "0: a draw that statistics are taken over; 1 + k: the same with factor k of another "
                              "draw, for Sobol indices."},
                             kNumbersInChunk);
    draws(inputs, status, role);
    for (std::size_t c = 0; c < columns_.size(); ++c) statistics(columns_[c], stored_[c]);
    tornado();
    failures();
    writer_.finish_on_disk();
  }

 private:
  static std::size_t rows_together(std::size_t numbers_in_row) {
    return std::max<std::size_t>(1, kNumbersInChunk / std::max<std::size_t>(1, numbers_in_row));
  }

  VariableInfo info(const RowColumn& column, const std::string& ending, std::vector<std::string> dimensions,
                    const std::string& units, const std::string& long_name, const std::string& description) const {
    for (const RowColumn::Dimension& dimension : column.dimensions) dimensions.push_back(dimension.name);
    return {column.name + ending, std::move(dimensions), units, long_name, description};
  }

  void attributes() {
    writer_.attribute({"title", description_.title});
    writer_.attribute({"question", description_.question});
    writer_.attribute({"format", "entrepot sweep"});
    writer_.attribute({"format_version", kSweepFormatVersion});
    writer_.attribute({"program_version", program_version()});
    writer_.attribute({"git_commit", git_commit()});
    writer_.attribute({"study", description_.study});
    writer_.attribute({"scenario", description_.scenario});
    writer_.attribute({"baseline", description_.baseline});
    writer_.attribute({"baseline_sha256", description_.baseline_sha256});
    writer_.attribute({"fingerprint", description_.fingerprint});
  }

  void dimensions() {
    writer_.numbered_dimension("draw", draws_, "draw");
    writer_.dimension("input", description_.inputs, "drawn number, by its path in the scenario");
    writer_.dimension("factor", description_.factors, "what is varied");
    if (!description_.quantiles.empty()) {
      std::vector<std::string> quantiles;
      for (const double quantile : description_.quantiles) quantiles.push_back(fmt::format("{}", quantile));
      writer_.dimension("quantile", quantiles, "share of draws below, fraction");
    }
    std::set<std::string> made;
    for (const RowColumn& column : columns_)
      for (const RowColumn::Dimension& dimension : column.dimensions)
        if (made.insert(dimension.name).second) writer_.dimension(dimension.name, dimension.labels, dimension.name);
  }

  void draws(const NetcdfWriter::Rows& inputs, const NetcdfWriter::Rows& status, const NetcdfWriter::Rows& role) {
    std::size_t numbers = 1;
    for (const RowColumn& column : columns_) numbers += column.count;
    const std::size_t together = std::clamp<std::size_t>(kNumbersInMemory / 4 / numbers, 1, 4096);
    std::vector<RowResult> rows;
    std::vector<double> values;
    for (std::size_t first = 0; first < draws_; first += together) {
      rows.assign(std::min(together, draws_ - first), {});
      source_.rows(static_cast<Index>(first), rows);
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        values.clear();
        for (const RowResult& row : rows) {
          const auto start = row.values.begin() + static_cast<std::ptrdiff_t>(columns_[c].first);
          if (row.status == SolveStatus::kSolved)
            values.insert(values.end(), start, start + static_cast<std::ptrdiff_t>(columns_[c].count));
          else
            values.insert(values.end(), columns_[c].count, kMissing);
        }
        writer_.write_rows(stored_[c], first, values);
      }
      std::vector<double> drawn, states, roles;
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const Index row = static_cast<Index>(first + k);
        const std::vector<double> one = source_.inputs(row);
        drawn.insert(drawn.end(), one.begin(), one.end());
        states.push_back(code(rows[k].status));
        const SampleDesign::Role own = design_.role(row);
        roles.push_back(own.part == SampleDesign::Part::kMixed ? 1.0 + static_cast<double>(own.factor) : 0.0);
        if (rows[k].status != SolveStatus::kSolved) {
          failed_.push_back(static_cast<double>(row));
          reasons_.push_back(rows[k].sentence);
        }
      }
      writer_.write_rows(inputs, first, drawn);
      writer_.write_rows(status, first, states);
      writer_.write_rows(role, first, roles);
    }
  }

  static double code(SolveStatus status) {
    switch (status) {
      case SolveStatus::kSolved:
        return 0.0;
      case SolveStatus::kNoSupply:
        return 1.0;
      case SolveStatus::kNoEquilibrium:
        return 2.0;
      case SolveStatus::kNoConvergence:
        return 3.0;
      case SolveStatus::kNotSolved:
        return 4.0;
    }
    return 4.0;
  }

  void statistics(const RowColumn& column, const NetcdfWriter::Rows& stored) {
    const std::size_t count = column.count, quantiles = description_.quantiles.size(),
                      factors = description_.factors.size();
    std::vector<double> mean(count), sd(count), error(count), positive(count), quantile(quantiles * count);
    const bool indices = design_.options().sobol_indices;
    std::vector<double> first(factors * count), first_error(factors * count), total(factors * count),
        total_error(factors * count);
    const std::size_t together = std::clamp<std::size_t>(kNumbersInMemory / draws_, 1, count);
    std::vector<double> sample;
    for (std::size_t from = 0; from < count; from += together) {
      const std::size_t width = std::min(together, count - from);
      const std::vector<double> slab = writer_.read_columns(stored, draws_, from, width);
      for (std::size_t k = 0; k < width; ++k) {
        sample.clear();
        for (std::size_t row = 0; row < draws_; ++row) {
          const double value = slab[row * width + k];
          if (value != kMissing && design_.role(static_cast<Index>(row)).part == SampleDesign::Part::kSample)
            sample.push_back(value);
        }
        const SummaryStatistics found = summarise(sample, description_.quantiles);
        const std::size_t place = from + k;
        mean[place] = found.mean;
        sd[place] = found.sd;
        error[place] = found.mean_error;
        positive[place] = 100.0 * found.positive;
        for (std::size_t q = 0; q < quantiles; ++q) quantile[q * count + place] = found.quantiles[q];
        if (!indices) continue;
        Matrix values(design_.base_draws(), static_cast<Index>(factors) + 2);
        for (std::size_t row = 0; row < draws_; ++row) {
          const double value = slab[row * width + k];
          values(static_cast<Index>(row) / values.cols(), static_cast<Index>(row) % values.cols()) =
              value == kMissing ? std::numeric_limits<double>::quiet_NaN() : value;
        }
        const SobolIndices shares = sobol_indices(values);
        for (std::size_t f = 0; f < factors; ++f) {
          const auto factor = static_cast<Index>(f);
          first[f * count + place] = shares.first(factor);
          first_error[f * count + place] = shares.first_error(factor);
          total[f * count + place] = shares.total(factor);
          total_error[f * count + place] = shares.total_error(factor);
        }
      }
    }
    const auto put = [&](const char* ending, std::vector<std::string> dimensions, const std::string& units,
                         const std::string& what, const std::string& description, const std::vector<double>& values) {
      writer_.variable(info(column, ending, std::move(dimensions), units, column.long_name + ", " + what, description),
                       values);
    };
    put("_mean", {}, column.units, "mean", "Mean over the draws with an answer.", mean);
    put("_sd", {}, column.units, "standard deviation", "Standard deviation over the draws with an answer.", sd);
    put("_mean_error", {}, column.units, "standard error of the mean",
        "Standard error of the mean of independent draws; evenly spread draws have less.", error);
    put("_positive", {}, "percent", "draws above 0", "Share of draws in which the number is above 0.", positive);
    if (quantiles > 0)
      put("_quantile", {"quantile"}, column.units, "quantiles", "Quantiles over the draws with an answer.", quantile);
    if (!indices) return;
    put("_first_order", {"factor"}, "1", "first-order Sobol index",
        "Share of the variance that the factor alone explains (Saltelli et al. 2010).", first);
    put("_first_order_error", {"factor"}, "1", "its standard error", "Standard error by bootstrap.", first_error);
    put("_total", {"factor"}, "1", "total Sobol index",
        "Share of the variance that would remain if all other factors were known (Jansen 1999).", total);
    put("_total_error", {"factor"}, "1", "its standard error", "Standard error by bootstrap.", total_error);
  }

  /// Each factor alone at its low and high quantile; missing where that has no answer.
  void tornado() {
    if (!design_.options().tornado) return;
    std::vector<RowResult> rows(static_cast<std::size_t>(design_.rows()) - draws_);
    source_.rows(static_cast<Index>(draws_), rows);
    for (const RowColumn& column : columns_) {
      const auto values_of = [&](std::size_t row) {
        if (rows[row].status != SolveStatus::kSolved) return std::vector<double>(column.count, kMissing);
        const auto start = rows[row].values.begin() + static_cast<std::ptrdiff_t>(column.first);
        return std::vector<double>(start, start + static_cast<std::ptrdiff_t>(column.count));
      };
      std::vector<double> low, high;
      for (std::size_t f = 0; f < description_.factors.size(); ++f) {
        for (const double value : values_of(1 + 2 * f)) low.push_back(value);
        for (const double value : values_of(2 + 2 * f)) high.push_back(value);
      }
      const auto put = [&](const char* ending, std::vector<std::string> dimensions, const std::string& what,
                           const std::vector<double>& values) {
        const NetcdfWriter::Rows stored = writer_.row_variable(
            info(column, ending, std::move(dimensions), column.units, column.long_name + ", " + what,
                 "All other factors at their median; missing where that has no answer."),
            1);
        writer_.write_rows(stored, 0, values);
      };
      if (!column.dimensions.empty()) put("_middle", {}, "every factor at its median", values_of(0));
      put("_low", {"factor"}, fmt::format("the factor at its {:g} % quantile", 100.0 * design_.options().tornado_low),
          low);
      put("_high", {"factor"}, fmt::format("the factor at its {:g} % quantile", 100.0 * design_.options().tornado_high),
          high);
    }
  }

  void failures() {
    writer_.attribute({"failed_draws", static_cast<int>(failed_.size())});
    if (failed_.empty()) return;
    writer_.numbered_dimension("failure", failed_.size(), "draw without an answer");
    writer_.variable({"failed_draw", {"failure"}, "1", "draw", "The draw that has no answer."}, failed_);
    writer_.variable({"failure_reason", {"failure"}, "1", "reason", "Why it has no answer."}, reasons_);
  }

  const SweepDescription& description_;
  const SampleDesign& design_;
  const std::vector<RowColumn>& columns_;
  const SweepSource& source_;
  std::size_t draws_;
  NetcdfWriter writer_;
  std::vector<NetcdfWriter::Rows> stored_;
  std::vector<double> failed_;
  std::vector<std::string> reasons_;
};

}  // namespace

void write_sweep(const SweepDescription& description, const SampleDesign& design, const std::vector<RowColumn>& columns,
                 const SweepSource& source, const ResultFileLock& lock) {
  try {
    SweepFile(description, design, columns, source, lock).write();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(lock.temporary(), ignored);
    throw;
  }
  lock.put();
}

}  // namespace entrepot
