#include "recipe/tariff_schedule.hpp"

#include <tuple>

#include "world/blocs.hpp"

namespace entrepot {

namespace {

const std::map<std::string, std::string> kStageNames = {{"raw", "Raw materials"},
                                                        {"intermediate", "Intermediate goods"},
                                                        {"consumer", "Consumer goods"},
                                                        {"capital", "Capital goods"}};

class Averages {
 public:
  Averages(const Recipe& recipe, const ProductProfile& profile, const std::map<std::string, double>& gdp)
      : recipe_(recipe), profile_(profile), gdp_(gdp) {}

  /// Of one country; false where WITS has none.
  bool of(const std::string& iso3, const std::string& stage, double& rate) const {
    return profile_.find(iso3, "tariff_weighted_pct", kStageNames.at(stage), rate);
  }
  /// Of one of the recipe's countries.
  bool of(Index country, const std::string& stage, double& rate) const {
    double sum = 0.0, weight = 0.0, one = 0.0;
    for (const auto& [iso3, size] : gdp_) {
      if (recipe_.region_of(iso3) != country || !of(iso3, stage, one)) continue;
      sum += size * one;
      weight += size;
    }
    rate = weight > 0.0 ? sum / weight : 0.0;
    return weight > 0.0;
  }

 private:
  const Recipe& recipe_;
  const ProductProfile& profile_;
  const std::map<std::string, double>& gdp_;
};

std::vector<bool> countries_of(const Recipe& recipe, const RecipeTables& tables, const std::string& place) {
  std::vector<bool> chosen(recipe.countries.size(), place == "*");
  const auto bloc = tables.blocs.find(place);
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const RecipeCountry& country = recipe.countries[k];
    if (country.code == place) chosen[k] = true;
    if (bloc != tables.blocs.end() && !country.rest &&
        all_in({country.code, country.name, country.members}, bloc->second)) {
      chosen[k] = true;
    }
  }
  return chosen;
}

bool covers(const std::string& item, const RecipeSector& sector) {
  if (item == "goods") return sector.is_good();
  if (item == "industrial") return sector.is_good() && sector.code != "agriculture" && sector.code != "food";
  return item == sector.code;
}

}  // namespace

Bilateral tariff_rates(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                       const std::map<std::string, double>& gdp) {
  const Index countries = recipe.country_count(), sectors = recipe.sector_count();
  Bilateral rates(countries, countries, sectors);
  const Averages averages(recipe, profile, gdp);
  std::map<std::tuple<Index, Index, Index>, SourceLocation> missing;  // until a later rule fills it
  for (const TariffRule& rule : tables.tariffs) {
    const std::vector<bool> importers = countries_of(recipe, tables, rule.importer);
    const std::vector<bool> exporters = countries_of(recipe, tables, rule.exporter);
    for (Index k = 0; k < sectors; ++k) {
      const RecipeSector& sector = recipe.sectors[static_cast<std::size_t>(k)];
      if (!covers(rule.item, sector)) continue;
      for (Index n = 0; n < countries; ++n) {
        if (!importers[static_cast<std::size_t>(n)]) continue;
        double rate = rule.rate;
        bool found = true;
        if (rule.from_profile) {
          found = sector.is_good() &&
                  (rule.profile_country.empty() ? averages.of(n, sector.stage, rate)
                                                : averages.of(rule.profile_country, sector.stage, rate));
        }
        for (Index i = 0; i < countries; ++i) {
          if (!exporters[static_cast<std::size_t>(i)] || i == n) continue;
          if (found) {
            rates(n, i, k) = rate;
            missing.erase({n, i, k});
          } else {
            missing.insert_or_assign({n, i, k}, rule.where);
          }
        }
      }
    }
  }
  Problems problems;
  std::vector<bool> told(recipe.countries.size(), false);
  for (const auto& [flow, where] : missing) {
    const auto n = static_cast<std::size_t>(std::get<0>(flow));
    if (told[n]) continue;
    told[n] = true;
    problems.add(where, "rate", "WITS has no averages for the tariffs of " + recipe.countries[n].code);
  }
  problems.throw_if_any();
  return rates;
}

}  // namespace entrepot
