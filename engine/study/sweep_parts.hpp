#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sweep_journal.hpp"

namespace entrepot {

/// Part `number` of a sweep that is cut into `of`: of its chunks of rows every of-th. Counted from 1.
struct SweepPart {
  int number = 1, of = 1;
  bool whole() const noexcept { return of == 1; }
  bool has(Index chunk) const noexcept { return chunk % of == number - 1; }
  std::string name() const;  ///< "shard-2-of-3"
};

/// FILE.shard-2-of-3.h5 of FILE.h5.
std::filesystem::path part_file(const std::filesystem::path& output, const SweepPart& part);
/// All files of such names that are there, by number of parts and part.
std::vector<std::pair<std::filesystem::path, SweepPart>> part_files(const std::filesystem::path& output);

/// Where the rows of a sweep are kept until its file is written: FILE.parts beside FILE.h5, with a journal for every
/// part, whichever process works on it.
std::filesystem::path parts_folder(const std::filesystem::path& output);
std::filesystem::path part_journal(const std::filesystem::path& folder, const SweepPart& part);

/// Whether a folder holds rows that the process of a part must not begin anew without being told to: those of the part
/// itself, and of sweeps that were shared out differently.
bool has_unfinished_rows(const std::filesystem::path& folder, const SweepPart& part = {});

/// Removes those. Throws FileError where another process is at work on one of them, which it names.
void remove_unfinished_rows(const std::filesystem::path& folder, const SweepPart& part = {});

/// Throws FileError where another process works on a part of the sweep other than its siblings, which it names.
void expect_nobody_else(const std::filesystem::path& folder, const SweepPart& part = {});

/// All rows of a folder, whoever made them, to be read while others may still add to them.
class SweepRows {
 public:
  /// Rows of another sweep are an error, or with `others` left aside. Throws FileError.
  SweepRows(const std::filesystem::path& folder, const SweepJournal::Kind& kind, bool others = false);

  bool has(Index chunk) const { return journal_of(chunk) != nullptr; }
  /// The part whose journal has it.
  SweepPart part_with(Index chunk) const;
  /// Rows without an answer in a chunk that is there.
  Index failed(Index chunk) const { return journal_of(chunk)->failed(chunk); }
  /// Rows first … first + results.size() − 1, which are there. One thread at a time.
  void read(Index first, std::span<RowResult> results) const;

 private:
  const SweepJournal* journal_of(Index chunk) const;
  SweepJournal::Kind kind_;
  std::vector<std::unique_ptr<SweepJournal>> journals_;
  mutable Index cached_ = -1;
  mutable std::vector<RowResult> cache_;
};

/// Rows in a chunk of the journals in a folder; `otherwise` where there are none.
Index chunk_in(const std::filesystem::path& folder, Index otherwise);

}  // namespace entrepot
