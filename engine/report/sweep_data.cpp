#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "report_data.hpp"
#include "results/show_sweep.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;

/// Some of a variable's numbers; null where there is none.
Json numbers(const std::vector<double>& values, std::size_t first, std::size_t count) {
  Json result = Json::array();
  for (std::size_t k = first; k < first + count; ++k)
    result.push_back(values[k] == kMissing ? Json(nullptr) : Json(values[k]));
  return result;
}

/// Measures with one number for each of the countries that the first such measure has.
std::vector<const StoredVariable*> measures_by_country(const DatasetSource& reader) {
  std::vector<const StoredVariable*> result;
  for (const StoredVariable& variable : reader.variables()) {
    const VariableInfo& info = variable.info;
    if (info.dimensions.size() != 2 || reader.find(info.name + "_mean") == nullptr) continue;
    const std::string& place = info.dimensions[1];
    if (place != "country" && !place.ends_with("_country")) continue;
    if (result.empty() || reader.texts(place) == reader.texts(result[0]->info.dimensions[1]))
      result.push_back(&variable);
  }
  return result;
}

/// A study may ask for no quantiles at all.
struct Quantiles {
  std::vector<double> levels;
  std::size_t middle = 0;
};

Quantiles quantiles_of(const DatasetSource& reader) {
  Quantiles result;
  if (reader.find("quantile") == nullptr) return result;
  for (const std::string& label : reader.texts("quantile")) result.levels.push_back(std::stod(label));
  for (std::size_t k = 0; k < result.levels.size(); ++k)
    if (std::abs(result.levels[k] - 0.5) < std::abs(result.levels[result.middle] - 0.5)) result.middle = k;
  return result;
}

/// The middle quantile with the outermost as a band around it, these quantiles, the mean, and how sure the sign is; the
/// mean first where there are no quantiles.
Json columns(const DatasetSource& reader, const std::vector<const StoredVariable*>& measures, std::size_t countries) {
  const Quantiles quantiles = quantiles_of(reader);
  const bool banded = !quantiles.levels.empty();
  Json result = Json::array();
  for (const StoredVariable* measure : measures) {
    const VariableInfo& info = measure->info;
    const std::vector<double> positive = reader.numbers(info.name + "_positive");
    if (banded) {
      const std::vector<double> of = reader.numbers(info.name + "_quantile");
      const auto at = [&](std::size_t quantile) { return numbers(of, quantile * countries, countries); };
      const std::size_t last = quantiles.levels.size() - 1;
      const auto percent = [&](std::size_t quantile) {
        return fmt::format("{:g}", 100.0 * quantiles.levels[quantile]);
      };
      result.push_back({{"name", info.name},
                        {"label", fmt::format("{}, {}", info.long_name,
                                              quantiles.levels[quantiles.middle] == 0.5
                                                  ? "median"
                                                  : percent(quantiles.middle) + " % quantile")},
                        {"unit", info.units},
                        {"description", info.description},
                        {"values", at(quantiles.middle)},
                        {"low", at(0)},
                        {"high", at(last)},
                        {"positive", numbers(positive, 0, countries)},
                        {"band", percent(0) + " to " + percent(last) + " % quantile"},
                        {"drawn", true}});
      for (const std::size_t end : {std::size_t{0}, last})
        result.push_back({{"name", fmt::format("{}_{:g}", info.name, quantiles.levels[end])},
                          {"label", fmt::format("{}, {} %", info.long_name, percent(end))},
                          {"unit", info.units},
                          {"description", "Quantile over all draws."},
                          {"values", at(end)},
                          {"drawn", false}});
    }
    result.push_back({{"name", info.name + "_mean"},
                      {"label", info.long_name + ", mean"},
                      {"unit", info.units},
                      {"description", "Mean over all draws."},
                      {"values", numbers(reader.numbers(info.name + "_mean"), 0, countries)},
                      {"positive", numbers(positive, 0, countries)},
                      {"drawn", !banded}});
    result.push_back({{"name", info.name + "_positive"},
                      {"label", info.long_name + " above 0, share of draws"},
                      {"unit", "percent"},
                      {"description", "How sure the sign is: near 0 or 100 it holds in nearly all draws."},
                      {"values", numbers(positive, 0, countries)},
                      {"signed", false},
                      {"drawn", false}});
  }
  return result;
}

/// Whether results are shared out among the factors.
bool is_shared(const DatasetSource& reader, const std::vector<const StoredVariable*>& measures) {
  return reader.find(measures[0]->info.name + "_shapley") != nullptr;
}

/// What the factors do together, and what each of them adds.
Json shared_columns(const DatasetSource& reader, const std::vector<const StoredVariable*>& measures,
                    std::size_t countries) {
  const std::vector<std::string> factors = reader.texts("sharer");
  Json result = Json::array();
  for (const StoredVariable* measure : measures) {
    const VariableInfo& info = measure->info;
    const std::vector<double> shapley = reader.numbers(info.name + "_shapley"),
                              none = reader.numbers(info.name + "_none"), all = reader.numbers(info.name + "_all");
    std::vector<double> together(countries, kMissing);
    for (std::size_t n = 0; n < countries; ++n)
      if (none[n] != kMissing && all[n] != kMissing) together[n] = all[n] - none[n];
    const auto column = [&](const std::string& name, const std::string& label, const std::string& description,
                            Json values) {
      result.push_back({{"name", name},
                        {"label", label},
                        {"unit", info.units},
                        {"description", description},
                        {"values", std::move(values)},
                        {"drawn", true}});
    };
    column(info.name, info.long_name + ", together", "What all factors do together.", numbers(together, 0, countries));
    for (std::size_t f = 0; f < factors.size(); ++f)
      column(fmt::format("{}_{}", info.name, f), fmt::format("{}, {}", info.long_name, factors[f]),
             "What it adds, on average over all orders in which the factors could come (Shapley value).",
             numbers(shapley, f * countries, countries));
  }
  return result;
}

