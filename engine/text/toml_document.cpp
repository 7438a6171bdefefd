#include "toml_document.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "read_file.hpp"

namespace entrepot {

namespace {

constexpr std::size_t kDeepest = 256;  ///< tables in tables; toml++ has the same limit for values

SourceLocation location(const toml::source_region& source, const std::string& file) {
  return {file, source.begin.line, source.begin.column};
}

template <class Value>
std::string iso(const Value& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

bool earlier(const TomlValue& a, const TomlValue& b) {
  return std::pair(a.key_where.line, a.key_where.column) < std::pair(b.key_where.line, b.key_where.column);
}

TomlValue converted(const toml::node& node, const std::string& file) {
  TomlValue value;
  value.where = value.key_where = location(node.source(), file);
  using Kind = TomlValue::Kind;
  if (const auto* table = node.as_table()) {
    value.kind = Kind::kTable;
    for (const auto& [key, child] : *table) {
      value.children.push_back(converted(child, file));
      value.children.back().key = std::string(key.str());
      value.children.back().key_where = location(key.source(), file);
    }
    std::stable_sort(value.children.begin(), value.children.end(), earlier);
  } else if (const auto* list = node.as_array()) {
    value.kind = Kind::kList;
    for (const toml::node& child : *list) value.children.push_back(converted(child, file));
  } else if (const auto* text = node.as_string()) {
    value.kind = Kind::kText;
    value.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    value.kind = Kind::kNumber;
    value.number = static_cast<double>(integer->get());
    value.whole = true;
  } else if (const auto* real = node.as_floating_point()) {
    value.kind = Kind::kNumber;
    value.number = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    value.kind = Kind::kBoolean;
    value.boolean = boolean->get();
  } else {
    value.kind = Kind::kDate;
    if (const auto* date = node.as_date()) value.text = iso(date->get());
    if (const auto* time = node.as_time()) value.text = iso(time->get());
    if (const auto* moment = node.as_date_time()) value.text = iso(moment->get());
  }
  return value;
}

/// Length of the UTF-8 sequence at the start of `text`, 0 where it is none. Checks continuation bytes, not ranges.
std::size_t sequence_length(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text[0]);
  const std::size_t length = byte < 0x80                     ? 1
                             : (byte >= 0xC2 && byte < 0xE0) ? 2
                             : (byte >= 0xE0 && byte < 0xF0) ? 3
                             : (byte >= 0xF0 && byte < 0xF5) ? 4
                                                             : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k)
    if ((static_cast<unsigned char>(text[k]) & 0xC0) != 0x80) return 0;
  return length;
}

void expect_utf8(std::string_view text, const std::string& file) {
  std::size_t line = 1, column = 1;
  for (std::size_t k = 0; k < text.size();) {
    const std::size_t length = sequence_length(text.substr(k));
    if (length == 0) {
      throw InputError({file, line, column}, "",
                       fmt::format("byte 0x{:02X} is not UTF-8 text; save the file as UTF-8",
                                   static_cast<unsigned>(static_cast<unsigned char>(text[k]))));
    }
    column = text[k] == '\n' ? 1 : column + 1;
    line += text[k] == '\n' ? 1 : 0;
    k += length;
  }
}

/// The end of the quoted text that starts at `position`; `position` itself where its line ends first.
std::size_t end_of_quoted(std::string_view text, std::size_t position) {
  const char quote = text[position];
  for (std::size_t k = position + 1; k < text.size() && text[k] != '\n'; ++k) {
    if (text[k] == '\\' && quote == '"')
      ++k;
    else if (text[k] == quote)
      return k;
  }
  return position;
}

/// Refuses keys of very many parts (a.a.a...), on which toml++ and all that walks its tables would exhaust the stack.
/// A key's parts are bare or quoted words with dots and blanks between; anything else starts a new one.
void expect_shallow_keys(std::string_view text, const std::string& file) {
  std::size_t dots = 0, line = 1;
  for (std::size_t k = 0; k < text.size(); ++k) {
    const char c = text[k];
    if (c == '"' || c == '\'')
      k = end_of_quoted(text, k);
    else if (c == '.')
      ++dots;
    else if (c == '\n' || std::string_view("=,[]{}#()").find(c) != std::string_view::npos)
      dots = 0;
    if (c == '\n') ++line;
    if (dots > kDeepest)
      throw InputError({file, line, 0}, "", fmt::format("this key has more than {} parts", kDeepest));
  }
}

std::optional<TomlValue> single_value(std::string_view text, const std::string& label) {
  try {
    TomlValue document = parse_toml("value = " + std::string(text), label);
    if (document.children.size() == 1 && document.children[0].key == "value") return std::move(document.children[0]);
  } catch (const InputError&) {
    // Not TOML: plain words, which the caller takes as they are.
  }
  return std::nullopt;
}

/// The table of a list whose `name` begins the path (names may hold dots: the longest wins), taken off the path;
/// nullptr where there is none. List: TomlValue, const or not.
template <class List>
List* named_element(List& list, std::string_view& path) {
  List* found = nullptr;
  std::size_t length = 0;
  for (List& element : list.children) {
    const TomlValue* name = element.find("name");
    if (name == nullptr || name->kind != TomlValue::Kind::kText) continue;
    const bool begins = path.substr(0, name->text.size()) == name->text &&
                        (path.size() == name->text.size() || path[name->text.size()] == '.');
    if (begins && (found == nullptr || name->text.size() > length)) {
      found = &element;
      length = name->text.size();
    }
  }
  if (found != nullptr) path.remove_prefix(std::min(path.size(), length + 1));
  return found;
}

/// The first key of a path, taken off it.
std::string_view first_key(std::string_view& path) {
  const std::string_view key = path.substr(0, path.find('.'));
  path.remove_prefix(std::min(path.size(), key.size() + 1));
  return key;
}

[[noreturn]] void no_such_element(const TomlValue& list, std::string_view path, const SourceLocation& where) {
  std::vector<std::string> names;
  for (const TomlValue& element : list.children)
    if (const TomlValue* name = element.find("name"); name != nullptr && name->kind == TomlValue::Kind::kText)
      names.push_back(name->text);
  const std::string wanted(first_key(path));
  throw InputError(where, list.key, fmt::format("there is no '{}' here{}", wanted, suggestion(wanted, names)));
}

void expect_shallow_path(std::string_view path, const SourceLocation& where) {
  if (static_cast<std::size_t>(std::count(path.begin(), path.end(), '.')) > kDeepest)
    throw InputError(where, "", fmt::format("this path has more than {} parts", kDeepest));
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view name) const {
  if (kind != Kind::kTable) return nullptr;
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const TomlValue& child) { return child.key == name; });
  return found == children.end() ? nullptr : &*found;
}

