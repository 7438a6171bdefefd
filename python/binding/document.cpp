#include "document.hpp"

#include "values.hpp"

namespace entrepot::python {

namespace py = pybind11;
using Kind = TomlValue::Kind;

namespace {

/// How messages call a place that no file has.
std::string label_of(const std::string& path) { return "Scenario['" + path + "']"; }

/// Under which name a path finds one of a list's tables.
std::string name_of(const TomlValue& table) {
  const TomlValue* name = table.find("name");
  return name != nullptr && name->kind == Kind::kText ? name->text : std::string();
}

}  // namespace

Document Document::read(const std::filesystem::path& file) {
  return {parse_toml(read_text(file), file.string()), file};
}

Document Document::parse(const std::string& text, const std::filesystem::path& file) {
  return {parse_toml(text, file.string()), file};
}

const TomlValue* Document::find(const std::string& path) const {
  return path.empty() ? &value_ : find_value(value_, path);
}

py::object Document::get(const std::string& path) const {
  const TomlValue* value = find(path);
  if (value == nullptr) throw py::key_error(path);
  return to_python(*value);
}

std::vector<std::string> Document::keys(const std::string& path) const {
  std::vector<std::string> result;
  const TomlValue* value = find(path);
  if (value == nullptr) return result;
  if (value->kind == Kind::kTable)
    for (const TomlValue& child : value->children) result.push_back(child.key);
  if (value->kind == Kind::kList)
    for (const TomlValue& child : value->children)
      if (child.kind == Kind::kTable) result.push_back(name_of(child));
  return result;
}

void Document::set(const std::string& path, py::handle value) {
  set_value(value_, path, to_toml_value(value, label_of(path)), {label_of(path), 0, 0});
}

void Document::remove(const std::string& path) {
  if (find(path) == nullptr) throw py::key_error(path);
  const std::size_t dot = path.rfind('.');
  const std::string last = dot == std::string::npos ? path : path.substr(dot + 1);
  TomlValue& parent = dot == std::string::npos ? value_ : const_cast<TomlValue&>(*find(path.substr(0, dot)));
  std::erase_if(parent.children, [&](const TomlValue& child) {
    return parent.kind == Kind::kList ? name_of(child) == last : child.key == last;
  });
}

void Document::append(const std::string& path, py::handle table) {
  TomlValue value = to_toml_value(table, label_of(path));
  const std::string label = label_of(path + "." + name_of(value));
  if (value.kind != Kind::kTable) throw InputError({}, label, "this is no table; a policy is one");
  relocate(value, {label, 0, 0});
  if (!has(path)) set_value(value_, path, {.kind = Kind::kList}, {label, 0, 0});
  TomlValue& list = value_at(value_, path, {label, 0, 0});
  if (list.kind != Kind::kList)
    throw InputError({}, label_of(path), "this is no list of tables, to which one could be added");
  list.children.push_back(std::move(value));
}

Scenario Document::scenario() const {
  Scenario result = make_scenario(value_, file_);
  result.resolved = text();
  return result;
}

}  // namespace entrepot::python
