#pragma once

#include <map>
#include <variant>

#include "dataset.hpp"

namespace entrepot {

/// Named arrays in memory: what was put in can be read back, as from a file.
class MemoryDataset final : public DatasetSink, public DatasetSource {
 public:
  /// file: what stands for the file in messages.
  explicit MemoryDataset(std::filesystem::path file) : file_(std::move(file)) {}

  void attribute(const Attribute& attribute) override;
  void dimension(const std::string& name, std::span<const std::string> labels, const std::string& long_name) override;
  /// Throws FileError for a NaN or an infinity, and std::logic_error for wrong use: a dimension not declared, a shape
  /// that does not fit, a name given twice.
  void variable(const VariableInfo& info, std::span<const double> values) override;
  void variable(const VariableInfo& info, std::span<const std::string> values) override;

  const std::filesystem::path& file() const noexcept override { return file_; }
  const std::vector<StoredVariable>& variables() const noexcept override { return variables_; }
  std::vector<double> numbers(const std::string& name) const override;
  std::vector<std::string> texts(const std::string& name) const override;
  std::optional<std::string> text_attribute(const std::string& name) const override;
  std::optional<double> number_attribute(const std::string& name) const override;

 private:
  using Values = std::variant<std::vector<double>, std::vector<std::string>>;
  void add(const VariableInfo& info, Values values);
  template <class Value>
  const std::vector<Value>& values_of(const std::string& name, const char* kind) const;

  std::filesystem::path file_;
  std::map<std::string, std::variant<std::string, double, int>> attributes_;
  std::vector<StoredVariable> variables_;
  std::vector<Values> values_;  ///< of each variable
};

}  // namespace entrepot
