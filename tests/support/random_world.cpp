#include "random_world.hpp"

#include <fmt/format.h>

#include <cmath>

#include "draw.hpp"

namespace entrepot::testing {

World random_world(const WorldShape& shape, std::uint32_t seed) {
  Draw draw(seed);
  std::vector<Country> countries;
  std::vector<Sector> sectors;
  for (Index n = 0; n < shape.countries; ++n)
    countries.push_back({fmt::format("C{:02}", n), fmt::format("Country {}", n), {}});
  for (Index j = 0; j < shape.sectors; ++j) sectors.push_back({fmt::format("s{:02}", j), fmt::format("Sector {}", j)});
  World world = World::of_shape(std::move(countries), std::move(sectors), shape.uses);
  const Index n_count = world.country_count(), j_count = world.sector_count(), markets = world.market_count();
  world.tariff = Bilateral(markets, n_count, j_count);
  if (shape.highest_export_tax > 0.0) world.export_tax = Bilateral(markets, n_count, j_count);
  Vector size(n_count);
  for (Index n = 0; n < n_count; ++n) size(n) = std::exp(draw.between(0.0, 4.0));

  // Shares: π by market and sector, γ by producer, final demand by country; then output that meets it all.
  Bilateral share(markets, n_count, j_count);
  for (Index j = 0; j < j_count; ++j) {
    world.theta(j) = draw.between(shape.lowest_theta, shape.highest_theta);
    const bool traded = j == 0 || !draw.with_chance(shape.untraded);
    for (Index m = 0; m < markets; ++m) {
      const Index l = world.location_of_market(m);
      Vector weight = Vector::Zero(n_count);
      for (Index i = 0; traded && i < n_count; ++i) {
        const bool open = !draw.with_chance(shape.missing);
        const double pull = draw.between(0.2, 1.0), tariff = draw.between(0.0, shape.highest_tariff),
                     tax = draw.between(0.0, shape.highest_export_tax);
        // Markets of one location share their rates.
        if (m >= n_count) {
          world.tariff(m, i, j) = world.tariff(l, i, j);
          if (!world.export_tax.empty()) world.export_tax(m, i, j) = world.export_tax(l, i, j);
        } else if (i != l) {
          world.tariff(m, i, j) = tariff;
          if (!world.export_tax.empty()) world.export_tax(m, i, j) = tax;
        }
        if (i != l && open) weight(i) = pull * size(i);
      }
      if (weight.sum() > 0.0) weight *= (1.0 - shape.home_share) * draw.between(0.5, 1.5) / weight.sum();
      weight(l) = 1.0 - weight.sum();
      share.sector(j).row(m) = weight.transpose();
    }
  }
  std::vector<Matrix> input_share(at(n_count), Matrix::Zero(j_count, j_count));
  Matrix final_use(n_count, j_count);
  for (Index n = 0; n < n_count; ++n) {
    for (Index j = 0; j < j_count; ++j) {
      for (Index k = 0; k < j_count; ++k) input_share[at(n)](k, j) = draw.between(0.0, 1.0) * (k == j ? 2.0 : 1.0);
      input_share[at(n)].col(j) *= shape.input_share * draw.between(0.6, 1.4) / input_share[at(n)].col(j).sum();
      final_use(n, j) = draw.between(0.2, 1.0) * size(n);
    }
  }
  const auto received = [&](Index m, Index i, Index j) {
    return share(m, i, j) / ((1.0 + world.tariff_at(m, i, j)) * (1.0 + world.export_tax_at(m, i, j)));
  };
  Matrix made = Matrix::Zero(n_count, j_count), demand(markets, j_count);
  // Deficits of up to a tenth of income: spending follows income until it has settled, then stays for output to.
  Vector excess(n_count);
  for (Index n = 0; n < n_count; ++n) excess(n) = draw.between(-0.1, 0.1);
  constexpr int kFollow = 150, kMost = 700;
  for (int round = 0; round < kMost; ++round) {
    demand.setZero();
    for (Index n = 0; n < n_count; ++n) {
      demand.row(world.market(world.intermediate_use(), n)) +=
          (input_share[at(n)] * made.row(n).transpose()).transpose();
      demand.row(world.market(world.final_demand_use(), n)) += final_use.row(n);
    }
    Matrix next = Matrix::Zero(n_count, j_count);
    Vector earned = Vector::Zero(n_count);
    for (Index j = 0; j < j_count; ++j)
      for (Index i = 0; i < n_count; ++i)
        for (Index m = 0; m < markets; ++m) {
          if (share(m, i, j) == 0.0) continue;
          const double spent = share(m, i, j) * demand(m, j), got = received(m, i, j) * demand(m, j);
          const double tax = got * world.export_tax_at(m, i, j);
          next(i, j) += got;
          earned(i) += tax;
          earned(world.country_of_market(m)) += spent - got - tax;
        }
    for (Index n = 0; n < n_count; ++n)
      earned(n) += next.row(n).dot((1.0 - input_share[at(n)].colwise().sum().array()).matrix());
    if (round >= 20 && round < kFollow) {
      const double mean = excess.dot(earned) / earned.sum();
      for (Index n = 0; n < n_count; ++n)
        final_use.row(n) *= earned(n) * (1.0 + excess(n) - mean) / final_use.row(n).sum();
    }
    const double change = (next - made).cwiseAbs().maxCoeff() / next.maxCoeff();
    made = next;
    if (round > kFollow && change < 1e-16) break;
  }
  for (Index j = 0; j < j_count; ++j)
    for (Index i = 0; i < n_count; ++i)
      for (Index m = 0; m < markets; ++m) world.expenditure(m, i, j) = share(m, i, j) * demand(m, j);
  made = output(world);
  for (Index n = 0; n < n_count; ++n) {
    world.input[at(n)] = input_share[at(n)] * made.row(n).asDiagonal();
    world.value_added.row(n) = made.row(n) - world.input[at(n)].colwise().sum();
  }
  world.final_use = final_use;
  const Vector before_deficit = income(world);
  world.deficit = final_use.rowwise().sum() - before_deficit;
  world.deficit.array() -= world.deficit.sum() / static_cast<double>(n_count);
  return world;
}

Shock random_shock(const World& world, std::uint32_t seed, double size) {
  Draw draw(seed);
  const Index markets = world.market_count(), n = world.location_count(), sectors = world.sector_count();
  Shock shock;
  shock.tariff = Bilateral(markets, n, sectors);
  shock.export_tax = Bilateral(markets, n, sectors);
  shock.iceberg = Bilateral(markets, n, sectors, 1.0);
  shock.open_share = Bilateral(markets, n, sectors, 1.0);
  shock.rent = Bilateral(markets, n, sectors);
  shock.rent_beneficiary.assign(shock.rent.values().size(), -1);
  shock.productivity = Matrix::Ones(n, sectors);
  shock.transfer = Vector::Zero(world.country_count());
  for (Index j = 0; j < sectors; ++j)
    for (Index i = 0; i < n; ++i) {
      shock.productivity(i, j) = std::exp(size * draw.between(-0.1, 0.1));
      for (Index m = 0; m < markets; ++m) {
        if (world.location_of_market(m) == i) continue;
        shock.tariff(m, i, j) = size * draw.between(0.0, 0.5);
        shock.export_tax(m, i, j) = size * draw.between(-0.05, 0.2);
        shock.iceberg(m, i, j) = std::exp(size * draw.between(-0.1, 0.2));
        if (draw.with_chance(0.3)) shock.open_share(m, i, j) = std::max(0.0, 1.0 - size * draw.between(0.0, 1.0));
        if (draw.with_chance(0.3)) {
          shock.rent(m, i, j) = size * draw.between(0.0, 0.3);
          const auto place = static_cast<std::size_t>((j * n + i) * markets + m);
          if (draw.with_chance(0.5))
            shock.rent_beneficiary[place] =
                static_cast<Index>(draw.between(0.0, static_cast<double>(world.country_count())));
        }
      }
    }
  const Vector income = factor_income(world);
  for (Index k = 0; k < world.country_count(); ++k) shock.transfer(k) = size * draw.between(-0.02, 0.02) * income(k);
  shock.transfer -= income * (shock.transfer.sum() / income.sum());
  shock.hub_margin = Bilateral(markets, n, sectors);
  for (Index j = 0; j < sectors; ++j)
    for (Index i = 0; i < n; ++i)
      for (Index m = 0; m < markets; ++m) {
        if (shock.open_share(m, i, j) == 1.0) continue;
        for (int detours = draw.with_chance(0.5) ? 2 : 0; detours > 0; --detours) {
          const auto hub = static_cast<Index>(draw.between(0.0, static_cast<double>(world.country_count())));
          shock.detours.push_back({m, i, j, hub, size * draw.between(0.0, 0.5), draw.between(0.0, 0.4)});
          shock.hub_margin(m, i, j) += shock.detours.back().share * shock.detours.back().margin;
        }
      }
  shock.closed_deficit = Vector::Zero(world.country_count());
  for (Index k = 0; k < world.country_count(); ++k)
    if (draw.with_chance(0.3)) shock.closed_deficit(k) = std::min(1.0, size * draw.between(0.0, 1.0));
  return shock;
}

void without_rents(Shock& shock) {
  shock.rent = shock.hub_margin = {};
  shock.rent_beneficiary.clear();
  shock.detours.clear();
}

World permute_countries(const World& world, const std::vector<Index>& order) {
  World result = world;
  const Index n = world.country_count();
  const auto market = [&](Index m) { return (m / n) * n + order[at(m % n)]; };
  for (Index k = 0; k < n; ++k) {
    const Index from = order[at(k)];
    result.countries[at(k)] = world.countries[at(from)];
    result.locations[at(k)] = {world.locations[at(from)].code, k};
    result.input[at(k)] = world.input[at(from)];
    result.value_added.row(k) = world.value_added.row(from);
    result.final_use.row(k) = world.final_use.row(from);
    result.deficit(k) = world.deficit(from);
    result.labour_mobility(k) = world.labour_mobility(from);
  }
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < n; ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        result.expenditure(m, i, j) = world.expenditure(market(m), order[at(i)], j);
        if (!world.tariff.empty()) result.tariff(m, i, j) = world.tariff(market(m), order[at(i)], j);
        if (!world.export_tax.empty()) result.export_tax(m, i, j) = world.export_tax(market(m), order[at(i)], j);
      }
  return result;
}

World permute_sectors(const World& world, const std::vector<Index>& order) {
  World result = world;
  for (Index j = 0; j < world.sector_count(); ++j) {
    const Index from = order[at(j)];
    result.sectors[at(j)] = world.sectors[at(from)];
    result.theta(j) = world.theta(from);
    result.value_added_elasticity(j) = world.value_added_elasticity(from);
    result.input_elasticity(j) = world.input_elasticity(from);
    result.expenditure.sector(j) = world.expenditure.sector(from);
    if (!world.tariff.empty()) result.tariff.sector(j) = world.tariff.sector(from);
    if (!world.export_tax.empty()) result.export_tax.sector(j) = world.export_tax.sector(from);
    result.value_added.col(j) = world.value_added.col(from);
    result.final_use.col(j) = world.final_use.col(from);
    for (Index l = 0; l < world.location_count(); ++l)
      for (Index k = 0; k < world.sector_count(); ++k)
        result.input[at(l)](k, j) = world.input[at(l)](order[at(k)], from);
  }
  return result;
}

}  // namespace entrepot::testing
