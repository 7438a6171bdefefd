#include <algorithm>
#include <map>

#include "baseline_files.hpp"
#include "codes.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

/// Which new entry each old one becomes, and the new codes in the order of first appearance.
struct Grouping {
  std::vector<Index> to;
  std::vector<std::string> codes;
  std::vector<Index> first;  ///< an old member of each
};

Grouping group(const std::vector<std::string>& codes, const std::vector<std::pair<std::string, std::string>>& pairs,
               const char* what) {
  Problems problems;
  std::map<std::string, std::string> target;
  for (const auto& [code, becomes] : pairs) {
    if (std::find(codes.begin(), codes.end(), code) == codes.end())
      problems.add({}, becomes,
                   std::string("there is no ") + what + " '" + code + "' in this baseline" + suggestion(code, codes));
    if (!target.emplace(code, becomes).second) problems.add({}, becomes, "'" + code + "' is merged twice");
  }
  for (const std::string& code : codes) {
    const auto becomes_it = [&](const auto& pair) { return pair.second == code; };
    if (target.count(code) == 0 && std::any_of(pairs.begin(), pairs.end(), becomes_it))
      problems.add({}, code,
                   std::string("this new code is already that of another ") + what +
                       "; merge that one too, or use another code");
  }
  problems.throw_if_any();
  Grouping result;
  std::map<std::string, Index> place;
  for (std::size_t k = 0; k < codes.size(); ++k) {
    const auto found = target.find(codes[k]);
    const std::string& code = found == target.end() ? codes[k] : found->second;
    const auto [entry, added] = place.emplace(code, static_cast<Index>(result.codes.size()));
    if (added) {
      result.codes.push_back(code);
      result.first.push_back(static_cast<Index>(k));
    }
    result.to.push_back(entry->second);
  }
  return result;
}

/// "Austria", "Austria, France" or "Austria and 26 others".
std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kMostNamed = 3;
  if (names.size() > kMostNamed) return names.front() + " and " + std::to_string(names.size() - 1) + " others";
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

World aggregate(const World& world, const Merge& merge) {
  const Grouping countries = group(codes_of(world.countries), merge.country_group, "country"),
                 sectors = group(codes_of(world.sectors), merge.sector_group, "sector");
  std::vector<Country> country_list;
  for (std::size_t k = 0; k < countries.codes.size(); ++k) {
    Country country{countries.codes[k], world.countries[at(countries.first[k])].name, {}};
    const bool merged = std::count(countries.to.begin(), countries.to.end(), static_cast<Index>(k)) > 1;
    std::vector<std::string> names;
    for (std::size_t n = 0; n < countries.to.size(); ++n) {
      if (countries.to[n] != static_cast<Index>(k)) continue;
      const Country& old = world.countries[n];
      names.push_back(old.name);
      if (!old.members.empty())
        country.members.insert(country.members.end(), old.members.begin(), old.members.end());
      else if (merged || old.code != country.code)
        country.members.push_back(old.code);
    }
    country.name = joined(names);
    country_list.push_back(std::move(country));
  }
  std::vector<Sector> sector_list;
  for (std::size_t k = 0; k < sectors.codes.size(); ++k) {
    std::vector<std::string> names;
    SectorKind kind = world.sectors[at(sectors.first[k])].kind;
    for (std::size_t j = 0; j < sectors.to.size(); ++j) {
      if (sectors.to[j] != static_cast<Index>(k)) continue;
      names.push_back(world.sectors[j].name);
      if (world.sectors[j].kind != kind) kind = SectorKind::kUnmarked;  // goods and services together
    }
    sector_list.push_back({sectors.codes[k], joined(names), kind});
  }

  World result = World::of_shape(std::move(country_list), std::move(sector_list), world.uses);
  result.name = world.name;
  result.year = world.year;
  const Index n_new = result.country_count(), j_new = result.sector_count();
  const auto new_market = [&](Index m) {
    return result.market(m / world.location_count(), countries.to[at(world.location_of_market(m))]);
  };
  // Border values and receipts add up; rates are what the sums imply, so that revenues do too.
  Bilateral border(result.market_count(), n_new, j_new), received(result.market_count(), n_new, j_new);
  Vector theta = Vector::Zero(j_new), plain_theta = theta, weight = theta, members = theta;
  Vector trade = Vector::Zero(world.sector_count());  // between countries, by old sector
  for (Index j = 0; j < world.sector_count(); ++j) {
    const Index to = sectors.to[at(j)];
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const double x = world.expenditure(m, i, j), value = x / (1.0 + world.tariff_at(m, i, j));
        const Index mm = new_market(m), ii = countries.to[at(i)];
        result.expenditure(mm, ii, to) += x;
        border(mm, ii, to) += value;
        received(mm, ii, to) += world.receipts_at(m, i, j);
        if (world.location_of_market(m) == i) continue;
        theta(to) += value * world.theta(j);
        weight(to) += value;
        trade(j) += value;
      }
    plain_theta(to) += world.theta(j);
    members(to) += 1.0;
  }
  // Alternative elasticities: the trade-weighted mean of what is merged, like θ itself.
  for (const ThetaSet& set : world.theta_sets) {
    ThetaSet merged{set.name, Vector::Zero(j_new)};
    Vector plain = Vector::Zero(j_new);
    for (Index j = 0; j < world.sector_count(); ++j) {
      merged.theta(sectors.to[at(j)]) += trade(j) * set.theta(j);
      plain(sectors.to[at(j)]) += set.theta(j);
    }
    for (Index j = 0; j < j_new; ++j)
      merged.theta(j) = members(j) > 1.0 && weight(j) > 0.0 ? merged.theta(j) / weight(j) : plain(j) / members(j);
    result.theta_sets.push_back(std::move(merged));
  }
  result.tariff = Bilateral(result.market_count(), n_new, j_new);
  if (!world.export_tax.empty()) result.export_tax = result.tariff;
  for (Index j = 0; j < j_new; ++j) {
    result.theta(j) = members(j) > 1.0 && weight(j) > 0.0 ? theta(j) / weight(j) : plain_theta(j) / members(j);
    for (Index i = 0; i < n_new; ++i)
      for (Index m = 0; m < result.market_count(); ++m) {
        if (received(m, i, j) == 0.0) continue;
        result.tariff(m, i, j) = result.expenditure(m, i, j) / border(m, i, j) - 1.0;
        if (!world.export_tax.empty()) result.export_tax(m, i, j) = border(m, i, j) / received(m, i, j) - 1.0;
      }
  }
  for (Index l = 0; l < world.location_count(); ++l) {
    const Index to = countries.to[at(l)];
    for (Index j = 0; j < world.sector_count(); ++j) {
      result.value_added(to, sectors.to[at(j)]) += world.value_added(l, j);
      result.final_use(to, sectors.to[at(j)]) += world.final_use(l, j);
      for (Index k = 0; k < world.sector_count(); ++k)
        result.input[at(to)](sectors.to[at(k)], sectors.to[at(j)]) += world.input[at(l)](k, j);
    }
    result.deficit(to) += world.deficit(l);
  }
  return result;
}

}  // namespace entrepot
