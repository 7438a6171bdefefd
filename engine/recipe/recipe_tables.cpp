#include "recipe/recipe_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "text/csv.hpp"
#include "text/iso_date.hpp"

namespace entrepot {

namespace {

constexpr double kSumTolerance = 1e-9;

void expect_one_of(const std::string& word, const std::vector<std::string>& known, const std::string& what,
                   const SourceLocation& where, const std::string& key, Problems& problems) {
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  problems.add(where, key, "there is no " + what + " '" + word + "'" + suggestion(word, known));
}

void expect_mark(const CsvTable& table, std::size_t row, Problems& problems) {
  expect_one_of(table.text(row, table.column("mark")), {"measured", "proxy", "estimate"}, "mark", table.where(row),
                "mark", problems);
  if (table.text(row, table.column("source")).empty()) {
    problems.add(table.where(row), "source", "this figure needs a source");
  }
}

void read_donors(const Recipe& recipe, RecipeTables& tables, Problems& problems) {
  const CsvTable table = CsvTable::read(recipe.table("donors"));
  table.expect_only({"country", "donor", "weight", "reason"}, problems);
  const std::size_t country = table.column("country"), donor = table.column("donor"), weight = table.column("weight");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& code = table.text(row, country);
    expect_one_of(code, recipe.country_codes(), "country", table.where(row), "country", problems);
    tables.donors[code].push_back({table.text(row, donor), table.number(row, weight, problems), table.where(row)});
  }
  for (const auto& [code, donors] : tables.donors) {
    double sum = 0.0;
    for (const Donor& each : donors) sum += each.weight;
    if (std::abs(sum - 1.0) > kSumTolerance) {
      problems.add(donors.front().where, code,
                   fmt::format("the weights of the donors sum to {}; they must sum to 1", sum));
    }
  }
}

void read_product_groups(const Recipe& recipe, RecipeTables& tables, Problems& problems) {
  const CsvTable table = CsvTable::read(recipe.table("product_groups"));
  table.expect_only({"country", "group", "sector", "share", "reason"}, problems);
  const std::size_t country = table.column("country"), group = table.column("group"), sector = table.column("sector"),
                    share = table.column("share");
  std::map<std::pair<std::string, std::string>, std::pair<double, SourceLocation>> sums;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::string& code = table.text(row, country);
    if (code != "*") expect_one_of(code, recipe.country_codes(), "country", table.where(row), "country", problems);
    expect_one_of(table.text(row, sector), recipe.sector_codes(), "sector", table.where(row), "sector", problems);
    const double value = table.number(row, share, problems);
    tables.product_groups[code][table.text(row, group)][table.text(row, sector)] += value;
    auto& sum = sums[{code, table.text(row, group)}];
    sum.first += value;
    sum.second = table.where(row);
  }
  for (const auto& [key, sum] : sums) {
    if (std::abs(sum.first - 1.0) > kSumTolerance) {
      problems.add(sum.second, key.second,
                   fmt::format("the shares of this group sum to {}; they must sum to 1", sum.first));
    }
  }
}

void read_estimates(const Recipe& recipe, RecipeTables& tables, Problems& problems) {
  const CsvTable table = CsvTable::read(recipe.table("estimates"));
  table.expect_only({"quantity", "country", "partner", "item", "value", "mark", "source"}, problems);
  const std::size_t quantity = table.column("quantity"), country = table.column("country"),
                    partner = table.column("partner"), item = table.column("item"), value = table.column("value");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    Estimate estimate{table.text(row, quantity), table.text(row, country),           table.text(row, partner),
                      table.text(row, item),     table.number(row, value, problems), table.where(row)};
    expect_mark(table, row, problems);
    const bool of_set = estimate.quantity.rfind("theta_", 0) == 0 && estimate.quantity.size() > 6;
    if (!of_set)
      expect_one_of(estimate.quantity,
                    {"gdp", "exports", "undisclosed_exports", "services_exports", "export_share", "pair_share",
                     "re_export_share", "theta"},
                    "quantity", estimate.where, "quantity", problems);
    const bool of_sector = estimate.quantity == "exports" || estimate.quantity == "pair_share" ||
                           estimate.quantity == "theta" || of_set ||
                           (estimate.quantity == "re_export_share" && !estimate.item.empty());
    if (of_sector) expect_one_of(estimate.item, recipe.sector_codes(), "sector", estimate.where, "item", problems);
    if (estimate.quantity == "services_exports" || estimate.quantity == "re_export_share" ||
        estimate.quantity == "export_share")
      expect_one_of(estimate.country, recipe.country_codes(), "country", estimate.where, "country", problems);
    if (estimate.quantity == "pair_share")
      expect_one_of(estimate.country, recipe.country_codes(), "country", estimate.where, "country", problems);
    if (estimate.quantity == "pair_share" || (estimate.quantity == "services_exports" && !estimate.partner.empty())) {
      expect_one_of(estimate.partner, recipe.country_codes(), "country", estimate.where, "partner", problems);
    }
    if (!(estimate.value >= 0.0)) problems.add(estimate.where, "value", "this value must be zero or more");
    tables.estimates.push_back(std::move(estimate));
  }
}

