#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "input_error.hpp"

namespace entrepot {

/// A value of a TOML document that remembers where it was written. Numbers are doubles (`whole` tells integers), dates
/// are text in ISO form, a table's children are in the order of the file.
struct TomlValue {
  enum class Kind { kText, kNumber, kBoolean, kDate, kList, kTable };

  Kind kind = Kind::kTable;
  SourceLocation where = {};             ///< of the value
  SourceLocation key_where = {};         ///< of the key before it; in a list, of the value
  std::string key = {};                  ///< the key before it; empty in a list and for the document
  std::string text = {};                 ///< kText and kDate
  double number = 0.0;                   ///< kNumber
  bool whole = false;                    ///< kNumber, written without point or exponent
  bool boolean = false;                  ///< kBoolean
  std::vector<TomlValue> children = {};  ///< kList and kTable

  /// The child of a table under this key; nullptr where there is none.
  const TomlValue* find(std::string_view name) const;
  TomlValue* find(std::string_view name);
};

// Values made here and not read; key: as in TomlValue.
TomlValue toml_value(const std::string& key, const std::string& text);
TomlValue toml_value(const std::string& key, const char* text);
TomlValue toml_value(const std::string& key, double number);
TomlValue toml_value(const std::string& key, bool on);
TomlValue toml_list(const std::string& key, const std::vector<std::string>& texts);
TomlValue toml_list(const std::string& key, const std::vector<double>& numbers);

/// Replaces all places inside a value by one.
void relocate(TomlValue& value, const SourceLocation& where);

/// "text", "a number", ...: what a value is, in a sentence.
std::string kind_name(const TomlValue& value);

/// A whole file as text. Throws InputError where it is a folder, can't be read or is not UTF-8 (with the place).
std::string read_text(const std::filesystem::path& path);

/// The document as a table. `name` stands for the file in messages. Throws InputError with the place of the first
/// mistake of syntax (a key given twice is one).
TomlValue parse_toml(std::string_view text, const std::string& name);

/// What stands after '=': a TOML value, or, where it is none, the text as it is. `label` is the file in messages.
TomlValue parse_toml_value(std::string_view text, const std::string& label);

/// The value at a path, whose keys are separated by dots; in a list of tables a key is the `name` of one of them
/// (`policy.embargo.coverage`). It and the tables on the way are made where they are missing, as if written at `where`:
/// whether a key exists is for the reader of the document to say. Throws InputError at `where` for a step into
/// something that is no table and for an unknown `name`.
TomlValue& value_at(TomlValue& document, std::string_view path, const SourceLocation& where);

/// Puts a value at a path (see value_at), in place of what is there, and calls `where` its place. Throws InputError as
/// value_at does and for a path that ends at one of a list's tables.
void set_value(TomlValue& document, std::string_view path, TomlValue value, const SourceLocation& where);

/// What is at a path; nullptr where there is nothing.
const TomlValue* find_value(const TomlValue& document, std::string_view path);

/// Applies one override `path=value` to a document (see set_value). Messages about the new value name `--set
/// path=value` as the file. Throws InputError for a path without value, a step into something that is no table, an
/// unknown `name`.
void apply_override(TomlValue& document, std::string_view assignment);

/// The document as TOML that parse_toml reads back to equal values: for the record of a run.
std::string to_toml(const TomlValue& document);

/// One value on one line, as it stands after '='; parse_toml_value() reads it back to an equal value.
std::string value_text(const TomlValue& value);

}  // namespace entrepot
