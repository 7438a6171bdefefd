#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "text/toml_document.hpp"

namespace entrepot::python {

/// A TOML value as Python has it: str, int, float, bool, datetime.date, list, dict.
pybind11::object to_python(const TomlValue& value);

/// The other way, numpy's numbers and arrays too; `label` stands for the place in messages. Throws InputError for what
/// TOML has no word for.
TomlValue to_toml_value(pybind11::handle object, const std::string& label);

}  // namespace entrepot::python
