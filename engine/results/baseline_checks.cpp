#include "baseline_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "measures.hpp"
#include "table.hpp"
#include "text/csv.hpp"
#include "world/codes.hpp"

namespace entrepot {

namespace {

const std::vector<std::string> kByPartner = {"exports_to", "imports_from"};
const std::string kShare = "goods_export_share", kValueAdded = "value_added_share";

bool is_by_partner(const std::string& figure) { return figure == kByPartner[0] || figure == kByPartner[1]; }
bool is_percentage(const std::string& figure) {
  return figure == kShare || figure == kValueAdded || figure == "openness" || figure == "goods_openness";
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

Index position(const std::vector<std::string>& codes, const std::string& code) {
  const auto found = std::find(codes.begin(), codes.end(), code);
  return found == codes.end() ? -1 : static_cast<Index>(found - codes.begin());
}

void expect(const std::string& word, const std::vector<std::string>& known, const std::string& what,
            const SourceLocation& where, const std::string& key, Problems& problems) {
  if (position(known, word) < 0)
    problems.add(where, key, "there is no " + what + " '" + word + "'" + suggestion(word, known));
}

/// Trade of a base year between countries at producer receipts, million USD.
struct Totals {
  explicit Totals(const World& world);
  std::vector<std::string> countries, sectors;
  Vector gdp;
  Matrix goods;           ///< exporter × importer
  Matrix goods_products;  ///< exporter × sector
  Vector services_exports, services_imports;
  Matrix output, value_added;  ///< country × sector
};

Totals::Totals(const World& world)
    : countries(codes_of(world.countries)), sectors(codes_of(world.sectors)), gdp(base_measures(world).gdp_base) {
  const Index n = world.country_count();
  goods = Matrix::Zero(n, n);
  goods_products = Matrix::Zero(n, world.sector_count());
  services_exports = services_imports = Vector::Zero(n);
  output = value_added = goods_products;
  const Matrix made = entrepot::output(world);
  for (Index l = 0; l < world.location_count(); ++l) {
    output.row(world.country_of_location(l)) += made.row(l);
    value_added.row(world.country_of_location(l)) += world.value_added.row(l);
  }
  for (Index j = 0; j < world.sector_count(); ++j) {
    const bool good = world.sectors[static_cast<std::size_t>(j)].kind != SectorKind::kServices;
    for (Index i = 0; i < world.location_count(); ++i) {
      for (Index m = 0; m < world.market_count(); ++m) {
        const Index seller = world.country_of_location(i), buyer = world.country_of_market(m);
        if (seller == buyer) continue;
        const double value = world.receipts_at(m, i, j);
        if (good) {
          goods(seller, buyer) += value;
          goods_products(seller, j) += value;
        } else {
          services_exports(seller) += value;
          services_imports(buyer) += value;
        }
      }
    }
  }
}

double built(const Totals& totals, const PublishedFigure& figure) {
  const Index n = position(totals.countries, figure.country);
  const double exports = totals.goods.row(n).sum(), imports = totals.goods.col(n).sum();
  const std::string& name = figure.figure;
  if (name == "gdp") return totals.gdp(n);
  if (name == "goods_exports") return exports;
  if (name == "goods_imports") return imports;
  if (name == "services_exports") return totals.services_exports(n);
  if (name == "services_imports") return totals.services_imports(n);
  if (name == "exports") return exports + totals.services_exports(n);
  if (name == "imports") return imports + totals.services_imports(n);
  if (name == "exports_to") return totals.goods(n, position(totals.countries, figure.of));
  if (name == "imports_from") return totals.goods(position(totals.countries, figure.of), n);
  double value = 0.0;
  if (name == kValueAdded) {
    double output = 0.0;
    for (const std::string& sector : words(figure.of)) {
      value += totals.value_added(n, position(totals.sectors, sector));
      output += totals.output(n, position(totals.sectors, sector));
    }
    return output > 0.0 ? 100.0 * value / output : 0.0;
  }
  for (const std::string& sector : words(figure.of))
    value += totals.goods_products(n, position(totals.sectors, sector));
  return exports > 0.0 ? 100.0 * value / exports : 0.0;
}

BaselineCheck compare(PublishedFigure figure, double built) {
  BaselineCheck check{std::move(figure), built, 0.0, false};
  const double published = check.figure.value;
  const bool points = is_percentage(check.figure.figure);
  if (points)
    check.difference = built - published;
  else if (published != 0.0)
    check.difference = 100.0 * (built / published - 1.0);
  check.large = std::abs(check.difference) > (points ? kLargeGap : kLargeDifference);
  return check;
}

/// Published trade over published GDP, where all three are there.
void add_openness(const std::map<std::string, const BaselineCheck*>& of_country, const std::string& name,
                  const std::string& exports, const std::string& imports, std::vector<BaselineCheck>& checks) {
  const auto gdp = of_country.find("gdp"), sold = of_country.find(exports), bought = of_country.find(imports);
  if (gdp == of_country.end() || sold == of_country.end() || bought == of_country.end()) return;
  const auto ratio = [](double trade, double income) { return income > 0.0 ? 100.0 * trade / income : 0.0; };
  PublishedFigure figure = sold->second->figure;
  figure.figure = name;
  figure.value = ratio(sold->second->figure.value + bought->second->figure.value, gdp->second->figure.value);
  if (figure.remark.empty()) figure.remark = bought->second->figure.remark;
  checks.push_back(compare(figure, ratio(sold->second->built + bought->second->built, gdp->second->built)));
}

Cell sign(const BaselineCheck& check) { return check.large ? Cell(std::string("!")) : Cell(std::string()); }

const BaselineCheck* find(const std::vector<BaselineCheck>& checks, const std::string& country,
                          const std::string& figure) {
  for (const BaselineCheck& check : checks)
    if (check.figure.country == country && check.figure.figure == figure) return &check;
  return nullptr;
}

void add_cells(const BaselineCheck* check, std::vector<Cell>& row) {
  if (check == nullptr) {
    row.insert(row.end(), 3, Cell());
    return;
  }
  row.insert(row.end(), {Cell(check->built), Cell(check->figure.value), Cell(check->difference)});
}

std::vector<std::string> countries_of(const std::vector<BaselineCheck>& checks) {
  std::vector<std::string> countries;
  for (const BaselineCheck& check : checks)
    if (position(countries, check.figure.country) < 0) countries.push_back(check.figure.country);
  return countries;
}

/// GDP and openness of each country.
std::string sizes(const std::vector<BaselineCheck>& checks) {
  Table table({{"country", ""},
               {"GDP", "million USD"},
               {"published", "million USD"},
               {"difference", "%"},
               {"openness", "% of GDP"},
               {"published", "% of GDP"},
               {"difference", "points"},
               {"goods openness", "% of GDP"},
               {"published", "% of GDP"},
               {"difference", "points"}});
  for (const std::string& country : countries_of(checks)) {
    std::vector<Cell> row{country};
    for (const char* figure : {"gdp", "openness", "goods_openness"}) add_cells(find(checks, country, figure), row);
    table.add_row(std::move(row));
  }
  return table.text();
}

/// The largest published figures of some kinds for each country.
std::string firsts(const std::vector<BaselineCheck>& checks, const std::string& figure, const std::string& heading,
                   const std::string& units, const std::string& difference_units, std::size_t most) {
  Table table({{"country", ""},
               {heading, ""},
               {"base year", units},
               {"published", units},
               {"difference", difference_units},
               {"", ""}});
  for (const std::string& country : countries_of(checks)) {
    std::vector<const BaselineCheck*> own;
    for (const BaselineCheck& check : checks)
      if (check.figure.country == country && check.figure.figure == figure) own.push_back(&check);
    std::stable_sort(own.begin(), own.end(),
                     [](const auto* a, const auto* b) { return a->figure.value > b->figure.value; });
    for (std::size_t k = 0; k < std::min(most, own.size()); ++k)
      table.add_row(
          {country, own[k]->figure.of, own[k]->built, own[k]->figure.value, own[k]->difference, sign(*own[k])});
  }
  return table.rows() > 0 ? table.text() + "\n" : "";
}

std::string one_country(const std::vector<BaselineCheck>& checks, const std::string& country) {
  Table amounts({{"figure", ""},
                 {"", ""},
                 {"base year", "million USD"},
                 {"published", "million USD"},
                 {"difference", "%"},
                 {"", ""},
                 {"year", ""},
                 {"mark", ""},
                 {"source", ""}});
  Table shares({{"figure", ""},
                {"", ""},
                {"base year", "%"},
                {"published", "%"},
                {"difference", "points"},
                {"", ""},
                {"year", ""},
                {"mark", ""},
                {"source", ""}});
  std::string remarks;
  for (const BaselineCheck& check : checks) {
    const PublishedFigure& figure = check.figure;
    if (figure.country != country) continue;
    (is_percentage(figure.figure) ? shares : amounts)
        .add_row({figure.figure, figure.of, check.built, figure.value, check.difference, sign(check),
                  std::to_string(figure.year), figure.mark, figure.source});
    if (check.large && !figure.remark.empty())
      remarks += fmt::format("! {}{}{}: {}\n", figure.figure, figure.of.empty() ? "" : " ", figure.of, figure.remark);
  }
  if (amounts.rows() == 0 && shares.rows() == 0) return "";
  return "Against published figures (imports here are fob; customs publish them cif)\n\n" +
         (amounts.rows() > 0 ? amounts.text() + "\n" : "") + (shares.rows() > 0 ? shares.text() + "\n" : "") + remarks;
}

}  // namespace

const std::vector<std::string>& published_figure_names() {
  static const std::vector<std::string> names = {"gdp",
                                                 "exports",
                                                 "imports",
                                                 "goods_exports",
                                                 "goods_imports",
                                                 "services_exports",
                                                 "services_imports",
                                                 "exports_to",
                                                 "imports_from",
                                                 "goods_export_share",
                                                 "value_added_share"};
  return names;
}

std::vector<PublishedFigure> read_published_figures(const std::filesystem::path& folder, const World& world) {
  const std::filesystem::path file = folder / "published.csv";
  if (!std::filesystem::exists(file)) return {};
  const CsvTable table = CsvTable::read(file);
  Problems problems;
  table.expect_only({"country", "figure", "of", "value", "unit", "year", "mark", "source", "remark"}, problems);
  const auto at = [&](const char* name) { return table.column(name); };
  const std::size_t country = at("country"), figure = at("figure"), of = at("of"), value = at("value"),
                    unit = at("unit"), year = at("year"), mark = at("mark"), source = at("source"),
                    remark = at("remark");
  const std::vector<std::string> countries = codes_of(world.countries), sectors = codes_of(world.sectors);
  std::set<std::vector<std::string>> seen;
  std::vector<PublishedFigure> figures;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    PublishedFigure each{.figure = table.text(row, figure),
                         .country = table.text(row, country),
                         .of = table.text(row, of),
                         .value = table.number(row, value, problems),
                         .year = static_cast<int>(table.number(row, year, problems)),
                         .mark = table.text(row, mark),
                         .source = table.text(row, source),
                         .remark = table.text(row, remark),
                         .where = table.where(row)};
    expect(each.figure, published_figure_names(), "figure", each.where, "figure", problems);
    expect(each.country, countries, "country", each.where, "country", problems);
    expect(each.mark, {"measured", "proxy", "estimate"}, "mark", each.where, "mark", problems);
    if (is_by_partner(each.figure)) expect(each.of, countries, "country", each.where, "of", problems);
    if (each.figure == kShare || each.figure == kValueAdded)
      for (const std::string& sector : words(each.of)) expect(sector, sectors, "sector", each.where, "of", problems);
    const std::string expected = is_percentage(each.figure) ? "%" : "million USD";
    if (table.text(row, unit) != expected)
      problems.add(each.where, "unit", fmt::format("expected '{}', not '{}'", expected, table.text(row, unit)));
    if (each.value < 0.0) problems.add(each.where, "value", "this value must be zero or more");
    if (each.source.empty()) problems.add(each.where, "source", "this figure needs a source");
    if (!seen.insert({each.country, each.figure, each.of}).second)
      problems.add(each.where, "figure", "this figure is given twice");
    figures.push_back(std::move(each));
  }
  problems.throw_if_any();
  return figures;
}

std::vector<BaselineCheck> check_figures(const World& world, const std::vector<PublishedFigure>& figures) {
  const Totals totals(world);
  std::vector<BaselineCheck> checks;
  for (const PublishedFigure& figure : figures) checks.push_back(compare(figure, built(totals, figure)));
  std::map<std::string, std::map<std::string, const BaselineCheck*>> by_country;
  for (const BaselineCheck& check : checks) by_country[check.figure.country][check.figure.figure] = &check;
  std::vector<BaselineCheck> openness;
  for (const auto& [country, of_country] : by_country) {
    add_openness(of_country, "openness", "exports", "imports", openness);
    add_openness(of_country, "goods_openness", "goods_exports", "goods_imports", openness);
  }
  checks.insert(checks.end(), openness.begin(), openness.end());
  return checks;
}

std::string describe_checks(const std::vector<BaselineCheck>& checks, const std::string& country) {
  if (checks.empty()) return "";
  if (!country.empty()) return one_country(checks, country);
  const auto large = std::count_if(checks.begin(), checks.end(), [](const BaselineCheck& each) { return each.large; });
  return "Against published figures (imports here are fob; customs publish them cif)\n\n" + sizes(checks) + "\n" +
         firsts(checks, "exports_to", "goods exports to", "million USD", "%", 3) +
         firsts(checks, "imports_from", "goods imports from", "million USD", "%", 3) +
         firsts(checks, kShare, "share of goods exports", "%", "points", 3) +
         fmt::format(
             "{} of {} figures differ by more than {} % or {} percentage points (!); --country CODE lists one "
             "country's, "
             "with sources and remarks.\n",
             large, checks.size(), kLargeDifference, kLargeGap);
}

}  // namespace entrepot