TomlValue* TomlValue::find(std::string_view name) {
  return const_cast<TomlValue*>(static_cast<const TomlValue*>(this)->find(name));
}

TomlValue toml_value(const std::string& key, const std::string& text) {
  return {.kind = TomlValue::Kind::kText, .key = key, .text = text};
}
TomlValue toml_value(const std::string& key, const char* text) { return toml_value(key, std::string(text)); }
TomlValue toml_value(const std::string& key, double number) {
  const bool whole = number == std::floor(number) && std::abs(number) < 0x1p53;
  return {.kind = TomlValue::Kind::kNumber, .key = key, .number = number, .whole = whole};
}
TomlValue toml_value(const std::string& key, bool on) {
  return {.kind = TomlValue::Kind::kBoolean, .key = key, .boolean = on};
}

namespace {

template <class Value>
TomlValue list_of(const std::string& key, const std::vector<Value>& values) {
  TomlValue result{.kind = TomlValue::Kind::kList, .key = key};
  for (const Value& value : values) result.children.push_back(toml_value("", value));
  return result;
}

}  // namespace

TomlValue toml_list(const std::string& key, const std::vector<std::string>& texts) { return list_of(key, texts); }
TomlValue toml_list(const std::string& key, const std::vector<double>& numbers) { return list_of(key, numbers); }

