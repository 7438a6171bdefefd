#include "import/baci.hpp"

#include <fmt/format.h>

#include <charconv>

#include "import/balance_world.hpp"
#include "import/concordance.hpp"
#include "import/csv_stream.hpp"

namespace entrepot {

namespace {

constexpr double kThousand = 1e-3;  // million USD

struct Trade {
  Bilateral value;  // importer × exporter × sector, million USD fob
  int year = 0;
  double inside = 0.0;  // between members of one country of the baseline
  Adjustment left_out{"trade of countries or products that the tables leave out"};
};

class Reader {
 public:
  Reader(const ImportOptions& options, const World& world)
      : countries_(read_country_codes(options.country_codes, world, options.rest)),
        products_(options.product_codes, world),
        country_file_(options.country_codes.filename().string()),
        product_file_(options.product_codes.filename().string()) {
    trade_.value = Bilateral(world.country_count(), world.country_count(), world.sector_count());
  }

  void read(const std::filesystem::path& file) {
    CsvStream in(file);
    const std::vector<std::size_t> c = columns_of(in, {"t", "i", "j", "k", "v"}, "BACI");
    while (in.next()) {
      const int year = whole(in, c[0], 9999);
      if (trade_.year == 0) trade_.year = year;
      if (year != trade_.year)
        in.problem(in.where(), "t", fmt::format("the year is {}; rows above are of {}", year, trade_.year));
      const Index exporter = country(in, c[1]), importer = country(in, c[2]), k = sector(in, c[3]);
      const double v = kThousand * in.number(c[4]);
      if (v < 0.0) in.problem(in.where(), "v", "a trade value is zero or more");
      if (exporter == kLeftOut || importer == kLeftOut || k == kLeftOut)
        trade_.left_out.add(v, fmt::format("{} from {} to {}", in.text(c[3]), in.text(c[1]), in.text(c[2])));
      else if (exporter == importer)
        trade_.inside += v;
      else
        trade_.value(importer, exporter, k) += v;
    }
    if (in.rows() == 0) in.problem({in.file(), 0, 0}, "", "there is no row below the header");
    in.throw_if_any();
  }

  Trade& trade() { return trade_; }
  const std::vector<bool>& covered() const { return products_.covered(); }

 private:
  static int whole(CsvStream& in, std::size_t column, int largest) {
    const std::string_view text = in.text(column);
    int number = -1;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (status == std::errc{} && end == text.data() + text.size() && number >= 0 && number <= largest) return number;
    in.problem(in.where(), in.columns()[column], "'" + std::string(text) + "' is not a whole number");
    return 0;
  }

  Index country(CsvStream& in, std::size_t column) const {
    const int code = whole(in, column, 99999999);
    const auto found = countries_.find(code);
    if (found != countries_.end()) return found->second;
    in.problem(in.where(), in.columns()[column], fmt::format("the country code {} is not in {}", code, country_file_));
    return kLeftOut;
  }

  Index sector(CsvStream& in, std::size_t column) const {
    std::string product(in.text(column));
    if (product.size() == 5) product.insert(0, "0");  // written as a number
    bool found = false;
    const Index k = products_.sector(product, found);
    if (!found || product.size() != 6)
      in.problem(in.where(), in.columns()[column],
                 product.size() != 6 ? "'" + product + "' is not an HS6 code"
                                     : fmt::format("neither product {} nor heading {} nor chapter {} is in {}", product,
                                                   product.substr(0, 4), product.substr(0, 2), product_file_));
    return k;
  }

