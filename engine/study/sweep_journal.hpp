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
/// in a row (u64), fingerprint (64 bytes); then for each chunk its number (u64), length (u64) and CRC-32 (u32) of what
/// follows: for each row status (u8), length of the sentence (u32), the sentence, and the numbers where there are any.
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

  /// Opens a journal, or begins one. Throws FileError for one of another study, another format, or where it can't be
  /// read or written.
  SweepJournal(std::filesystem::path file, const Kind& kind);
  ~SweepJournal();
  SweepJournal(const SweepJournal&) = delete;
  SweepJournal& operator=(const SweepJournal&) = delete;

  /// Rows in a chunk of the journal in a file; none where there is no journal.
  static std::optional<Index> chunk_of(const std::filesystem::path& file);

  const Kind& kind() const noexcept { return kind_; }
  const std::filesystem::path& file() const noexcept { return file_; }
  bool has(Index chunk) const { return place_.contains(chunk); }
  std::vector<Index> chunks() const;

  /// Adds a chunk and forces it to disk. Throws FileError where that fails (disk full); what was there before stays.
  void append(Index chunk, std::span<const RowResult> rows);
  /// The rows of a chunk that is there.
  std::vector<RowResult> read(Index chunk) const;

 private:
  struct Place {
    std::uint64_t offset = 0, length = 0;
  };
  std::filesystem::path file_;
  Kind kind_;
  int descriptor_ = -1;
  std::uint64_t end_ = 0;
  std::map<Index, Place> place_;
};

}  // namespace entrepot