void relocate(TomlValue& value, const SourceLocation& where) {
  value.where = value.key_where = where;
  for (TomlValue& child : value.children) relocate(child, where);
}

std::string kind_name(const TomlValue& value) {
  switch (value.kind) {
    case TomlValue::Kind::kText:
      return "text";
    case TomlValue::Kind::kNumber:
      return "a number";
    case TomlValue::Kind::kBoolean:
      return "true or false";
    case TomlValue::Kind::kDate:
      return "a date";
    case TomlValue::Kind::kList:
      return "a list";
    case TomlValue::Kind::kTable:
      return "a table";
  }
  return {};
}

std::string read_text(const std::filesystem::path& path) {
  std::string text = read_file(path);
  expect_utf8(text, path.string());
  return text;
}

TomlValue parse_toml(std::string_view text, const std::string& name) {
  expect_utf8(text, name);
  expect_shallow_keys(text, name);
  try {
    TomlValue document = converted(toml::parse(text, std::string_view(name)), name);
    document.where = document.key_where = {name, 0, 0};
    return document;
  } catch (const toml::parse_error& error) {
    const std::string reason(error.description());
    const bool bare_word = reason.find("parsing boolean") != std::string::npos ||
                           reason.find("could not determine value type") != std::string::npos;
    throw InputError(location(error.source(), name), "",
                     "this is not valid TOML: " + reason + (bare_word ? "; text needs quotes around it" : ""));
  }
}

TomlValue parse_toml_value(std::string_view text, const std::string& label) {
  std::optional<TomlValue> parsed = single_value(text, label);
  if (!parsed) {
    parsed.emplace();
    parsed->kind = TomlValue::Kind::kText;
    parsed->text = std::string(text);
  }
  parsed->key.clear();
  relocate(*parsed, {label, 0, 0});
  return std::move(*parsed);
}

TomlValue& value_at(TomlValue& document, std::string_view path, const SourceLocation& where) {
  expect_shallow_path(path, where);
  TomlValue* here = &document;
  while (!path.empty()) {
    if (here->kind == TomlValue::Kind::kList) {
      TomlValue* element = named_element(*here, path);
      if (element == nullptr) no_such_element(*here, path, where);
      if (path.empty()) throw InputError(where, "", "the path ends at a table; name one of its keys");
      here = element;
      continue;
    }
    const std::string_view key = first_key(path);
    if (here->kind != TomlValue::Kind::kTable)
      throw InputError(where, here->key, fmt::format("this is {}; it has no '{}'", kind_name(*here), key));
    TomlValue* child = here->find(key);
    if (child == nullptr) {
      here->children.emplace_back();
      child = &here->children.back();
      child->key = key;
      child->where = child->key_where = where;
    }
    here = child;
  }
  return *here;
}

void set_value(TomlValue& document, std::string_view path, TomlValue value, const SourceLocation& where) {
  TomlValue& place = value_at(document, path, where);
  relocate(value, where);
  value.key = place.key;
  place = std::move(value);
}

const TomlValue* find_value(const TomlValue& document, std::string_view path) {
  const TomlValue* here = &document;
  while (!path.empty() && here != nullptr)
    here = here->kind == TomlValue::Kind::kList ? named_element(*here, path) : here->find(first_key(path));
  return here;
}

void apply_override(TomlValue& document, std::string_view assignment) {
  const SourceLocation where{fmt::format("--set {}", assignment), 0, 0};
  expect_utf8(assignment, where.file);
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == assignment.size()) {
    throw InputError(where, "", "an override has the form path=value, like policy.embargo.coverage=0.8");
  }
  const std::string_view path = assignment.substr(0, equals);
  expect_shallow_path(path, {"--set", 0, 0});  // without the long text itself
  set_value(document, path, parse_toml_value(assignment.substr(equals + 1), where.file), where);
}

}  // namespace entrepot
