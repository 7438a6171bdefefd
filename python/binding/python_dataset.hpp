#pragma once

#include <pybind11/pybind11.h>

#include "results/dataset.hpp"

namespace entrepot::python {

/// Named arrays as a Python dict: {"attributes": {name: value}, "variables": {name: (dimensions, array, attributes)}},
/// dimensions' own labels among the variables; from which xarray makes a Dataset. Holds the interpreter's lock.
class PythonDataset final : public DatasetSink {
 public:
  void attribute(const Attribute& attribute) override;
  void dimension(const std::string& name, std::span<const std::string> labels, const std::string& long_name) override;
  void variable(const VariableInfo& info, std::span<const double> values) override;
  void variable(const VariableInfo& info, std::span<const std::string> values) override;

  pybind11::dict dict() const;

 private:
  pybind11::tuple shape_of(const VariableInfo& info) const;
  void add(const VariableInfo& info, const pybind11::object& values);
  pybind11::dict attributes_, variables_, sizes_;
};

}  // namespace entrepot::python
