#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "report_data.hpp"
#include "results/headline.hpp"
#include "results/ranking.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;
using Grid = std::vector<std::vector<double>>;

/// Six digits are more than anybody reads, and keep a page small.
double short_number(double value) {
  if (value == 0.0 || !std::isfinite(value)) return 0.0;
  const double scale = std::pow(10.0, 5.0 - std::floor(std::log10(std::abs(value))));
  return std::isfinite(scale) && scale > 0.0 ? std::round(value * scale) / scale : 0.0;
}

Json numbers(const std::vector<double>& values) {
  Json result = Json::array();
  for (const double value : values) result.push_back(short_number(value));
  return result;
}

Json grid(const Grid& values) {
  Json result = Json::array();
  for (const std::vector<double>& row : values) result.push_back(numbers(row));
  return result;
}

Json column(const ResultVariable& variable, const std::string& label, bool drawn, bool is_signed = true) {
  return {{"name", variable.info.name},
          {"label", label},
          {"unit", variable.info.units},
          {"description", variable.info.description},
          {"values", numbers(variable.values)},
          {"drawn", drawn},
          {"signed", is_signed}};
}

/// Changes in per cent of a level.
Json change(const ResultReader& reader, const std::string& name) {
  ResultVariable after = reader.read(name);
  const std::vector<double> before = reader.read(name + "_base").values;
  for (std::size_t n = 0; n < before.size(); ++n)
    after.values[n] = change_in_percent(after.values[n], before[n]).value_or(0.0);
  after.info.units = "percent";
  return column(after, after.info.long_name, true);
}

Json columns(const ResultReader& reader) {
  Json result = Json::array();
  if (!reader.solved()) {
    for (const char* name : {"income_base", "exports_base", "imports_base"}) {
      const ResultVariable variable = reader.read(name);
      result.push_back(column(variable, variable.info.long_name, true, false));
    }
    return result;
  }
  for (const char* name : {"welfare", "welfare_usd", "real_gdp", "real_wage", "consumer_prices"}) {
    const ResultVariable variable = reader.read(name);
    result.push_back(column(variable, variable.info.long_name, true));
  }
  for (const char* name : {"exports", "imports", "tariff_revenue"}) result.push_back(change(reader, name));
  return result;
}

/// Of each country its locations, as places in the dimensions exporter and importer.
std::vector<std::size_t> country_of_place(const ResultReader& reader) {
  const std::vector<std::string> codes = reader.labels("country");
  std::vector<std::size_t> result;
  for (const std::string& code : reader.country_of_location())
    result.push_back(static_cast<std::size_t>(std::find(codes.begin(), codes.end(), code) - codes.begin()));
  return result;
}

Grid by_sector(const ResultReader& reader, const std::string& name, std::size_t countries) {
  const ResultVariable variable = reader.read(name);
  const std::vector<std::size_t> country = country_of_place(reader);
  const std::size_t sectors = variable.labels[1].size();
  Grid result(countries, std::vector<double>(sectors, 0.0));
  for (std::size_t l = 0; l < variable.labels[0].size(); ++l)
    for (std::size_t j = 0; j < sectors; ++j) result[country[l]][j] += variable.values[l * sectors + j];
  return result;
}

/// Trade between countries, exporter by importer, all sectors; none of a country with itself.
Grid by_partner(const ResultReader& reader, const std::string& name, std::size_t countries) {
  const ResultVariable variable = reader.read(name);
  const std::vector<std::size_t> country = country_of_place(reader);
  const std::size_t places = country.size();
  Grid result(countries, std::vector<double>(countries, 0.0));
  for (std::size_t k = 0; k < variable.values.size(); ++k) {
    const std::size_t exporter = country[k / places % places], importer = country[k % places];
    if (exporter != importer) result[exporter][importer] += variable.values[k];
  }
  return result;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) result.push_back(line);
  return result;
}

Json method(const ResultReader& reader) {
  Json result = Json::array();
  result.push_back(
      "A quantitative trade model in exact changes (Caliendo & Parro 2015 and its family): many countries and sectors "
      "that buy from each other by gravity, linked by inputs and outputs, with tariffs, trade costs and bans. Each "
      "number compares the world with the policies with the same world without them; nothing is a forecast.");
  result.push_back(
      "Welfare is real income (equivalent variation). Amounts are million USD at world factor income as in the base "
      "year.");
  result.push_back(fmt::format("Solved to a largest relative residual of {:.0e} in {} steps. {}", reader.end().residual,
                               reader.end().iterations, reader.end().sentence));
  return result;
}

}  // namespace

nlohmann::ordered_json run_data(const ResultReader& reader) {
  const RunDescription& of = reader.description();
  Json result = scenario_data(of.scenario);
  for (const std::string& note : lines(of.policy_notes)) result["remarks"].push_back(note);
  const std::vector<std::string> codes = reader.labels("country"), names = reader.labels("country_name");
  Json countries = Json::array();
  for (std::size_t n = 0; n < codes.size(); ++n) countries.push_back({{"code", codes[n]}, {"name", names[n]}});
  result["file"] = reader.file().filename().string();
  result["title"] = of.title;
  result["question"] = of.question;
  result["about"] = fmt::format("Base year {}; computed {} by entrepot {}.", of.baseline, of.start_time, of.program);
  result["summary"] = reader.solved() ? lines(headline_summary(reader))
                                      : std::vector<std::string>{"No answer. " + reader.end().sentence};
  for (Json& line : result["summary"])
    if (const std::string text = line.get<std::string>(); text.back() != '.') line = text + ".";
  result["footer"] = fmt::format("entrepot {}, commit {}; base year {}, SHA-256 {}.", of.program, of.commit,
                                 of.baseline, of.baseline_sha256);
  result["countries"] = countries;
  result["columns"] = columns(reader);
  result["method"] = method(reader);
  result["text"] = of.scenario;
  if (!reader.solved()) return result;
  const std::vector<std::string> components = welfare_components(reader);
  if (!components.empty()) {
    Json parts = Json::array();
    for (const std::string& component : components)
      parts.push_back({{"label", spelt(component)}, {"values", numbers(country_measure(reader, component).values)}});
    result["decomposition"] = parts;
    result["decomposition_exact"] = reader.has("decomposition_exact");
  }
  result["sectors"] = {{"names", reader.labels("sector_name")},
                       {"base", grid(by_sector(reader, "value_added_base", codes.size()))},
                       {"after", grid(by_sector(reader, "value_added", codes.size()))}};
  result["trade"] = {{"base", grid(by_partner(reader, "trade_base", codes.size()))},
                     {"after", grid(by_partner(reader, "trade", codes.size()))}};
  return result;
}

}  // namespace entrepot
