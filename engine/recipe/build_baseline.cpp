#include "recipe/build_baseline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "recipe/country_balance.hpp"
#include "recipe/goods_trade.hpp"
#include "recipe/product_mix.hpp"
#include "recipe/published_tables.hpp"
#include "recipe/recipe.hpp"
#include "recipe/recipe_tables.hpp"
#include "recipe/services_trade.hpp"
#include "recipe/structure.hpp"
#include "recipe/tariff_schedule.hpp"

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

/// The same value with 12 significant digits.
double rounded(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

/// Sums how far accounts moved and remembers the one that moved most.
class ChangeOf {
 public:
  explicit ChangeOf(std::string name) { block_.name = std::move(name); }
  template <typename Name>
  void account(double before, double after, const Name& name) {
    moved_ += std::abs(after - before);
    all_ += std::abs(before);
    if (std::abs(after - before) > largest_) {
      largest_ = std::abs(after - before);
      block_.largest = name();
      block_.before = before;
      block_.after = after;
    }
  }
  BlockChange block() const {
    BlockChange block = block_;
    block.change = all_ > 0.0 ? moved_ / all_ : 0.0;
    return block;
  }

 private:
  BlockChange block_;
  double moved_ = 0.0, all_ = 0.0, largest_ = 0.0;
};

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

}  // namespace