/// "wits", "wits:XXX", "wits*0.5" or a number.
void read_rate(const CsvTable& table, std::size_t row, std::size_t column, TariffRule& rule, Problems& problems) {
  const std::string& cell = table.text(row, column);
  const auto ends = [&](std::size_t from) { return from == cell.size() || cell[from] == ':' || cell[from] == '*'; };
  rule.from_profile = cell.rfind("wits", 0) == 0 && ends(4);
  if (!rule.from_profile) {
    rule.rate = table.number(row, column, problems);
    if (!(rule.rate > -1.0)) problems.add(rule.where, "rate", "a tariff must be above -1 (-100 %)");
    return;
  }
  rule.rate = 1.0;
  const std::size_t star = cell.find('*');
  if (cell[4] == ':') rule.profile_country = cell.substr(5, star == std::string::npos ? star : star - 5);
  if (star == std::string::npos) return;
  const std::string part = cell.substr(star + 1);
  char* end = nullptr;
  rule.rate = std::strtod(part.c_str(), &end);
  if (part.empty() || *end != '\0' || !(rule.rate >= 0.0 && rule.rate <= 1.0))
    problems.add(rule.where, "rate", "'" + part + "' must be a fraction between 0 and 1: wits*0.5");
}

/// Rules of tariffs.csv, or of agreements.csv, which has three columns more.
std::vector<TariffRule> read_rules(const Recipe& recipe, const RecipeTables& tables, const std::string& role,
                                   Problems& problems) {
  const bool dated = role == "agreements";
  const CsvTable table = CsvTable::read(recipe.table(role));
  std::vector<std::string> columns = {"importer", "exporter", "item", "rate", "mark", "source"};
  if (dated) columns.insert(columns.end(), {"agreement", "from", "until"});
  table.expect_only(columns, problems);
  const std::size_t importer = table.column("importer"), exporter = table.column("exporter"),
                    item = table.column("item"), rate = table.column("rate");
  std::vector<std::string> places = recipe.country_codes(), items = recipe.sector_codes();
  places.push_back("*");
  for (const std::string& bloc : tables.blocs.names()) places.push_back(bloc);
  items.push_back("goods");
  items.push_back("industrial");
  std::vector<TariffRule> rules;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    TariffRule rule;
    rule.importer = table.text(row, importer);
    rule.exporter = table.text(row, exporter);
    rule.item = table.text(row, item);
    rule.where = table.where(row);
    expect_mark(table, row, problems);
    expect_one_of(rule.importer, places, "country or bloc", rule.where, "importer", problems);
    expect_one_of(rule.exporter, places, "country or bloc", rule.where, "exporter", problems);
    expect_one_of(rule.item, items, "sector", rule.where, "item", problems);
    read_rate(table, row, rate, rule, problems);
    if (dated) {
      rule.from = table.text(row, table.column("from"));
      rule.until = table.text(row, table.column("until"));
      if (!is_iso_date(rule.from)) problems.add(rule.where, "from", "'" + rule.from + "' is no date YYYY-MM-DD");
      if (!rule.until.empty() && !is_iso_date(rule.until))
        problems.add(rule.where, "until", "'" + rule.until + "' is no date YYYY-MM-DD");
      if (!rule.until.empty() && rule.until <= rule.from)
        problems.add(rule.where, "until", "this agreement ends before it starts");
      if (table.text(row, table.column("agreement")).empty())
        problems.add(rule.where, "agreement", "this agreement needs a name");
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

}  // namespace

RecipeTables read_recipe_tables(const Recipe& recipe) {
  RecipeTables tables;
  Problems problems;
  read_donors(recipe, tables, problems);
  read_product_groups(recipe, tables, problems);
  read_estimates(recipe, tables, problems);
  tables.blocs = BlocTable::read(recipe.table("blocs"));
  tables.tariffs = read_rules(recipe, tables, "tariffs", problems);
  tables.agreements = read_rules(recipe, tables, "agreements", problems);
  problems.throw_if_any();
  return tables;
}

}  // namespace entrepot
