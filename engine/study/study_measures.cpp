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

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(trimmed(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// NAME and the groups that stand in brackets behind it.
struct Asked {
  std::string name;
  std::vector<std::string> groups;
  bool sound = true;
};

Asked taken_apart(const std::string& text) {
  Asked asked;
  const std::size_t open = text.find('[');
  asked.name = trimmed(std::string_view(text).substr(0, open));
  if (open == std::string::npos) return asked;
  asked.sound = text.back() == ']' && text.size() > open + 2;
  if (asked.sound) asked.groups = split(std::string_view(text).substr(open + 1, text.size() - open - 2), ';');
  return asked;
}

/// The members of one group in rising order; all of `count` where it is empty or absent.
template <class Resolve>
std::vector<Index> members_of(const Asked& asked, std::size_t group, Index count, const Resolve& resolve) {
  std::vector<Index> members;
  if (group >= asked.groups.size() || asked.groups[group].empty()) {
    for (Index k = 0; k < count; ++k) members.push_back(k);
    return members;
  }
  for (const std::string& name : split(asked.groups[group], ',')) {
    const std::vector<Index> some = resolve(name);
    members.insert(members.end(), some.begin(), some.end());
  }
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

template <class Variables>
auto find_variable(const Variables& variables, const std::string& name) {
  const auto found = std::find_if(variables.begin(), variables.end(), [&](const auto& v) { return v.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

}  // namespace

StudyMeasures::StudyMeasures(const std::vector<LocatedText>& names, const World& world, const Selector& selector,
                             Problems& problems) {
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
    std::size_t groups = 1;
    if (const auto* country = find_variable(country_variables(), asked.name)) {
      pick.country = describe(country);
    } else if (const auto* sector = find_variable(sector_variables(), asked.name)) {
      pick.sector = describe(sector);
      groups = 2;
    } else if (const auto* trade = find_variable(trade_variables(), asked.name)) {
      pick.trade = describe(trade);
      groups = 3;
    } else {
      wrong(fmt::format("there is no result '{}'{}", asked.name, suggestion(asked.name, known)));
      continue;
    }
    if (!seen.insert(asked.name).second) {
      wrong(fmt::format("'{}' is asked for twice", asked.name));
      continue;
    }
    if (asked.groups.size() > groups) {
      wrong(fmt::format("'{}' takes {}", asked.name,
                        groups == 1   ? "countries alone, like welfare[IRN, EAEU]"
                        : groups == 2 ? "countries and sectors, like output[IRN; food]"
                                      : "exporters, sectors and importers, like trade[IRN; food; EAEU]"));
      continue;
    }
    column.name = asked.name;
    const std::size_t before = problems.all().size();
    // Places are countries, or all locations of these.
    const bool by_location = pick.country == nullptr;
    const auto places_of = [&](std::size_t group) {
      std::vector<Index> places;
      const std::vector<Index> countries =
          members_of(asked, group, world.country_count(), [&](const std::string& name) {
            const Selection named = selector.countries_named({name, text.where}, "measures", problems);
            if (named.members.empty() && named.may_be_empty) wrong(fmt::format("'{}' has no members", name));
            return named.members;
          });
      if (!by_location) return countries;
      for (Index l = 0; l < world.location_count(); ++l)
        if (holds(countries, world.country_of_location(l))) places.push_back(l);
      return places;
    };
    pick.places = places_of(0);
    if (by_location)
      pick.sectors = members_of(asked, 1, world.sector_count(), [&](const std::string& name) {
        return selector.sectors_named({name, text.where}, "measures", problems).members;
      });
    if (pick.trade != nullptr) pick.importers = places_of(2);
    if (problems.all().size() > before) continue;

    const auto dimension = [&](const char* name, std::size_t group, const std::vector<Index>& members,
                               const auto& all) {
      const bool whole = group >= asked.groups.size() || asked.groups[group].empty();
      RowColumn::Dimension result{whole ? name : asked.name + "_" + name, {}};
      for (const Index k : members) {
        result.labels.push_back(all[at(k)].code);
        if constexpr (requires { all[at(k)].name; }) result.names.push_back(all[at(k)].name);
      }
      return result;
    };
    const auto places = [&](const char* name, std::size_t group, const std::vector<Index>& members) {
      return by_location && zones ? dimension(name, group, members, world.locations)
                                  : dimension(name, group, members, world.countries);
    };
    if (pick.trade != nullptr)
      column.dimensions = {dimension("sector", 1, pick.sectors, world.sectors), places("exporter", 0, pick.places),
                           places("importer", 2, pick.importers)};
    else if (pick.sector != nullptr)
      column.dimensions = {places(zones ? "location" : "country", 0, pick.places),
                           dimension("sector", 1, pick.sectors, world.sectors)};
    else
      column.dimensions = {places("country", 0, pick.places)};
    for (const RowColumn::Dimension& one : column.dimensions) column.count *= one.labels.size();
    column.first = values_;
    values_ += column.count;
    scope_.sectors = scope_.sectors || pick.country == nullptr;
    scope_.trade = scope_.trade || !without_trade().contains(asked.name);
    picks_.push_back(std::move(pick));
    columns_.push_back(std::move(column));
  }
}

std::vector<StudyMeasures::Named> StudyMeasures::numbers() const {
  std::vector<Named> result;
  for (std::size_t c = 0; c < picks_.size(); ++c) {
    const Pick& pick = picks_[c];
    const RowColumn& column = columns_[c];
    const auto label = [&](std::size_t dimension, std::size_t k) { return column.dimensions[dimension].labels[k]; };
    for (std::size_t a = 0; pick.country != nullptr && a < pick.places.size(); ++a)
      result.push_back(
          {fmt::format("{}[{}]", column.name, label(0, a)), {.by_country = pick.country, .place = pick.places[a]}, c});
    for (std::size_t a = 0; pick.sector != nullptr && a < pick.places.size(); ++a)
      for (std::size_t b = 0; b < pick.sectors.size(); ++b)
        result.push_back({fmt::format("{}[{}; {}]", column.name, label(0, a), label(1, b)),
                          {.by_sector = pick.sector, .place = pick.places[a], .sector = pick.sectors[b]},
                          c});
    for (std::size_t b = 0; pick.trade != nullptr && b < pick.sectors.size(); ++b)
      for (std::size_t a = 0; a < pick.places.size(); ++a)
        for (std::size_t m = 0; m < pick.importers.size(); ++m)
          result.push_back(
              {fmt::format("{}[{}; {}; {}]", column.name, label(1, a), label(0, b), label(2, m)),
               {.trade = pick.trade, .place = pick.places[a], .sector = pick.sectors[b], .importer = pick.importers[m]},
               c});
  }
  return result;
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
        for (const Index j : pick.sectors) values.push_back(all.size() > 0 ? all(l, j) : 0.0);
    } else {
      const Bilateral& all = measures.*pick.trade;
      for (const Index j : pick.sectors)
        for (const Index i : pick.places)
          for (const Index m : pick.importers) values.push_back(all.empty() ? 0.0 : all(m, i, j));
    }
  }
  return values;
}

}  // namespace entrepot
