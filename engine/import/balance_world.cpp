#include "import/balance_world.hpp"

#include <fmt/format.h>

#include "recipe/country_balance.hpp"

namespace entrepot {

namespace {

constexpr double kBalanced = 1e-12;

std::string place(const World& world, Index l, Index j) {
  return world.sectors[at(j)].code + " in " + world.countries[at(l)].code;
}

std::string flow_name(const World& world, Index m, Index i, Index k) {
  return fmt::format("{} from {} to {}", world.sectors[at(k)].code, world.countries[at(i)].code,
                     world.countries[at(world.location_of_market(m))].code);
}

/// A country's trade and value added, which its accounts must meet.
CountryTargets targets_of(const World& world, Index n) {
  CountryTargets targets{Vector::Zero(world.sector_count()), Matrix::Zero(world.sector_count(), world.uses),
                         world.value_added.row(n).sum()};
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index i = 0; i < world.country_count(); ++i) {
      if (i == n) continue;
      for (Index u = 0; u < world.uses; ++u) {
        targets.imports(k, u) += world.expenditure(world.market(u, n), i, k);
        targets.exports(k) += world.receipts_at(world.market(u, i), n, k);
      }
    }
  return targets;
}

CountryAccounts accounts_of(const World& world, Index n) {
  CountryAccounts accounts{world.input[at(n)], world.value_added.row(n), world.final_use.row(n),
                           Matrix(world.sector_count(), world.uses)};
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index u = 0; u < world.uses; ++u) accounts.home(k, u) = world.expenditure(world.market(u, n), n, k);
  return accounts;
}

void take_over(World& world, Index n, const CountryAccounts& accounts) {
  world.input[at(n)] = accounts.input;
  world.value_added.row(n) = accounts.value_added.transpose();
  world.final_use.row(n) = accounts.final_use.transpose();
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index u = 0; u < world.uses; ++u) world.expenditure(world.market(u, n), n, k) = accounts.home(k, u);
}

/// How far each block moved from one world to the other.
std::vector<BlockChange> changes(const World& before, const World& after) {
  ChangeOf inputs("inputs"), value_added("value added by sector"), final_use("final use"), home("home sales"),
      made("output"), between("trade between countries");
  const Matrix output_before = output(before), output_after = output(after);
  for (Index n = 0; n < before.country_count(); ++n)
    for (Index j = 0; j < before.sector_count(); ++j) {
      const auto name = [&] { return place(before, n, j); };
      value_added.account(before.value_added(n, j), after.value_added(n, j), name);
      final_use.account(before.final_use(n, j), after.final_use(n, j), name);
      made.account(output_before(n, j), output_after(n, j), name);
      for (Index k = 0; k < before.sector_count(); ++k)
        inputs.account(before.input[at(n)](k, j), after.input[at(n)](k, j),
                       [&] { return before.sectors[at(k)].code + " used by " + place(before, n, j); });
    }
  for (Index j = 0; j < before.sector_count(); ++j)
    for (Index i = 0; i < before.country_count(); ++i)
      for (Index m = 0; m < before.market_count(); ++m)
        (before.location_of_market(m) == i ? home : between)
            .account(before.expenditure(m, i, j), after.expenditure(m, i, j),
                     [&] { return flow_name(before, m, i, j); });
  return {inputs.block(), value_added.block(), final_use.block(), made.block(), home.block(), between.block()};
}

}  // namespace

void clear_negative_flows(World& world, ImportReport& report) {
  Adjustment finals{"negative final demand (inventories run down), set to zero"},
      inputs{"negative intermediate flows, set to zero"};
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index i = 0; i < world.country_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const double x = world.expenditure(m, i, k);
        if (!(x < 0.0)) continue;
        const Index n = world.location_of_market(m);
        const bool is_final = m >= world.market_count() - world.location_count();
        (is_final ? finals : inputs).add(x, flow_name(world, m, i, k));
        world.expenditure(m, i, k) = 0.0;
        if (is_final)
          world.final_use(n, k) -= x;
        else if (const double used = world.input[at(n)].row(k).sum(); used > 0.0)
          world.input[at(n)].row(k) *= (used - x) / used;
      }
  report.list(std::move(finals));
  report.list(std::move(inputs));
}

