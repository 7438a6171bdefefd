#include "import/icio.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "import/csv_stream.hpp"
#include "import/io_table.hpp"

namespace entrepot {

namespace {

const std::vector<std::string> kFinalDemand{"HFCE", "NPISH", "GGFC", "GFCF",   "INVNT",    "DPABR",      "HC",
                                            "P33",  "DIRP",  "FD",   "NONRES", "CONS_ABR", "CONS_NONRES"};
const std::vector<std::string> kValueAdded{"VA", "VALU"};
const std::vector<std::string> kValueAddedAndTaxes{"VA+TAXSUB", "VA.TAXSUB"};
const std::vector<std::string> kTaxes{"TLS", "TAXSUB"};
const std::vector<std::string> kOutput{"OUT", "OUTPUT", "TOTAL"};
const std::vector<std::string> kColumnTotals{"OUT", "OUTPUT", "TOTAL", "DISC"};

bool holds(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct Label {
  std::string country, item;  // item is empty where there is no '_'
};

Label parsed(std::string_view text) {
  const std::size_t bar = text.find('_');
  if (bar == std::string_view::npos) return {std::string(text), ""};
  return {std::string(text.substr(0, bar)), std::string(text.substr(bar + 1))};
}

/// CN1 … and MX1 … are parts of China and Mexico.
std::string whole_country(const std::string& code) {
  const bool part = code.size() == 3 && std::isdigit(static_cast<unsigned char>(code[2]));
  if (part && code.compare(0, 2, "CN") == 0) return "CHN";
  if (part && code.compare(0, 2, "MX") == 0) return "MEX";
  return code;
}

/// Like an industry's code: a digit, one letter, or a letter and a digit come first.
bool looks_like_industry(const std::string& item) {
  const auto digit = [&](std::size_t k) {
    return k < item.size() && std::isdigit(static_cast<unsigned char>(item[k]));
  };
  return digit(0) || digit(1) || item.size() == 1;
}

enum class Use { kIntermediate, kFinal, kTotal };

struct Column {
  Use use = Use::kTotal;
  Index country = -1, industry = -1;
};

/// The header, taken apart.
struct Layout {
  std::vector<Column> columns;  // from the second on
  CodeList countries, industries;
  std::vector<std::string> producers;  // the columns of industries: each needs its row
  std::set<std::string> parts;         // CN1, …
};

Layout read_header(CsvStream& stream) {
  Layout layout;
  std::set<std::string> seen;
  const std::vector<std::string>& names = stream.columns();
  for (std::size_t c = 1; c < names.size(); ++c) {
    const std::string& name = names[c];
    const Label label = parsed(name);
    const std::string country = whole_country(label.country);
    if (!seen.insert(name).second) stream.problem(stream.header(), name, "this column is named twice");
    if (country != label.country) layout.parts.insert(label.country);
    if (holds(kColumnTotals, name)) {
      layout.columns.push_back({});
    } else if (!label.item.empty() && holds(kFinalDemand, label.item)) {
      layout.columns.push_back({Use::kFinal, layout.countries.add(country), -1});
    } else if (!label.item.empty() && looks_like_industry(label.item)) {
      layout.columns.push_back({Use::kIntermediate, layout.countries.add(country), layout.industries.add(label.item)});
      layout.producers.push_back(name);
    } else {
      layout.columns.push_back({});
      stream.problem(
          stream.header(), name,
          "this is neither COUNTRY_INDUSTRY nor COUNTRY_CATEGORY of final demand nor a total" +
              suggestion(label.item.empty() ? name : label.item, label.item.empty() ? kColumnTotals : kFinalDemand));
    }
  }
  stream.throw_if_any();
  if (layout.producers.empty())
    throw InputError(stream.header(), names.front(),
                     "this is not an ICIO table: no column is named COUNTRY_INDUSTRY, as ARG_A01_02 or ARG_01T02");
  const bool any_final = std::any_of(layout.columns.begin(), layout.columns.end(),
                                     [](const Column& column) { return column.use == Use::kFinal; });
  if (!any_final)
    throw InputError(stream.header(), "ARG_HFCE",
                     "there is no column of final demand: COUNTRY_HFCE, COUNTRY_GFCF and so on are missing");
  return layout;
}

class Reader {
 public:
  Reader(CsvStream& stream, const Layout& layout, IoTable& table) : in_(stream), layout_(layout), table_(table) {}

  void read() {
    while (in_.next()) {
      const std::string name(in_.text(0));
      if (!rows_.insert(name).second) in_.problem(in_.where(), name, "this row is listed twice");
      const Label label = parsed(name);
      if (holds(kOutput, name)) {
        for_industries([&](const Column& to, double v) { table_.stated_output(to.country, to.industry, v); });
      } else if (holds(kValueAdded, name) || holds(kValueAddedAndTaxes, name)) {
        has_value_added_ = true;
        for_industries([&](const Column& to, double v) { table_.value_added(to.country, to.industry, v); });
      } else if (holds(kTaxes, name) || holds(kTaxes, label.item)) {
        taxes();
      } else {
        producer(name, label);
      }
    }
    const std::size_t last = in_.rows();
    for (const std::string& name : layout_.producers)
      if (rows_.count(name) == 0)
        in_.problem(in_.header(), name,
                    fmt::format("this column has no row of the same name; is the file cut off? It has {} rows", last));
    if (!has_value_added_)
      in_.problem({in_.file(), 0, 0}, "VA",
                  "there is no row of value added (VA or VALU), which follows the industries; is the file cut off?");
    in_.throw_if_any();
  }

  double taxes_on_inputs = 0.0, taxes_on_final = 0.0;

 private:
  template <typename Take>
  void for_industries(const Take& take) {
    for (std::size_t c = 0; c < layout_.columns.size(); ++c)
      if (layout_.columns[c].use == Use::kIntermediate) take(layout_.columns[c], in_.number(c + 1));
  }

  void taxes() {
    for (std::size_t c = 0; c < layout_.columns.size(); ++c) {
      const Column& to = layout_.columns[c];
      if (to.use == Use::kTotal) continue;
      const double v = in_.number(c + 1);
      (to.use == Use::kFinal ? taxes_on_final : taxes_on_inputs) += v;
      if (to.use == Use::kIntermediate) table_.value_added(to.country, to.industry, v);
    }
  }

  void producer(const std::string& name, const Label& label) {
    const Index i = layout_.countries.find(whole_country(label.country)), k = layout_.industries.find(label.item);
    if (i < 0 || k < 0 || std::find(in_.columns().begin(), in_.columns().end(), name) == in_.columns().end()) {
      std::vector<std::string> known = layout_.producers;
      known.insert(known.end(), {"TLS", "TAXSUB", "VA", "VALU", "OUT", "OUTPUT", "TOTAL"});
      in_.problem(in_.where(), name, "no column is named like this row" + suggestion(name, known));
      return;
    }
    for (std::size_t c = 0; c < layout_.columns.size(); ++c) {
      const Column& to = layout_.columns[c];
      if (to.use == Use::kTotal) continue;
      const double v = in_.number(c + 1);
      if (v == 0.0) continue;
      if (to.use == Use::kIntermediate)
        table_.intermediate(i, k, to.country, to.industry, v);
      else
        table_.final_demand(i, k, to.country, v);
    }
  }

  CsvStream& in_;
  const Layout& layout_;
  IoTable& table_;
  std::set<std::string> rows_;
  bool has_value_added_ = false;
};

}  // namespace

int year_in_name(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  int year = 0;
  for (std::size_t from = 0; from < name.size();) {
    std::size_t to = from;
    while (to < name.size() && std::isdigit(static_cast<unsigned char>(name[to]))) ++to;
    if (to - from == 4) {
      const int number = std::stoi(name.substr(from, 4));
      if (number >= 1900 && number <= 2100) year = number;
    }
    from = std::max(to, from + 1);
  }
  return year;
}

Imported read_icio(const std::filesystem::path& file, int year) {
  CsvStream stream(file);
  const Layout layout = read_header(stream);
  std::vector<Country> countries;
  std::vector<Sector> sectors;
  for (const std::string& code : layout.countries.codes())
    countries.push_back({code, code == "ROW" ? "Rest of the world" : code, {}});
  for (const std::string& code : layout.industries.codes()) sectors.push_back({code, code, isic_kind(code)});
  IoTable table(std::move(countries), std::move(sectors));
  Reader reader(stream, layout, table);
  reader.read();

  Imported result;
  result.report.format = "OECD ICIO";
  result.world = table.finish(result.report);
  result.world.year = year > 0 ? year : year_in_name(file);
  result.info.sources = {"OECD, Inter-Country Input-Output tables: " + file.filename().string()};
  result.info.licence = "OECD terms and conditions; name the source";
  std::vector<std::string>& taken = result.report.taken;
  taken.insert(taken.begin(),
               {"flows, inputs, final use: the table, million USD at basic prices; final demand is the sum of its "
                "categories",
                fmt::format("value added: the table's, with taxes less subsidies on inputs ({:.6g}); those on final "
                            "demand ({:.6g} million USD) are left out",
                            reader.taxes_on_inputs, reader.taxes_on_final)});
  if (!layout.parts.empty()) taken.push_back(fmt::format("MEX, CHN: the sums of {}", fmt::join(layout.parts, ", ")));
  return result;
}

}  // namespace entrepot
