#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "policy_choice.hpp"
#include "world/baseline_files.hpp"
#include "world/blocs.hpp"

namespace entrepot {

/// The points that a search for the best policy has solved, on disk as soon as they are: a search that begins again
/// takes the same way, and finds what it solved before. A file that only grows, a line for each point, with its
/// checksum; a process that ends in whatever way leaves at most a torn line at the end, which is cut off. Safe for
/// several threads.
class SolveRecord {
 public:
  /// Opens a record, or begins one where there is none. fingerprint: of the search, 64 characters. Throws FileError for
  /// one of another search, or where it can't be read or written.
  SolveRecord(std::filesystem::path file, const std::string& fingerprint);
  ~SolveRecord();
  SolveRecord(const SolveRecord&) = delete;
  SolveRecord& operator=(const SolveRecord&) = delete;

  /// Removes a record. Throws FileError for a file that is none.
  static void forget(const std::filesystem::path& file);

  /// nullptr: it was not solved yet.
  const PolicyPoint* find(const std::vector<double>& key) const;
  /// Throws FileError, with what was there before unharmed.
  void add(const std::vector<double>& key, const PolicyPoint& point);

  std::size_t points() const noexcept { return points_.size(); }
  const std::filesystem::path& file() const noexcept { return file_; }

 private:
  void read(const std::string& head);
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::size_t end_ = 0;
  mutable std::mutex mutex_;
  std::map<std::vector<double>, PolicyPoint> points_;
};

/// What a search is: the study, its scenario and draws, the base year, blocs and the program.
std::string fingerprint(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs);

}  // namespace entrepot
