#pragma once

#include <pybind11/pybind11.h>

#include <filesystem>
#include <string>
#include <vector>

#include "policy/scenario.hpp"
#include "text/toml_document.hpp"

namespace entrepot::python {

/// A scenario as a document that can be changed, key by key; whether it makes sense is for scenario() to say. Paths are
/// those of `--set`.
class Document {
 public:
  Document(TomlValue value, std::filesystem::path file) : value_(std::move(value)), file_(std::move(file)) {}
  static Document read(const std::filesystem::path& file);
  static Document parse(const std::string& text, const std::filesystem::path& file);

  /// What is at a path, as Python values; throws KeyError where there is nothing.
  pybind11::object get(const std::string& path) const;
  bool has(const std::string& path) const { return find(path) != nullptr; }
  /// Keys of the table at a path, the names of a list of policies; empty where there is neither.
  std::vector<std::string> keys(const std::string& path) const;
  void set(const std::string& path, pybind11::handle value);
  /// Throws KeyError where there is nothing.
  void remove(const std::string& path);
  /// Puts a policy after the others in the list at a path ("policy", "reference.policy").
  void append(const std::string& path, pybind11::handle table);
  std::string text() const { return to_toml(value_); }
  const std::filesystem::path& file() const noexcept { return file_; }

  /// Throws InputError for everything that is wrong without a world.
  Scenario scenario() const;

 private:
  const TomlValue* find(const std::string& path) const;
  TomlValue value_;
  std::filesystem::path file_;
};

}  // namespace entrepot::python
