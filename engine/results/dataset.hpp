#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace entrepot {

/// What is said of a variable beside its values.
struct VariableInfo {
  std::string name;
  std::vector<std::string> dimensions;  ///< slowest first; empty for a single value
  std::string units;                    ///< "percent", "million USD", "1"
  std::string long_name;                ///< a few words, for tables and axes
  std::string description;              ///< what it is exactly: a sentence
};

/// What is said of the labels of a dimension, which are a variable of its name (netCDF's "coordinate variable").
inline VariableInfo label_info(const std::string& dimension, const std::string& long_name) {
  return {dimension, {dimension}, "1", long_name, "Labels of the dimension '" + dimension + "'."};
}

struct Attribute {
  std::string name;
  std::variant<std::string, double, int> value;
};

/// Where named arrays go, described: a file, or memory.
class DatasetSink {
 public:
  virtual ~DatasetSink() = default;
  virtual void attribute(const Attribute& attribute) = 0;
  /// Declares a dimension with its labels, a text variable (label_info). The size is that of `labels`, ≥ 1.
  virtual void dimension(const std::string& name, std::span<const std::string> labels,
                         const std::string& long_name) = 0;
  /// Values in the order of the dimensions, last fastest. A NaN or an infinity is refused with FileError, which names
  /// the cell.
  virtual void variable(const VariableInfo& info, std::span<const double> values) = 0;
  virtual void variable(const VariableInfo& info, std::span<const std::string> values) = 0;
};

/// What stands for a number that is not there (netCDF's own choice, NC_FILL_DOUBLE): variables with such numbers say so
/// in their attribute _FillValue, and readers that know it, like xarray, show NaN.
constexpr double kMissing = 9.969209968386869e36;

/// A variable that is there: what it says of itself, and its size along each dimension.
struct StoredVariable {
  VariableInfo info;
  std::vector<std::size_t> shape;
  bool is_text = false;
};

/// Where named arrays come from: a file, or memory.
class DatasetSource {
 public:
  virtual ~DatasetSource() = default;
  /// The file, or what stands for it in messages.
  virtual const std::filesystem::path& file() const noexcept = 0;
  /// In the order in which they were written, dimensions included.
  virtual const std::vector<StoredVariable>& variables() const noexcept = 0;
  /// All values of a number or text variable, last dimension fastest. Throws FileError where there is none of this name
  /// and kind, and for values that can't be read.
  virtual std::vector<double> numbers(const std::string& name) const = 0;
  virtual std::vector<std::string> texts(const std::string& name) const = 0;
  /// Attributes of the whole; none where there is no such attribute or it is of another kind.
  virtual std::optional<std::string> text_attribute(const std::string& name) const = 0;
  virtual std::optional<double> number_attribute(const std::string& name) const = 0;
  /// nullptr where there is none of this name.
  const StoredVariable* find(const std::string& name) const noexcept {
    for (const StoredVariable& variable : variables())
      if (variable.info.name == name) return &variable;
    return nullptr;
  }
};

}  // namespace entrepot
