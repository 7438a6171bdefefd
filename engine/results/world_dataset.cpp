#include "world_dataset.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "measures.hpp"
#include "world/blocs.hpp"

namespace entrepot {

namespace {

constexpr const char* kMoney = "million USD";

std::string lines(const std::vector<std::string>& texts) {
  std::string result;
  for (const std::string& text : texts) result += text + "\n";
  return result;
}

void write_sets(const World& world, DatasetSink& sink) {
  std::vector<std::string> codes, names, members, sectors, sector_names, kinds;
  for (const Country& country : world.countries) {
    codes.push_back(country.code);
    names.push_back(country.name);
    std::string listed;
    for (const std::string& member : stands_for(country)) listed += (listed.empty() ? "" : " ") + member;
    members.push_back(listed);
  }
  for (const Sector& sector : world.sectors) {
    sectors.push_back(sector.code);
    sector_names.push_back(sector.name);
    kinds.emplace_back(sector.kind == SectorKind::kGoods      ? "goods"
                       : sector.kind == SectorKind::kServices ? "services"
                                                              : "");
  }
  sink.dimension("country", codes, "country code");
  sink.dimension("sector", sectors, "sector code");
  sink.dimension("exporter", codes, "exporter code");
  sink.dimension("importer", codes, "importer code");
  sink.dimension("input_sector", sectors, "sector code of the input");
  sink.variable({"country_name", {"country"}, "1", "country name", "Name of the country."}, names);
  sink.variable({"country_members", {"country"}, "1", "members", "ISO 3166 codes that it stands for."}, members);
  sink.variable({"sector_name", {"sector"}, "1", "sector name", "Name of the sector."}, sector_names);
  sink.variable({"sector_kind", {"sector"}, "1", "kind of sector", "goods, services or not marked."}, kinds);
  if (world.uses > 1) {
    const std::vector<std::string> uses{"intermediate", "final"};
    sink.dimension("use", uses, "what is bought for");
  }
}

/// Flows as results have them: use, sector, exporter, importer, the last fastest.
std::vector<double> flows(const World& world, double (*value)(const World&, Index, Index, Index)) {
  std::vector<double> values;
  for (Index use = 0; use < world.uses; ++use)
    for (Index j = 0; j < world.sector_count(); ++j)
      for (Index i = 0; i < world.location_count(); ++i)
        for (Index n = 0; n < world.location_count(); ++n) values.push_back(value(world, world.market(use, n), i, j));
  return values;
}

void write_flows(const World& world, DatasetSink& sink) {
  std::vector<std::string> dimensions{"sector", "exporter", "importer"};
  if (world.uses > 1) dimensions.insert(dimensions.begin(), "use");
  sink.variable({"expenditure", dimensions, kMoney, "spending", "At purchasers' prices: with export tax and tariff."},
                flows(world, [](const World& w, Index m, Index i, Index j) { return w.expenditure(m, i, j); }));
  sink.variable({"tariff", dimensions, "percent", "tariff", "Ad valorem, on the price at the border."},
                flows(world, [](const World& w, Index m, Index i, Index j) { return 100.0 * w.tariff_at(m, i, j); }));
  sink.variable(
      {"export_tax", dimensions, "percent", "export tax", "Ad valorem, on the producer's price."},
      flows(world, [](const World& w, Index m, Index i, Index j) { return 100.0 * w.export_tax_at(m, i, j); }));
}

void write_accounts(const World& world, DatasetSink& sink) {
  const auto vector = [&](const char* name, const char* long_name, const char* description, const Vector& values) {
    sink.variable({name, {"country"}, kMoney, long_name, description},
                  std::span<const double>(values.data(), at(values.size())));
  };
  const auto matrix = [&](const char* name, const char* long_name, const char* description, const Matrix& values) {
    std::vector<double> by_row;
    for (Index n = 0; n < values.rows(); ++n)
      for (Index j = 0; j < values.cols(); ++j) by_row.push_back(values(n, j));
    sink.variable({name, {"country", "sector"}, kMoney, long_name, description}, by_row);
  };
  const Measures base = base_measures(world);
  sink.variable({"trade",
                 {"sector", "exporter", "importer"},
                 kMoney,
                 "trade",
                 "Receipts of producers: before export tax and tariff; all uses; own sales included."},
                base.trade_base.values());
  vector("income", "income", "Factor income, tariff and export-tax revenue and transfers.", base.income_base);
  vector("gdp", "GDP", "Factor income, tariff and export-tax revenue.", base.gdp_base);
  vector("exports", "exports", "Sales to other countries at border prices.", base.exports_base);
  vector("imports", "imports", "Purchases from other countries at border prices.", base.imports_base);
  vector("tariff_revenue", "tariff revenue", "Collected by the importing country.", base.tariff_revenue_base);
  vector("deficit", "transfers", "Trade deficit of the accounts: transfer received from abroad.", base.deficit_base);
  matrix("output", "output", "Gross output at producer prices.", base.output_base);
  matrix("value_added", "value added", "Factor income earned in the sector.", world.value_added);
  matrix("final_use", "final use", "Spending of households, governments and investors.", world.final_use);
  std::vector<double> inputs;
  for (const Matrix& of : world.input)
    for (Index k = 0; k < of.rows(); ++k)
      for (Index j = 0; j < of.cols(); ++j) inputs.push_back(of(k, j));
  sink.variable({"input",
                 {"country", "input_sector", "sector"},
                 kMoney,
                 "inputs",
                 "What the producers of a sector spend on inputs from a sector."},
                inputs);
  sink.variable({"theta", {"sector"}, "1", "trade elasticity", "θ, of trade shares to costs."},
                std::span<const double>(world.theta.data(), at(world.theta.size())));
}

}  // namespace

void write_world(const World& world, const BaselineInfo& info, const std::string& sha256, DatasetSink& sink) {
  if (!world.zones.empty()) throw std::logic_error("a world with zones is not written by its accounts");
  sink.attribute({"baseline", info.name});
  sink.attribute({"title", info.title});
  sink.attribute({"year", info.year});
  sink.attribute({"sources", lines(info.sources)});
  sink.attribute({"notes", lines(info.notes)});
  sink.attribute({"licence", info.licence});
  sink.attribute({"baseline_sha256", sha256});
  write_sets(world, sink);
  write_flows(world, sink);
  write_accounts(world, sink);
}

}  // namespace entrepot
