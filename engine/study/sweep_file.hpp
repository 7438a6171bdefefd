#pragma once

#include <array>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "players.hpp"
#include "results/netcdf_file.hpp"
#include "results/output_file.hpp"
#include "sample_design.hpp"
#include "sweep_job.hpp"
#include "sweep_parts.hpp"

namespace entrepot {

/// Raised whenever a reader of the old files would misread the new ones.
constexpr int kSweepFormatVersion = 2;

/// A draw's status stands in a file as its place here.
inline constexpr std::array kStatusInFile{SolveStatus::kSolved, SolveStatus::kNoSupply, SolveStatus::kNoEquilibrium,
                                          SolveStatus::kNoConvergence, SolveStatus::kNotSolved};

/// What a sweep's file says beside its numbers.
struct SweepDescription {
  std::string title, question;
  std::string study;     ///< the resolved study, text
  std::string scenario;  ///< the scenario it varies, text
  std::string baseline, baseline_sha256;
  std::string program_version, git_commit;
  std::string fingerprint;
  std::vector<std::string> factors;
  std::vector<std::string> inputs;       ///< drawn numbers, by path
  std::vector<std::string> input_texts;  ///< of a drawn text, what its numbers stand for; else empty
  std::vector<double> quantiles;
  std::optional<Players> players = {};
};

/// Where the rows of a sweep come from.
struct SweepSource {
  std::function<void(Index first, std::span<RowResult> results)> rows;
  /// Drawn numbers of rows first … first + count − 1, row by row.
  std::function<std::vector<double>(Index first, Index count)> inputs;
};

class SweepShards;

/// Whether a file is whole, and of the sweep with this fingerprint: its file, joined or merged, or one of its shards.
bool is_file_of(const std::filesystem::path& file, const std::string& fingerprint);
/// Whether a file is a sweep's whose draws stand in shards.
bool is_joined(const NetcdfReader& reader);
bool is_joined(const std::filesystem::path& file);

/// Writes the file that `lock` stands for, whole or not at all: for each column M the numbers of every draw,
/// M(draw, …), missing where a draw has no answer, and over all draws with an answer M_mean, M_sd, M_mean_error,
/// M_positive (per cent of draws above 0), M_quantile(quantile, …); with a tornado M_middle, M_low(factor, …) and
/// M_high(factor, …); with Sobol indices M_first_order(factor, …), M_total(factor, …) and their errors; with players
/// what they come to (write_players()). Equal sweeps give equal bytes. Memory does not grow with the number of draws
/// beyond some numbers for each. Throws FileError.
void write_sweep(const SweepDescription& description, const RowOrder& order, const std::vector<RowColumn>& columns,
                 const SweepSource& source, const ResultFileLock& lock);

/// Writes a shard of it: some of the rows, rising, those of the tornado included, and no statistics. `draw` tells which
/// rows they are. SweepShards reads it.
void write_shard(const SweepDescription& description, const RowOrder& order, const std::vector<RowColumn>& columns,
                 const SweepSource& source, std::span<const RowRange> rows, const SweepPart& part,
                 const ResultFileLock& lock);

/// Writes the sweep's file, whose draws stay where they are: M(draw, …) and `drawn` are virtual datasets over the
/// shards, which are named relative to the file's folder and must stay in theirs; statistics are in the file itself.
/// The shards must have all rows between them.
void join_shards(const SweepShards& shards, const ResultFileLock& lock);

/// Writes the sweep's file out of its shards, to the byte what write_sweep() gives.
void merge_shards(const SweepShards& shards, const ResultFileLock& lock);

}  // namespace entrepot
