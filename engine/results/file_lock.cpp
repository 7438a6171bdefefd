#include "file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr mode_t kEverybodyMayRead = 0666;  // less the user's umask
constexpr int kTries = 5;
constexpr std::chrono::milliseconds kPause{10};

std::string holder_line() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("process {} on {}\n", ::getpid(), host[0] ? host.data() : "an unnamed machine");
}

std::string holder_of(const std::filesystem::path& lock_file) {
  std::ifstream file(lock_file);
  std::string line;
  return std::getline(file, line) && !line.empty() ? line : "a process that has not yet given its name";
}

/// Whether the lock file is still the one that is open: another run may have removed it as it ended.
bool is_still_in_place(int descriptor, const std::filesystem::path& lock_file) {
  struct stat opened {
  }, named{};
  return ::fstat(descriptor, &opened) == 0 && ::stat(lock_file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

/// Opens and locks; throws FileError about `file`.
int locked(const std::filesystem::path& file, const std::filesystem::path& lock_file) {
  for (int tries = 0;;) {
    const int descriptor = ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kEverybodyMayRead);
    if (descriptor < 0) throw FileError(file, fmt::format("this file can't be written: {}", writing_problem(errno)));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      ::close(descriptor);
      if (error == EINTR) continue;
      if (error != EWOULDBLOCK) {
        throw FileError(file, fmt::format("this file system can't lock files ({}); write somewhere else and move the "
                                          "file afterwards",
                                          std::strerror(error)));
      }
      // Somebody who only asks who holds it holds it for a moment.
      if (++tries < kTries) {
        std::this_thread::sleep_for(kPause);
        continue;
      }
      throw FileError(file, fmt::format("another run is writing this file ({}); wait for it to end or write to another "
                                        "name",
                                        holder_of(lock_file)));
    }
    if (is_still_in_place(descriptor, lock_file)) return descriptor;
    ::close(descriptor);
  }
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file) : lock_file_(beside(file, ".lock")) {
  descriptor_ = locked(file, lock_file_);
  const std::string holder = holder_line();
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, holder.data(), holder.size(), 0) != static_cast<ssize_t>(holder.size())) {
    const int error = errno;
    ::unlink(lock_file_.c_str());
    ::close(descriptor_);
    throw FileError(file, fmt::format("this file can't be written: {}", writing_problem(error)));
  }
}

FileLock::~FileLock() {
  ::unlink(lock_file_.c_str());  // while still locked, so that nobody else's lock file is removed
  ::close(descriptor_);
}

std::optional<std::string> FileLock::holder(const std::filesystem::path& file) {
  const std::filesystem::path lock_file = beside(file, ".lock");
  const int descriptor = ::open(lock_file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  const bool held = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(descriptor);
  return held ? std::optional(holder_of(lock_file)) : std::nullopt;
}

std::string writing_problem(int error) {
  if (error == ENOSPC || error == EDQUOT) return "the disk is full";
  if (error == EFBIG) return "the file would be larger than this system allows";
  if (error == EACCES || error == EPERM) return "you have no right to write in this folder";
  if (error == EROFS) return "the folder is on a disk that can only be read";
  if (error == ENOENT) return "the folder does not exist";
  if (error == ENOTDIR) return "the folder's path leads through a file";
  return std::strerror(error);
}

std::filesystem::path beside(const std::filesystem::path& file, const char* ending) {
  return file.parent_path() / fmt::format(".{}{}", file.filename().string(), ending);
}

}  // namespace entrepot
