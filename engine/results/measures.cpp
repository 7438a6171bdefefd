#include "measures.hpp"

#include "equilibrium/welfare.hpp"
#include "evasion.hpp"
#include "trade_values.hpp"

namespace entrepot {

namespace {

/// after/before − 1 in per cent; 0 where there was nothing before.
double percent_change(double after, double before) { return before != 0.0 ? 100.0 * (after / before - 1.0) : 0.0; }

Vector percent_change(const Vector& after, const Vector& before) {
  return after.binaryExpr(before, [](double a, double b) { return percent_change(a, b); });
}

/// Sums of a flow between locations over those that cross a border.
struct CountryTotals {
  Vector exports, imports;  ///< country, million USD
};

CountryTotals foreign_totals(const World& world, const Bilateral& flow) {
  CountryTotals totals{Vector::Zero(world.country_count()), Vector::Zero(world.country_count())};
  for (Index j = 0; j < flow.sectors(); ++j)
    for (Index i = 0; i < flow.origins(); ++i)
      for (Index m = 0; m < flow.markets(); ++m) {
        const Index seller = world.country_of_location(i), buyer = world.country_of_location(m);
        if (seller == buyer) continue;
        totals.exports(seller) += flow(m, i, j);
        totals.imports(buyer) += flow(m, i, j);
      }
  return totals;
}

/// P̂ − 1 in per cent of the markets of one use, location × sector; 0 where nothing was bought in the base year.
Matrix market_price_change(const World& world, const Matrix& price, Index use) {
  Matrix result = Matrix::Zero(world.location_count(), world.sector_count());
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index l = 0; l < world.location_count(); ++l) {
      const Index m = world.market(use, l);
      if (world.expenditure.sector(j).row(m).sum() > 0.0) result(l, j) = 100.0 * (price(m, j) - 1.0);
    }
  return result;
}

/// Quantity index of a flow, importer × exporter × sector, %: (value'/value)/ĉ − 1.
Bilateral volume_change(const Bilateral& base, const Bilateral& after, const Matrix& cost) {
  Bilateral result(base.markets(), base.origins(), base.sectors());
  for (Index j = 0; j < base.sectors(); ++j)
    for (Index i = 0; i < base.origins(); ++i)
      for (Index m = 0; m < base.markets(); ++m)
        if (base(m, i, j) > 0.0) result(m, i, j) = percent_change(after(m, i, j) / cost(i, j), base(m, i, j));
  return result;
}

/// Values at base prices of the quantities in `volume`, importer × exporter × sector, million USD.
Bilateral at_base_prices(const Bilateral& base, const Bilateral& volume) {
  Bilateral result = base;
  for (std::size_t k = 0; k < result.values().size(); ++k) result.values()[k] *= 1.0 + volume.values()[k] / 100.0;
  return result;
}

void measure_income(const World& world, const Equilibrium& equilibrium, Measures& measures) {
  const Vector price = consumer_price_index(world, equilibrium.price);
  const Vector factors = equilibrium.factor_price.cwiseProduct(factor_income(world));
  measures.income = equilibrium.income;
  measures.tariff_revenue = equilibrium.tariff_revenue;
  measures.export_tax_revenue = equilibrium.export_tax_revenue;
  measures.rent = equilibrium.rent;
  measures.deficit = equilibrium.deficit;
  measures.gdp = factors + equilibrium.tariff_revenue + equilibrium.export_tax_revenue + equilibrium.rent;
  measures.welfare = percent_change(measures.income.cwiseQuotient(price), measures.income_base);
  measures.welfare_usd = measures.welfare.cwiseProduct(measures.income_base) / 100.0;
  measures.real_gdp = percent_change(measures.gdp.cwiseQuotient(price), measures.gdp_base);
  measures.real_wage = percent_change(equilibrium.factor_price, price);
  measures.consumer_prices = 100.0 * (price.array() - 1.0);
}

void measure_sectors(const World& world, const Equilibrium& equilibrium, Measures& measures) {
  measures.output = equilibrium.output;
  measures.value_added = equilibrium.value_added;
  measures.producer_price = 100.0 * (equilibrium.cost.array() - 1.0);
  measures.price = market_price_change(world, equilibrium.price, world.final_demand_use());
  if (world.uses > 1) measures.input_price = market_price_change(world, equilibrium.price, world.intermediate_use());
  measures.employment = Matrix::Zero(world.location_count(), world.sector_count());
  for (Index j = 0; j < world.sector_count(); ++j)
    for (Index l = 0; l < world.location_count(); ++l) {
      const double labour = equilibrium.value_added(l, j) / equilibrium.factor_price(world.country_of_location(l));
      measures.employment(l, j) = percent_change(labour, world.value_added(l, j));
    }
}

void measure_trade(const World& world, const Shock& shock, const Equilibrium& equilibrium, const TradeValues& base,
                   Measures& measures) {
  TradeValues after = trade_values(world, shock, equilibrium);
  const CountryTotals totals = foreign_totals(world, after.border);
  measures.exports = totals.exports;
  measures.imports = totals.imports;
  measures.trade_balance = totals.exports - totals.imports;
  measures.trade_volume_change = volume_change(base.receipts, after.receipts, equilibrium.cost);
  const CountryTotals volumes = foreign_totals(world, at_base_prices(base.border, measures.trade_volume_change));
  measures.export_volume = percent_change(volumes.exports, measures.exports_base);
  measures.import_volume = percent_change(volumes.imports, measures.imports_base);
  measures.trade = std::move(after.receipts);
}

Measures base_side(const World& world, const TradeValues& trade) {
  Measures measures;
  measures.income_base = income(world);
  measures.tariff_revenue_base = tariff_revenue(world);
  measures.export_tax_revenue_base = export_tax_revenue(world);
  measures.deficit_base = world.deficit;
  measures.gdp_base = measures.income_base - world.deficit;
  const CountryTotals totals = foreign_totals(world, trade.border);
  measures.exports_base = totals.exports;
  measures.imports_base = totals.imports;
  measures.trade_balance_base = totals.exports - totals.imports;
  measures.output_base = output(world);
  measures.value_added_base = world.value_added;
  measures.trade_base = trade.receipts;
  return measures;
}

}  // namespace

Measures base_measures(const World& world) { return base_side(world, base_trade_values(world)); }

Measurer::Measurer(const World& world)
    : world_(world), trade_(base_trade_values(world)), base_(base_side(world, trade_)) {}

Measures Measurer::operator()(const Shock& shock, const Equilibrium& equilibrium, const MeasureScope& scope) const {
  Measures measures;
  if (scope.trade) {
    measures = base_;
  } else {
    measures.income_base = base_.income_base;
    measures.gdp_base = base_.gdp_base;
  }
  measure_income(world_, equilibrium, measures);
  if (scope.sectors) measure_sectors(world_, equilibrium, measures);
  if (scope.trade) {
    measure_trade(world_, shock, equilibrium, trade_, measures);
    measure_evasion(world_, shock, equilibrium, measures);
  }
  return measures;
}

Measures measure(const World& world, const Shock& shock, const Equilibrium& equilibrium) {
  return Measurer(world)(shock, equilibrium);
}

}  // namespace entrepot
