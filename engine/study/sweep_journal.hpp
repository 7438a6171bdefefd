#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "sweep_job.hpp"

namespace entrepot {

/// The rows of a sweep that are done, on disk as soon as they are: one file of finished chunks that only grows, each
/// chunk with its checksum. A process that ends in whatever way leaves at most a torn chunk at the end, which is cut
/// off when the journal is opened again.
///
/// Layout, little-endian as the machine's: "ENTSWEEP", format version (u32), rows in a chunk (u32), rows (u64), numbers
/// in a row (u64), fingerprint (64 bytes); then for each chunk its number (u64), length (u64), rows without an answer
/// (u32), CRC-32 of what follows (u32), CRC-32 of these (u32), and for each row status (u8), length of the sentence
/// (u32), the sentence, and the numbers where there are any.
class SweepJournal {
 public:
  /// What all journals of one sweep agree on.
  struct Kind {
    std::string fingerprint;
    Index rows = 0;
    std::size_t values = 0;
    Index chunk = 64;  ///< rows in one
    Index chunks() const noexcept { return (rows + chunk - 1) / chunk; }
    Index rows_of(Index number) const noexcept { return std::min(chunk, rows - number * chunk); }
  };

  enum class Access { kAppend, kRead };
  /// Opens a journal; to append, begins one where there is none and cuts a torn end. Others may read while one appends.
  /// Chunks that are damaged are not there. Throws FileError for a journal of another study or format, or where it
  /// can't be read or written.
  SweepJournal(std::filesystem::path file, const Kind& kind, Access access = Access::kAppend);
  ~SweepJournal();
  SweepJournal(const SweepJournal&) = delete;
  SweepJournal& operator=(const SweepJournal&) = delete;

  /// Rows in a chunk of the journal in a file; none where there is no journal.
  static std::optional<Index> chunk_of(const std::filesystem::path& file);

  const Kind& kind() const noexcept { return kind_; }
  const std::filesystem::path& file() const noexcept { return file_; }
  bool has(Index chunk) const { return place_.contains(chunk); }
  /// Rows without an answer in a chunk that is there.
  Index failed(Index chunk) const { return place_.at(chunk).failed; }

  /// Adds a chunk and forces it to disk. Throws FileError, with the reason alone, where that fails (disk full); what
  /// was there before stays.
  void append(Index chunk, std::span<const RowResult> rows);
  /// The rows of a chunk that is there.
  std::vector<RowResult> read(Index chunk) const;

 private:
  struct Place {
    std::uint64_t offset = 0, length = 0;
    Index failed = 0;
    std::uint32_t checksum = 0;
  };
  void find_chunks();
  std::filesystem::path file_;
  Kind kind_;
  int descriptor_ = -1;
  std::uint64_t end_ = 0;
  std::map<Index, Place> place_;
};

}  // namespace entrepot
