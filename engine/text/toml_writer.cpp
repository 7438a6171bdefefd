#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "toml_document.hpp"

namespace entrepot {

namespace {

using Kind = TomlValue::Kind;

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(byte));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string key_text(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  return bare ? std::string(key) : in_quotes(key);
}

std::string number_text(double number, bool whole) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number > 0.0 ? "inf" : "-inf";
  if (whole) return fmt::format("{:.0f}", number);
  const std::string shortest = fmt::format("{}", number);
  return shortest.find_first_of(".e") == std::string::npos ? shortest + ".0" : shortest;
}

bool is_list_of_tables(const TomlValue& value) {
  return value.kind == Kind::kList && !value.children.empty() &&
         std::all_of(value.children.begin(), value.children.end(),
                     [](const TomlValue& child) { return child.kind == Kind::kTable; });
}

/// A table's own values first, then the tables inside it under headers with the whole path.
void write_table(const TomlValue& table, const std::string& path, std::string& out) {
  const auto inside = [&](const TomlValue& child) { return path + (path.empty() ? "" : ".") + key_text(child.key); };
  for (const TomlValue& child : table.children)
    if (child.kind != Kind::kTable && !is_list_of_tables(child))
      out += key_text(child.key) + " = " + value_text(child) + "\n";
  for (const TomlValue& child : table.children) {
    if (child.kind == Kind::kTable) {
      out += "\n[" + inside(child) + "]\n";
      write_table(child, inside(child), out);
    } else if (is_list_of_tables(child)) {
      for (const TomlValue& element : child.children) {
        out += "\n[[" + inside(child) + "]]\n";
        write_table(element, inside(child), out);
      }
    }
  }
}

}  // namespace

std::string value_text(const TomlValue& value) {
  std::string out;
  switch (value.kind) {
    case Kind::kText:
      return in_quotes(value.text);
    case Kind::kNumber:
      return number_text(value.number, value.whole);
    case Kind::kBoolean:
      return value.boolean ? "true" : "false";
    case Kind::kDate:
      return value.text;
    case Kind::kList:
      for (const TomlValue& child : value.children) out += (out.empty() ? "" : ", ") + value_text(child);
      return "[" + out + "]";
    case Kind::kTable:
      for (const TomlValue& child : value.children)
        out += (out.empty() ? "" : ", ") + key_text(child.key) + " = " + value_text(child);
      return "{" + out + "}";
  }
  return out;
}

std::string to_toml(const TomlValue& document) {
  std::string out;
  write_table(document, "", out);
  return out;
}

}  // namespace entrepot