  std::map<int, Index> countries_;
  ProductCodes products_;
  std::string country_file_, product_file_;
  Trade trade_;
};

/// Duties on trade inside a region become value added of the seller: home sales bear no rates.
void clear_home_rates(World& world, ImportReport& report) {
  Adjustment duties{"duties and export taxes on sales inside a country, counted as value added"};
  for (Index k = 0; k < world.sector_count(); ++k)
    for (Index m = 0; m < world.market_count(); ++m) {
      const Index n = world.location_of_market(m);
      const double revenue = world.expenditure(m, n, k) - world.receipts_at(m, n, k);
      if (!world.tariff.empty()) world.tariff(m, n, k) = 0.0;
      if (!world.export_tax.empty()) world.export_tax(m, n, k) = 0.0;
      if (revenue == 0.0) continue;
      duties.add(revenue, world.sectors[at(k)].code + " in " + world.countries[at(n)].code);
      world.value_added(n, k) += revenue;
    }
  report.list(std::move(duties));
}

/// The part of a flow that goes to each use: as in the structure, or, where it has no such flow, as in its market.
Vector use_shares(const World& world, Index n, Index i, Index k) {
  Vector flow(world.uses), all(world.uses);
  for (Index u = 0; u < world.uses; ++u) {
    flow(u) = world.expenditure(world.market(u, n), i, k);
    all(u) = world.expenditure.sector(k).row(world.market(u, n)).sum();
  }
  if (flow.sum() > 0.0) return flow / flow.sum();
  return all.sum() > 0.0 ? Vector(all / all.sum()) : Vector(Vector::Zero(world.uses));
}

/// Puts the trade into the structure's world.
void replace_trade(World& world, const Trade& trade, const std::vector<bool>& covered, ImportReport& report) {
  const World structure = world;
  const Matrix made = output(structure);
  Adjustment unsold{"exports of sectors that produce nothing in the structure, left out"},
      unused{"imports of goods that nobody uses in the structure, left out"};
  ChangeOf change("goods trade between countries");
  for (Index k = 0; k < world.sector_count(); ++k) {
    if (!covered[at(k)]) continue;
    for (Index i = 0; i < world.country_count(); ++i)
      for (Index n = 0; n < world.country_count(); ++n) {
        if (i == n) continue;
        const auto name = [&] {
          return fmt::format("{} from {} to {}", world.sectors[at(k)].code, world.countries[at(i)].code,
                             world.countries[at(n)].code);
        };
        double value = trade.value(n, i, k), before = 0.0;
        const Vector share = use_shares(structure, n, i, k);
        if (value > 0.0 && (!(made(i, k) > 0.0) || share.sum() == 0.0)) {
          (share.sum() == 0.0 ? unused : unsold).add(value, name());
          value = 0.0;
        }
        for (Index u = 0; u < world.uses; ++u) {
          const Index m = world.market(u, n);
          before += world.before_duty(m, i, k);
          world.expenditure(m, i, k) = value * share(u) * (1.0 + world.tariff_at(m, i, k));
        }
        change.account(before, value, name);
      }
  }
  report.list(std::move(unsold));
  report.list(std::move(unused));
  const BlockChange block = change.block();
  report.taken.push_back(
      fmt::format("goods trade differs from the structure's by {:.3g} %, most {}: {:.6g} instead of "
                  "{:.6g} million USD",
                  100.0 * block.change, block.largest, block.after, block.before));
}

}  // namespace

Imported read_baci(const ImportOptions& options) {
  const auto need = [](bool given, const char* option, const char* why) {
    if (!given) throw InputError({}, option, why);
  };
  need(!options.structure.empty(), "--structure",
       "BACI has goods trade only; --structure BASELINE names the baseline that supplies services trade, home sales, "
       "inputs, value added, tariffs and elasticities");
  need(!options.country_codes.empty(), "--country-codes",
       "--country-codes FILE.csv says which country each of BACI's codes is (BACI's own table of countries will do)");
  need(!options.product_codes.empty(), "--product-codes",
       "--product-codes FILE.csv says which sector each product is in (columns product,sector)");
  Baseline structure = read_baseline(options.structure);
  Imported result;
  result.report.format = "BACI";
  result.elasticities_given = result.tariffs_given = true;
  result.world = std::move(structure.world);
  World& world = result.world;
  Reader reader(options, world);
  for (const std::filesystem::path& file : options.files) reader.read(file);
  Trade& trade = reader.trade();
  std::vector<std::string>& taken = result.report.taken;
  double total = 0.0;
  for (const double value : trade.value.values()) total += value;
  std::string goods;
  for (Index k = 0; k < world.sector_count(); ++k)
    if (reader.covered()[at(k)]) goods += (goods.empty() ? "" : ", ") + world.sectors[at(k)].code;
  taken.push_back(
      fmt::format("BACI, {}: trade between countries in {} ({:.6g} million USD, fob)", trade.year, goods, total));
  if (trade.inside > 0.0)
    taken.push_back(
        fmt::format("trade inside a country of the baseline ({:.6g} million USD): part of its home sales, "
                    "not taken from BACI",
                    trade.inside));
  taken.push_back(
      fmt::format("{} ({}): trade in all other sectors, home sales, inputs, value added, final use, tariffs "
                  "and export taxes, trade elasticities θ, and how a flow splits over uses",
                  structure.info.name, structure.info.year));
  result.report.list(std::move(trade.left_out));
  clear_home_rates(world, result.report);
  replace_trade(world, trade, reader.covered(), result.report);
  world.year = options.year > 0 ? options.year : trade.year;
  result.info = structure.info;
  for (const std::filesystem::path& file : options.files)
    result.info.sources.insert(result.info.sources.begin(),
                               "CEPII, BACI (Gaulier and Zignago 2010): " + file.filename().string());
  result.info.licence = "BACI: Etalab Open Licence 2.0; the rest: " + structure.info.licence;
  return result;
}

}  // namespace entrepot
