#pragma once

#include "world/world.hpp"

namespace entrepot::testing {

/// Three countries × two sectors, balanced, with round numbers to check by hand. Flows at purchasers' prices, million
/// USD; BBB levies 10 % on food from AAA (30 before duty), CCC levies 20 % on steel from BBB (20 before duty). Each
/// producer spends a fifth of its receipts on food and a fifth on steel; the deficits follow.
inline World small_world() {
  World world = World::of_shape({{"AAA", "Alphaland", {}}, {"BBB", "Betaland", {}}, {"CCC", "Gammaland", {}}},
                                {{"food", "Food"}, {"steel", "Steel"}});
  world.name = "three-countries";
  world.year = 2021;
  world.expenditure.sector(0) << 100, 20, 10,  // AAA buys from AAA, BBB, CCC
      33, 80, 5,                               // BBB
      10, 10, 60;                              // CCC
  world.expenditure.sector(1) << 50, 30, 5,    // AAA
      20, 120, 10,                             // BBB
      15, 24, 40;                              // CCC
  world.tariff = Bilateral(3, 3, 2);
  world.tariff(1, 0, 0) = 0.10;
  world.tariff(2, 1, 1) = 0.20;
  world.theta << 4.0, 6.0;
  const Matrix made = output(world);
  for (Index l = 0; l < 3; ++l) {
    Matrix& input = world.input[static_cast<std::size_t>(l)];
    for (Index j = 0; j < 2; ++j) {
      input.col(j).setConstant(0.2 * made(l, j));
      world.value_added(l, j) = made(l, j) - input.col(j).sum();
    }
    for (Index j = 0; j < 2; ++j) world.final_use(l, j) = world.expenditure.sector(j).row(l).sum() - input.row(j).sum();
  }
  world.deficit = world.final_use.rowwise().sum() - income(world);
  return world;
}

/// The same with CCC a region that stands for CCC and LUX.
inline World small_world_with_region() {
  World world = small_world();
  world.countries[2].members = {"CCC", "LUX"};
  return world;
}

}  // namespace entrepot::testing
