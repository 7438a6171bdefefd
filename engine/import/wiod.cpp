#include "import/wiod.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "import/csv_stream.hpp"
#include "import/icio.hpp"
#include "import/io_table.hpp"

namespace entrepot {

namespace {

constexpr int kLastIndustry = 56, kLastFinal = 61;  // numbers of the release's columns
const char* const kTotals = "TOT";                  // "country" of the rows below the industries
const char* const kFormat = "a WIOD table (2016 release)";
const std::vector<std::string> kLabels{"IndustryCode", "IndustryDescription", "Country", "RNr", "Year", "TOT"};
/// Rows that make GO less II_fob.
const std::vector<std::string> kValueRows{"TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM"};
const std::vector<std::string> kTotalRows{"II_fob", "TXSP", "EXP_adj", "PURR", "PURNR", "VA", "IntTTM", "GO"};

struct Column {
  std::size_t place = 0;
  Index country = -1;
  int number = 0;
};

/// The country and number in "vAUS57" or "AUS57"; a number of 0 where it is neither.
std::pair<std::string, int> parsed(const std::string& name) {
  const std::size_t from =
      name.size() > 1 && name[0] == 'v' && std::isupper(static_cast<unsigned char>(name[1])) ? 1 : 0;
  std::size_t digits = name.size();
  while (digits > from && std::isdigit(static_cast<unsigned char>(name[digits - 1]))) --digits;
  int number = 0;
  std::from_chars(name.data() + digits, name.data() + name.size(), number);
  return {name.substr(from, digits - from), digits == from ? 0 : number};
}

std::vector<Column> read_header(CsvStream& stream, CodeList& countries) {
  std::vector<Column> columns;
  std::set<std::string> seen;
  for (std::size_t c = 0; c < stream.columns().size(); ++c) {
    const std::string& name = stream.columns()[c];
    if (std::find(kLabels.begin(), kLabels.end(), name) != kLabels.end()) continue;
    const auto [country, number] = parsed(name);
    if (!seen.insert(name).second)
      stream.problem(stream.header(), name, "this column is named twice");
    else if (number < 1 || number > kLastFinal)
      stream.problem(stream.header(), name,
                     fmt::format("this is no column of {}: vAUS1 to vROW{} are expected{}", kFormat, kLastFinal,
                                 suggestion(name, kLabels)));
    else
      columns.push_back({c, countries.add(country), number});
  }
  stream.throw_if_any();
  const auto any = [&](bool industry) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const Column& column) { return (column.number <= kLastIndustry) == industry; });
  };
  if (!any(true) || !any(false))
    throw InputError(stream.header(), any(true) ? "vAUS57" : "vAUS1",
                     any(true) ? "there is no column of final demand (numbers 57 to 61)"
                               : "there is no column of an industry (numbers 1 to 56)");
  return columns;
}

struct Labels {
  std::size_t code, country, number;  // columns
};

/// The industries in the order of their numbers, and the table's year, from a first pass over the labels.
struct Industries {
  std::map<int, Sector> sector;
  std::map<int, Index> place;
  int year = 0;
};

Industries read_industries(const std::filesystem::path& file, const Labels& labels) {
  CsvStream stream(file);
  const auto column = [&](const char* name) {
    return static_cast<std::size_t>(std::find(stream.columns().begin(), stream.columns().end(), name) -
                                    stream.columns().begin());
  };
  const std::size_t description = column("IndustryDescription"), year = column("Year");
  Industries result;
  while (stream.next()) {
    if (stream.text(labels.country) == kTotals) continue;
    const double value = stream.number(labels.number);
    const int number = static_cast<int>(value);
    if (number != value || number < 1 || number > kLastIndustry) {
      stream.problem(
          stream.where(), "RNr",
          fmt::format("'{}' is not the number of an industry, 1 to {}", stream.text(labels.number), kLastIndustry));
      continue;
    }
    const std::string code(stream.text(labels.code));
    const std::string name(description < stream.columns().size() ? stream.text(description) : code);
    const auto [entry, added] = result.sector.emplace(number, Sector{code, name, isic_kind(code)});
    if (!added && entry->second.code != code)
      stream.problem(stream.where(), "IndustryCode",
                     fmt::format("industry {} is '{}' here and '{}' above", number, code, entry->second.code));
    if (year < stream.columns().size() && result.year == 0) result.year = static_cast<int>(stream.number(year));
  }
  stream.throw_if_any();
  for (const auto& [number, sector] : result.sector) {
    const Index place = static_cast<Index>(result.place.size());
    result.place[number] = place;
  }
  return result;
}

class Reader {
 public:
  Reader(CsvStream& stream, const Labels& labels, std::vector<Column> columns, const CodeList& countries,
         const Industries& industries, IoTable& table)
      : in_(stream),
        labels_(labels),
        columns_(std::move(columns)),
        countries_(countries),
        industries_(industries),
        table_(table) {}

