#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "recipe/country_names.hpp"

namespace entrepot {

/// A figure by two ISO codes: exporter first, importer second, whoever reports it. Million USD.
using PairFigures = std::map<std::pair<std::string, std::string>, double>;

/// Goods trade of one year as countries report it.
struct ReportedTrade {
  std::set<std::string> reporters;
  PairFigures value;                          ///< million USD
  std::map<std::string, double> undisclosed;  ///< by reporter: with partners not stated, million USD
  std::map<std::string, double> total;        ///< by reporter: its own "World", million USD
};

/// UN Comtrade table (columns date, value in USD, reporter, partner). `exports`: reporter is the exporter. Rows of
/// other years are skipped. Throws InputError: unreadable cells, unknown names, negative values, no row of the year.
ReportedTrade read_comtrade(const std::filesystem::path& file, const CountryNames& names, int year, bool exports);

/// IMF Direction of Trade Statistics (gzip; columns flow, reporter, partner, then years): mean of the years reported,
/// exports fob where there are any, else imports cif over `cif_fob_factor`. Million USD. Throws InputError.
PairFigures read_direction_of_trade(const std::filesystem::path& file, const CountryNames& names,
                                    double cif_fob_factor);

/// OECD services exports (columns reporter, partner, value_musd; partner WLD is the total). Million USD.
struct ServicesTrade {
  PairFigures value;
  std::map<std::string, double> total;  ///< by exporter
};
ServicesTrade read_services(const std::filesystem::path& file);

/// GDP of one year by ISO code, and of the world; million USD. Columns date, gdp in USD, reporter.
struct GdpTable {
  std::map<std::string, double> value;
  double world = 0.0;
};
GdpTable read_gdp(const std::filesystem::path& file, const CountryNames& names, int year);

/// WITS trade summaries: percentages by country and measure (export_share_pct, import_share_pct, tariff_weighted_pct)
/// and product group or stage of processing.
class ProductProfile {
 public:
  static ProductProfile read(const std::filesystem::path& file);
  /// The figure as a fraction; false where the country has none.
  bool find(const std::string& iso3, const std::string& measure, const std::string& group, double& fraction) const;
  bool has(const std::string& iso3, const std::string& measure) const;
  /// The year of a country's figures of a measure; 0 where it has none.
  int year(const std::string& iso3, const std::string& measure) const;

 private:
  std::map<std::pair<std::string, std::string>, std::map<std::string, double>> fraction_;
  std::map<std::pair<std::string, std::string>, int> year_;
};

/// Trade elasticities θ = −epsilon by GTAP sector in small letters; sectors without an estimate are left out.
std::map<std::string, double> read_elasticities(const std::filesystem::path& file);

}  // namespace entrepot
