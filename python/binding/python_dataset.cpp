#include "python_dataset.hpp"

#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>
#include <stdexcept>

namespace entrepot::python {

namespace py = pybind11;

void PythonDataset::attribute(const Attribute& attribute) {
  attributes_[py::str(attribute.name)] = std::visit([](const auto& value) { return py::cast(value); }, attribute.value);
}

void PythonDataset::dimension(const std::string& name, std::span<const std::string> labels,
                              const std::string& long_name) {
  sizes_[py::str(name)] = labels.size();
  variable(label_info(name, long_name), labels);
}

void PythonDataset::variable(const VariableInfo& info, std::span<const double> values) {
  for (const double value : values)
    if (!std::isfinite(value)) throw std::runtime_error("'" + info.name + "' is not a finite number");
  const py::array_t<double> flat(static_cast<py::ssize_t>(values.size()), values.data());
  add(info, flat.attr("reshape")(shape_of(info)));
}

void PythonDataset::variable(const VariableInfo& info, std::span<const std::string> values) {
  py::list texts;
  for (const std::string& value : values) texts.append(value);
  const py::object array = py::module_::import("numpy").attr("array")(texts, py::arg("dtype") = "object");
  add(info, array.attr("reshape")(shape_of(info)));
}

py::tuple PythonDataset::shape_of(const VariableInfo& info) const {
  py::list shape;
  for (const std::string& dimension : info.dimensions) shape.append(sizes_[py::str(dimension)]);
  return shape;
}

void PythonDataset::add(const VariableInfo& info, const py::object& values) {
  py::dict attributes;
  attributes["units"] = info.units;
  attributes["long_name"] = info.long_name;
  if (!info.description.empty()) attributes["description"] = info.description;
  variables_[py::str(info.name)] = py::make_tuple(py::cast(info.dimensions), values, attributes);
}

py::dict PythonDataset::dict() const {
  py::dict result;
  result["attributes"] = attributes_;
  result["variables"] = variables_;
  return result;
}

}  // namespace entrepot::python
