#include "baseline_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <numeric>
#include <sstream>
#include <unordered_map>

#include "balance.hpp"
#include "text/csv.hpp"
#include "text/file_error.hpp"
#include "text/read_file.hpp"
#include "text/schema.hpp"
#include "text/sha256.hpp"
#include "text/toml_document.hpp"

namespace entrepot {

namespace {

/// The codes of one set (countries or sectors) and where each stands in it.
class Codes {
 public:
  explicit Codes(std::string what) : what_(std::move(what)) {}
  void add(const std::string& code, SourceLocation where, Problems& problems) {
    if (code.empty())
      problems.add(std::move(where), "code", "this cell is empty; a code is expected");
    else if (!index_.emplace(code, static_cast<Index>(names_.size())).second)
      problems.add(std::move(where), "code", fmt::format("the {} '{}' is listed twice", what_, code));
    names_.push_back(code);
  }
  /// The place of the code in a cell; −1, with a problem, where there is none.
  Index find(const CsvTable& table, std::size_t row, std::size_t column, Problems& problems) const {
    const std::string& code = table.text(row, column);
    const auto found = index_.find(code);
    if (found != index_.end()) return found->second;
    problems.add(table.where(row), table.columns()[column],
                 fmt::format("there is no {} '{}' in this baseline{}", what_, code, suggestion(code, names_)));
    return -1;
  }

 private:
  std::string what_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, Index> index_;
};

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

/// Reads the tables of one folder into a World; every mistake goes to `problems`.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& folder) : folder_(folder) {}

  World read() {
    const CsvTable flows =
        table("trade.csv", {"sector", "exporter", "importer", "value", "tariff", "export_tax", "use"});
    sets(flows.has_column("use") ? 2 : 1);
    trade(flows);
    input_output();
    accounts();
    deficits();
    problems_.throw_if_any();
    return std::move(world_);
  }

 private:
  CsvTable table(const char* name, const std::vector<std::string>& columns) {
    CsvTable result = CsvTable::read(folder_ / name);
    result.expect_only(columns, problems_);
    return result;
  }

  /// Reports a second value for the same account.
  void once(std::vector<bool>& seen, Index place, const CsvTable& table, std::size_t row) {
    if (seen[at(place)]) problems_.add(table.where(row), "", "this account is listed twice");
    seen[at(place)] = true;
  }

  void sets(Index uses) {
    const CsvTable countries = table("countries.csv", {"code", "name", "members"});
    const CsvTable sectors = CsvTable::read(folder_ / "sectors.csv");
    std::vector<std::string> known = {"code", "name", "theta", "kind"};
    std::vector<std::size_t> set_columns;
    std::vector<ThetaSet> sets;
    for (const std::string& column : sectors.columns()) {
      if (column.rfind("theta_", 0) != 0 || column.size() == 6) continue;
      known.push_back(column);
      set_columns.push_back(sectors.column(column));
      sets.push_back({column.substr(6), Vector(static_cast<Index>(sectors.rows()))});
    }
    sectors.expect_only(known, problems_);
    const bool marked = sectors.has_column("kind");
    std::vector<Country> country_list;
    std::vector<Sector> sector_list;
    std::vector<double> theta;
    const std::size_t members = countries.column("members");
    for (std::size_t row = 0; row < countries.rows(); ++row) {
      const std::string& code = countries.text(row, countries.column("code"));
      countries_.add(code, countries.where(row), problems_);
      country_list.push_back(
          {code, countries.text(row, countries.column("name")), words(countries.text(row, members))});
    }
    for (std::size_t row = 0; row < sectors.rows(); ++row) {
      const std::string& code = sectors.text(row, sectors.column("code"));
      sectors_.add(code, sectors.where(row), problems_);
      sector_list.push_back({code, sectors.text(row, sectors.column("name")),
                             marked ? kind(sectors, row, sectors.column("kind")) : SectorKind::kUnmarked});
      theta.push_back(elasticity(sectors, row, sectors.column("theta")));
      for (std::size_t k = 0; k < sets.size(); ++k)
        sets[k].theta(static_cast<Index>(row)) = elasticity(sectors, row, set_columns[k]);
    }
    if (country_list.empty()) problems_.add({countries.file(), 0, 0}, "", "there are no countries");
    if (sector_list.empty()) problems_.add({sectors.file(), 0, 0}, "", "there are no sectors");
    problems_.throw_if_any();
    world_ = World::of_shape(std::move(country_list), std::move(sector_list), uses);
    world_.theta = Eigen::Map<const Vector>(theta.data(), static_cast<Index>(theta.size()));
    world_.theta_sets = std::move(sets);
  }

