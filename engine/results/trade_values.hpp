#pragma once

#include "equilibrium/solve.hpp"

namespace entrepot {

/// Flows between locations, importer × exporter × sector, summed over uses, million USD.
struct TradeValues {
  Bilateral receipts;  ///< at producer prices: before export tax, tariff and rent
  Bilateral border;    ///< at border prices: with the export tax, before tariff and rent
};

/// Base year.
TradeValues base_trade_values(const World& world);
/// Counterfactual.
TradeValues trade_values(const World& world, const Shock& shock, const Equilibrium& equilibrium);

}  // namespace entrepot
