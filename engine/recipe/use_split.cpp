#include "recipe/use_split.hpp"

#include <algorithm>
#include <cmath>

#include "recipe/assemble.hpp"

namespace entrepot {

namespace {

/// Purchases by producers and by households of what one country of the recipe buys, in all and from abroad.
struct Uses {
  double inputs = 0.0, final_use = 0.0;
  double share() const { return inputs / (inputs + final_use); }
  bool any() const { return inputs + final_use > 0.0; }
};

Uses flow(const Structure& structure, Index importer, Index exporter, Index sector) {
  return {structure.inputs(importer, exporter, sector), structure.final_purchases(importer, exporter, sector)};
}

Uses imports(const Structure& structure, Index importer, Index sector) {
  Uses sum;
  for (Index i = 0; i < structure.inputs.origins(); ++i) {
    if (i == importer) continue;
    const Uses one = flow(structure, importer, i, sector);
    sum.inputs += one.inputs;
    sum.final_use += one.final_use;
  }
  return sum;
}

}  // namespace

Vector split_purchases(const Vector& purchases, const Vector& share, double needed) {
  if (!(needed > 0.0)) return Vector::Zero(purchases.size());
  if (!(needed < purchases.sum())) return purchases;
  const Vector odds = share.array() / (1.0 - share.array());
  const auto split = [&](double log_r) {
    const Vector scaled = odds * std::exp(log_r);
    return Vector(purchases.array() * scaled.array() / (1.0 + scaled.array()));
  };
  double low = -100.0, high = 100.0;  // e^±100 reaches any total
  for (int step = 0; step < 100; ++step) {
    const double middle = 0.5 * (low + high);
    (split(middle).sum() < needed ? low : high) = middle;
  }
  const Vector result = split(0.5 * (low + high));
  return result * (needed / result.sum());  // the last bits
}

Bilateral intermediate_shares(const Recipe& recipe, const RecipeTables& tables, const Structure& structure) {
  const Index countries = recipe.country_count(), sectors = recipe.sector_count(), rest = recipe.rest();
  const auto in_table = [&](Index n) { return structure.in_table[static_cast<std::size_t>(n)]; };
  Bilateral share(countries, countries, sectors);
  for (Index n = 0; n < countries; ++n) {
    // Who buys in this country's place, with what weight.
    std::vector<std::pair<Index, double>> buyers = {{n, 1.0}};
    if (!in_table(n)) {
      buyers.clear();
      for (const Donor& donor : tables.donors.at(recipe.countries[static_cast<std::size_t>(n)].code))
        buyers.emplace_back(donor.country == "RoW" ? rest : recipe.region_of(iso_of(donor.country)), donor.weight);
    }
    for (Index k = 0; k < sectors; ++k) {
      for (Index i = 0; i < countries; ++i) {
        double sum = 0.0, weight = 0.0;
        for (const auto& [buyer, part] : buyers) {
          const Index seller = i == n ? buyer : in_table(i) ? i : rest;
          Uses uses = flow(structure, buyer, seller, k);
          if (!uses.any() || (seller == buyer && i != n)) uses = imports(structure, buyer, k);
          if (!uses.any()) continue;
          sum += part * uses.share();
          weight += part;
        }
        share(n, i, k) = std::clamp(weight > 0.0 ? sum / weight : 0.5, kLeastUse, 1.0 - kLeastUse);
      }
    }
  }
  return share;
}

World split_uses(const World& world, const Bilateral& share) {
  const Index countries = world.country_count();
  World result = World::of_shape(world.countries, world.sectors, 2);
  result.name = world.name;
  result.year = world.year;
  result.theta = world.theta;
  result.theta_sets = world.theta_sets;
  result.input = world.input;
  result.value_added = world.value_added;
  result.final_use = world.final_use;
  result.deficit = world.deficit;
  result.tariff = Bilateral(2 * countries, countries, world.sector_count());
  for (Index k = 0; k < world.sector_count(); ++k) {
    for (Index n = 0; n < countries; ++n) {
      const Vector purchases = world.expenditure.sector(k).row(n), part = share.sector(k).row(n);
      const double inputs = world.input[static_cast<std::size_t>(n)].row(k).sum(), final_use = world.final_use(n, k);
      // The smaller use is split, so that what is left for the larger loses no digits.
      const Index small = inputs < final_use ? 0 : 1;
      const Vector split = small == 0 ? split_purchases(purchases, part, inputs)
                                      : split_purchases(purchases, 1.0 - part.array(), final_use);
      for (Index i = 0; i < countries; ++i) {
        const double bought = twelve_digits(split(i));
        result.expenditure(result.market(small, n), i, k) = bought;
        result.expenditure(result.market(1 - small, n), i, k) = twelve_digits(std::max(purchases(i) - bought, 0.0));
        for (Index use = 0; use < 2; ++use) result.tariff(result.market(use, n), i, k) = world.tariff(n, i, k);
      }
    }
  }
  return result;
}

}  // namespace entrepot