  void trade(const CsvTable& rows) {
    const std::size_t sector = rows.column("sector"), exporter = rows.column("exporter"),
                      importer = rows.column("importer"), value = rows.column("value"), tariff = rows.column("tariff");
    const bool taxed = rows.has_column("export_tax"), by_use = rows.has_column("use");
    const std::size_t export_tax = taxed ? rows.column("export_tax") : 0, use_column = by_use ? rows.column("use") : 0;
    const Index n = world_.location_count(), j_count = world_.sector_count();
    world_.tariff = Bilateral(world_.market_count(), n, j_count);
    if (taxed) world_.export_tax = Bilateral(world_.market_count(), n, j_count);
    std::vector<bool> seen(world_.expenditure.values().size());
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Index j = sectors_.find(rows, row, sector, problems_), i = countries_.find(rows, row, exporter, problems_),
                  l = countries_.find(rows, row, importer, problems_);
      const double x = non_negative(rows, row, value), t = rate(rows, row, tariff);
      const double e = taxed ? rate(rows, row, export_tax) : 0.0;
      Index use = 0;
      if (by_use) {
        const std::string& name = rows.text(row, use_column);
        if (name != "intermediate" && name != "final")
          problems_.add(rows.where(row), "use",
                        fmt::format("'{}' is not a use; 'intermediate' or 'final' is expected", name));
        use = name == "final" ? 1 : 0;
      }
      if (j < 0 || i < 0 || l < 0) continue;
      const Index m = world_.market(use, l);
      once(seen, (j * n + i) * world_.market_count() + m, rows, row);
      world_.expenditure(m, i, j) = x;
      world_.tariff(m, i, j) = t;
      if (taxed) world_.export_tax(m, i, j) = e;
    }
  }

  void input_output() {
    const CsvTable rows = table("input_output.csv", {"country", "input", "sector", "value"});
    const std::size_t country = rows.column("country"), input = rows.column("input"), user = rows.column("sector"),
                      value = rows.column("value");
    const Index n = world_.country_count(), j_count = world_.sector_count();
    std::vector<bool> seen(at(n * j_count * j_count));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Index l = countries_.find(rows, row, country, problems_), k = sectors_.find(rows, row, input, problems_),
                  j = sectors_.find(rows, row, user, problems_);
      const double z = non_negative(rows, row, value);
      if (l < 0 || k < 0 || j < 0) continue;
      once(seen, (l * j_count + k) * j_count + j, rows, row);
      world_.input[at(l)](k, j) = z;
    }
  }

  void accounts() {
    const CsvTable rows = table("accounts.csv", {"country", "sector", "value_added", "final_use"});
    const std::size_t country = rows.column("country"), sector = rows.column("sector"),
                      value_added = rows.column("value_added"), final_use = rows.column("final_use");
    std::vector<bool> seen(at(world_.country_count() * world_.sector_count()));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Index l = countries_.find(rows, row, country, problems_), j = sectors_.find(rows, row, sector, problems_);
      const double v = non_negative(rows, row, value_added), f = non_negative(rows, row, final_use);
      if (l < 0 || j < 0) continue;
      once(seen, l * world_.sector_count() + j, rows, row);
      world_.value_added(l, j) = v;
      world_.final_use(l, j) = f;
    }
  }

  void deficits() {
    const CsvTable rows = table("deficits.csv", {"country", "value"});
    std::vector<bool> seen(at(world_.country_count()));
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      const Index n = countries_.find(rows, row, rows.column("country"), problems_);
      const double d = rows.number(row, rows.column("value"), problems_);
      if (n < 0) continue;
      once(seen, n, rows, row);
      world_.deficit(n) = d;
    }
  }

  double elasticity(const CsvTable& rows, std::size_t row, std::size_t column) {
    const double theta = rows.number(row, column, problems_);
    if (!(theta > 0.0))
      problems_.add(rows.where(row), rows.columns()[column],
                    fmt::format("the trade elasticity θ is {}; it must be positive", theta));
    return theta;
  }

  SectorKind kind(const CsvTable& rows, std::size_t row, std::size_t column) {
    const std::string& name = rows.text(row, column);
    if (name.empty()) return SectorKind::kUnmarked;
    if (name != "goods" && name != "services")
      problems_.add(rows.where(row), rows.columns()[column],
                    fmt::format("'{}' is not a kind of sector{}", name, suggestion(name, {"goods", "services"})));
    return name == "goods" ? SectorKind::kGoods : SectorKind::kServices;
  }
  double non_negative(const CsvTable& rows, std::size_t row, std::size_t column) {
    const double x = rows.number(row, column, problems_);
    if (x < 0.0)
      problems_.add(rows.where(row), rows.columns()[column],
                    fmt::format("{} is negative; million USD, zero or more, is expected", x));
    return x;
  }
  double rate(const CsvTable& rows, std::size_t row, std::size_t column) {
    const double x = rows.number(row, column, problems_);
    if (!(x > -1.0))
      problems_.add(rows.where(row), rows.columns()[column],
                    fmt::format("{} is at or below -1 (-100 %); an ad-valorem fraction is expected", x));
    return x;
  }

  std::filesystem::path folder_;
  Problems problems_;
  Codes countries_{"country"}, sectors_{"sector"};
  World world_;
};

