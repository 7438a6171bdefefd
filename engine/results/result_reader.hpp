#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dataset.hpp"
#include "result_file.hpp"

namespace entrepot {

/// One measure read back.
struct ResultVariable {
  VariableInfo info;
  std::vector<std::vector<std::string>> labels;  ///< of each dimension
  std::vector<double> values;                    ///< last dimension fastest
  /// Position of a dimension; throws std::out_of_range where there is none.
  std::size_t dimension(const std::string& name) const;
  bool has_dimension(const std::string& name) const noexcept;
  /// Whether it is by sector, exporter and importer.
  bool is_flow() const;
};

/// How the run ended, as the file says.
struct RunEnd {
  std::string status;  ///< see status_name
  std::string sentence;
  double residual = 0.0;
  int iterations = 0;
};

/// The results of a run, from a file or memory. The constructor throws FileError for a file that is missing, damaged,
/// not one of ours or of a newer format.
class ResultReader {
 public:
  explicit ResultReader(std::filesystem::path file);
  /// Results that are not in a file.
  explicit ResultReader(std::unique_ptr<const DatasetSource> source);

  const std::filesystem::path& file() const noexcept { return source_->file(); }
  const RunDescription& description() const noexcept { return description_; }
  const RunEnd& end() const noexcept { return end_; }
  bool solved() const noexcept { return end_.status == status_name(SolveStatus::kSolved); }

  /// The measures, without labels and names.
  std::vector<VariableInfo> variables() const;
  bool has(const std::string& name) const noexcept;
  /// Throws InputError with the nearest name where there is no such measure.
  ResultVariable read(const std::string& name) const;
  /// Labels of a dimension, or any other text variable. Throws FileError where there is none.
  std::vector<std::string> labels(const std::string& name) const { return source_->texts(name); }
  /// What came of the run's conditions (see condition_sentences); empty where it has none.
  std::vector<std::string> outcomes() const;
  /// Code of each exporter's and importer's country, in the order of those dimensions.
  std::vector<std::string> country_of_location() const;

 private:
  std::unique_ptr<const DatasetSource> source_;
  RunDescription description_;
  RunEnd end_;
};

}  // namespace entrepot
