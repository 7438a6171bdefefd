#include "recipe/tariff_schedule.hpp"

#include <algorithm>
#include <utility>
#include <vector>

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

std::vector<bool> countries_of(const Recipe& recipe, const RecipeTables& tables, const std::string& place,
                               const std::string& day) {
  std::vector<bool> chosen(recipe.countries.size(), place == "*");
  const std::vector<std::string> bloc =
      tables.blocs.has(place) ? tables.blocs.members(place, day) : std::vector<std::string>{};
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const RecipeCountry& country = recipe.countries[k];
    if (country.code == place) chosen[k] = true;
    if (!bloc.empty() && !country.rest && all_in({country.code, country.name, country.members}, bloc)) chosen[k] = true;
  }
  return chosen;
}

bool covers(const std::string& item, const RecipeSector& sector) {
  if (item == "goods") return sector.is_good();
  if (item == "industrial") return sector.is_good() && sector.code != "agriculture" && sector.code != "food";
  return item == sector.code;
}

/// The rule that holds for each flow on a day; none where no rule names it.
class RulesOfDay {
 public:
  RulesOfDay(const Recipe& recipe, const RecipeTables& tables, const std::string& day)
      : countries_(recipe.country_count()),
        rule_(recipe.countries.size() * recipe.countries.size() * recipe.sectors.size()) {
    for (const auto* rules : {&tables.tariffs, &tables.agreements}) {
      for (const TariffRule& rule : *rules) {
        if (!rule.holds(day)) continue;
        const std::vector<bool> importers = countries_of(recipe, tables, rule.importer, day);
        const std::vector<bool> exporters = countries_of(recipe, tables, rule.exporter, day);
        for (Index k = 0; k < recipe.sector_count(); ++k) {
          if (!covers(rule.item, recipe.sectors[static_cast<std::size_t>(k)])) continue;
          for (Index n = 0; n < countries_; ++n)
            for (Index i = 0; i < countries_; ++i)
              if (importers[static_cast<std::size_t>(n)] && exporters[static_cast<std::size_t>(i)] && i != n)
                rule_[position(n, i, k)] = &rule;
        }
      }
    }
  }
  const TariffRule* at(Index importer, Index exporter, Index sector) const {
    return rule_[position(importer, exporter, sector)];
  }

 private:
  std::size_t position(Index n, Index i, Index k) const {
    return static_cast<std::size_t>((k * countries_ + n) * countries_ + i);
  }
  Index countries_;
  std::vector<const TariffRule*> rule_;
};

/// What partners without a preference pay, by profile and stage of processing.
class UnpreferredRates {
 public:
  UnpreferredRates(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                   const std::map<std::string, double>& gdp, const Bilateral& receipts)
      : recipe_(recipe), tables_(tables), profile_(profile), averages_(recipe, profile, gdp), receipts_(receipts) {}

  /// The rate of importer n by a rule that follows WITS; false where WITS has no average.
  bool find(const TariffRule& rule, Index n, const std::string& stage, double& rate) {
    const std::string& own = recipe_.countries[static_cast<std::size_t>(n)].code;
    const std::string& code = rule.profile_country.empty() ? own : rule.profile_country;
    const auto key = std::pair(code, stage);
    if (known_.count(key) == 0) {
      double average = 0.0;
      const bool found =
          rule.profile_country.empty() ? averages_.of(n, stage, average) : averages_.of(code, stage, average);
      known_[key] = found ? without_preferences(code, stage, average) : -1.0;
    }
    rate = known_[key];
    return rate >= 0.0;
  }

 private:
  double without_preferences(const std::string& code, const std::string& stage, double average) {
    const int year = profile_.year(code, "tariff_weighted_pct");
    const std::string day = year > 0 ? std::to_string(year) + "-07-01" : recipe_.reference_date;
    const RulesOfDay& rules = days_.try_emplace(day, recipe_, tables_, day).first->second;
    const Index single = recipe_.find_country(code);
    std::vector<bool> importers(recipe_.countries.size(), false), inside(recipe_.countries.size(), false);
    if (single >= 0) {
      importers[static_cast<std::size_t>(single)] = true;
    } else {
      for (const TariffRule& rule : tables_.tariffs)
        if (rule.profile_country == code) {
          importers = inside = countries_of(recipe_, tables_, rule.importer, day);
          break;
        }
    }
    double all = 0.0, paying = 0.0, preferential = 0.0;  // trade, trade without a preference, duty under one
    for (Index k = 0; k < recipe_.sector_count(); ++k) {
      if (recipe_.sectors[static_cast<std::size_t>(k)].stage != stage) continue;
      for (Index n = 0; n < recipe_.country_count(); ++n)
        for (Index i = 0; i < recipe_.country_count(); ++i) {
          if (i == n || !importers[static_cast<std::size_t>(n)] || inside[static_cast<std::size_t>(i)]) continue;
          const TariffRule* rule = rules.at(n, i, k);
          const double trade = receipts_(n, i, k);
          const bool preference = rule != nullptr && !rule->from.empty();
          all += trade;
          if (!preference) paying += trade;
          if (preference && rule->from_profile) paying += rule->rate * trade;
          if (preference && !rule->from_profile) preferential += rule->rate * trade;
        }
    }
    const double most = kMostOverAverage * average;
    if (!(paying * kMostOverAverage > all)) return all > 0.0 ? most : average;
    return std::clamp((average * all - preferential) / paying, 0.0, most);
  }

  const Recipe& recipe_;
  const RecipeTables& tables_;
  const ProductProfile& profile_;
  Averages averages_;
  const Bilateral& receipts_;
  std::map<std::string, RulesOfDay> days_;
  std::map<std::pair<std::string, std::string>, double> known_;
};

}  // namespace

Bilateral tariff_rates(const Recipe& recipe, const RecipeTables& tables, const ProductProfile& profile,
                       const std::map<std::string, double>& gdp, const Bilateral& receipts) {
  const Index countries = recipe.country_count(), sectors = recipe.sector_count();
  Bilateral rates(countries, countries, sectors);
  const RulesOfDay rules(recipe, tables, recipe.reference_date);
  UnpreferredRates unpreferred(recipe, tables, profile, gdp, receipts);
  Problems problems;
  std::vector<bool> told(recipe.countries.size(), false);
  for (Index k = 0; k < sectors; ++k) {
    const std::string& stage = recipe.sectors[static_cast<std::size_t>(k)].stage;
    for (Index n = 0; n < countries; ++n)
      for (Index i = 0; i < countries; ++i) {
        const TariffRule* rule = rules.at(n, i, k);
        if (rule == nullptr) continue;
        double rate = 1.0;
        if (rule->from_profile && (stage.empty() || !unpreferred.find(*rule, n, stage, rate))) {
          if (!told[static_cast<std::size_t>(n)])
            problems.add(
                rule->where, "rate",
                "WITS has no averages for the tariffs of " + recipe.countries[static_cast<std::size_t>(n)].code);
          told[static_cast<std::size_t>(n)] = true;
          continue;
        }
        rates(n, i, k) = rule->rate * rate;
      }
  }
  problems.throw_if_any();
  return rates;
}

}  // namespace entrepot
