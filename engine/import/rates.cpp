#include "import/rates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/csv.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

constexpr double kDefaultTheta = 5.03;
constexpr double kLargestRate = 10.0;  // 1000 %: beyond it a percentage was written for a fraction
const char* const kAll = "*";

/// First and one past the last entry that a cell names; all for `*`, none with a problem for an unknown code.
std::pair<Index, Index> named(const CsvTable& table, std::size_t row, const char* column, const char* what,
                              const std::vector<std::string>& codes, Problems& problems) {
  const std::string& code = table.text(row, table.column(column));
  if (code == kAll) return {0, static_cast<Index>(codes.size())};
  const auto found = std::find(codes.begin(), codes.end(), code);
  if (found == codes.end()) {
    problems.add(
        table.where(row), column,
        fmt::format("there is no {} '{}' in this table; '*' stands for all{}", what, code, suggestion(code, codes)));
    return {0, 0};
  }
  const Index place = static_cast<Index>(found - codes.begin());
  return {place, place + 1};
}

/// New rates (market × origin × sector) on old border values: purchasers' values, inputs, final use and value added
/// follow.
void set_tariffs(World& world, const Bilateral& rate) {
  const Index n_count = world.country_count();
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index m = 0; m < world.market_count(); ++m) {
      const Index n = world.location_of_market(m);
      double before = 0.0, after = 0.0;
      for (Index i = 0; i < n_count; ++i) {
        double& x = world.expenditure(m, i, k);
        before += x;
        x *= (1.0 + rate(m, i, k)) / (1.0 + world.tariff(m, i, k));
        world.tariff(m, i, k) = rate(m, i, k);
        after += x;
      }
      if (before == after || !(before > 0.0)) continue;
      if (m >= world.market_count() - n_count) {
        world.final_use(n, k) += after - before;
      } else {
        const Vector users = world.input[at(n)].row(k).transpose();
        world.input[at(n)].row(k) *= after / before;
        world.value_added.row(n) -= (after / before - 1.0) * users.transpose();
      }
    }
}

}  // namespace

void apply_tariffs(World& world, const std::filesystem::path& file, ImportReport& report) {
  const CsvTable table = CsvTable::read(file);
  Problems problems;
  table.expect_only({"importer", "exporter", "sector", "rate", "source"}, problems);
  const std::vector<std::string> countries = codes_of(world.countries), sectors = codes_of(world.sectors);
  const Index n_count = world.country_count();
  if (world.tariff.empty()) world.tariff = Bilateral(world.market_count(), n_count, world.sector_count());
  Bilateral rate = world.tariff;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto [n_from, n_to] = named(table, row, "importer", "country", countries, problems);
    const auto [i_from, i_to] = named(table, row, "exporter", "country", countries, problems);
    const auto [k_from, k_to] = named(table, row, "sector", "sector", sectors, problems);
    const double value = table.number(row, table.column("rate"), problems);
    if (!(value > -1.0) || value > kLargestRate)
      problems.add(
          table.where(row), "rate",
          fmt::format("{} is not an ad-valorem fraction above -1 and at most {}; 5 % is 0.05", value, kLargestRate));
    if (n_to == n_from + 1 && i_to == i_from + 1 && n_from == i_from && value != 0.0)
      problems.add(table.where(row), "exporter", "a country has no tariff on its own goods");
    for (Index n = n_from; n < n_to; ++n)
      for (Index i = i_from; i < i_to; ++i)
        for (Index k = k_from; k < k_to; ++k)
          for (Index u = 0; u < world.uses && i != n; ++u) rate(world.market(u, n), i, k) = value;
  }
  problems.throw_if_any();
  set_tariffs(world, rate);
  report.taken.push_back(fmt::format("tariffs: {} ({} rows; what no row names is as the source has it)",
                                     file.filename().string(), table.rows()));
}

void apply_elasticities(World& world, const std::filesystem::path& file, ImportReport& report) {
  const CsvTable table = CsvTable::read(file);
  Problems problems;
  table.expect_only({"sector", "theta", "source"}, problems);
  const std::vector<std::string> sectors = codes_of(world.sectors);
  std::vector<bool> seen(sectors.size());
  double others = 0.0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const auto [from, to] = named(table, row, "sector", "sector", sectors, problems);
    const double theta = table.number(row, table.column("theta"), problems);
    if (!(theta > 0.0))
      problems.add(table.where(row), "theta",
                   fmt::format("the trade elasticity θ is {}; it must be positive (θ = -epsilon, θ = σ - 1)", theta));
    if (table.text(row, table.column("sector")) == kAll) {
      others = theta;
    } else if (to == from + 1) {
      if (seen[at(from)]) problems.add(table.where(row), "sector", "this sector is listed twice");
      seen[at(from)] = true;
      world.theta(from) = theta;
    }
  }
  for (std::size_t j = 0; j < seen.size(); ++j) {
    if (!seen[j] && !(others > 0.0))
      problems.add({table.file(), 0, 0}, sectors[j],
                   "no row for this sector; a row for '*' stands for all sectors without one");
    if (!seen[j]) world.theta(static_cast<Index>(j)) = others;
  }
  problems.throw_if_any();
  report.taken.push_back("trade elasticities θ: " + file.filename().string());
}

void default_elasticities(World& world, ImportReport& report) {
  world.theta = Vector::Constant(world.sector_count(), kDefaultTheta);
  report.taken.push_back(
      fmt::format("trade elasticities θ: {} in every sector, the median of tariff-based structural gravity estimates "
                  "(Head and Mayer 2014, table 3.5), for want of --elasticities",
                  kDefaultTheta));
}

}  // namespace entrepot
