#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "toml_document.hpp"

namespace entrepot {

enum class ValueType {
  kText,
  kTextList,  ///< one text or a list of texts
  kNumber,
  kNumberList,
  kValueList,  ///< numbers, texts or switches, all of one kind
  kInteger,
  kSwitch,         ///< true or false
  kDate,           ///< a TOML date or the text YYYY-MM-DD
  kTable,          ///< its keys are checked by whoever reads it
  kTableList,      ///< [[key]]
  kNumberOrTable,  ///< one number, or a table of such numbers
};

/// The numbers a parameter takes. Never NaN; +infinity, whatever `upper` says, only where `infinite` says so.
struct Range {
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
  bool above_lower = false;  ///< `lower` itself is not allowed
  bool infinite = false;
};

/// One key of a table: checks, defaults and documentation all come from here.
struct Parameter {
  std::string name;
  ValueType type = ValueType::kText;
  std::string meaning = {};   ///< a phrase for the documentation
  std::string unit = {};      ///< of a number: "fraction", "million USD"; of tables inside one: their path
  std::string fallback = {};  ///< the value where the key is absent, as one would write it; empty: none
  bool required = false;
  std::vector<std::string> choices = {};  ///< the texts allowed (empty: any), also in place of a number
  Range range = {};
};

using Schema = std::vector<Parameter>;

/// A text and where it was written.
struct LocatedText {
  std::string text;
  SourceLocation where;
};

/// The checked values of one table. Accessors assert that a value is there: ask `has` for a parameter that is neither
/// required nor has a fallback.
class Arguments {
 public:
  bool has(std::string_view name) const { return find(name) != nullptr; }
  double number(std::string_view name) const { return at(name).number; }
  const std::string& text(std::string_view name) const { return at(name).text; }
  bool on(std::string_view name) const { return at(name).boolean; }
  std::vector<LocatedText> list(std::string_view name) const;  ///< empty where absent
  const TomlValue& at(std::string_view name) const;
  /// Where the value stands, or, if it is absent, the table.
  const SourceLocation& where(std::string_view name) const;
  const SourceLocation& where() const { return where_; }
  /// Whether the key stands in the table: false for a fallback, true even for a value that was refused.
  bool written(std::string_view name) const;
  /// What a message calls a key of this table: "policy.embargo.coverage".
  std::string key(std::string_view name) const;
  const std::string& path() const { return path_; }

 private:
  friend Arguments read_table(const TomlValue&, const Schema&, const std::string&, Problems&);
  const TomlValue* find(std::string_view name) const;
  std::vector<TomlValue> values_;
  std::vector<std::string> written_;
  SourceLocation where_;
  std::string path_;
};

/// Checks a table against its schema: unknown and missing keys, types, ranges and choices; each mistake is added to
/// `problems` with its place and key (`path` before it) and its value is left out of the answer.
Arguments read_table(const TomlValue& table, const Schema& schema, const std::string& path, Problems& problems);

/// Whether one value fits a parameter; if not, adds the problem under `key`.
bool check_value(const TomlValue& value, const Parameter& parameter, const std::string& key, Problems& problems);

/// "a number above 0 (fraction)", "one of 'a', 'b'": what a parameter takes, for messages and documentation.
std::string expectation(const Parameter& parameter);

}  // namespace entrepot
