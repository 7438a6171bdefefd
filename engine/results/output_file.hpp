#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

#include "file_lock.hpp"

namespace entrepot {

/// How every HDF5 file begins.
inline constexpr std::string_view kHdf5Start = "\x89HDF";

/// The sole right to write one file, held from before a run's first step until its file stands: so that a run that
/// could not write fails before it computes, and no two runs write the same file.
class ResultFileLock {
 public:
  /// Throws FileError where the folder is missing or can't be written, the path is a folder, pipe or device, the disk
  /// is full, a file is there that holds no results (no HDF5, such as a scenario named by mistake), or another run
  /// holds the lock (the sentence names its process). A link stands for the file it leads to. start: how a file that
  /// may be replaced begins.
  explicit ResultFileLock(std::filesystem::path file, std::string_view start = kHdf5Start);
  ResultFileLock(const ResultFileLock&) = delete;
  ResultFileLock& operator=(const ResultFileLock&) = delete;

  const std::filesystem::path& file() const noexcept { return file_; }

  /// Puts `content` in the file's place, whole or not at all: written under a temporary name in the same folder,
  /// forced to disk, then renamed. Throws FileError (disk full, no right to write); an earlier file is then untouched
  /// and nothing is left behind.
  void replace(std::span<const std::byte> content) const;

  /// A name in the same folder under which the holder may build the file, for put().
  std::filesystem::path temporary() const;
  /// Puts the file built there in this file's place: forced to disk, then renamed. Throws FileError likewise.
  void put() const;

 private:
  void rename(const std::filesystem::path& temporary, int error) const;
  std::filesystem::path file_;
  FileLock lock_;
};

/// Throws FileError where a path can't be a result's: a folder, pipe or device, or a file that holds no results.
/// Without the lock, so that it says no more than that.
void expect_replaceable(const std::filesystem::path& file, std::string_view start = kHdf5Start);

}  // namespace entrepot
