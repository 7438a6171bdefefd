#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace entrepot::test {

/// A folder that exists as long as this object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const noexcept { return path_; }
  /// Names in it, or in a folder of it, sorted, hidden ones included.
  std::vector<std::string> names(const std::string& folder = ".") const;

 private:
  std::filesystem::path path_;
};

/// A whole file; empty where it can't be read.
std::string content_of(const std::filesystem::path& file);

}  // namespace entrepot::test
