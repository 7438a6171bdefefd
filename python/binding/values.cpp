#include "values.hpp"

#include <fmt/format.h>

#include <cmath>

namespace entrepot::python {

namespace py = pybind11;
using Kind = TomlValue::Kind;

namespace {

py::object imported(const char* module, const char* name) { return py::module_::import(module).attr(name); }

}  // namespace

py::object to_python(const TomlValue& value) {
  switch (value.kind) {
    case Kind::kText:
      return py::str(value.text);
    case Kind::kNumber:
      if (value.whole && std::abs(value.number) < 9e15) return py::int_(static_cast<long long>(value.number));
      return py::float_(value.number);
    case Kind::kBoolean:
      return py::bool_(value.boolean);
    case Kind::kDate:
      return imported("datetime", "date").attr("fromisoformat")(value.text.substr(0, 10));
    case Kind::kList: {
      py::list list;
      for (const TomlValue& child : value.children) list.append(to_python(child));
      return list;
    }
    case Kind::kTable:
      break;
  }
  py::dict table;
  for (const TomlValue& child : value.children) table[py::str(child.key)] = to_python(child);
  return table;
}

TomlValue to_toml_value(py::handle object, const std::string& label) {
  TomlValue value;
  value.where = value.key_where = {label, 0, 0};
  const auto is = [&](const char* module, const char* name) { return py::isinstance(object, imported(module, name)); };
  if (py::isinstance<py::bool_>(object) || is("numpy", "bool_")) {
    value.kind = Kind::kBoolean;
    value.boolean = object.cast<bool>();
  } else if (py::isinstance<py::str>(object)) {
    value.kind = Kind::kText;
    value.text = object.cast<std::string>();
  } else if (is("numbers", "Integral")) {
    value.kind = Kind::kNumber;
    value.whole = true;
    value.number = py::float_(py::reinterpret_borrow<py::object>(object)).cast<double>();
  } else if (is("numbers", "Real")) {
    value.kind = Kind::kNumber;
    value.number = py::float_(py::reinterpret_borrow<py::object>(object)).cast<double>();
  } else if (is("datetime", "date")) {
    value.kind = Kind::kDate;
    value.text = py::str(object.attr("isoformat")()).cast<std::string>().substr(0, 10);
  } else if (is("collections.abc", "Mapping")) {
    value.kind = Kind::kTable;
    for (const py::handle key : object) {
      if (!py::isinstance<py::str>(key))
        throw InputError({}, label, "the keys of a table are texts; this one is " + py::repr(key).cast<std::string>());
      TomlValue child = to_toml_value(object[key], label);
      child.key = key.cast<std::string>();
      value.children.push_back(std::move(child));
    }
  } else if (is("os", "PathLike")) {
    value.kind = Kind::kText;
    value.text = py::str(imported("os", "fspath")(object)).cast<std::string>();
  } else if (is("collections.abc", "Iterable")) {
    value.kind = Kind::kList;
    for (const py::handle item : object) value.children.push_back(to_toml_value(item, label));
  } else {
    throw InputError({}, label,
                     fmt::format("{} is nothing that a scenario can hold; numbers, texts, True and False, dates, lists "
                                 "and dicts of them are",
                                 py::repr(object).cast<std::string>()));
  }
  return value;
}

}  // namespace entrepot::python
