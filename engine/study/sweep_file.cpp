#include "sweep_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

#include "players_file.hpp"
#include "results/file_formats.hpp"
#include "results/netcdf_file.hpp"
#include "results/result_file.hpp"
#include "shapley.hpp"
#include "sobol_indices.hpp"
#include "summary_statistics.hpp"
#include "sweep_shards.hpp"
#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr std::size_t kNumbersInMemory = std::size_t{4} << 20;  ///< of a slab of columns: 32 MB
constexpr std::size_t kNumbersInChunk = std::size_t{1} << 15;   ///< compressed as one: 256 kB

/// What is shared out, by sharer and place.
struct SharedColumn {
  std::vector<double> shapley, alone, last, sd, positive, largest, none, all, answered;

  SharedColumn(std::size_t sharers, std::size_t count) : none(count), all(count), answered(count), count_(count) {
    for (std::vector<double>* values : {&shapley, &alone, &last, &sd, &positive, &largest})
      values->resize(sharers * count);
  }
  void put(std::size_t place, const SharesOverDraws& shares) {
    none[place] = shares.mean.none;
    all[place] = shares.mean.all;
    answered[place] = static_cast<double>(shares.answered);
    const double percent = shares.answered > 0 ? 100.0 : 1.0;
    for (Index f = 0; f < shares.sd.size(); ++f) {
      const std::size_t k = at(f) * count_ + place;
      shapley[k] = shares.mean.shapley(f);
      alone[k] = shares.mean.alone(f);
      last[k] = shares.mean.last(f);
      sd[k] = shares.sd(f);
      positive[k] = percent * shares.positive(f);
      largest[k] = percent * shares.largest(f);
    }
  }

 private:
  std::size_t count_;
};

class SweepFile {
 public:
  SweepFile(const SweepDescription& description, const RowOrder& order, const std::vector<RowColumn>& columns,
            const SweepSource& source, const ResultFileLock& lock)
      : description_(description),
        order_(order),
        columns_(columns),
        source_(source),
        draws_(static_cast<std::size_t>(order.sample_rows())),
        writer_(lock.file(), lock.temporary()) {}

  void write() {
    attributes(kSweepFormat);
    writer_.numbered_dimension("draw", draws_, "draw");
    dimensions();
    const RowRange all{0, static_cast<Index>(draws_)};
    rows({&all, 1});
    statistics([&](std::size_t column, std::size_t first, std::size_t count) {
      return writer_.read_columns(stored_[column], draws_, first, count);
    });
    tornado();
    players();
    failures();
    writer_.finish_on_disk();
  }

  void write_shard(std::span<const RowRange> ranges, const SweepPart& part) {
    attributes(kShardFormat);
    writer_.attribute({"shard", part.number});
    writer_.attribute({"shards", part.of});
    writer_.attribute({"base_draws", static_cast<double>(order_.draws)});
    writer_.attribute({"sobol_indices", order_.sobol_indices ? 1 : 0});
    writer_.attribute({"sharers", static_cast<int>(order_.sharers)});
    writer_.attribute({"tornado", order_.tornado ? 1 : 0});
    writer_.attribute({"tornado_low", order_.tornado_low});
    writer_.attribute({"tornado_high", order_.tornado_high});
    std::vector<std::int64_t> numbers;
    for (const RowRange& range : ranges)
      for (Index row = range.first; row < range.first + range.count; ++row) numbers.push_back(row);
    writer_.numbered_dimension("draw", numbers, "draw, or what stands behind the draws: rows of the tornado");
    dimensions();
    rows(ranges);
    failures();
    writer_.finish_on_disk();
  }