BaselineInfo read_info(const std::filesystem::path& folder) {
  static const Schema schema{
      {"title", ValueType::kText, "what this base year is, in a line", "", "", true},
      {"year", ValueType::kInteger, "the base year", "", "", true, {}, {.lower = 1.0, .upper = 9999.0}},
      {"unit", ValueType::kText, "of all values", "", "", true, {"million USD"}},
      {"sources", ValueType::kTextList, "where the figures come from", "", "", true},
      {"licence", ValueType::kText, "the terms of the figures", "", "", true},
      {"notes", ValueType::kTextList, "what is measured, what is a proxy, what is imputed", "", "", true},
  };
  const std::filesystem::path file = folder / "baseline.toml";
  Problems problems;
  const Arguments values = read_table(parse_toml(read_text(file), file.string()), schema, "", problems);
  problems.throw_if_any();
  BaselineInfo info;
  info.name = std::filesystem::weakly_canonical(folder).filename().string();
  info.title = values.text("title");
  info.year = static_cast<int>(values.number("year"));
  info.licence = values.text("licence");
  for (const LocatedText& line : values.list("sources")) info.sources.push_back(line.text);
  for (const LocatedText& line : values.list("notes")) info.notes.push_back(line.text);
  return info;
}

std::string toml_text(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n')
      quoted += "\\n";
    else
      quoted += c;
  }
  return quoted + '"';
}

std::string toml_list(const std::vector<std::string>& lines) {
  std::string text = "[\n";
  for (const std::string& line : lines) text += "  " + toml_text(line) + ",\n";
  return text + "]";
}

/// The files of one folder: all are written under temporary names first and take their places in `finish`, so that a
/// full disk leaves what was there. What has not taken its place is removed at the end.
class FolderWriter {
 public:
  explicit FolderWriter(std::filesystem::path folder) : folder_(std::move(folder)) {
    std::error_code failed;
    made_ = std::filesystem::create_directories(folder_, failed);
    if (failed) throw FileError(folder_, "this folder can't be created: " + failed.message());
  }
  ~FolderWriter() {
    std::error_code ignored;
    for (const std::string& name : names_) std::filesystem::remove(temporary(name), ignored);
    if (made_) std::filesystem::remove(folder_, ignored);  // only if it is empty
  }
  FolderWriter(const FolderWriter&) = delete;
  FolderWriter& operator=(const FolderWriter&) = delete;

  void write(const std::string& name, const std::string& text) {
    names_.push_back(name);
    std::ofstream file(temporary(name), std::ios::binary);
    file << text;
    file.close();
    if (!file) refuse(name);
  }
  void finish() {
    std::error_code failed;
    for (const std::string& name : names_) {
      std::filesystem::rename(temporary(name), folder_ / name, failed);
      if (failed) refuse(name);
    }
  }

 private:
  std::filesystem::path temporary(const std::string& name) const { return folder_ / (name + ".tmp"); }
  [[noreturn]] void refuse(const std::string& name) const {
    throw FileError(folder_ / name, "this file can't be written; is the folder writable and the disk not full?");
  }

  std::filesystem::path folder_;
  std::vector<std::string> names_;
  bool made_ = false;
};

std::string trade_rows(const World& world) {
  const bool taxed = !world.export_tax.empty(), by_use = world.uses == 2;
  std::string text = "sector,exporter,importer,value,tariff";
  text += taxed ? ",export_tax" : "";
  text += by_use ? ",use\n" : "\n";
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index i = 0; i < world.location_count(); ++i)
      for (Index m = 0; m < world.market_count(); ++m) {
        const double x = world.expenditure(m, i, j), t = world.tariff_at(m, i, j), e = world.export_tax_at(m, i, j);
        if (x == 0.0 && t == 0.0 && e == 0.0) continue;
        text +=
            fmt::format("{},{},{},{},{}", csv_cell(world.sectors[at(j)].code), csv_cell(world.locations[at(i)].code),
                        csv_cell(world.locations[at(world.location_of_market(m))].code), x, t);
        if (taxed) text += fmt::format(",{}", e);
        if (by_use) text += m < world.location_count() ? ",intermediate" : ",final";
        text += '\n';
      }
  return text;
}

}  // namespace

