#pragma once

#include "import/import_baseline.hpp"

namespace entrepot {

/// Reads goods trade from BACI (CEPII; CSV with columns t, i, j, k, v, q: year, exporter, importer, HS6 product,
/// value in thousand USD fob, quantity, which is not read) into the accounts of another baseline
/// (options.structure). From BACI: trade between countries in the sectors that the product table names, at the fob
/// value. From the structure: the rest of trade, home sales, inputs, value added, final use, tariffs, export taxes, θ,
/// and how a flow splits over uses. The result is not balanced. Throws InputError with every mistake located.
Imported read_baci(const ImportOptions& options);

}  // namespace entrepot
