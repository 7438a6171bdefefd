#include "cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ranking.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

bool has_places(const ResultVariable& variable) {
  return std::ranges::any_of(variable.info.dimensions, [](const std::string& dimension) {
    return dimension == "country" || dimension == "location" || dimension == "zone" || dimension == "exporter";
  });
}

[[noreturn]] void refuse(const ResultReader& reader, const std::string& key, const std::string& sentence) {
  throw InputError({reader.file().string(), 0, 0}, key, sentence);
}

/// The variable's dimension that a key stands for.
std::size_t key_dimension(const CellQuery& query, const std::string& key) {
  if (key != "partner") return query.variable.dimension(key);
  return query.variable.dimension(query.side == Side::kExporter ? "importer" : "exporter");
}

/// Which labels along one dimension are those of a country (code); all of them for "".
std::vector<bool> of_country(const ResultReader& reader, const std::vector<std::string>& labels,
                             const std::string& country) {
  const std::vector<std::string> places = reader.labels("exporter"), owners = reader.country_of_location();
  std::vector<bool> wanted;
  for (const std::string& label : labels) {
    const auto place = static_cast<std::size_t>(std::ranges::find(places, label) - places.begin());
    wanted.push_back(country.empty() || (place < places.size() ? owners[place] : label) == country);
  }
  return wanted;
}

/// Decides which cells are asked for, by their position along each dimension.
class Filter {
 public:
  Filter(const ResultReader& reader, const CellQuery& query) : query_(query), is_flow_(query.variable.is_flow()) {
    const ResultVariable& variable = query.variable;
    for (std::size_t d = 0; d < variable.labels.size(); ++d) {
      const std::string& dimension = variable.info.dimensions[d];
      std::vector<bool> wanted(variable.labels[d].size(), true);
      if (dimension == "sector" && !query.sector.empty()) {
        for (std::size_t k = 0; k < wanted.size(); ++k) wanted[k] = variable.labels[d][k] == query.sector;
      } else if (has_country(dimension)) {
        wanted = of_country(reader, variable.labels[d], query.country);
      }
      wanted_.push_back(std::move(wanted));
    }
    if (is_flow_) owners_ = reader.country_of_location();
  }

  bool operator()(const std::vector<std::size_t>& position) const {
    if (!is_flow_) {
      for (std::size_t d = 0; d < position.size(); ++d)
        if (!wanted_[d][position[d]]) return false;
      return true;
    }
    const std::size_t seller = position[1], buyer = position[2];  // sector, exporter, importer
    if (!wanted_[0][position[0]] || owners_[seller] == owners_[buyer]) return false;
    return (query_.side != Side::kImporter && wanted_[1][seller]) ||
           (query_.side != Side::kExporter && wanted_[2][buyer]);
  }

 private:
  static bool has_country(const std::string& dimension) {
    return dimension == "country" || dimension == "location" || dimension == "zone" || dimension == "exporter" ||
           dimension == "importer";
  }

  const CellQuery& query_;
  bool is_flow_;
  std::vector<std::vector<bool>> wanted_;  ///< dimension × label
  std::vector<std::string> owners_;        ///< country of each exporter and importer
};

/// The next cell's position, last dimension fastest.
void advance(std::vector<std::size_t>& position, const ResultVariable& variable) {
  for (std::size_t d = position.size(); d-- > 0;) {
    if (++position[d] < variable.labels[d].size()) return;
    position[d] = 0;
  }
}

}  // namespace

CellQuery query_of(const ResultReader& reader, const ShowOptions& options) {
  CellQuery query{reader.read(options.variable), {}, "", "", {}, Side::kEither};
  const std::string& name = options.variable;
  if (reader.has(name + "_base")) query.base = reader.read(name + "_base").values;
  if (!query.base.empty() && query.base.size() != query.variable.values.size())
    refuse(reader, name, fmt::format("'{0}' and '{0}_base' have different sizes: the file is damaged", name));
  if (!options.country.empty()) {
    query.country = find_code(reader, "country", options.country);
    if (!has_places(query.variable)) refuse(reader, "country", fmt::format("'{}' has no values by country", name));
  }
  if (!options.sector.empty()) {
    query.sector = find_code(reader, "sector", options.sector);
    if (!query.variable.has_dimension("sector"))
      refuse(reader, "sector", fmt::format("'{}' has no values by sector", name));
  }
  if (options.by.empty()) return query;
  if (options.by != "sector" && options.by != "partner") {
    refuse(reader, "by",
           fmt::format("'{}' can't be added up by{}", options.by, suggestion(options.by, {"sector", "partner"})));
  }
  const std::string dimension = options.by == "sector" ? "sector" : "exporter";
  if (!query.variable.has_dimension(dimension))
    refuse(reader, "by", fmt::format("'{}' has no values by {}", name, options.by));
  if (options.by == "partner" && query.country.empty()) {
    refuse(reader, "by", "partners are those of one country; name it with the option 'country'");
  }
  return query;
}

std::vector<CellSum> sums(const ResultReader& reader, const CellQuery& query) {
  const ResultVariable& variable = query.variable;
  std::vector<std::size_t> dimensions;
  std::size_t keys = 1;
  for (const std::string& key : query.keys) {
    dimensions.push_back(key_dimension(query, key));
    keys *= variable.labels[dimensions.back()].size();
  }
  std::vector<CellSum> all(keys);
  for (std::size_t key = 0; key < keys; ++key) all[key].key = key;
  std::vector<std::size_t> cells(keys, 0);
  const Filter is_wanted(reader, query);
  std::vector<std::size_t> position(variable.labels.size(), 0);
  for (std::size_t k = 0; k < variable.values.size(); ++k, advance(position, variable)) {
    if (!is_wanted(position)) continue;
    std::size_t key = 0;
    for (const std::size_t d : dimensions) key = key * variable.labels[d].size() + position[d];
    all[key].value += variable.values[k];
    if (!query.base.empty()) all[key].base = all[key].base.value_or(0.0) + query.base[k];
    if (++cells[key] > 1 && variable.info.units == "percent") {
      refuse(reader, "by",
             fmt::format("'{}' is in per cent, which can't be added up; leave out 'by'{}", variable.info.name,
                         query.country.empty() ? " or name a country" : ""));
    }
  }
  std::erase_if(all, [&](const CellSum& sum) { return cells[sum.key] == 0; });
  return all;
}

std::vector<std::string> key_labels(const CellQuery& query, std::size_t key) {
  std::vector<std::string> labels;
  for (std::size_t k = query.keys.size(); k-- > 0;) {
    const std::vector<std::string>& names = query.variable.labels[key_dimension(query, query.keys[k])];
    labels.insert(labels.begin(), names[key % names.size()]);
    key /= names.size();
  }
  return labels;
}

}  // namespace entrepot
