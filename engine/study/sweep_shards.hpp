#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "results/netcdf_file.hpp"
#include "sweep_file.hpp"

namespace entrepot {

/// The shards of one sweep, as write_shard() writes them, read as one. One thread at a time. HDF5 does not let a joined
/// file reach shards that the same process reads otherwise: let go of this before reading such a file.
class SweepShards {
 public:
  struct Shard {
    std::filesystem::path file;
    Index rows = 0;                ///< that it has
    std::vector<RowRange> ranges;  ///< which these are, rising
  };

  /// Throws FileError where a file is no shard, of another sweep than the first, or has rows that another has.
  explicit SweepShards(const std::vector<std::filesystem::path>& files);

  /// Those of an output that are there beside it, one for each part of a division: the division with all rows, if
  /// there is one, else that with most of them. Shards of another sweep than `fingerprint` are left aside; empty: of
  /// whichever sweep they are. None: there are none.
  static std::unique_ptr<SweepShards> beside(const std::filesystem::path& output, const std::string& fingerprint = {});

  /// Rows of the sweep that no shard has.
  Index missing() const noexcept { return missing_; }
  const std::vector<Shard>& shards() const noexcept { return shards_; }
  const SweepDescription& description() const noexcept { return description_; }
  const RowOrder& order() const noexcept { return order_; }
  const std::vector<RowColumn>& columns() const noexcept { return columns_; }

  /// Rows by their numbers, which must be there. This object must outlive it.
  SweepSource source() const;
  /// Numbers first … first + count − 1 of a column for the rows 0 … rows − 1, row by row.
  std::vector<double> columns_of(const std::string& column, Index rows, std::size_t first, std::size_t count) const;
  /// Rows without an answer and why, rising.
  const std::vector<std::pair<Index, std::string>>& failures() const noexcept { return failures_; }

 private:
  struct Piece {
    Index first = 0, count = 0;  ///< rows
    std::size_t shard = 0;
    Index place = 0;  ///< of the first in its shard
  };
  /// Calls visit(shard, place there, first row, rows) for each stretch of rows that stand together.
  template <class Visit>
  void visit(Index first, Index count, const Visit& visit) const;
  void rows(Index first, std::span<RowResult> results) const;
  std::vector<double> inputs(Index first, Index count) const;

  std::vector<Shard> shards_;
  std::vector<NetcdfReader> readers_;
  std::vector<Piece> pieces_;  ///< by first row
  Index missing_ = 0;
  SweepDescription description_;
  RowOrder order_;
  std::vector<RowColumn> columns_;
  std::vector<std::pair<Index, std::string>> failures_;
};

}  // namespace entrepot
