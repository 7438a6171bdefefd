#include <algorithm>

#include "policy/instrument.hpp"
#include "report_data.hpp"
#include "text/toml_document.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;
using Kind = TomlValue::Kind;

/// A value as a reader would have it: no quotes, lists with commas, tables as "mining 1, all 0.5".
std::string words(const TomlValue& value) {
  if (value.kind == Kind::kText || value.kind == Kind::kDate) return value.text;
  if (value.kind != Kind::kList && value.kind != Kind::kTable) return value_text(value);
  std::string text;
  for (const TomlValue& child : value.children)
    text += (text.empty() ? "" : ", ") + (child.key.empty() ? "" : child.key + " ") + words(child);
  return text;
}

std::string meaning_of(const Instrument& instrument, const std::string& key) {
  const Schema common = common_parameters();
  for (const Schema* schema : {&instrument.parameters, &common})
    for (const Parameter& parameter : *schema)
      if (parameter.name == key) return parameter.meaning;
  return {};
}

Json policy_data(const TomlValue& table, bool reference) {
  const auto text = [&](const char* key) {
    const TomlValue* value = table.find(key);
    return value != nullptr ? words(*value) : std::string();
  };
  const Instrument* instrument = find_instrument(text("instrument"));
  const TomlValue* enabled = table.find("enabled");
  Json settings = Json::array();
  for (const TomlValue& value : table.children)
    if (value.key != "name" && value.key != "instrument" && value.key != "enabled")
      settings.push_back({value.key, words(value), instrument != nullptr ? meaning_of(*instrument, value.key) : ""});
  return {{"name", text("name")},
          {"instrument", text("instrument")},
          {"meaning", instrument != nullptr ? instrument->meaning : ""},
          {"reference", reference},
          {"enabled", enabled == nullptr || enabled->boolean},
          {"settings", settings}};
}

Json texts_at(const TomlValue& document, const char* key) {
  Json result = Json::array();
  if (const TomlValue* value = document.find(key); value != nullptr) {
    if (value->kind == Kind::kText) result.push_back(value->text);
    for (const TomlValue& child : value->children) result.push_back(child.text);
  }
  return result;
}

}  // namespace

nlohmann::ordered_json scenario_data(const std::string& text) {
  const TomlValue document = parse_toml(text.substr(0, text.find("\n# ")), "the scenario in the file");
  Json policies = Json::array();
  for (const char* path : {"reference.policy", "policy"})
    if (const TomlValue* list = find_value(document, path); list != nullptr)
      for (const TomlValue& table : list->children) policies.push_back(policy_data(table, *path == 'r'));
  Json remarks = Json::array();
  const TomlValue* closure = find_value(document, "reference.closure");
  const std::string closed = closure != nullptr ? closure->text : "fixed";
  remarks.push_back(closed == "balanced"       ? "Trade balances in both worlds."
                    : closed == "proportional" ? "Trade deficits follow each country's own income."
                                               : "Trade deficits keep their size in units of world GDP.");
  for (const char* key : {"date", "bloc", "theta", "model"})
    if (const TomlValue* value = document.find(key); value != nullptr)
      remarks.push_back(std::string(key) + ": " + words(*value));
  return {{"policies", policies},
          {"remarks", remarks},
          {"sources", texts_at(document, "sources")},
          {"notes", texts_at(document, "notes")}};
}

}  // namespace entrepot
