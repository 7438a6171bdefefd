#include "world.hpp"

namespace entrepot {

World World::of_shape(std::vector<Country> countries, std::vector<Sector> sectors, Index uses) {
  World world;
  world.countries = std::move(countries);
  world.sectors = std::move(sectors);
  world.uses = uses;
  const Index n = world.country_count(), j = world.sector_count();
  for (Index k = 0; k < n; ++k) world.locations.push_back({world.countries[static_cast<std::size_t>(k)].code, k});
  world.expenditure = Bilateral(uses * n, n, j);
  world.input.assign(static_cast<std::size_t>(n), Matrix::Zero(j, j));
  world.value_added = Matrix::Zero(n, j);
  world.final_use = Matrix::Zero(n, j);
  world.deficit = Vector::Zero(n);
  world.theta = Vector::Constant(j, 5.0);
  world.value_added_elasticity = Vector::Ones(j);
  world.input_elasticity = Vector::Ones(j);
  world.labour_mobility = Vector::Constant(n, std::numeric_limits<double>::infinity());
  return world;
}

Matrix output(const World& world) {
  Matrix result = Matrix::Zero(world.location_count(), world.sector_count());
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) result(i, j) += world.receipts_at(m, i, j);
  return result;
}

Vector factor_income(const World& world) {
  Vector result = Vector::Zero(world.country_count());
  for (Index l = 0; l < world.location_count(); ++l)
    result(world.country_of_location(l)) += world.value_added.row(l).sum();
  return result;
}

std::vector<Index> home_locations(const World& world) {
  std::vector<Index> home(static_cast<std::size_t>(world.country_count()));
  for (Index l = world.location_count(); l-- > 0;) home[static_cast<std::size_t>(world.country_of_location(l))] = l;
  return home;
}

Vector tariff_revenue(const World& world) {
  Vector result = Vector::Zero(world.country_count());
  if (world.tariff.empty()) return result;
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const double tau = world.tariff(m, i, j);
        if (tau != 0.0) result(world.country_of_market(m)) += world.expenditure(m, i, j) * tau / (1.0 + tau);
      }
  return result;
}

Vector export_tax_revenue(const World& world) {
  Vector result = Vector::Zero(world.country_count());
  if (world.export_tax.empty()) return result;
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m)
        result(world.country_of_location(i)) += world.export_tax(m, i, j) * world.receipts_at(m, i, j);
  return result;
}

Vector income(const World& world) {
  return factor_income(world) + tariff_revenue(world) + export_tax_revenue(world) + world.deficit;
}

}  // namespace entrepot
