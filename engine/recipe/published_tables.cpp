#include "recipe/published_tables.hpp"

#include "recipe/gzip_file.hpp"

namespace entrepot {

namespace {

constexpr double kMillion = 1e6;

bool of_year(const std::string& date, int year) { return date.substr(0, 4) == std::to_string(year); }

/// A number that is zero or more.
double amount(const CsvTable& table, std::size_t row, std::size_t column, Problems& problems) {
  const double value = table.number(row, column, problems);
  if (value >= 0.0) return value;
  problems.add(table.where(row), table.columns()[column], "'" + table.text(row, column) + "' must be zero or more");
  return 0.0;
}

}  // namespace

ReportedTrade read_comtrade(const std::filesystem::path& file, const CountryNames& names, int year, bool exports) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t date = table.column("date"), value = table.column("value"), reporter = table.column("reporter"),
                    partner = table.column("partner");
  ReportedTrade trade;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (!of_year(table.text(row, date), year)) continue;
    const double figure = amount(table, row, value, problems) / kMillion;
    const std::string mine = names.code("un_comtrade", table.text(row, reporter), table.where(row), problems);
    const std::string other = names.code("un_comtrade", table.text(row, partner), table.where(row), problems);
    if (!CountryNames::is_country(mine)) continue;
    trade.reporters.insert(mine);
    if (other == "world") {
      trade.total[mine] += figure;
    } else if (other == "undisclosed") {
      trade.undisclosed[mine] += figure;
    } else if (CountryNames::is_country(other) && other != mine) {
      trade.value[exports ? std::pair(mine, other) : std::pair(other, mine)] += figure;
    }
  }
  if (trade.reporters.empty()) problems.add({table.file(), 0, 0}, "date", "no row is of " + std::to_string(year));
  problems.throw_if_any();
  return trade;
}

PairFigures read_direction_of_trade(const std::filesystem::path& file, const CountryNames& names,
                                    double cif_fob_factor) {
  const CsvTable table = CsvTable::parse(read_gzip(file), file.string(), {});
  const std::size_t flow = table.column("flow"), reporter = table.column("reporter"), partner = table.column("partner");
  std::vector<std::size_t> years;
  for (std::size_t k = 0; k < table.columns().size(); ++k)
    if (k != flow && k != reporter && k != partner) years.push_back(k);
  PairFigures exported, imported;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string mine = names.code("imf_dots", table.text(row, reporter), table.where(row), problems);
    const std::string other = names.code("imf_dots", table.text(row, partner), table.where(row), problems);
    if (!CountryNames::is_country(mine) || !CountryNames::is_country(other) || mine == other) continue;
    double sum = 0.0;
    int count = 0;
    for (const std::size_t year : years) {
      if (table.text(row, year).empty()) continue;
      sum += table.number(row, year, problems);
      ++count;
    }
    if (count == 0 || !(sum > 0.0)) continue;
    const double mean = sum / count / kMillion;
    if (table.text(row, flow) == "exports_fob") {
      exported[{mine, other}] = mean;
    } else if (table.text(row, flow) == "imports_cif") {
      imported[{other, mine}] = mean / cif_fob_factor;
    } else {
      problems.add(table.where(row), "flow",
                   "expected exports_fob or imports_cif, not '" + table.text(row, flow) + "'");
    }
  }
  problems.throw_if_any();
  exported.merge(imported);
  return exported;
}

ServicesTrade read_services(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t reporter = table.column("reporter"), partner = table.column("partner"),
                    value = table.column("value_musd");
  ServicesTrade trade;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string &mine = table.text(row, reporter), &other = table.text(row, partner);
    const double figure = table.number(row, value, problems);  // exports net of returns may be negative
    if (other == "WLD") {
      trade.total[mine] = figure;
    } else if (CountryNames::is_country(other) && figure > 0.0) {
      trade.value[{mine, other}] = figure;
    }
  }
  problems.throw_if_any();
  return trade;
}

GdpTable read_gdp(const std::filesystem::path& file, const CountryNames& names, int year) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t date = table.column("date"), gdp = table.column("gdp"), reporter = table.column("reporter");
  GdpTable result;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (!of_year(table.text(row, date), year)) continue;
    const std::string code = names.code("world_bank", table.text(row, reporter), table.where(row), problems);
    const double figure = amount(table, row, gdp, problems) / kMillion;
    if (code == "world") result.world = figure;
    if (CountryNames::is_country(code)) result.value[code] = figure;
  }
  if (!(result.world > 0.0)) {
    problems.add({table.file(), 0, 0}, "date", "no figure for the world in " + std::to_string(year));
  }
  problems.throw_if_any();
  return result;
}

ProductProfile ProductProfile::read(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t iso3 = table.column("iso3"), measure = table.column("measure"),
                    group = table.column("product_group"), year = table.column("year"), value = table.column("value");
  ProductProfile profile;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    profile.fraction_[{table.text(row, iso3), table.text(row, measure)}][table.text(row, group)] =
        amount(table, row, value, problems) / 100.0;
    profile.year_[{table.text(row, iso3), table.text(row, measure)}] =
        static_cast<int>(table.number(row, year, problems));
  }
  problems.throw_if_any();
  return profile;
}

bool ProductProfile::find(const std::string& iso3, const std::string& measure, const std::string& group,
                          double& fraction) const {
  const auto figures = fraction_.find({iso3, measure});
  if (figures == fraction_.end()) return false;
  const auto figure = figures->second.find(group);
  if (figure == figures->second.end()) return false;
  fraction = figure->second;
  return true;
}

bool ProductProfile::has(const std::string& iso3, const std::string& measure) const {
  return fraction_.count({iso3, measure}) != 0;
}

int ProductProfile::year(const std::string& iso3, const std::string& measure) const {
  const auto found = year_.find({iso3, measure});
  return found == year_.end() ? 0 : found->second;
}

std::map<std::string, double> read_elasticities(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  const std::size_t sector = table.column("gtap_sector"), epsilon = table.column("epsilon_GTAP");
  std::map<std::string, double> theta;
  Problems problems;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.text(row, epsilon).empty()) continue;  // no estimate is published
    const double value = table.number(row, epsilon, problems);
    if (value < 0.0) {
      theta[table.text(row, sector)] = -value;
    } else {
      problems.add(table.where(row), "epsilon_GTAP", "an elasticity of trade must be negative");
    }
  }
  problems.throw_if_any();
  return theta;
}

}  // namespace entrepot
