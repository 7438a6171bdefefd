#include "recipe/assemble.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "recipe/country_balance.hpp"

namespace entrepot {

double twelve_digits(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

namespace {

World empty_world(const Recipe& recipe) {
  std::vector<Country> countries;
  std::vector<Sector> sectors;
  for (const RecipeCountry& country : recipe.countries) {
    const bool itself = country.members == std::vector<std::string>{country.code};
    countries.push_back({country.code, country.name, itself ? std::vector<std::string>{} : country.members});
  }
  for (const RecipeSector& sector : recipe.sectors)
    sectors.push_back({sector.code, sector.name, sector.is_good() ? SectorKind::kGoods : SectorKind::kServices});
  World world = World::of_shape(std::move(countries), std::move(sectors));
  world.name = recipe.info.name;
  world.year = recipe.info.year;
  return world;
}

/// What one country's trade and GDP ask of its accounts. GDP is at market prices: value added is less by the tariffs.
CountryTargets targets_of(const World& world, Index n, double gdp) {
  const Index sectors = world.sector_count();
  CountryTargets targets{Vector::Zero(sectors), Vector::Zero(sectors), 0.0};
  double revenue = 0.0;
  for (Index k = 0; k < sectors; ++k)
    for (Index i = 0; i < world.country_count(); ++i) {
      if (i == n) continue;
      targets.imports(k) += world.expenditure(n, i, k);
      targets.exports(k) += world.receipts_at(i, n, k);
      revenue += world.expenditure(n, i, k) - world.receipts_at(n, i, k);
    }
  targets.value_added = gdp - revenue;
  return targets;
}

/// Fraction of each sector's exports that leave as they came; a later estimate overrides an earlier one.
Vector re_export_shares(const Recipe& recipe, const RecipeTables& tables, const std::string& country) {
  Vector share = Vector::Zero(recipe.sector_count());
  for (const Estimate& estimate : tables.estimates) {
    if (estimate.quantity != "re_export_share" || estimate.country != country) continue;
    for (Index k = 0; k < recipe.sector_count(); ++k) {
      const RecipeSector& sector = recipe.sectors[static_cast<std::size_t>(k)];
      if (estimate.item.empty() ? sector.is_good() : sector.code == estimate.item) share(k) = estimate.value;
    }
  }
  return share;
}

}  // namespace

World assemble(const Recipe& recipe, const RecipeTables& tables, const Structure& structure,
               const Ingredients& ingredients, BuildReport& report) {
  const Index countries = recipe.country_count(), sectors = recipe.sector_count();
  World world = empty_world(recipe);
  world.theta = ingredients.theta.unaryExpr(&twelve_digits);
  world.tariff = ingredients.tariff;
  for (double& rate : world.tariff.values()) rate = twelve_digits(rate);
  for (std::size_t k = 0; k < world.tariff.values().size(); ++k)
    world.expenditure.values()[k] = twelve_digits(ingredients.receipts.values()[k] * (1.0 + world.tariff.values()[k]));

  ChangeOf inputs("inputs"), value_added("value added"), final_use("final use"), home("home sales"),
      trade("trade between countries"), earlier("value added, against the table's at the new GDP");
  Problems problems;
  for (Index n = 0; n < countries; ++n) {
    const auto l = static_cast<std::size_t>(n);
    const std::string& code = recipe.countries[l].code;
    const CountryTargets targets = targets_of(world, n, ingredients.gdp(n));
    const CountryAccounts first =
        first_accounts(structure.cost[l], targets, re_export_shares(recipe, tables, code), recipe.least_home_share);
    const CountryBalance balance = balance_accounts(first, targets);
    if (!(balance.residual <= BalanceReport::kTolerance / 100)) {
      problems.add(
          {recipe.file.string(), 0, 0}, code,
          fmt::format("the accounts of this country can't be balanced: a gap of {:.2g} is left after {} sweeps",
                      balance.residual, balance.sweeps));
    }
    const double growth = targets.value_added / structure.value_added.row(n).sum();
    const auto place = [&](Index j) { return recipe.sectors[static_cast<std::size_t>(j)].code + " in " + code; };
    for (Index j = 0; j < sectors; ++j) {
      world.expenditure(n, n, j) = twelve_digits(balance.accounts.home(j));
      world.value_added(n, j) = twelve_digits(balance.accounts.value_added(j));
      world.final_use(n, j) = twelve_digits(balance.accounts.final_use(j));
      home.account(first.home(j), world.expenditure(n, n, j), [&] { return place(j); });
      value_added.account(first.value_added(j), world.value_added(n, j), [&] { return place(j); });
      final_use.account(first.final_use(j), world.final_use(n, j), [&] { return place(j); });
      if (structure.in_table[l] && n != recipe.rest())
        earlier.account(growth * structure.value_added(n, j), world.value_added(n, j), [&] { return place(j); });
      for (Index k = 0; k < sectors; ++k) {
        world.input[l](k, j) = twelve_digits(balance.accounts.input(k, j));
        inputs.account(first.input(k, j), world.input[l](k, j),
                       [&] { return recipe.sectors[static_cast<std::size_t>(k)].code + " used by " + place(j); });
      }
      for (Index i = 0; i < countries; ++i)
        if (i != n)
          trade.account(ingredients.receipts(n, i, j), world.receipts_at(n, i, j),
                        [&] { return place(j) + " from " + recipe.countries[static_cast<std::size_t>(i)].code; });
    }
  }
  problems.throw_if_any();
  world.deficit =
      (world.final_use.rowwise().sum() - factor_income(world) - tariff_revenue(world)).unaryExpr(&twelve_digits);
  report.blocks = {inputs.block(), value_added.block(), final_use.block(),
                   home.block(),   trade.block(),       earlier.block()};
  report.balance = check_balance(world);
  for (const std::string& sentence : check_values(world)) problems.add({recipe.file.string(), 0, 0}, "", sentence);
  problems.throw_if_any();
  return world;
}

}  // namespace entrepot
