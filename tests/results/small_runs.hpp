#pragma once

#include <filesystem>
#include <string>

#include "results/result_file.hpp"

namespace entrepot::test {

/// Two countries, one sector, no inputs, one tariff: A buys 100 from B at a tariff of 25 % (80 at the border), B buys
/// 80 from A; own sales are 120 and 220. Value added A 200, B 300; income A 220 (20 of tariff), B 300.
World two_countries();

/// Three countries, two sectors, inputs, tariffs, export taxes, two uses and unequal sizes; balanced in its markets.
World three_countries();

/// Nothing changes: every hat 1 and every level as in the base.
Equilibrium unchanged(const World& world);

/// A run of three_countries with every variable present and all values different.
RunResults full_run();

/// A folder that exists as long as this object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const noexcept { return path_; }
  /// Names in it, sorted, hidden ones included.
  std::vector<std::string> names() const;

 private:
  std::filesystem::path path_;
};

std::string content_of(const std::filesystem::path& file);

}  // namespace entrepot::test
