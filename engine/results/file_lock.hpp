#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace entrepot {

/// The sole right to write one file: an advisory lock on ".NAME.lock" beside it, which names the process and machine
/// that hold it. The system drops it when a process ends in whatever way, so that a lock file left behind is simply
/// taken over.
class FileLock {
 public:
  /// Throws FileError about `file` where another process holds the lock (the sentence names it), or where the folder is
  /// missing or can't be written.
  explicit FileLock(const std::filesystem::path& file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Who holds the lock of a file now, as "process 123 on HOST"; none where nobody does.
  static std::optional<std::string> holder(const std::filesystem::path& file);

 private:
  std::filesystem::path lock_file_;
  int descriptor_ = -1;
};

/// What an error number means for a file that is to be written.
std::string writing_problem(int error);

/// ".NAME" + ending beside a file.
std::filesystem::path beside(const std::filesystem::path& file, const char* ending);

}  // namespace entrepot
