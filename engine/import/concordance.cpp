#include "import/concordance.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/csv.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

bool is_number(const std::string& text) {
  return !text.empty() && text.size() < 9 && text.find_first_not_of("0123456789") == std::string::npos;
}

/// Every name a country of the baseline answers to.
std::map<std::string, Index> country_places(const World& world) {
  std::map<std::string, Index> place;
  for (Index n = 0; n < world.country_count(); ++n)
    for (const std::string& member : world.countries[at(n)].members) place[member] = n;
  for (Index n = 0; n < world.country_count(); ++n) place[world.countries[at(n)].code] = n;
  return place;
}

}  // namespace

std::map<int, Index> read_country_codes(const std::filesystem::path& file, const World& world,
                                        const std::string& rest) {
  const CsvTable table = CsvTable::read(file);
  const bool own = table.has_column("country_code");
  const std::size_t code = table.column(own ? "country_code" : "code"),
                    country = table.column(own ? "country_iso3" : "country");
  const std::map<std::string, Index> place = country_places(world);
  std::vector<std::string> known;
  for (const auto& [name, n] : place) known.push_back(name);
  if (!rest.empty() && place.count(rest) == 0)
    throw InputError({}, "--rest",
                     fmt::format("there is no country '{}' in the baseline{}", rest, suggestion(rest, known)));
  Problems problems;
  std::map<int, Index> result;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string &number = table.text(row, code), &name = table.text(row, country);
    if (!is_number(number)) {
      problems.add(table.where(row), table.columns()[code], "'" + number + "' is not a numeric country code");
      continue;
    }
    const auto found = place.find(name);
    Index n = kLeftOut;
    if (found != place.end())
      n = found->second;
    else if (!name.empty() && !rest.empty())
      n = place.at(rest);
    else if (!name.empty())
      problems.add(table.where(row), table.columns()[country],
                   fmt::format("there is no country '{}' in the baseline, nor a region with this member{}; --rest "
                               "CODE takes all others",
                               name, suggestion(name, known)));
    if (!result.emplace(std::stoi(number), n).second)
      problems.add(table.where(row), table.columns()[code], "the code " + number + " is listed twice");
  }
  problems.throw_if_any();
  return result;
}

ProductCodes::ProductCodes(const std::filesystem::path& file, const World& world)
    : covered_(world.sectors.size(), false) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t product = table.column("product"), sector = table.column("sector");
  const std::vector<std::string> known = codes_of(world.sectors);
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string &code = table.text(row, product), &name = table.text(row, sector);
    if (code.size() != 2 && code.size() != 4 && code.size() != 6)
      problems.add(
          table.where(row), "product",
          fmt::format("'{}' has {} digits; 2, 4 or 6 are expected (is a leading zero lost?)", code, code.size()));
    const auto found = std::find(known.begin(), known.end(), name);
    Index j = kLeftOut;
    if (found != known.end()) {
      j = static_cast<Index>(found - known.begin());
      covered_[at(j)] = true;
    } else if (!name.empty()) {
      problems.add(table.where(row), "sector",
                   fmt::format("there is no sector '{}' in the baseline{}", name, suggestion(name, known)));
    }
    if (!sector_.emplace(code, j).second)
      problems.add(table.where(row), "product", "the product " + code + " is listed twice");
  }
  problems.throw_if_any();
}

Index ProductCodes::sector(std::string_view product, bool& found) const {
  for (const std::size_t length : {std::size_t{6}, std::size_t{4}, std::size_t{2}}) {
    if (product.size() < length) continue;
    const auto entry = sector_.find(std::string(product.substr(0, length)));
    found = entry != sector_.end();
    if (found) return entry->second;
  }
  found = false;
  return kLeftOut;
}

}  // namespace entrepot