void clear_impossible_producers(World& world, ImportReport& report) {
  Adjustment negative{"negative value added, set to zero"},
      idle{"inputs of sectors that sell nothing, counted as final use"},
      idle_value{"value added of sectors that sell nothing, dropped"},
      costless{"sectors that sell without any cost, given value added for what they sell"};
  const Matrix made = output(world);
  for (Index n = 0; n < world.country_count(); ++n)
    for (Index j = 0; j < world.sector_count(); ++j) {
      Matrix& z = world.input[at(n)];
      double& v = world.value_added(n, j);
      if (!(made(n, j) > 0.0)) {
        if (v != 0.0) idle_value.add(v, place(world, n, j));
        v = 0.0;
        for (Index k = 0; k < world.sector_count(); ++k) {
          const double x = z(k, j), used = z.row(k).sum();
          if (x == 0.0) continue;
          idle.add(x, world.sectors[at(k)].code + " used by " + place(world, n, j));
          for (Index i = 0; i < world.country_count(); ++i) {
            double& from = world.expenditure(world.market(world.intermediate_use(), n), i, k);
            const double moved = x / used * from;
            from -= moved;
            world.expenditure(world.market(world.final_demand_use(), n), i, k) += moved;
          }
          z(k, j) = 0.0;
          world.final_use(n, k) += x;
        }
        continue;
      }
      if (v < 0.0) {
        negative.add(v, place(world, n, j));
        v = 0.0;
      }
      if (v == 0.0 && z.col(j).sum() == 0.0) {
        v = made(n, j);
        costless.add(v, place(world, n, j));
      }
    }
  for (Adjustment* one : {&negative, &idle, &idle_value, &costless}) report.list(std::move(*one));
}

Vector implied_deficits(const World& world) {
  return world.final_use.rowwise().sum() - factor_income(world) - tariff_revenue(world) - export_tax_revenue(world);
}

void balance_world(World& world, ImportReport& report, const std::string& source) {
  world.deficit = implied_deficits(world);
  report.before = report.after = check_balance(world);
  if (report.before.worst() <= kBalanced) return;
  const World before = world;
  Problems problems;
  for (Index n = 0; n < world.country_count(); ++n) {
    const CountryTargets targets = targets_of(before, n);
    const std::string& code = world.countries[at(n)].code;
    if (!(targets.value_added > 0.0) || !(targets.final_use() > 0.0)) {
      problems.add({source, 0, 0}, code,
                   fmt::format("this country can't be balanced: value added is {:.6g}, final use would be {:.6g} "
                               "(value added + imports - exports); both must be positive",
                               targets.value_added, targets.final_use()));
      continue;
    }
    const CountryBalance balance = balance_accounts(accounts_of(before, n), targets);
    if (!(balance.residual <= BalanceReport::kTolerance / 100))
      problems.add({source, 0, 0}, code,
                   fmt::format("the accounts of this country can't be balanced: a gap of {:.2g} is left after {} "
                               "sweeps",
                               balance.residual, balance.sweeps));
    take_over(world, n, balance.accounts);
  }
  problems.throw_if_any();
  world.deficit = implied_deficits(world);
  report.after = check_balance(world);
  report.blocks = changes(before, world);
}

World merge_uses(const World& world) {
  World one = World::of_shape(world.countries, world.sectors, 1);
  one.name = world.name;
  one.year = world.year;
  const Index n = world.country_count();
  if (!world.tariff.empty()) one.tariff = Bilateral(n, n, world.sector_count());
  if (!world.export_tax.empty()) one.export_tax = Bilateral(n, n, world.sector_count());
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index i = 0; i < n; ++i)
      for (Index l = 0; l < n; ++l) {
        const Index other = world.market(world.uses - 1, l);
        const double t = world.tariff_at(l, i, k), e = world.export_tax_at(l, i, k);
        double x = 0.0, border = 0.0, receipts = 0.0;
        for (Index u = 0; u < world.uses; ++u) {
          const Index m = world.market(u, l);
          x += world.expenditure(m, i, k);
          border += world.before_duty(m, i, k);
          receipts += world.receipts_at(m, i, k);
        }
        one.expenditure(l, i, k) = x;
        const bool same = t == world.tariff_at(other, i, k) && e == world.export_tax_at(other, i, k);
        if (!world.tariff.empty()) one.tariff(l, i, k) = same || !(x > 0.0) ? t : x / border - 1.0;
        if (!world.export_tax.empty()) one.export_tax(l, i, k) = same || !(x > 0.0) ? e : border / receipts - 1.0;
      }
  one.input = world.input;
  one.value_added = world.value_added;
  one.final_use = world.final_use;
  one.deficit = world.deficit;
  one.theta = world.theta;
  return one;
}

}  // namespace entrepot
