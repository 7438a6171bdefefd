#pragma once

#include "equilibrium/solve.hpp"
#include "trade_values.hpp"

namespace entrepot {

/// What a run reports of the counterfactual, all against the reference world ("base"). Percentages are changes in per
/// cent, values are million USD with world factor income as in the base year. Nothing here is NaN or infinite: where
/// the base has nothing to change from, the change is 0. An empty array means "not measured" (no equilibrium).
///
/// Valuations. Producer prices: what the producer receives, before export tax, tariff and rent. Border prices: with
/// the export tax, before tariff and rent. They differ only where there are export taxes.
struct Measures {
  // --- country ---
  Vector welfare;      ///< equivalent variation, %: Î_n / Π_lj P̂_lj^(F_lj/F_n) − 1
  Vector welfare_usd;  ///< equivalent variation, million USD: I_n · (Î_n/P̂_n − 1)
  Vector real_gdp;   ///< %: GDP at market prices (factor income + tariffs + export taxes + rents) over consumer prices
  Vector real_wage;  ///< %: Φ̂_n/P̂_n − 1, Φ̂ the price of a country's labour (ŵ if it is mobile)
  Vector consumer_prices;                              ///< %: P̂_n − 1, the Cobb–Douglas index above
  Vector income, income_base;                          ///< I, million USD
  Vector gdp, gdp_base;                                ///< at market prices, million USD
  Vector exports, exports_base;                        ///< to other countries, million USD at border prices
  Vector imports, imports_base;                        ///< from other countries, million USD at border prices
  Vector export_volume;                                ///< %: quantities shipped to other countries, at base prices
  Vector import_volume;                                ///< %: quantities shipped from other countries, at base prices
  Vector trade_balance, trade_balance_base;            ///< exports − imports, million USD
  Vector tariff_revenue, tariff_revenue_base;          ///< by importer, million USD
  Vector export_tax_revenue, export_tax_revenue_base;  ///< by exporter, million USD
  Vector rent;                                         ///< rents received, million USD (none in the base)
  Vector deficit, deficit_base;                        ///< D, transfer received, million USD

  Vector re_exports;  ///< by hub: evaded trade that leaves it, million USD; empty without evasion

  // --- location × sector ---
  Matrix output, output_base;            ///< Y, million USD at producer prices
  Matrix value_added, value_added_base;  ///< V, million USD
  Matrix employment;  ///< %: labour in the sector, V̂_lj/Φ̂_n − 1; with finite ν workers earn the same on average in
                      ///< every sector, so their share is the income share λ (GRY23)
  Matrix producer_price;  ///< %: ĉ − 1
  Matrix price;           ///< %: P̂ − 1 of the market for final use
  Matrix input_price;     ///< %: P̂ − 1 of the market for inputs; empty if purchases are alike for all uses

  // Empty without evasion; a hub's are those of its first location.
  Matrix evaded_trade;  ///< by hub: outlawed goods that passed through, before duty and with its margin, million USD
  Matrix leakage;       ///< by hub: evaded_trade as a share of the sector's outlawed_trade of all exporters, %
  Matrix
      outlawed_trade;  ///< by exporter: base value of what is outlawed of flows with a detour, before duty, million USD

  // --- importer × exporter for each sector, locations, summed over uses, own sales included ---
  Bilateral trade, trade_base;  ///< million USD at producer prices, so that a row of exporters sums to output
  Bilateral recorded_trade;     ///< as customs see it: evaded goods go to the hub and from the hub to the buyer; before
                                ///< duty, million USD; empty without evasion
  Bilateral trade_volume_change;  ///< %: value change over the exporter's ĉ; 0 where there is no base flow
};

/// The base side alone: the members that end in _base.
Measures base_measures(const World& world);

/// Parts of the measures that cost time. Incomes and prices of countries are always there.
struct MeasureScope {
  bool sectors = true;  ///< location × sector, without evasion's
  bool trade = true;    ///< trade values, volumes and totals, and evasion
};

/// Measures many equilibria against one reference world, which must outlive it. The world's θ may change in between.
class Measurer {
 public:
  explicit Measurer(const World& world);
  /// equilibrium: a solved one of `shock` in this world. shock: not looked at unless trade is measured.
  Measures operator()(const Shock& shock, const Equilibrium& equilibrium, const MeasureScope& scope = {}) const;

 private:
  const World& world_;
  TradeValues trade_;
  Measures base_;
};

/// Everything, once.
Measures measure(const World& world, const Shock& shock, const Equilibrium& equilibrium);

}  // namespace entrepot
