#include "recipe/structure.hpp"

#include <algorithm>

namespace entrepot {

namespace {

/// One country's accounts in the recipe's sectors, million USD.
struct Accounts {
  Matrix input;        // input sector × using sector, all origins together
  Vector value_added;  // sector
  Vector final_use;    // sector
};

Accounts operator+(const Accounts& a, const Accounts& b) {
  return {a.input + b.input, a.value_added + b.value_added, a.final_use + b.final_use};
}

CostStructure shares(const Accounts& accounts, const Accounts& world) {
  const Index sectors = accounts.value_added.size();
  CostStructure cost{Matrix::Zero(sectors, sectors), Vector::Zero(sectors), Vector::Zero(sectors)};
  for (Index j = 0; j < sectors; ++j) {
    const auto usable = [&](const Accounts& of) { return of.value_added(j) > 0.0 && of.input.col(j).sum() > 0.0; };
    const Accounts& source = usable(accounts) ? accounts : world;
    const double total = source.input.col(j).sum() + source.value_added(j);
    cost.input_share.col(j) = source.input.col(j) / total;
    cost.value_added_share(j) = source.value_added(j) / total;
  }
  cost.final_share = accounts.final_use / accounts.final_use.sum();
  return cost;
}

/// Sector of each of the table's industries.
std::vector<Index> industry_sectors(const Recipe& recipe, const WorldTable& table, const std::string& table_name,
                                    Problems& problems) {
  std::vector<Index> sector(table.industries.size(), -1);
  for (std::size_t j = 0; j < recipe.sectors.size(); ++j) {
    for (const std::string& industry : recipe.sectors[j].industries) {
      const auto found = std::find(table.industries.begin(), table.industries.end(), industry);
      if (found == table.industries.end()) {
        problems.add(
            {recipe.file.string(), 0, 0}, recipe.sectors[j].code,
            "there is no industry '" + industry + "' in " + table_name + suggestion(industry, table.industries));
      } else {
        sector[static_cast<std::size_t>(found - table.industries.begin())] = static_cast<Index>(j);
      }
    }
  }
  for (std::size_t k = 0; k < sector.size(); ++k) {
    if (sector[k] < 0) {
      problems.add({recipe.file.string(), 0, 0}, table.industries[k], "no sector holds this industry of " + table_name);
    }
  }
  return sector;
}

}  // namespace

std::string iso_of(const std::string& table_code) { return table_code == "ROM" ? "ROU" : table_code; }

Structure read_structure(const Recipe& recipe, const RecipeTables& tables, const WorldTable& table,
                         const std::string& table_name) {
  Problems problems;
  const std::vector<Index> sector = industry_sectors(recipe, table, table_name, problems);
  problems.throw_if_any();
  const Index sectors = recipe.sector_count(), countries = recipe.country_count();
  const Index industries = static_cast<Index>(table.industries.size());
  const Index table_countries = static_cast<Index>(table.countries.size());

  Structure structure;
  structure.in_table.assign(static_cast<std::size_t>(countries), false);
  structure.trade = Bilateral(countries, countries, sectors);
  structure.inputs = structure.final_purchases = structure.trade;
  structure.value_added = Matrix::Zero(countries, sectors);
  std::vector<Index> region;  // of each of the table's countries
  for (const std::string& code : table.countries) {
    region.push_back(code == "RoW" ? recipe.rest() : recipe.region_of(iso_of(code)));
    structure.in_table[static_cast<std::size_t>(region.back())] = true;
  }
  structure.in_table[static_cast<std::size_t>(recipe.rest())] = true;

  const Accounts none{Matrix::Zero(sectors, sectors), Vector::Zero(sectors), Vector::Zero(sectors)};
  std::vector<Accounts> own(table.countries.size(), none);
  Accounts world = none;
  for (Index n = 0; n < table_countries; ++n) {
    Accounts& accounts = own[static_cast<std::size_t>(n)];
    const Index importer = region[static_cast<std::size_t>(n)];
    for (Index b = 0; b < industries; ++b) {
      const Index column = n * industries + b, j = sector[static_cast<std::size_t>(b)];
      accounts.value_added(j) += table.output(column) - table.flow.col(column).sum();
    }
    for (Index i = 0; i < table_countries; ++i) {
      const Index exporter = region[static_cast<std::size_t>(i)];
      for (Index a = 0; a < industries; ++a) {
        const Index row = i * industries + a, k = sector[static_cast<std::size_t>(a)];
        double flow = table.final_use(row, n);
        accounts.final_use(k) += flow;
        for (Index b = 0; b < industries; ++b) {
          const double input = table.flow(row, n * industries + b);
          accounts.input(k, sector[static_cast<std::size_t>(b)]) += input;
          flow += input;
        }
        structure.inputs(importer, exporter, k) += flow - table.final_use(row, n);
        structure.final_purchases(importer, exporter, k) += table.final_use(row, n);
        structure.trade(importer, exporter, k) += flow;
      }
    }
    structure.folded -= accounts.final_use.cwiseMin(0.0).sum();
    accounts.final_use = accounts.final_use.cwiseMax(0.0);
    structure.value_added.row(importer) += accounts.value_added.transpose();
    world = world + accounts;
  }
  for (Bilateral* flows : {&structure.trade, &structure.inputs, &structure.final_purchases})
    for (double& flow : flows->values()) flow = std::max(flow, 0.0);

  for (Index n = 0; n < countries; ++n) {
    const std::string& code = recipe.countries[static_cast<std::size_t>(n)].code;
    const auto donors = tables.donors.find(code);
    Accounts accounts = none;
    for (std::size_t k = 0; k < own.size(); ++k)
      if (region[k] == n && (n != recipe.rest() || table.countries[k] == "RoW")) accounts = accounts + own[k];
    if (structure.in_table[static_cast<std::size_t>(n)]) {
      structure.cost.push_back(shares(accounts, world));
    } else if (donors == tables.donors.end()) {
      problems.add({recipe.table("donors").string(), 0, 0}, code,
                   "this country is not in " + table_name + " and needs donors");
    } else {
      CostStructure mean{Matrix::Zero(sectors, sectors), Vector::Zero(sectors), Vector::Zero(sectors)};
      for (const Donor& donor : donors->second) {
        const auto found = std::find(table.countries.begin(), table.countries.end(), donor.country);
        if (found == table.countries.end()) {
          problems.add(donor.where, "donor",
                       "there is no country '" + donor.country + "' in " + table_name +
                           suggestion(donor.country, table.countries));
          continue;
        }
        const CostStructure cost = shares(own[static_cast<std::size_t>(found - table.countries.begin())], world);
        mean.input_share += donor.weight * cost.input_share;
        mean.value_added_share += donor.weight * cost.value_added_share;
        mean.final_share += donor.weight * cost.final_share;
      }
      structure.cost.push_back(std::move(mean));
    }
  }
  problems.throw_if_any();
  return structure;
}

}  // namespace entrepot
