#include "recipe/build_baseline.hpp"

#include <algorithm>

#include "recipe/assemble.hpp"
#include "recipe/goods_trade.hpp"
#include "recipe/product_mix.hpp"
#include "recipe/published_tables.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/services_trade.hpp"
#include "recipe/structure.hpp"
#include "recipe/tariff_schedule.hpp"
#include "recipe/use_split.hpp"

namespace entrepot {

namespace {

struct Sources {
  CountryNames names;
  ReportedTrade exports, imports;
  PairFigures earlier;
  ServicesTrade services;
  GdpTable gdp;
  ProductProfile profile;
  std::map<std::string, double> elasticities;
};

Sources read_sources(const Recipe& recipe, const std::filesystem::path& raw) {
  const auto file = [&](const std::string& role) { return raw / recipe.raw.at(role); };
  Sources sources;
  sources.names = CountryNames::read(recipe.table("country_names"));
  sources.exports = read_comtrade(file("goods_exports"), sources.names, recipe.info.year, true);
  sources.imports = read_comtrade(file("goods_imports"), sources.names, recipe.info.year, false);
  sources.earlier = read_direction_of_trade(file("goods_trade_before"), sources.names, recipe.cif_fob_factor);
  sources.services = read_services(file("services_exports"));
  sources.gdp = read_gdp(file("gdp"), sources.names, recipe.info.year);
  sources.profile = ProductProfile::read(file("product_profile"));
  sources.elasticities = read_elasticities(file("elasticities"));
  return sources;
}

/// GDP by country of the recipe, million USD: the sum over members; the rest is what the world leaves, countries that
/// come from the estimates being outside the source's world.
Vector gdp_by_country(const Recipe& recipe, const RecipeTables& tables, const GdpTable& published) {
  Problems problems;
  Vector gdp = Vector::Zero(recipe.country_count());
  double rest = published.world;
  for (Index n = 0; n < recipe.country_count(); ++n) {
    for (const std::string& member : recipe.countries[static_cast<std::size_t>(n)].members) {
      const auto found = published.value.find(member);
      const auto estimate = std::find_if(tables.estimates.begin(), tables.estimates.end(), [&](const Estimate& each) {
        return each.quantity == "gdp" && each.country == member;
      });
      if (estimate != tables.estimates.end()) {
        gdp(n) += estimate->value;
      } else if (found != published.value.end()) {
        gdp(n) += found->second;
        rest -= found->second;
      } else {
        problems.add({recipe.raw.at("gdp"), 0, 0}, member,
                     "no GDP is published for this country in " + std::to_string(recipe.info.year));
      }
    }
  }
  problems.throw_if_any();
  gdp(recipe.rest()) = rest;
  return gdp;
}

/// θ by sector: the mean of the GTAP sectors with an estimate, unless the estimates state it.
Vector trade_elasticities(const Recipe& recipe, const RecipeTables& tables,
                          const std::map<std::string, double>& published) {
  Problems problems;
  Vector theta(recipe.sector_count());
  for (Index k = 0; k < recipe.sector_count(); ++k) {
    const RecipeSector& sector = recipe.sectors[static_cast<std::size_t>(k)];
    double sum = 0.0, count = 0.0;
    for (const std::string& code : sector.elasticities) {
      const auto found = published.find(code);
      if (found == published.end()) continue;
      sum += found->second;
      count += 1.0;
    }
    for (const Estimate& estimate : tables.estimates) {
      if (estimate.quantity != "theta" || estimate.item != sector.code) continue;
      sum = estimate.value;
      count = 1.0;
    }
    if (count == 0.0)
      problems.add({recipe.file.string(), 0, 0}, sector.code,
                   "this sector has no trade elasticity, published or estimated");
    theta(k) = sum / count;
  }
  problems.throw_if_any();
  return theta;
}

/// θ of other sources, which the estimates name theta_NAME. Throws InputError where a sector is left out.
std::vector<ThetaSet> alternative_elasticities(const Recipe& recipe, const RecipeTables& tables) {
  std::map<std::string, Vector> sets;
  for (const Estimate& estimate : tables.estimates) {
    if (estimate.quantity.rfind("theta_", 0) != 0) continue;
    const auto set = sets.try_emplace(estimate.quantity.substr(6), Vector::Zero(recipe.sector_count())).first;
    set->second(recipe.find_sector(estimate.item)) = estimate.value;
  }
  Problems problems;
  std::vector<ThetaSet> result;
  for (const auto& [name, theta] : sets) {
    for (Index k = 0; k < recipe.sector_count(); ++k)
      if (!(theta(k) > 0.0))
        problems.add({recipe.table("estimates").string(), 0, 0}, "theta_" + name,
                     "these elasticities lack one above 0 of " + recipe.sectors[static_cast<std::size_t>(k)].code);
    result.push_back({name, theta});
  }
  problems.throw_if_any();
  return result;
}

/// Exports that the estimates add, importer × exporter × sector, million USD.
void add_estimated_exports(const Recipe& recipe, const RecipeTables& tables, Bilateral& flow, double& total) {
  for (const Estimate& estimate : tables.estimates) {
    if (estimate.quantity != "exports") continue;
    const Index i = recipe.region_of(estimate.country), n = recipe.region_of(estimate.partner);
    if (i == n) continue;
    flow(n, i, recipe.find_sector(estimate.item)) += estimate.value;
    total += estimate.value;
  }
}

/// Goods and services between countries: receipts, importer × exporter × sector, million USD.
Bilateral trade_between_countries(const Recipe& recipe, const RecipeTables& tables, const Sources& sources,
                                  const Structure& structure, const Vector& gdp, BuildReport& report) {
  GoodsTrade goods = bilateral_goods_trade(recipe, sources.exports, sources.imports, sources.earlier);
  place_undisclosed_exports(recipe, tables, goods);
  report.goods = {.reported = goods.by_origin[0],
                  .undisclosed = goods.undisclosed,
                  .unplaced = goods.unplaced,
                  .mirrored = goods.by_origin[1],
                  .earlier = goods.by_origin[2],
                  .growth = goods.growth};
  Bilateral receipts = goods_by_sector(recipe, tables, sources.profile, structure, goods.total);
  add_estimated_exports(recipe, tables, receipts, report.goods.estimated);
  const ServicesFlows services = services_by_sector(recipe, tables, sources.services, structure, gdp);
  report.services_published = services.published;
  report.services_total = services.total;
  report.services_growth = services.growth;
  for (std::size_t k = 0; k < receipts.values().size(); ++k) {
    double& flow = receipts.values()[k];
    flow += services.flow.values()[k];
    if (flow < recipe.drop_below) {
      report.dropped += flow;
      flow = 0.0;
    }
  }
  return receipts;
}

/// Published goods trade of a region with other regions, million USD; negative where no member reports.
void published_goods(const Recipe& recipe, const ReportedTrade& exports, const ReportedTrade& imports,
                     std::vector<CountrySize>& sizes) {
  const auto sum = [&](const ReportedTrade& trade, bool of_exporter, double CountrySize::*figure) {
    for (const auto& [iso3, total] : trade.total) {
      double& size = sizes[static_cast<std::size_t>(recipe.region_of(iso3))].*figure;
      size = std::max(size, 0.0) + total;
    }
    for (const auto& [pair, value] : trade.value) {
      const Index i = recipe.region_of(pair.first), n = recipe.region_of(pair.second);
      if (i == n && trade.total.count(of_exporter ? pair.first : pair.second))
        sizes[static_cast<std::size_t>(i)].*figure -= value;
    }
  };
  sum(exports, true, &CountrySize::goods_exports_published);
  sum(imports, false, &CountrySize::goods_imports_published);
}

/// The size of each country as built; `sizes` already holds what is published of trade.
void measure(const Recipe& recipe, const World& world, const Vector& gdp, std::vector<CountrySize>& sizes) {
  const Vector revenue = tariff_revenue(world), factor = factor_income(world);
  const Index countries = world.country_count();
  for (Index n = 0; n < countries; ++n) {
    CountrySize& size = sizes[static_cast<std::size_t>(n)];
    size.code = recipe.countries[static_cast<std::size_t>(n)].code;
    size.gdp = factor(n) + revenue(n);
    size.gdp_published = gdp(n);
    size.deficit = world.deficit(n);
    double own = 0.0, all = 0.0;
    for (Index k = 0; k < world.sector_count(); ++k) {
      const bool good = recipe.sectors[static_cast<std::size_t>(k)].is_good();
      own += world.expenditure(n, n, k);
      for (Index i = 0; i < countries; ++i) {
        all += world.expenditure(n, i, k);
        if (i == n) continue;
        (good ? size.goods_exports : size.services_exports) += world.receipts_at(i, n, k);
        (good ? size.goods_imports : size.services_imports) += world.receipts_at(n, i, k);
      }
    }
    size.home_share = own / all;
  }
}

}  // namespace

Baseline build_baseline(const std::filesystem::path& recipe_file, const std::filesystem::path& raw_folder,
                        BuildReport& report) {
  report = {};
  const Recipe recipe = read_recipe(recipe_file);
  const RecipeTables tables = read_recipe_tables(recipe);
  const Sources sources = read_sources(recipe, raw_folder);
  const std::filesystem::path table_file = raw_folder / recipe.raw.at("input_output_table");
  const Structure structure =
      read_structure(recipe, tables, read_world_table(table_file), table_file.filename().string());
  report.negative_final_use = structure.folded;

  const Vector gdp = gdp_by_country(recipe, tables, sources.gdp);
  const Bilateral receipts = trade_between_countries(recipe, tables, sources, structure, gdp, report);
  const Ingredients ingredients = {
      .receipts = receipts,
      .tariff = tariff_rates(recipe, tables, sources.profile, sources.gdp.value, receipts),
      .gdp = gdp,
      .theta = trade_elasticities(recipe, tables, sources.elasticities),
  };
  Baseline baseline;
  baseline.info = recipe.info;
  baseline.world = assemble(recipe, tables, structure, ingredients, report);
  baseline.world.theta_sets = alternative_elasticities(recipe, tables);
  report.countries.assign(recipe.countries.size(), {});
  published_goods(recipe, sources.exports, sources.imports, report.countries);
  measure(recipe, baseline.world, gdp, report.countries);
  if (recipe.uses == 2) {
    baseline.world = split_uses(baseline.world, intermediate_shares(recipe, tables, structure));
    report.balance = check_balance(baseline.world);
  }
  return baseline;
}

}  // namespace entrepot