/// How many countries have which sign, and how surely.
std::string sign_sentence(const DatasetSource& reader, const StoredVariable& measure, const Json& countries) {
  const std::string& name = measure.info.name;
  const std::vector<double> mean = reader.numbers(name + "_mean"), sd = reader.numbers(name + "_sd"),
                            positive = reader.numbers(name + "_positive");
  std::map<std::string, std::size_t> counted;
  std::string open;
  for (std::size_t n = 0; n < positive.size(); ++n) {
    const std::string verdict = sign_verdict(mean[n], sd[n], positive[n]);
    ++counted[verdict];
    if (verdict == "open") open += (open.empty() ? "" : ", ") + countries[n]["name"].get<std::string>();
  }
  std::string listed;
  for (const char* verdict : {"sure gain", "likely gain", "gain", "none", "loss", "likely loss", "sure loss"})
    if (counted[verdict] > 0) listed += fmt::format("{}{} {}", listed.empty() ? "" : ", ", verdict, counted[verdict]);
  return fmt::format("{}, of {} countries: {}; open: {}. {}", measure.info.long_name, positive.size(),
                     listed.empty() ? "no sign is likely" : listed, open.empty() ? "none" : open, kVerdictMeaning);
}

}  // namespace

nlohmann::ordered_json sweep_data(const DatasetSource& reader) {
  const auto text = [&](const char* name) { return reader.text_attribute(name).value_or(""); };
  const std::vector<const StoredVariable*> measures = measures_by_country(reader);
  if (reader.find("case") != nullptr)
    throw InputError({}, reader.file().string(),
                     "there is no report of what players do; `entrepot show` prints what comes of it");
  if (measures.empty())
    throw InputError({}, reader.file().string(),
                     "this sweep has no measure by country, of which a report is made; add 'welfare' to its measures");
  const std::string& place = measures[0]->info.dimensions[1];
  const std::vector<std::string> codes = reader.texts(place);
  const std::vector<std::string> names =
      reader.find(place + "_name") != nullptr ? reader.texts(place + "_name") : codes;
  Json countries = Json::array();
  for (std::size_t n = 0; n < codes.size(); ++n) countries.push_back({{"code", codes[n]}, {"name", names[n]}});
  Json result = scenario_data(text("scenario"));
  const std::vector<std::string> factors = reader.texts("factor");
  std::string drawn;
  for (const std::string& factor : factors) drawn += (drawn.empty() ? "" : ", ") + factor;
  result["remarks"].push_back("Varied: " + drawn + ".");
  const std::size_t draws = reader.find("draw")->shape.front();
  const double failed = reader.number_attribute("failed_draws").value_or(0.0);
  result["file"] = reader.file().filename().string();
  result["title"] = text("title");
  result["question"] = text("question");
  result["about"] = fmt::format("Base year {}; {} solves, {:.0f} of them without an answer; entrepot {}.",
                                text("baseline"), draws, failed, text("program_version"));
  const bool shared = is_shared(reader, measures);
  std::string sharers;
  if (shared)
    for (const std::string& sharer : reader.texts("sharer")) sharers += (sharers.empty() ? "" : ", ") + sharer;
  result["summary"] = {shared ? fmt::format("{} is shared out among {}.", measures[0]->info.long_name, sharers)
                              : sign_sentence(reader, *measures[0], countries)};
  result["footer"] = fmt::format("entrepot {}, commit {}; base year {}, SHA-256 {}.", text("program_version"),
                                 text("git_commit"), text("baseline"), text("baseline_sha256"));
  result["countries"] = countries;
  result["columns"] = shared ? shared_columns(reader, measures, codes.size()) : columns(reader, measures, codes.size());
  result["method"] = {
      "A quantitative trade model in exact changes (Caliendo & Parro 2015 and its family), solved anew for every draw "
      "of what is uncertain. Quantiles and shares are over all draws that have an answer; draws are of what the study "
      "says is not known, and of nothing else."};
  result["text"] = text("study");
  result["factors"] = factors;
  const std::string& first = measures[0]->info.name;
  if (reader.find(first + "_low") != nullptr) {
    const std::vector<double> low = reader.numbers(first + "_low"), high = reader.numbers(first + "_high");
    Json lows = Json::array(), highs = Json::array();
    for (std::size_t f = 0; f < factors.size(); ++f) {
      lows.push_back(numbers(low, f * codes.size(), codes.size()));
      highs.push_back(numbers(high, f * codes.size(), codes.size()));
    }
    result["tornado"] = {{"label", measures[0]->info.long_name},
                         {"unit", measures[0]->info.units},
                         {"middle", numbers(reader.numbers(first + "_middle"), 0, codes.size())},
                         {"low", lows},
                         {"high", highs},
                         {"levels",
                          {100.0 * reader.number_attribute("tornado_low").value_or(0.05),
                           100.0 * reader.number_attribute("tornado_high").value_or(0.95)}}};
  }
  return result;
}

}  // namespace entrepot