  void join(const SweepShards& shards, const std::filesystem::path& folder) {
    attributes(kSweepFormat);
    std::vector<NetcdfWriter::RowsElsewhere> elsewhere;
    std::string listed;
    for (const SweepShards::Shard& shard : shards.shards()) {
      const std::string name = std::filesystem::absolute(shard.file).lexically_relative(folder).string();
      listed += (listed.empty() ? "" : "\n") + name;
      elsewhere.push_back({name, static_cast<std::size_t>(shard.rows), {}});
      for (const RowRange& range : shard.ranges) {
        const Index end = std::min(range.first + range.count, static_cast<Index>(draws_));
        if (range.first < end)
          elsewhere.back().rows.emplace_back(static_cast<std::size_t>(range.first),
                                             static_cast<std::size_t>(end - range.first));
      }
    }
    writer_.attribute({"shard_files", listed});
    writer_.numbered_dimension("draw", draws_, "draw");
    dimensions();
    for (const RowVariable& variable : row_variables()) writer_.virtual_variable(variable.info, elsewhere);
    statistics([&](std::size_t column, std::size_t first, std::size_t count) {
      return shards.columns_of(columns_[column].name, static_cast<Index>(draws_), first, count);
    });
    tornado();
    players();
    for (const auto& [row, reason] : shards.failures())
      if (row < static_cast<Index>(draws_)) {
        failed_.push_back(static_cast<double>(row));
        reasons_.push_back(reason);
      }
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

  void attributes(const char* format) {
    writer_.attribute({"title", description_.title});
    writer_.attribute({"question", description_.question});
    writer_.attribute({"format", format});
    writer_.attribute({"format_version", kSweepFormatVersion});
    writer_.attribute({"program_version", description_.program_version});
    writer_.attribute({"git_commit", description_.git_commit});
    writer_.attribute({"study", description_.study});
    writer_.attribute({"scenario", description_.scenario});
    writer_.attribute({"baseline", description_.baseline});
    writer_.attribute({"baseline_sha256", description_.baseline_sha256});
    writer_.attribute({"fingerprint", description_.fingerprint});
    if (description_.players) writer_.attribute({"players", players_text(*description_.players)});
  }

  void dimensions() {
    writer_.dimension("input", description_.inputs, "drawn number, by its path in the scenario");
    writer_.variable({"input_texts",
                      {"input"},
                      "1",
                      "texts drawn",
                      "What the numbers of a drawn text stand for; empty where a number or a switch is drawn."},
                     description_.input_texts);
    writer_.dimension("factor", description_.factors, "what is varied");
    if (order_.sharers > 0)
      writer_.dimension("sharer", {description_.factors.end() - order_.sharers, description_.factors.end()},
                        "what results are shared out among");
    if (!description_.quantiles.empty()) {
      std::vector<std::string> quantiles;
      for (const double quantile : description_.quantiles) quantiles.push_back(fmt::format("{}", quantile));
      writer_.dimension("quantile", quantiles, "share of draws below, fraction");
    }
    std::set<std::string> made;
    for (const RowColumn& column : columns_)
      for (const RowColumn::Dimension& dimension : column.dimensions)
        if (made.insert(dimension.name).second) {
          writer_.dimension(dimension.name, dimension.labels, dimension.name);
          if (!dimension.names.empty())
            writer_.variable({dimension.name + "_name", {dimension.name}, "1", dimension.name + " name", "Its name."},
                             dimension.names);
        }
  }

  struct RowVariable {
    VariableInfo info;
    std::size_t rows_together = 1;
  };

  /// The columns in their order, then `drawn`, `status` and `role`.
  std::vector<RowVariable> row_variables() const {
    std::vector<RowVariable> result;
    for (const RowColumn& column : columns_)
      result.push_back({info(column, "", {"draw"}, column.units, column.long_name, column.description),
                        rows_together(column.count)});
    result.push_back({{"drawn",
                       {"draw", "input"},
                       "1",
                       "drawn value",
                       "What was drawn: numbers as they are, switches as 1 and 0; of texts, which one (input_texts)."},
                      rows_together(description_.inputs.size())});
    result.push_back({{"status",
                       {"draw"},
                       "1",
                       "status",
                       "0: solved, 1: no market for something needed, 2: no equilibrium, 3: not converged, 4: not "
                       "solved."},
                      kNumbersInChunk});
    result.push_back({{"role",
                       {"draw"},
                       "1",
                       "role",
                       "0: a draw that statistics are taken over; 1 + k: the same with factor k of another draw, for "
                       "Sobol indices; -1: a row of the tornado."},
                      kNumbersInChunk});
    return result;
  }

  void rows(std::span<const RowRange> ranges) {
    for (const RowVariable& variable : row_variables())
      stored_.push_back(writer_.row_variable(variable.info, variable.rows_together));
    std::size_t numbers = 1;
    for (const RowColumn& column : columns_) numbers += column.count;
    const auto together = static_cast<Index>(std::clamp<std::size_t>(kNumbersInMemory / 4 / numbers, 1, 4096));
    std::size_t place = 0;
    for (const RowRange& range : ranges)
      for (Index first = range.first; first < range.first + range.count; first += together) {
        const Index count = std::min(together, range.first + range.count - first);
        put_rows(first, count, place);
        place += static_cast<std::size_t>(count);
      }
  }

  void put_rows(Index from, Index count, std::size_t place) {
    std::vector<RowResult> rows(static_cast<std::size_t>(count));
    source_.rows(from, rows);
    std::vector<double> values;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      values.clear();
      for (const RowResult& row : rows) {
        const auto start = row.values.begin() + static_cast<std::ptrdiff_t>(columns_[c].first);
        if (row.status == SolveStatus::kSolved)
          values.insert(values.end(), start, start + static_cast<std::ptrdiff_t>(columns_[c].count));
        else
          values.insert(values.end(), columns_[c].count, kMissing);
      }
      writer_.write_rows(stored_[c], place, values);
    }
    std::vector<double> states, roles;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const Index row = from + static_cast<Index>(k);
      states.push_back(static_cast<double>(std::ranges::find(kStatusInFile, rows[k].status) - kStatusInFile.begin()));
      const RowOrder::Role own = order_.role(row);
      roles.push_back(own.part == RowOrder::Part::kMixed    ? 1.0 + static_cast<double>(own.factor)
                      : own.part == RowOrder::Part::kSample ? 0.0
                                                            : -1.0);
      if (rows[k].status != SolveStatus::kSolved) {
        failed_.push_back(static_cast<double>(row));
        reasons_.push_back(rows[k].sentence);
      }
    }
    const std::size_t c = columns_.size();
    writer_.write_rows(stored_[c], place, source_.inputs(from, count));
    writer_.write_rows(stored_[c + 1], place, states);
    writer_.write_rows(stored_[c + 2], place, roles);
  }

  /// slab(column, first, count): that many numbers of every draw, draw by draw.
  using Slab = std::function<std::vector<double>(std::size_t column, std::size_t first, std::size_t count)>;

  /// None over what players do: a mean over coalitions is nobody's.
  void statistics(const Slab& slab_of) {
    if (description_.players) return;
    for (std::size_t c = 0; c < columns_.size(); ++c) statistics(c, slab_of);
  }

  void statistics(std::size_t number, const Slab& slab_of) {
    const RowColumn& column = columns_[number];
    const std::size_t count = column.count, quantiles = description_.quantiles.size(),
                      factors = description_.factors.size();
    std::vector<double> mean(count), sd(count), error(count), positive(count), quantile(quantiles * count);
    const bool indices = order_.sobol_indices;
    const auto combinations = static_cast<std::size_t>(order_.combinations());
    SharedColumn shared(static_cast<std::size_t>(order_.sharers), count);
    std::vector<double> first(factors * count), first_error(factors * count), total(factors * count),
        total_error(factors * count);
    const std::size_t together = std::clamp<std::size_t>(kNumbersInMemory / draws_, 1, count);
    std::vector<double> sample;
    for (std::size_t from = 0; from < count; from += together) {
      const std::size_t width = std::min(together, count - from);
      const std::vector<double> slab = slab_of(number, from, width);
      for (std::size_t k = 0; k < width; ++k) {
        sample.clear();
        for (std::size_t row = 0; row < draws_; ++row) {
          const double value = slab[row * width + k];
          // Where results are shared out, draws are those with all that they are shared out among.
          if (value != kMissing && order_.role(static_cast<Index>(row)).part == RowOrder::Part::kSample &&
              row % combinations == combinations - 1)
            sample.push_back(value);
        }
        const SummaryStatistics found = summarise(sample, description_.quantiles);
        const std::size_t place = from + k;
        mean[place] = found.mean;
        sd[place] = found.sd;
        error[place] = found.mean_error;
        positive[place] = 100.0 * found.positive;
        for (std::size_t q = 0; q < quantiles; ++q) quantile[q * count + place] = found.quantiles[q];
        if (order_.sharers > 0) {
          std::vector<double> values(draws_);
          for (std::size_t row = 0; row < draws_; ++row) values[row] = slab[row * width + k];
          shared.put(place, share_out_draws(values, order_.sharers));
        }
        if (!indices) continue;
        Matrix values(order_.draws, static_cast<Index>(factors) + 2);
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
    if (order_.sharers > 0) put_shares(column, shared);
    if (!indices) return;
    put("_first_order", {"factor"}, "1", "first-order Sobol index",
        "Share of the variance that the factor alone explains (Saltelli et al. 2010).", first);
    put("_first_order_error", {"factor"}, "1", "its standard error", "Standard error by bootstrap.", first_error);
    put("_total", {"factor"}, "1", "total Sobol index",
        "Share of the variance that would remain if all other factors were known (Jansen 1999).", total);
    put("_total_error", {"factor"}, "1", "its standard error", "Standard error by bootstrap.", total_error);
  }

  void put_shares(const RowColumn& column, const SharedColumn& shared) {
    const bool draws = draws_ > static_cast<std::size_t>(order_.combinations());
    const std::string mean = draws ? " Mean over the draws with an answer in every combination." : "";
    // With values that are missing where a combination has no answer.
    const auto put = [&](const char* ending, std::vector<std::string> dimensions, const std::string& units,
                         const std::string& what, const std::string& description, const std::vector<double>& values) {
      const NetcdfWriter::Rows stored = writer_.row_variable(
          info(column, ending, std::move(dimensions), units, column.long_name + ", " + what, description), 1);
      writer_.write_rows(stored, 0, values);
    };
    put("_shapley", {"sharer"}, column.units, "Shapley value",
        "What the factor adds, on average over all orders in which they could come; they sum to _all less _none. "
        "Missing where a combination has no answer." +
            mean,
        shared.shapley);
    put("_alone", {"sharer"}, column.units, "alone", "What the factor adds to none." + mean, shared.alone);
    put("_last", {"sharer"}, column.units, "last", "What the factor adds to all the others." + mean, shared.last);
    if (!column.dimensions.empty()) {
      put("_none", {}, column.units, "without any factor", "With none of the factors." + mean, shared.none);
      put("_all", {}, column.units, "with all factors", "With all of the factors." + mean, shared.all);
    }
    if (!draws) return;
    if (!column.dimensions.empty())
      put("_shapley_draws", {}, "1", "draws that the Shapley values are means over",
          "Those with an answer in every combination.", shared.answered);
    put("_shapley_sd", {"sharer"}, column.units, "standard deviation of the Shapley value",
        "Over the draws with an answer in every combination.", shared.sd);
    put("_shapley_positive", {"sharer"}, "percent", "draws in which the Shapley value is above 0",
        "How sure the sign of what it adds is.", shared.positive);
    put("_shapley_largest", {"sharer"}, "percent", "draws in which the factor adds most",
        "Share of draws in which no other factor's Shapley value is larger in size.", shared.largest);
  }

  /// Each factor alone at its low and high quantile; missing where that has no answer.
  void tornado() {
    if (!order_.tornado) return;
    std::vector<RowResult> rows(static_cast<std::size_t>(order_.rows()) - draws_);
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
      put("_low", {"factor"}, fmt::format("the factor at its {:g} % quantile", 100.0 * order_.tornado_low), low);
      put("_high", {"factor"}, fmt::format("the factor at its {:g} % quantile", 100.0 * order_.tornado_high), high);
    }
  }

  void players() {
    if (description_.players)
      write_players(writer_, *description_.players, columns_, source_, static_cast<Index>(draws_));
  }

  void failures() {
    writer_.attribute({"failed_draws", static_cast<int>(failed_.size())});
    if (failed_.empty()) return;
    writer_.numbered_dimension("failure", failed_.size(), "draw without an answer");
    writer_.variable({"failed_draw", {"failure"}, "1", "draw", "The draw that has no answer."}, failed_);
    writer_.variable({"failure_reason", {"failure"}, "1", "reason", "Why it has no answer."}, reasons_);
  }

  const SweepDescription& description_;
  const RowOrder& order_;
  const std::vector<RowColumn>& columns_;
  const SweepSource& source_;
  std::size_t draws_;
  NetcdfWriter writer_;
  std::vector<NetcdfWriter::Rows> stored_;
  std::vector<double> failed_;
  std::vector<std::string> reasons_;
};

