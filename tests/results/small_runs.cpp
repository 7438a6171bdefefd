#include "small_runs.hpp"

namespace entrepot::test {

World two_countries() {
  World world = World::of_shape({{"AAA", "Aland", {}}, {"BBB", "Bland", {}}}, {{"goods", "Goods"}});
  world.expenditure(0, 0, 0) = 120.0;
  world.expenditure(0, 1, 0) = 100.0;
  world.expenditure(1, 0, 0) = 80.0;
  world.expenditure(1, 1, 0) = 220.0;
  world.tariff = Bilateral(2, 2, 1);
  world.tariff(0, 1, 0) = 0.25;
  world.value_added << 200.0, 300.0;
  world.final_use << 220.0, 300.0;
  return world;
}

World three_countries() {
  World world = World::of_shape({{"BLR", "Belarus", {}}, {"IRN", "Iran", {}}, {"TUR", "Türkiye", {}}},
                                {{"food", "Food, drink"}, {"fuel", "Fuel"}}, 2);
  world.tariff = Bilateral(6, 3, 2);
  world.export_tax = Bilateral(6, 3, 2);
  for (Index j = 0; j < 2; ++j)
    for (Index i = 0; i < 3; ++i)
      for (Index m = 0; m < 6; ++m) {
        const Index buyer = m % 3;
        world.expenditure(m, i, j) =
            10.0 + 3.0 * double(m) + 7.0 * double(i * i) + 11.0 * double(j) + (i == buyer ? 90.0 : 0.0);
        if (i != buyer) world.tariff(m, i, j) = 0.05 * double(1 + buyer + j);
        if (i == 1 && i != buyer && j == 1) world.export_tax(m, i, j) = 0.1;
      }
  const Matrix produced = output(world);
  for (Index l = 0; l < 3; ++l)
    for (Index j = 0; j < 2; ++j) {
      world.value_added(l, j) = 0.5 * produced(l, j);
      world.final_use(l, j) = world.expenditure.sector(j).row(world.market(1, l)).sum();
    }
  world.deficit << 5.0, -2.0, -3.0;
  return world;
}

Equilibrium unchanged(const World& world) {
  Equilibrium equilibrium;
  const Index l = world.location_count(), n = world.country_count(), s = world.sector_count();
  equilibrium.wage = Matrix::Ones(l, s);
  equilibrium.factor_price = Vector::Ones(n);
  equilibrium.cost = Matrix::Ones(l, s);
  equilibrium.price = Matrix::Ones(world.market_count(), s);
  equilibrium.spending = Matrix(world.market_count(), s);
  for (Index j = 0; j < s; ++j) equilibrium.spending.col(j) = world.expenditure.sector(j).rowwise().sum();
  equilibrium.output = output(world);
  equilibrium.value_added = world.value_added;
  equilibrium.income = income(world);
  equilibrium.tariff_revenue = tariff_revenue(world);
  equilibrium.export_tax_revenue = export_tax_revenue(world);
  equilibrium.rent = Vector::Zero(n);
  equilibrium.deficit = world.deficit;
  return equilibrium;
}

RunResults full_run() {
  const World world = three_countries();
  Equilibrium equilibrium = unchanged(world);
  double step = 0.0;
  const auto change = [&step](double value) { return value * (1.0 + (step += 0.003) * (value > 0.0 ? 1.0 : 0.5)); };
  for (Matrix* matrix :
       {&equilibrium.cost, &equilibrium.price, &equilibrium.spending, &equilibrium.output, &equilibrium.value_added})
    *matrix = matrix->unaryExpr(change);
  equilibrium.income << 0.99 * equilibrium.income(0), 1.2 * equilibrium.income(1), 1.1 * equilibrium.income(2);
  equilibrium.rent << 0.0, 1.5, 0.25;
  RunResults run;
  run.countries = world.countries;
  run.locations = world.locations;
  run.sectors = world.sectors;
  run.description.title = "Iran joins – a test";
  run.description.question = "Who gains?";
  run.description.scenario = "title = \"Iran joins\"\n# overrides\nenforcement = 0.5\n";
  run.description.baseline = "three";
  run.description.baseline_sha256 = std::string(64, 'a');
  run.description.policy_notes = "oil: shares of the targets' trade above 5.00 %: TUR 20.00 %\n";
  run.description.start_time = "2025-09-01T12:00:00Z";
  run.report.status = SolveStatus::kSolved;
  run.report.sentence = "every residual is within the tolerance";
  run.report.residuals = {{"prices", 1e-12, "BLR, food"}, {"factors", 2e-12, "Türkiye"}};
  run.report.residual = 2e-12;
  run.report.iterations = 7;
  run.report.seconds = 0.25;
  run.measures = measure(world, {}, equilibrium);
  run.first_order = first_order(world, {}, equilibrium);
  run.exact.components = run.first_order.components;
  run.exact.percent = Matrix::Zero(7, 3);
  run.exact.percent.topRows(3) << 0.5, -1.25, 0.125, 0.75, 2.0, -3.0, 1.0, 0.0625, 0.03125;
  return run;
}

RunResults run_with_a_zone() {
  RunResults run = full_run();
  run.countries.pop_back();
  run.locations = {{"BLR", 0}, {"IRN", 1}, {"IRN-zone", 1}};
  run.measures = {};
  run.measures.output = Matrix::Constant(3, 2, 4.0);
  run.measures.trade = Bilateral(3, 3, 2, 1.0);
  run.exact = run.first_order = {};
  return run;
}

RunResults run_without_equilibrium() {
  RunResults run = full_run();
  run.measures = base_measures(three_countries());
  run.exact = run.first_order = {};
  run.report = {};
  run.report.status = SolveStatus::kNoSupply;
  run.report.sentence = "Iran has no source of fuel left";
  return run;
}

}  // namespace entrepot::test