const std::vector<std::string>& baseline_file_names() {
  static const std::vector<std::string> names{"countries.csv",    "sectors.csv",  "trade.csv",
                                              "input_output.csv", "accounts.csv", "deficits.csv"};
  return names;
}

Baseline read_baseline_unchecked(const std::filesystem::path& folder) {
  Baseline baseline;
  baseline.info = read_info(folder);
  baseline.world = Reader(folder).read();
  baseline.world.name = baseline.info.name;
  baseline.world.year = baseline.info.year;
  Problems problems;
  for (const std::string& sentence : check_values(baseline.world)) problems.add({folder.string(), 0, 0}, "", sentence);
  problems.throw_if_any();
  Sha256 hash;
  for (const std::string& name : baseline_file_names()) hash.add(read_file(folder / name));
  baseline.sha256 = hash.hexadecimal();
  return baseline;
}

Baseline read_baseline(const std::filesystem::path& folder) {
  Baseline baseline = read_baseline_unchecked(folder);
  Problems problems;
  for (const BalanceLine& line : check_balance(baseline.world).lines) {
    if (!(line.residual <= BalanceReport::kTolerance))
      problems.add(
          {folder.string(), 0, 0}, line.block,
          fmt::format("the accounts do not balance: {:.2g} of the account's size at worst, at {} (at most {} is "
                      "accepted; see `entrepot baseline check`)",
                      line.residual, line.worst, BalanceReport::kTolerance));
  }
  problems.throw_if_any();
  return baseline;
}

void write_baseline(const World& world, const BaselineInfo& info, const std::filesystem::path& folder) {
  if (world.location_count() != world.country_count())
    throw InputError({folder.string(), 0, 0}, "", "a world with zones can't be written as a baseline");
  FolderWriter files(folder);
  const Index n = world.country_count(), sectors = world.sector_count();
  std::string text = "code,name,members\n";
  for (const Country& country : world.countries)
    text += fmt::format("{},{},{}\n", csv_cell(country.code), csv_cell(country.name), fmt::join(country.members, " "));
  files.write("countries.csv", text);
  const bool marked = std::any_of(world.sectors.begin(), world.sectors.end(),
                                  [](const Sector& sector) { return sector.kind != SectorKind::kUnmarked; });
  text = marked ? "code,name,theta,kind" : "code,name,theta";
  for (const ThetaSet& set : world.theta_sets) text += "," + csv_cell("theta_" + set.name);
  text += '\n';
  for (Index j = 0; j < sectors; ++j) {
    const Sector& sector = world.sectors[at(j)];
    text += fmt::format("{},{},{}", csv_cell(sector.code), csv_cell(sector.name), world.theta(j));
    if (marked)
      text += sector.kind == SectorKind::kGoods ? ",goods" : sector.kind == SectorKind::kServices ? ",services" : ",";
    for (const ThetaSet& set : world.theta_sets) text += fmt::format(",{}", set.theta(j));
    text += '\n';
  }
  files.write("sectors.csv", text);
  files.write("trade.csv", trade_rows(world));
  text = "country,input,sector,value\n";
  for (Index l = 0; l < n; ++l)
    for (Index j = 0; j < sectors; ++j)
      for (Index k = 0; k < sectors; ++k)
        if (world.input[at(l)](k, j) != 0.0)
          text +=
              fmt::format("{},{},{},{}\n", csv_cell(world.countries[at(l)].code), csv_cell(world.sectors[at(k)].code),
                          csv_cell(world.sectors[at(j)].code), world.input[at(l)](k, j));
  files.write("input_output.csv", text);
  text = "country,sector,value_added,final_use\n";
  for (Index l = 0; l < n; ++l)
    for (Index j = 0; j < sectors; ++j)
      text += fmt::format("{},{},{},{}\n", csv_cell(world.countries[at(l)].code), csv_cell(world.sectors[at(j)].code),
                          world.value_added(l, j), world.final_use(l, j));
  files.write("accounts.csv", text);
  text = "country,value\n";
  for (Index k = 0; k < n; ++k) text += fmt::format("{},{}\n", csv_cell(world.countries[at(k)].code), world.deficit(k));
  files.write("deficits.csv", text);
  files.write("baseline.toml",
              fmt::format("title = {}\nyear = {}\nunit = \"million USD\"\nlicence = {}\nsources = {}\nnotes = {}\n",
                          toml_text(info.title), info.year, toml_text(info.licence), toml_list(info.sources),
                          toml_list(info.notes)));
  files.finish();
}

}  // namespace entrepot