/// A file that can't be finished leaves nothing behind.
void put_file(const ResultFileLock& lock, const std::function<void()>& write) {
  try {
    write();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(lock.temporary(), ignored);
    throw;
  }
  lock.put();
}

/// An attribute of a file that may not be there, or be anything.
std::optional<std::string> attribute_of(const std::filesystem::path& file, const char* name) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored) || std::filesystem::is_empty(file, ignored)) return {};
  try {
    return NetcdfReader(file).text_attribute(name);
  } catch (const FileError&) {
    return {};
  }
}

}  // namespace

bool is_file_of(const std::filesystem::path& file, const std::string& fingerprint) {
  return attribute_of(file, "fingerprint") == fingerprint;
}

bool is_joined(const NetcdfReader& reader) { return reader.text_attribute("shard_files").has_value(); }

bool is_joined(const std::filesystem::path& file) { return attribute_of(file, "shard_files").has_value(); }

void write_sweep(const SweepDescription& description, const RowOrder& order, const std::vector<RowColumn>& columns,
                 const SweepSource& source, const ResultFileLock& lock) {
  put_file(lock, [&] { SweepFile(description, order, columns, source, lock).write(); });
}

void write_shard(const SweepDescription& description, const RowOrder& order, const std::vector<RowColumn>& columns,
                 const SweepSource& source, std::span<const RowRange> rows, const SweepPart& part,
                 const ResultFileLock& lock) {
  put_file(lock, [&] { SweepFile(description, order, columns, source, lock).write_shard(rows, part); });
}

void join_shards(const SweepShards& shards, const ResultFileLock& lock) {
  const SweepSource source = shards.source();
  put_file(lock, [&] {
    SweepFile(shards.description(), shards.order(), shards.columns(), source, lock)
        .join(shards, std::filesystem::absolute(lock.file()).parent_path());
  });
}

void merge_shards(const SweepShards& shards, const ResultFileLock& lock) {
  write_sweep(shards.description(), shards.order(), shards.columns(), shards.source(), lock);
}

}  // namespace entrepot
