#pragma once

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

struct Attribute {
  std::string name;
  std::variant<std::string, double, int> value;
};

/// Where named arrays go, described: a file, or memory.
class DatasetSink {
 public:
  virtual ~DatasetSink() = default;
  virtual void attribute(const Attribute& attribute) = 0;
  /// Declares a dimension with its labels, which become the text variable of the same name (netCDF's "coordinate
  /// variable"). The size is that of `labels`, ≥ 1.
  virtual void dimension(const std::string& name, std::span<const std::string> labels,
                         const std::string& long_name) = 0;
  /// Values in the order of the dimensions, last fastest. A NaN or an infinity is refused with FileError, which names
  /// the cell.
  virtual void variable(const VariableInfo& info, std::span<const double> values) = 0;
  virtual void variable(const VariableInfo& info, std::span<const std::string> values) = 0;
};

}  // namespace entrepot
