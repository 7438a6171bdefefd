#include "result_variables.hpp"

#include <array>

namespace entrepot {

namespace {

constexpr const char* kPercent = "percent";
constexpr const char* kMoney = "million USD";

constexpr auto kCountryVariables = std::to_array<MeasureVariable<Vector>>({
    {"welfare", kPercent, "welfare",
     "Real income, equivalent variation as a share of base income: income change over the "
     "consumer price index (Cobb-Douglas, weights of base final use).",
     &Measures::welfare},
    {"welfare_usd", kMoney, "welfare", "Equivalent variation: base income times the change in real income.",
     &Measures::welfare_usd},
    {"real_gdp", kPercent, "real GDP",
     "GDP at market prices (factor income, tariffs, export taxes, rents) deflated by "
     "consumer prices; change against the base.",
     &Measures::real_gdp},
    {"real_wage", kPercent, "real wage", "Price of labour deflated by consumer prices; change against the base.",
     &Measures::real_wage},
    {"consumer_prices", kPercent, "consumer prices",
     "Consumer price index at the numeraire (world factor income as in the "
     "base year); change against the base.",
     &Measures::consumer_prices},
    {"income", kMoney, "income", "Factor income, tariff, export-tax and rent revenue and transfers.",
     &Measures::income},
    {"income_base", kMoney, "income, base", "The same in the base.", &Measures::income_base},
    {"gdp", kMoney, "GDP", "Factor income, tariff, export-tax and rent revenue.", &Measures::gdp},
    {"gdp_base", kMoney, "GDP, base", "The same in the base.", &Measures::gdp_base},
    {"exports", kMoney, "exports",
     "Sales to other countries at border prices: export tax included, before tariff and rent.", &Measures::exports},
    {"exports_base", kMoney, "exports, base", "The same in the base.", &Measures::exports_base},
    {"imports", kMoney, "imports",
     "Purchases from other countries at border prices: export tax included, before tariff and "
     "rent.",
     &Measures::imports},
    {"imports_base", kMoney, "imports, base", "The same in the base.", &Measures::imports_base},
    {"export_volume", kPercent, "export volume",
     "Quantities sold to other countries, at base prices; change against the "
     "base.",
     &Measures::export_volume},
    {"import_volume", kPercent, "import volume",
     "Quantities shipped from other countries, at base prices; change against the "
     "base.",
     &Measures::import_volume},
    {"trade_balance", kMoney, "trade balance", "Exports less imports.", &Measures::trade_balance},
    {"trade_balance_base", kMoney, "trade balance, base", "The same in the base.", &Measures::trade_balance_base},
    {"tariff_revenue", kMoney, "tariff revenue", "Collected by the importing country.", &Measures::tariff_revenue},
    {"tariff_revenue_base", kMoney, "tariff revenue, base", "The same in the base.", &Measures::tariff_revenue_base},
    {"export_tax_revenue", kMoney, "export-tax revenue", "Collected by the exporting country.",
     &Measures::export_tax_revenue},
    {"export_tax_revenue_base", kMoney, "export-tax revenue, base", "The same in the base.",
     &Measures::export_tax_revenue_base},
    {"rent", kMoney, "rents", "Rents received on trade flows (price caps, middlemen); none in the base.",
     &Measures::rent},
    {"re_exports", kMoney, "re-exports",
     "Outlawed goods that leave the country as a hub, before duty and with its margin; not in its exports. Only with "
     "evasion.",
     &Measures::re_exports},
    {"deficit", kMoney, "transfers", "Trade deficit of the accounts: transfer received from abroad.",
     &Measures::deficit},
    {"deficit_base", kMoney, "transfers, base", "The same in the base.", &Measures::deficit_base},
});

constexpr auto kSectorVariables = std::to_array<MeasureVariable<Matrix>>({
    {"output", kMoney, "output", "Gross output at producer prices.", &Measures::output},
    {"output_base", kMoney, "output, base", "The same in the base.", &Measures::output_base},
    {"value_added", kMoney, "value added", "Factor income earned in the sector.", &Measures::value_added},
    {"value_added_base", kMoney, "value added, base", "The same in the base.", &Measures::value_added_base},
    {"employment", kPercent, "employment",
     "Labour in the sector: value added over the price of the country's labour; with "
     "imperfect mobility the sector's share of workers. Change against the base.",
     &Measures::employment},
    {"producer_price", kPercent, "producer price", "Unit cost of the sector; change against the base.",
     &Measures::producer_price},
    {"price", kPercent, "price", "Price index paid for the sector's goods in final use; change against the base.",
     &Measures::price},
    {"input_price", kPercent, "input price",
     "Price index paid for the sector's goods as inputs; change against the base.", &Measures::input_price},
    {"evaded_trade", kMoney, "evaded trade",
     "By hub: outlawed goods that pass through it, before duty and with its margin. Only with evasion.",
     &Measures::evaded_trade},
    {"leakage", kPercent, "leakage",
     "By hub: evaded trade as a share of outlawed_trade in the sector, all exporters. Only with evasion.",
     &Measures::leakage},
    {"outlawed_trade", kMoney, "trade outlawed",
     "By exporter: value in the base, before duty, of what is outlawed of the flows that have a detour. Only with "
     "evasion.",
     &Measures::outlawed_trade},
});

constexpr auto kTradeVariables = std::to_array<MeasureVariable<Bilateral>>({
    {"trade", kMoney, "trade",
     "Receipts of producers: before export tax, tariff and rent; all uses; own sales included.", &Measures::trade},
    {"trade_base", kMoney, "trade, base", "The same in the base.", &Measures::trade_base},
    {"recorded_trade", kMoney, "recorded trade",
     "As customs see it: evaded goods go to the hub, and from the hub to the buyer; before duty, all uses, own sales "
     "included. Only with evasion.",
     &Measures::recorded_trade},
    {"trade_volume_change", kPercent, "trade volume",
     "Quantity shipped: change of receipts over the change of the exporter's "
     "cost; 0 where nothing was traded in the base.",
     &Measures::trade_volume_change},
});

constexpr auto kZoneVariables = std::to_array<MeasureVariable<Vector, ZoneFigures>>({
    {"zone_output", kMoney, "output of the zone", "Gross output at producer prices.", &ZoneFigures::output},
    {"zone_value_added", kMoney, "value added of the zone", "Factor income earned there, waived taxes included.",
     &ZoneFigures::value_added},
    {"zone_exports", kMoney, "exports of the zone",
     "Sales to other countries at border prices: export tax included, before tariff and rent.", &ZoneFigures::exports},
    {"zone_imports", kMoney, "imports of the zone", "Purchases from other countries at border prices.",
     &ZoneFigures::imports},
    {"zone_home_sales", kMoney, "sales home of the zone", "Sales to the rest of its country, before duty.",
     &ZoneFigures::home_sales},
    {"zone_home_purchases", kMoney, "purchases at home of the zone", "Purchases from the rest of its country.",
     &ZoneFigures::home_purchases},
    {"zone_duties_suspended", kMoney, "duties suspended in the zone",
     "What its imports would have paid more at its host's tariffs.", &ZoneFigures::duties_suspended},
    {"zone_home_duties", kMoney, "duties on the zone's sales home",
     "Collected on the zone's sales by its host, and by those that share its customs, above what the host's goods pay.",
     &ZoneFigures::home_duties},
    {"zone_taxes_waived", kMoney, "taxes waived in the zone", "Paid by the host's budget to the zone's producers.",
     &ZoneFigures::taxes_waived},
});

constexpr auto kZoneSectorVariables = std::to_array<MeasureVariable<Matrix, ZoneFigures>>({
    {"zone_saving", kPercent, "saving by moving into the zone",
     "How much less a unit costs to make in the zone than in the rest of its country, waived taxes counted, as a share "
     "of the cost there; 0 in sectors that the zone does not have.",
     &ZoneFigures::saving},
    {"zone_saving_at_home", kPercent, "saving by moving into the zone, sold home",
     "The same for a unit sold to the rest of the country, with the duty on it.", &ZoneFigures::saving_at_home},
});

constexpr auto kZoneChanges = std::to_array<MeasureVariable<Vector, ZoneMeasures>>({
    {"zone_employment", kPercent, "employment in the zone",
     "Labour in the zone: value added over the price of the country's labour. Change against the base.",
     &ZoneMeasures::employment},
});

}  // namespace

std::span<const MeasureVariable<Vector>> country_variables() { return kCountryVariables; }
std::span<const MeasureVariable<Matrix>> sector_variables() { return kSectorVariables; }
std::span<const MeasureVariable<Bilateral>> trade_variables() { return kTradeVariables; }
std::span<const MeasureVariable<Vector, ZoneFigures>> zone_variables() { return kZoneVariables; }
std::span<const MeasureVariable<Matrix, ZoneFigures>> zone_sector_variables() { return kZoneSectorVariables; }
std::span<const MeasureVariable<Vector, ZoneMeasures>> zone_changes() { return kZoneChanges; }

}  // namespace entrepot