Baseline build_baseline(const std::filesystem::path& recipe_file, const std::filesystem::path& raw_folder,
                        BuildReport& report) {
  report = {};
  const Recipe recipe = read_recipe(recipe_file);
  const RecipeTables tables = read_recipe_tables(recipe);
  const Sources sources = read_sources(recipe, raw_folder);
  const Structure structure = [&] {
    const std::filesystem::path file = raw_folder / recipe.raw.at("input_output_table");
    return read_structure(recipe, tables, read_world_table(file), file.filename().string());
  }();
  report.negative_final_use = structure.folded;
  const Index countries = recipe.country_count(), sectors = recipe.sector_count();
  const Vector gdp = gdp_by_country(recipe, tables, sources.gdp);

  // Trade between countries: receipts, importer × exporter × sector.
  const GoodsTrade goods = bilateral_goods_trade(recipe, sources.exports, sources.imports, sources.earlier);
  report.goods = {goods.by_origin[0], goods.undisclosed, goods.by_origin[1], goods.by_origin[2], 0.0, goods.growth};
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

  std::vector<Country> world_countries;
  std::vector<Sector> world_sectors;
  for (const RecipeCountry& country : recipe.countries) {
    const bool itself = country.members == std::vector<std::string>{country.code};
    world_countries.push_back({country.code, country.name, itself ? std::vector<std::string>{} : country.members});
  }
  for (const RecipeSector& sector : recipe.sectors) world_sectors.push_back({sector.code, sector.name});
  Baseline baseline;
  baseline.info = recipe.info;
  World& world = baseline.world;
  world = World::of_shape(std::move(world_countries), std::move(world_sectors));
  world.name = recipe.info.name;
  world.year = recipe.info.year;
  world.theta = trade_elasticities(recipe, tables, sources.elasticities).unaryExpr(&rounded);
  world.tariff = tariff_rates(recipe, tables, sources.profile, sources.gdp.value);
  for (double& rate : world.tariff.values()) rate = rounded(rate);

  ChangeOf inputs("inputs"), value_added("value added"), final_use("final use"), home("home sales"),
      trade("trade between countries");
  for (std::size_t k = 0; k < receipts.values().size(); ++k)
    world.expenditure.values()[k] = rounded(receipts.values()[k] * (1.0 + world.tariff.values()[k]));
  Problems problems;
  for (Index n = 0; n < countries; ++n) {
    const auto l = static_cast<std::size_t>(n);
    const std::string& code = recipe.countries[l].code;
    CountryTargets targets{Vector::Zero(sectors), Vector::Zero(sectors), 0.0};
    Vector re_exports = Vector::Zero(sectors);
    double revenue = 0.0;
    for (Index k = 0; k < sectors; ++k)
      for (Index i = 0; i < countries; ++i) {
        if (i == n) continue;
        targets.imports(k) += world.expenditure(n, i, k);
        targets.exports(k) += world.receipts_at(i, n, k);
        revenue += world.expenditure(n, i, k) - world.receipts_at(n, i, k);
      }
    targets.value_added = gdp(n) - revenue;
    for (const Estimate& estimate : tables.estimates) {
      if (estimate.quantity != "re_export_share" || estimate.country != code) continue;
      for (Index k = 0; k < sectors; ++k)
        if (recipe.sectors[static_cast<std::size_t>(k)].is_good()) re_exports(k) = estimate.value;
    }
    const CountryAccounts first = first_accounts(structure.cost[l], targets, re_exports, recipe.least_home_share);
    const CountryBalance balance = balance_accounts(first, targets);
    if (!(balance.residual <= BalanceReport::kTolerance / 100)) {
      problems.add(
          {recipe_file.string(), 0, 0}, code,
          fmt::format("the accounts of this country can't be balanced: a gap of {:.2g} is left after {} sweeps",
                      balance.residual, balance.sweeps));
    }
    const auto place = [&](Index j) { return recipe.sectors[static_cast<std::size_t>(j)].code + " in " + code; };
    for (Index j = 0; j < sectors; ++j) {
      world.expenditure(n, n, j) = rounded(balance.accounts.home(j));
      world.value_added(n, j) = rounded(balance.accounts.value_added(j));
      world.final_use(n, j) = rounded(balance.accounts.final_use(j));
      home.account(first.home(j), world.expenditure(n, n, j), [&] { return place(j); });
      value_added.account(first.value_added(j), world.value_added(n, j), [&] { return place(j); });
      final_use.account(first.final_use(j), world.final_use(n, j), [&] { return place(j); });
      for (Index k = 0; k < sectors; ++k) {
        world.input[l](k, j) = rounded(balance.accounts.input(k, j));
        inputs.account(first.input(k, j), world.input[l](k, j),
                       [&] { return recipe.sectors[static_cast<std::size_t>(k)].code + " used by " + place(j); });
      }
      for (Index i = 0; i < countries; ++i)
        if (i != n)
          trade.account(receipts(n, i, j), world.receipts_at(n, i, j),
                        [&] { return place(j) + " from " + recipe.countries[static_cast<std::size_t>(i)].code; });
    }
  }
  problems.throw_if_any();
  const Vector revenue = tariff_revenue(world), factor = factor_income(world);
  world.deficit = (world.final_use.rowwise().sum() - factor - revenue).unaryExpr(&rounded);

  report.blocks = {inputs.block(), value_added.block(), final_use.block(), home.block(), trade.block()};
  report.countries.assign(static_cast<std::size_t>(countries), {});
  published_goods(recipe, sources.exports, sources.imports, report.countries);
  for (Index n = 0; n < countries; ++n) {
    CountrySize& size = report.countries[static_cast<std::size_t>(n)];
    size.code = recipe.countries[static_cast<std::size_t>(n)].code;
    size.gdp = factor(n) + revenue(n);
    size.gdp_published = gdp(n);
    size.deficit = world.deficit(n);
    double own = 0.0, all = 0.0;
    for (Index k = 0; k < sectors; ++k) {
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
  report.balance = check_balance(world);
  for (const std::string& sentence : check_values(world)) problems.add({recipe_file.string(), 0, 0}, "", sentence);
  problems.throw_if_any();
  return baseline;
}

std::string describe(const BuildReport& report) {
  const auto published = [](double value) {
    return value < 0.0 ? std::string("–") : fmt::format("{:.1f}", value / 1000);
  };
  std::string text =
      "| country | GDP built | World Bank | goods exports | published | goods imports, fob | published, cif | services "
      "exports | services imports | deficit | home share |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const CountrySize& c : report.countries) {
    text +=
        fmt::format("| {} | {:.1f} | {} | {:.1f} | {} | {:.1f} | {} | {:.1f} | {:.1f} | {:.1f} | {:.3f} |\n", c.code,
                    c.gdp / 1000, published(c.gdp_published), c.goods_exports / 1000,
                    published(c.goods_exports_published), c.goods_imports / 1000, published(c.goods_imports_published),
                    c.services_exports / 1000, c.services_imports / 1000, c.deficit / 1000, c.home_share);
  }
  text += "\n| block | moved by | largest move | before | after |\n|---|--:|---|--:|--:|\n";
  for (const BlockChange& b : report.blocks)
    text += fmt::format("| {} | {:.2f} % | {} | {:.1f} | {:.1f} |\n", b.name, 100 * b.change, b.largest,
                        b.before / 1000, b.after / 1000);
  text += fmt::format(
      "\n| goods trade between countries | billion USD |\n|---|--:|\n| reported by the exporter | {:.1f} |\n| of which "
      "partners inferred | {:.1f} |\n"
      "| mirrored from the importer | {:.1f} |\n| earlier years × {:.3f} | {:.1f} |\n| estimates | {:.1f} |\n| dropped "
      "as too small (goods and services) | {:.4f} |\n",
      report.goods.reported / 1000, report.goods.undisclosed / 1000, report.goods.mirrored / 1000, report.goods.growth,
      report.goods.earlier / 1000, report.goods.estimated / 1000, report.dropped / 1000);
  text += fmt::format(
      "\nServices exports: {:.1f} billion USD, {:.1f} of them from countries with published totals; growth since the "
      "table's year {:.3f}. Negative final use set to zero: {:.1f} million USD.\n",
      report.services_total / 1000, report.services_published / 1000, report.services_growth,
      report.negative_final_use);
  text += "\n| identity | largest relative residual | account |\n|---|--:|---|\n";
  for (const BalanceLine& line : report.balance.lines)
    text += fmt::format("| {} | {:.1e} | {} |\n", line.block, line.residual, line.worst);
  return text;
}

}  // namespace entrepot
