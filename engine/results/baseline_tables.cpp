#include "baseline_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "measures.hpp"
#include "table.hpp"
#include "text/input_error.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

double percent(double part, double whole) { return whole != 0.0 ? 100.0 * part / whole : 0.0; }

/// Duty paid and the border value it is paid on, of flows between countries that `chosen` picks, million USD.
template <class Choice>
double mean_tariff(const World& world, Choice chosen) {
  double duty = 0.0, value = 0.0;
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        if (world.country_of_location(i) == world.country_of_market(m) || !chosen(m, i, j)) continue;
        const double border = world.before_duty(m, i, j);
        value += border;
        duty += border * world.tariff_at(m, i, j);
      }
  return percent(duty, value);
}

std::string heading(const Baseline& baseline) {
  const World& world = baseline.world;
  std::string text = fmt::format("{}: {}\n{} countries and regions, {} sectors, {}; million USD\n", baseline.info.name,
                                 baseline.info.title, world.country_count(), world.sector_count(), baseline.info.year);
  text += fmt::format("SHA-256 of the accounts: {}\nLicence: {}\n", baseline.sha256, baseline.info.licence);
  for (const std::string& line : baseline.info.sources) text += "Source: " + line + "\n";
  for (const std::string& line : baseline.info.notes) text += "Note: " + line + "\n";
  return text;
}

std::string countries(const World& world, const Measures& base) {
  Table table({{"country", ""},
               {"", ""},
               {"GDP", "million USD"},
               {"exports", "million USD"},
               {"imports", "million USD"},
               {"deficit", "million USD"},
               {"mean tariff", "%"},
               {"tariff faced", "%"}});
  std::vector<Index> order(at(world.country_count()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return base.gdp_base(a) > base.gdp_base(b); });
  for (const Index n : order)
    table.add_row({world.countries[at(n)].code, world.countries[at(n)].name, base.gdp_base(n), base.exports_base(n),
                   base.imports_base(n), world.deficit(n),
                   mean_tariff(world, [&](Index m, Index, Index) { return world.country_of_market(m) == n; }),
                   mean_tariff(world, [&](Index, Index i, Index) { return world.country_of_location(i) == n; })});
  return table.text();
}

std::string sectors(const World& world) {
  Table table(
      {{"sector", ""}, {"", ""}, {"θ", ""}, {"output", "million USD"}, {"trade", "million USD"}, {"mean tariff", "%"}});
  const Matrix made = output(world);
  for (Index j = 0; j < world.sector_count(); ++j) {
    double traded = 0.0;
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m)
        if (world.country_of_location(i) != world.country_of_market(m)) traded += world.receipts_at(m, i, j);
    table.add_row({world.sectors[at(j)].code, world.sectors[at(j)].name, world.theta(j), made.col(j).sum(), traded,
                   mean_tariff(world, [&](Index, Index, Index k) { return k == j; })});
  }
  return table.text();
}

Index find_country(const World& world, const std::string& name) {
  for (Index n = 0; n < world.country_count(); ++n)
    if (const Country& country = world.countries[at(n)]; country.code == name || country.name == name) return n;
  throw InputError({}, "--country",
                   "there is no country '" + name + "' in this baseline" + suggestion(name, codes_of(world.countries)));
}

std::string one_country(const World& world, Index n) {
  const Matrix made = output(world);
  Table by_sector({{"sector", ""},
                   {"output", "million USD"},
                   {"value added", "million USD"},
                   {"exports", "million USD"},
                   {"imports", "million USD"},
                   {"home share", "%"},
                   {"tariff", "%"}});
  Matrix trade = Matrix::Zero(world.country_count(), 2);  // exports to, imports from
  for (Index j = 0; j < world.sector_count(); ++j) {
    double value_added = 0.0, own_output = 0.0, exports = 0.0, imports = 0.0, home = 0.0, spent = 0.0;
    for (Index i = 0; i < world.location_count(); ++i) {
      if (world.country_of_location(i) == n) {
        value_added += world.value_added(i, j);
        own_output += made(i, j);
      }
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index seller = world.country_of_location(i), buyer = world.country_of_market(m);
        const double value = world.receipts_at(m, i, j);
        if (buyer == n) spent += world.expenditure(m, i, j);
        if (buyer == n && seller == n) home += world.expenditure(m, i, j);
        if (seller == buyer) continue;
        if (seller == n) {
          exports += value;
          trade(buyer, 0) += value;
        }
        if (buyer == n) {
          imports += value;
          trade(seller, 1) += value;
        }
      }
    }
    by_sector.add_row(
        {world.sectors[at(j)].code, own_output, value_added, exports, imports, percent(home, spent),
         mean_tariff(world, [&](Index m, Index, Index k) { return k == j && world.country_of_market(m) == n; })});
  }
  Table partners({{"partner", ""},
                  {"exports to", "million USD"},
                  {"imports from", "million USD"},
                  {"tariff on imports", "%"},
                  {"tariff faced", "%"}});
  std::vector<Index> order(at(world.country_count()));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return trade.row(a).sum() > trade.row(b).sum(); });
  for (const Index k : order)
    if (k != n)
      partners.add_row({world.countries[at(k)].code, trade(k, 0), trade(k, 1),
                        mean_tariff(world,
                                    [&](Index m, Index i, Index) {
                                      return world.country_of_market(m) == n && world.country_of_location(i) == k;
                                    }),
                        mean_tariff(world, [&](Index m, Index i, Index) {
                          return world.country_of_market(m) == k && world.country_of_location(i) == n;
                        })});
  const Country& country = world.countries[at(n)];
  std::string text = fmt::format("{} ({})\n", country.name, country.code);
  if (!country.members.empty()) text += fmt::format("Stands for {}\n", fmt::join(country.members, ", "));
  return text + "\n" + by_sector.text() + "\n" + partners.text();
}

}  // namespace

std::string describe_baseline(const Baseline& baseline, const std::string& country) {
  if (!country.empty()) return one_country(baseline.world, find_country(baseline.world, country));
  return heading(baseline) + "\n" + countries(baseline.world, base_measures(baseline.world)) + "\n" +
         sectors(baseline.world);
}

std::string country_code(const World& world, const std::string& name) {
  return world.countries[at(find_country(world, name))].code;
}

std::string describe_balance(const Baseline& baseline, const BalanceReport& report) {
  Table table({{"accounts", ""}, {"largest gap", "of the account"}, {"at", ""}});
  for (const BalanceLine& line : report.lines)
    table.add_row({line.block, fmt::format("{:.1e}", line.residual), line.worst});
  const bool good = report.worst() <= BalanceReport::kTolerance;
  return table.text() + fmt::format("\n{} {}: at most {} is accepted.\n", baseline.info.name,
                                    good ? "balances" : "does not balance", BalanceReport::kTolerance);
}

}  // namespace entrepot
