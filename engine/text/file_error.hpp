#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace entrepot {

/// A file that can't be read or written: which, and a sentence that says why. what() is "file: sentence".
class FileError : public std::runtime_error {
 public:
  FileError(const std::filesystem::path& file, const std::string& sentence)
      : std::runtime_error(file.string() + ": " + sentence), file_(file), sentence_(sentence) {}
  const std::filesystem::path& file() const noexcept { return file_; }
  const std::string& sentence() const noexcept { return sentence_; }

 private:
  std::filesystem::path file_;
  std::string sentence_;
};

/// What the system's error number means, for a sentence.
inline std::string reason_of(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG ? "no space is left" : std::strerror(error);
}

}  // namespace entrepot
