#include <fmt/format.h>

#include "recipe/build_baseline.hpp"

namespace entrepot {

namespace {

double billion(double million) { return million / 1000.0; }

std::string published(double million) { return million < 0.0 ? "–" : fmt::format("{:.1f}", billion(million)); }

std::string country_table(const std::vector<CountrySize>& countries) {
  std::string text =
      "| | GDP built | published | goods exports | published | goods imports, fob | published, cif | services exports "
      "| "
      "services imports | deficit | home share |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";
  for (const CountrySize& c : countries) {
    text += fmt::format("| {} | {:.1f} | {} | {:.1f} | {} | {:.1f} | {} | {:.1f} | {:.1f} | {:.1f} | {:.3f} |\n",
                        c.code, billion(c.gdp), published(c.gdp_published), billion(c.goods_exports),
                        published(c.goods_exports_published), billion(c.goods_imports),
                        published(c.goods_imports_published), billion(c.services_exports), billion(c.services_imports),
                        billion(c.deficit), c.home_share);
  }
  return text;
}

std::string block_table(const std::vector<BlockChange>& blocks) {
  std::string text = "| block | moved by | largest move | before | after |\n|---|--:|---|--:|--:|\n";
  for (const BlockChange& b : blocks) {
    text += fmt::format("| {} | {:.2f} % | {} | {:.1f} | {:.1f} |\n", b.name, 100.0 * b.change, b.largest,
                        billion(b.before), billion(b.after));
  }
  return text;
}

std::string trade_table(const BuildReport& report) {
  std::string text = "| trade between countries | billion USD |\n|---|--:|\n";
  const auto row = [&](const std::string& what, double million) {
    text += fmt::format("| {} | {:.1f} |\n", what, billion(million));
  };
  row("goods, reported by the exporter", report.goods.reported);
  row("of which partners are inferred from their imports", report.goods.undisclosed - report.goods.unplaced);
  row("of which no partner reports: with the rest of the world", report.goods.unplaced);
  row("goods, reported by the importer", report.goods.mirrored);
  row(fmt::format("goods, earlier years × {:.3f}", report.goods.growth), report.goods.earlier);
  row("goods, estimates", report.goods.estimated);
  row("services, exporters with published totals", report.services_published);
  row(fmt::format("services, other exporters: the table's year × {:.3f}", report.services_growth),
      report.services_total - report.services_published);
  return text;
}

std::string identity_table(const BalanceReport& balance) {
  std::string text = "| identity | largest relative residual | account |\n|---|--:|---|\n";
  for (const BalanceLine& line : balance.lines)
    text += fmt::format("| {} | {:.1e} | {} |\n", line.block, line.residual, line.worst);
  return text;
}

}  // namespace

std::string describe(const BuildReport& report) {
  return fmt::format(
      "Billion USD.\n\n{}\n{}\n{}\nDropped as too small: {:.2f} million USD. Negative final use set to zero: {:.0f} "
      "million "
      "USD.\n\n{}",
      country_table(report.countries), block_table(report.blocks), trade_table(report), report.dropped,
      report.negative_final_use, identity_table(report.balance));
}

}  // namespace entrepot
