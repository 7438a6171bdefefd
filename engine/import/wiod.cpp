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

/// Names that long forms have for a flow's value, and for the column of the wide table that it stands in.
const std::vector<std::string> kFlow{"flow", "value"}, kTarget{"variable", "name"};

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

/// Where things stand: labels of a row, and either the columns of a wide table or, in a long form, where each line says
/// which of them it is.
struct Form {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t code = kNone, country = kNone, number = kNone, description = kNone, year = kNone;
  std::vector<Column> wide;
  std::size_t flow = kNone, target = kNone, destination = kNone, use = kNone;  // long

  bool is_long() const { return flow != kNone; }
};

std::size_t place_of(const CsvStream& stream, const std::string& name) {
  const auto found = std::find(stream.columns().begin(), stream.columns().end(), name);
  return found == stream.columns().end() ? Form::kNone : static_cast<std::size_t>(found - stream.columns().begin());
}

std::vector<Column> wide_columns(CsvStream& stream, CodeList& countries) {
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

Form read_header(CsvStream& stream, CodeList& countries) {
  const std::vector<std::size_t> places = columns_of(stream, {"IndustryCode", "Country", "RNr"}, kFormat);
  Form form;
  form.code = places[0];
  form.country = places[1];
  form.number = places[2];
  form.description = place_of(stream, "IndustryDescription");
  form.year = place_of(stream, "Year");
  form.destination = place_of(stream, "destination");
  form.use = place_of(stream, "use");
  for (const std::string& name : kTarget) form.target = std::min(form.target, place_of(stream, name));
  const bool targeted = form.target != Form::kNone || (form.destination != Form::kNone && form.use != Form::kNone);
  for (const std::string& name : kFlow)
    if (targeted) form.flow = std::min(form.flow, place_of(stream, name));
  if (!form.is_long()) form.wide = wide_columns(stream, countries);
  return form;
}

/// The column of the wide table that a line of a long form stands for; number 0 for TOT.
std::pair<std::string, int> target_of(CsvStream& stream, const Form& form) {
  std::pair<std::string, int> target;
  if (form.target == Form::kNone)
    target = {std::string(stream.text(form.destination)), static_cast<int>(stream.number(form.use))};
  else if (stream.text(form.target) != kTotals)
    target = parsed(std::string(stream.text(form.target)));
  else
    return {kTotals, 0};
  if (target.second >= 1 && target.second <= kLastFinal) return target;
  stream.problem(stream.where(), stream.columns()[form.target == Form::kNone ? form.use : form.target],
                 fmt::format("this is no column of {}: vAUS1 to vROW{} are expected", kFormat, kLastFinal));
  return {kTotals, 0};
}

/// The industries in the order of their numbers, and the table's year, from a first pass over the labels, which in a
/// long form also finds the countries.
struct Industries {
  std::map<int, Sector> sector;
  std::map<int, Index> place;
  int year = 0;
};

/// Whether the line is of another year than the one asked for; sets the year at the first line.
bool other_year(CsvStream& stream, const Form& form, int asked, int& year) {
  if (form.year == Form::kNone) return false;
  const int here = static_cast<int>(stream.number(form.year));
  if (asked > 0) {
    if (here == asked) year = asked;
    return here != asked;
  }
  if (year == 0) year = here;
  if (here != year)
    stream.problem(stream.where(), "Year", fmt::format("{} and {} stand in one file; --year says which", year, here));
  return false;
}

Industries read_industries(const std::filesystem::path& file, const Form& form, int asked, CodeList& countries) {
  CsvStream stream(file);
  Industries result;
  while (stream.next()) {
    if (other_year(stream, form, asked, result.year)) continue;
    if (form.is_long())
      if (const auto [country, number] = target_of(stream, form); number > 0) countries.add(country);
    if (stream.text(form.country) == kTotals) continue;
    const double value = stream.number(form.number);
    const int number = static_cast<int>(value);
    if (number != value || number < 1 || number > kLastIndustry) {
      stream.problem(
          stream.where(), "RNr",
          fmt::format("'{}' is not the number of an industry, 1 to {}", stream.text(form.number), kLastIndustry));
      continue;
    }
    const auto found = result.sector.find(number);
    const std::string_view code = stream.text(form.code);
    if (found == result.sector.end())
      result.sector[number] = {std::string(code),
                               std::string(form.description == Form::kNone ? code : stream.text(form.description)),
                               isic_kind(std::string(code))};
    else if (found->second.code != code)
      stream.problem(stream.where(), "IndustryCode",
                     fmt::format("industry {} is '{}' here and '{}' above", number, code, found->second.code));
  }
  if (asked > 0 && form.year != Form::kNone && result.year != asked)
    stream.problem({stream.file(), 0, 0}, "--year", fmt::format("no row is of the year {}", asked));
  stream.throw_if_any();
  for (const auto& [number, sector] : result.sector) {
    const Index place = static_cast<Index>(result.place.size());
    result.place[number] = place;
  }
  return result;
}

class Reader {
 public:
  Reader(CsvStream& stream, const Form& form, const CodeList& countries, const Industries& industries, IoTable& table)
      : in_(stream), form_(form), countries_(countries), industries_(industries), table_(table) {}

  void read() {
    int year = 0;
    while (in_.next()) {
      if (other_year(in_, form_, industries_.year, year)) continue;
      const std::string country(in_.text(form_.country)), code(in_.text(form_.code));
      const bool first = rows_.insert(country + " " + code).second;
      if (form_.is_long() ? listed_before(country + " " + code) : !first)
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
  /// What the line holds: every column of a wide table, one of a long form.
  template <typename Take>
  void each(const Take& take) {
    for (const Column& to : form_.wide) take(to, in_.number(to.place));
    if (!form_.is_long()) return;
    const auto [country, number] = target_of(in_, form_);
    if (number > 0) take(Column{form_.flow, countries_.find(country), number}, in_.number(form_.flow));
  }

  /// In a long form: whether the row's cell has been read.
  bool listed_before(const std::string& row) {
    const auto [country, number] = target_of(in_, form_);
    if (number == 0) return false;
    std::vector<bool>& seen = cells_[row];
    seen.resize(at(countries_.size()) * (kLastFinal + 1));
    const std::size_t cell = at(countries_.find(country)) * (kLastFinal + 1) + static_cast<std::size_t>(number);
    const bool before = seen[cell];
    seen[cell] = true;
    return before;
  }

  void totals(const std::string& code) {
    const bool value = std::find(kValueRows.begin(), kValueRows.end(), code) != kValueRows.end();
    if (std::find(kTotalRows.begin(), kTotalRows.end(), code) == kTotalRows.end())
      in_.problem(in_.where(), "IndustryCode",
                  "there is no row TOT of code '" + code + "' in " + kFormat + suggestion(code, kTotalRows));
    if (!value && code != "GO") return;
    each([&](const Column& to, double v) {
      const Index j = industry(to.number);
      if (j < 0) return;
      if (value)
        table_.value_added(to.country, j, v);
      else
        table_.stated_output(to.country, j, v);
      if (value && code != "VA") beside_value_added += v;
    });
  }

  void producer(const std::string& country) {
    const Index i = countries_.find(country);
    if (i < 0) {
      in_.problem(in_.where(), "Country",
                  "no column belongs to '" + country + "'" + suggestion(country, countries_.codes()));
      return;
    }
    const Index k = industry(static_cast<int>(in_.number(form_.number)));
    each([&](const Column& to, double v) {
      if (v == 0.0) return;
      if (to.number > kLastIndustry)
        table_.final_demand(i, k, to.country, v);
      else if (const Index j = industry(to.number); j >= 0)
        table_.intermediate(i, k, to.country, j, v);
      else
        in_.problem(in_.header(), in_.columns()[to.place], "no row has the number of this column's industry");
    });
  }

  Index industry(int number) const {
    const auto found = industries_.place.find(number);
    return found == industries_.place.end() ? -1 : found->second;
  }

  CsvStream& in_;
  const Form& form_;
  const CodeList& countries_;
  const Industries& industries_;
  IoTable& table_;
  std::set<std::string> rows_;
  std::map<std::string, std::vector<bool>> cells_;
};

}  // namespace

Imported read_wiod(const std::filesystem::path& file, int year) {
  CsvStream stream(file);
  CodeList countries;
  const Form form = read_header(stream, countries);
  const Industries industries = read_industries(file, form, year, countries);
  std::vector<Country> country_list;
  std::vector<Sector> sector_list;
  for (const std::string& code : countries.codes())
    country_list.push_back({code, code == "ROW" ? "Rest of the world" : code, {}});
  for (const auto& [number, sector] : industries.sector) sector_list.push_back(sector);
  IoTable table(std::move(country_list), std::move(sector_list));
  Reader reader(stream, form, countries, industries, table);
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