  void read() {
    while (in_.next()) {
      const std::string country(in_.text(labels_.country)), code(in_.text(labels_.code));
      if (!rows_.insert(country + " " + code).second)
        in_.problem(in_.where(), code, "this row of " + country + " is listed twice");
      if (country == kTotals)
        totals(code);
      else
        producer(country);
    }
    for (Index i = 0; i < countries_.size(); ++i)
      for (const auto& [number, sector] : industries_.sector)
        if (rows_.count(countries_.codes()[at(i)] + " " + sector.code) == 0)
          in_.problem(
              {in_.file(), 0, 0}, countries_.codes()[at(i)] + " " + sector.code,
              fmt::format("there is no row for this industry; is the file cut off? It has {} rows", in_.rows()));
    for (const std::string& code : kTotalRows)
      if (code != "II_fob" && rows_.count(std::string(kTotals) + " " + code) == 0)
        in_.problem({in_.file(), 0, 0}, code,
                    "there is no row TOT of this code, which follows the industries; is the file cut off?");
    in_.throw_if_any();
  }

  double beside_value_added = 0.0;  ///< taxes, adjustments and margins of industries

 private:
  void totals(const std::string& code) {
    const bool value = std::find(kValueRows.begin(), kValueRows.end(), code) != kValueRows.end();
    if (std::find(kTotalRows.begin(), kTotalRows.end(), code) == kTotalRows.end())
      in_.problem(in_.where(), "IndustryCode",
                  "there is no row TOT of code '" + code + "' in " + kFormat + suggestion(code, kTotalRows));
    if (!value && code != "GO") return;
    for (const Column& to : columns_) {
      const Index j = industry(to.number);
      if (j < 0) continue;
      const double v = in_.number(to.place);
      if (value)
        table_.value_added(to.country, j, v);
      else
        table_.stated_output(to.country, j, v);
      if (value && code != "VA") beside_value_added += v;
    }
  }

  void producer(const std::string& country) {
    const Index i = countries_.find(country);
    if (i < 0) {
      in_.problem(in_.where(), "Country",
                  "no column belongs to '" + country + "'" + suggestion(country, countries_.codes()));
      return;
    }
    const Index k = industry(static_cast<int>(in_.number(labels_.number)));
    for (const Column& to : columns_) {
      const double v = in_.number(to.place);
      if (v == 0.0) continue;
      if (to.number > kLastIndustry)
        table_.final_demand(i, k, to.country, v);
      else if (const Index j = industry(to.number); j >= 0)
        table_.intermediate(i, k, to.country, j, v);
      else
        in_.problem(in_.header(), in_.columns()[to.place], "no row has the number of this column's industry");
    }
  }

  Index industry(int number) const {
    const auto found = industries_.place.find(number);
    return found == industries_.place.end() ? -1 : found->second;
  }

  CsvStream& in_;
  Labels labels_;
  std::vector<Column> columns_;
  const CodeList& countries_;
  const Industries& industries_;
  IoTable& table_;
  std::set<std::string> rows_;
};

}  // namespace

Imported read_wiod(const std::filesystem::path& file, int year) {
  CsvStream stream(file);
  const std::vector<std::size_t> places = columns_of(stream, {"IndustryCode", "Country", "RNr"}, kFormat);
  const Labels labels{places[0], places[1], places[2]};
  CodeList countries;
  std::vector<Column> columns = read_header(stream, countries);
  const Industries industries = read_industries(file, labels);
  std::vector<Country> country_list;
  std::vector<Sector> sector_list;
  for (const std::string& code : countries.codes())
    country_list.push_back({code, code == "ROW" ? "Rest of the world" : code, {}});
  for (const auto& [number, sector] : industries.sector) sector_list.push_back(sector);
  IoTable table(std::move(country_list), std::move(sector_list));
  Reader reader(stream, labels, std::move(columns), countries, industries, table);
  reader.read();

  Imported result;
  result.report.format = "WIOD, release 2016";
  result.world = table.finish(result.report);
  result.world.year = year > 0 ? year : industries.year > 0 ? industries.year : year_in_name(file);
  result.info.sources = {"World Input-Output Database, release 2016 (Timmer et al. 2015): " + file.filename().string()};
  result.info.licence = "CC BY 4.0 (wiod.org): name the source";
  std::vector<std::string>& taken = result.report.taken;
  taken.insert(taken.begin(),
               {"flows, inputs, final use: the table, million USD at basic prices; final demand is the sum of its "
                "categories 57 to 61",
                fmt::format("value added: VA with TXSP, EXP_adj, PURR, PURNR and IntTTM of industries ({:.6g} million "
                            "USD), which is GO less II_fob",
                            reader.beside_value_added)});
  return result;
}

}  // namespace entrepot
