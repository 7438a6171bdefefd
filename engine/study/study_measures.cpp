#include "study_measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "results/result_variables.hpp"

namespace entrepot {

namespace {

/// What is measured without flows: everything else needs them.
const std::set<std::string>& without_trade() {
  static const std::set<std::string> names = {"welfare",         "welfare_usd",    "real_gdp",           "real_wage",
                                              "consumer_prices", "income",         "income_base",        "gdp",
                                              "gdp_base",        "tariff_revenue", "export_tax_revenue", "rent",
                                              "deficit",         "output",         "value_added",        "employment",
                                              "producer_price",  "price",          "input_price"};
  return names;
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

/// NAME and what stands in brackets behind it.
struct Asked {
  std::string name;
  std::vector<std::string> countries;
  bool sound = true;
};

Asked taken_apart(const std::string& text) {
  Asked asked;
  const std::size_t open = text.find('[');
  asked.name = trimmed(std::string_view(text).substr(0, open));
  if (open == std::string::npos) return asked;
  asked.sound = text.back() == ']' && text.size() > open + 2;
  if (!asked.sound) return asked;
  std::string_view inside(text.data() + open + 1, text.size() - open - 2);
  while (true) {
    const std::size_t comma = inside.find(',');
    asked.countries.push_back(trimmed(inside.substr(0, comma)));
    if (comma == std::string_view::npos) break;
    inside.remove_prefix(comma + 1);
  }
  return asked;
}

template <class Variables>
auto find_variable(const Variables& variables, const std::string& name) {
  const auto found = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

}  // namespace

StudyMeasures::StudyMeasures(const std::vector<LocatedText>& names, const World& world, const Selector& selector,
                             Problems& problems)
    : sectors_(world.sector_count()) {
  std::vector<std::string> known;
  for (const auto& variable : country_variables()) known.emplace_back(variable.name);
  for (const auto& variable : sector_variables()) known.emplace_back(variable.name);
  for (const auto& variable : trade_variables()) known.emplace_back(variable.name);
  std::set<std::string> seen;
  const bool zones = world.location_count() > world.country_count();
  for (const LocatedText& text : names) {
    const Asked asked = taken_apart(text.text);
    const auto wrong = [&](const std::string& sentence) { problems.add(text.where, "measures", sentence); };
    if (!asked.sound) {
      wrong(fmt::format("'{}' is no measure; a name is expected, or a name and countries like welfare[IRN, EAEU]",
                        text.text));
      continue;
    }
    Pick pick;
    RowColumn column;
    const auto describe = [&](const auto* variable) {
      column.units = variable->units;
      column.long_name = variable->long_name;
      column.description = variable->description;
      return variable->values;
    };
    if (const auto* country = find_variable(country_variables(), asked.name))
      pick.country = describe(country);
    else if (const auto* sector = find_variable(sector_variables(), asked.name))
      pick.sector = describe(sector);
    else if (const auto* trade = find_variable(trade_variables(), asked.name))
      pick.trade = describe(trade);
    else {
      wrong(fmt::format("there is no result '{}'{}", asked.name, suggestion(asked.name, known)));
      continue;
    }
    if (!seen.insert(asked.name).second) {
      wrong(fmt::format("'{}' is asked for twice", asked.name));
      continue;
    }
    column.name = asked.name;
    std::vector<Index> countries;
    for (const std::string& country : asked.countries) {
      const Selection chosen = selector.countries_named({country, text.where}, "measures", problems);
      countries.insert(countries.end(), chosen.members.begin(), chosen.members.end());
    }
    std::sort(countries.begin(), countries.end());
    countries.erase(std::unique(countries.begin(), countries.end()), countries.end());
    const bool all = asked.countries.empty();
    const bool by_location = pick.country == nullptr && zones;
    RowColumn::Dimension places{by_location ? "location" : "country", {}};
    if (!all) places.name = asked.name + "_" + places.name;
    const Index most = by_location || pick.country == nullptr ? world.location_count() : world.country_count();
    for (Index place = 0; place < most; ++place) {
      const Index country = pick.country != nullptr ? place : world.country_of_location(place);
      if (!all && !std::binary_search(countries.begin(), countries.end(), country)) continue;
      pick.places.push_back(place);
      places.labels.push_back(by_location ? world.locations[at(place)].code : world.countries[at(country)].code);
    }
    if (pick.places.empty()) continue;  // a name that was unknown
    RowColumn::Dimension sectors{"sector", codes_of(world.sectors)};
    if (pick.trade != nullptr) {
      RowColumn::Dimension exporters = places, importers = places;
      exporters.name = all ? "exporter" : asked.name + "_exporter";
      importers.name = all ? "importer" : asked.name + "_importer";
      column.dimensions = {sectors, exporters, importers};
    } else if (pick.sector != nullptr) {
      column.dimensions = {places, sectors};
    } else {
      column.dimensions = {places};
    }
    for (const RowColumn::Dimension& dimension : column.dimensions) column.count *= dimension.labels.size();
    column.first = values_;
    values_ += column.count;
    scope_.sectors = scope_.sectors || pick.country == nullptr;
    scope_.trade = scope_.trade || !without_trade().contains(asked.name);
    picks_.push_back(std::move(pick));
    columns_.push_back(std::move(column));
  }
}

std::vector<double> StudyMeasures::pick(const Measures& measures) const {
  std::vector<double> values;
  values.reserve(values_);
  for (const Pick& pick : picks_) {
    if (pick.country != nullptr) {
      const Vector& all = measures.*pick.country;
      for (const Index n : pick.places) values.push_back(all.size() > 0 ? all(n) : 0.0);
    } else if (pick.sector != nullptr) {
      const Matrix& all = measures.*pick.sector;
      for (const Index l : pick.places)
        for (Index j = 0; j < sectors_; ++j) values.push_back(all.size() > 0 ? all(l, j) : 0.0);
    } else {
      const Bilateral& all = measures.*pick.trade;
      for (Index j = 0; j < sectors_; ++j)
        for (const Index i : pick.places)
          for (const Index m : pick.places) values.push_back(all.empty() ? 0.0 : all(m, i, j));
    }
  }
  return values;
}

}  // namespace entrepot
