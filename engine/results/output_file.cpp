#include "output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr mode_t kEverybodyMayRead = 0666;  // less the user's umask

/// The file behind a link, so that a result takes the file's place and not the link's.
std::filesystem::path behind_link(std::filesystem::path file) {
  std::error_code error;
  if (!std::filesystem::is_symlink(file, error)) return file;
  const std::filesystem::path target = std::filesystem::canonical(file, error);
  return error ? file : target;
}

bool is_empty_or_begins(const std::filesystem::path& path, std::string_view with) {
  std::ifstream file(path, std::ios::binary);
  std::string start(with.size(), '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  return file.gcount() == 0 || start == with;
}

/// Writes everything; returns 0 or the error number.
int write_all(int descriptor, std::span<const std::byte> content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

/// Makes the rename itself survive a power cut. Not every file system can; the file is in place either way.
void force_folder_to_disk(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

/// Before the lock, which would be another file's.
std::filesystem::path checked(std::filesystem::path file, std::string_view start) {
  file = behind_link(std::move(file));
  expect_replaceable(file, start);
  return file;
}

}  // namespace

// Only a result takes the place of what is there: never a scenario, a table or a device named by mistake.
void expect_replaceable(const std::filesystem::path& file, std::string_view start) {
  std::error_code ignored;
  if (file.empty()) throw FileError(file, "no file is named");
  if (file.filename().empty() || std::filesystem::is_directory(file, ignored))
    throw FileError(file, "this is a folder; give the name of a file in it");
  if (!std::filesystem::exists(file, ignored)) return;
  if (!std::filesystem::is_regular_file(file, ignored))
    throw FileError(file, "this is a pipe or device; results need a file");
  if (!is_empty_or_begins(file, start))
    throw FileError(file, "there is a file of this name that holds no results; it is left as it is, give another name");
}

ResultFileLock::ResultFileLock(std::filesystem::path file, std::string_view start)
    : file_(checked(std::move(file), start)), lock_(file_) {}

void ResultFileLock::replace(std::span<const std::byte> content) const {
  const std::filesystem::path temporary = this->temporary();
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kEverybodyMayRead);
  if (descriptor < 0) throw FileError(file_, fmt::format("this file can't be written: {}", writing_problem(errno)));
  int error = write_all(descriptor, content);
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  if (::close(descriptor) != 0 && error == 0) error = errno;
  rename(temporary, error);
}

std::filesystem::path ResultFileLock::temporary() const {
  return beside(file_, ".tmp");  // one name is enough: the lock is held
}

void ResultFileLock::put() const {
  const std::filesystem::path temporary = this->temporary();
  const int descriptor = ::open(temporary.c_str(), O_RDWR | O_CLOEXEC);
  int error = descriptor < 0 ? errno : 0;
  if (error == 0 && ::fsync(descriptor) != 0) error = errno;
  if (descriptor >= 0) ::close(descriptor);
  rename(temporary, error);
}

void ResultFileLock::rename(const std::filesystem::path& temporary, int error) const {
  if (error == 0 && ::rename(temporary.c_str(), file_.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    throw FileError(file_, fmt::format("this file can't be written: {}; any earlier file of this name is untouched",
                                       writing_problem(error)));
  }
  force_folder_to_disk(file_);
}

}  // namespace entrepot
