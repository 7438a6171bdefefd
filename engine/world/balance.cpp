#include "balance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace entrepot {

namespace {

class Block {
 public:
  Block(std::string name, double floor) : line_{std::move(name), 0.0, ""}, floor_(floor) {}
  void account(double gap, double size, const std::string& where) {
    const double residual = std::abs(gap) / std::max(std::abs(size), floor_);
    if (!(residual <= line_.residual)) {
      line_.residual = residual;
      line_.worst = where;
    }
  }
  BalanceLine line() const { return line_; }

 private:
  BalanceLine line_;
  double floor_;
};

}  // namespace

double BalanceReport::worst() const {
  double worst = 0.0;
  for (const BalanceLine& line : lines)
    if (!(line.residual <= worst)) worst = line.residual;
  return worst;
}

BalanceReport check_balance(const World& world) {
  const Vector factor = factor_income(world);
  const double floor = 1e-9 * factor.sum();
  const auto place = [&](Index l, Index j) {
    return fmt::format("{} in {}", world.sectors[static_cast<std::size_t>(j)].code,
                       world.locations[static_cast<std::size_t>(l)].code);
  };
  Block markets("markets", floor), producers("producers", floor), budgets("budgets", floor),
      deficits("deficits", floor);
  const Matrix made = output(world);
  for (Index l = 0; l < world.location_count(); ++l) {
    const Matrix& z = world.input[static_cast<std::size_t>(l)];
    for (Index j = 0; j < world.sector_count(); ++j) {
      const double inputs = z.row(j).sum(), finals = world.final_use(l, j);
      const auto spent = [&](Index use) { return world.expenditure.sector(j).row(world.market(use, l)).sum(); };
      if (world.uses == 1) {
        markets.account(spent(0) - inputs - finals, inputs + finals, place(l, j));
      } else {
        markets.account(spent(0) - inputs, inputs, place(l, j) + " (intermediate)");
        markets.account(spent(1) - finals, finals, place(l, j) + " (final)");
      }
      const double cost = z.col(j).sum() + world.value_added(l, j);
      producers.account(made(l, j) - cost, cost, place(l, j));
    }
  }
  const Vector budget = income(world);
  Vector finals = Vector::Zero(world.country_count());
  for (Index l = 0; l < world.location_count(); ++l)
    finals(world.country_of_location(l)) += world.final_use.row(l).sum();
  for (Index n = 0; n < world.country_count(); ++n)
    budgets.account(finals(n) - budget(n), budget(n), world.countries[static_cast<std::size_t>(n)].code);
  deficits.account(world.deficit.sum(), factor.sum(), "world");
  return {{markets.line(), producers.line(), budgets.line(), deficits.line()}};
}

std::vector<std::string> check_values(const World& world) {
  std::vector<std::string> found;
  const Index locations = world.location_count(), sectors = world.sector_count(), markets = world.market_count();
  const auto bilateral_fits = [&](const Bilateral& a) {
    return a.markets() == markets && a.origins() == locations && a.sectors() == sectors;
  };
  if (!bilateral_fits(world.expenditure) || (!world.tariff.empty() && !bilateral_fits(world.tariff)) ||
      (!world.export_tax.empty() && !bilateral_fits(world.export_tax)) ||
      static_cast<Index>(world.input.size()) != locations || world.value_added.rows() != locations ||
      world.value_added.cols() != sectors || world.final_use.rows() != locations || world.final_use.cols() != sectors ||
      world.deficit.size() != world.country_count() || world.theta.size() != sectors ||
      world.value_added_elasticity.size() != sectors || world.input_elasticity.size() != sectors ||
      world.labour_mobility.size() != world.country_count()) {
    return {"the arrays of this world do not have the shape of its countries, locations and sectors"};
  }
  const auto sector_code = [&](Index j) { return world.sectors[static_cast<std::size_t>(j)].code; };
  const auto location_code = [&](Index l) { return world.locations[static_cast<std::size_t>(l)].code; };
  for (Index j = 0; j < sectors; ++j) {
    if (!(world.theta(j) > 0.0) || !std::isfinite(world.theta(j)))
      found.push_back(
          fmt::format("the trade elasticity θ of {} is {}; it must be positive", sector_code(j), world.theta(j)));
    if (!(world.value_added_elasticity(j) >= 0.0) || !(world.input_elasticity(j) >= 0.0) ||
        !std::isfinite(world.value_added_elasticity(j) + world.input_elasticity(j)))
      found.push_back(fmt::format("an elasticity of substitution of {} is negative or not finite", sector_code(j)));
    for (Index i = 0; i < locations; ++i)
      for (Index m = 0; m < markets; ++m) {
        const double x = world.expenditure(m, i, j), t = world.tariff_at(m, i, j), e = world.export_tax_at(m, i, j);
        const auto flow = [&] {
          return fmt::format("{} from {} to {}", sector_code(j), location_code(i),
                             location_code(world.location_of_market(m)));
        };
        if (!(x >= 0.0) || !std::isfinite(x))
          found.push_back(fmt::format("the flow of {} is {}; it must be zero or more", flow(), x));
        if (!(t > -1.0) || !std::isfinite(t))
          found.push_back(fmt::format("the tariff on {} is {}; it must be above -1 (-100 %)", flow(), t));
        if (!(e > -1.0) || !std::isfinite(e))
          found.push_back(fmt::format("the export tax on {} is {}; it must be above -1 (-100 %)", flow(), e));
      }
  }
  for (Index l = 0; l < locations; ++l) {
    const Matrix& z = world.input[static_cast<std::size_t>(l)];
    if (z.rows() != sectors || z.cols() != sectors)
      return {"the input table of " + location_code(l) + " has the wrong shape"};
    for (Index j = 0; j < sectors; ++j) {
      const auto bad = [&](double value, const char* what) {
        if (!(value >= 0.0) || !std::isfinite(value))
          found.push_back(fmt::format("the {} of {} in {} is {}; it must be zero or more", what, sector_code(j),
                                      location_code(l), value));
      };
      bad(world.value_added(l, j), "value added");
      bad(world.final_use(l, j), "final use");
      for (Index k = 0; k < sectors; ++k) bad(z(k, j), ("input of " + sector_code(k)).c_str());
    }
  }
  for (Index n = 0; n < world.country_count(); ++n) {
    if (!(world.labour_mobility(n) > 1.0))
      found.push_back(fmt::format("labour mobility ν of {} is {}; it must be above 1",
                                  world.countries[static_cast<std::size_t>(n)].code, world.labour_mobility(n)));
    if (!std::isfinite(world.deficit(n)))
      found.push_back(
          fmt::format("the deficit of {} is not a finite number", world.countries[static_cast<std::size_t>(n)].code));
  }
  const Vector factor = factor_income(world);
  for (Index n = 0; n < world.country_count(); ++n)
    if (!(factor(n) > 0.0))
      found.push_back(fmt::format("{} has no value added", world.countries[static_cast<std::size_t>(n)].code));
  return found;
}

}  // namespace entrepot
