#pragma once

#include <string>
#include <vector>

#include "dataset.hpp"
#include "result_file.hpp"

namespace entrepot {

/// What came of the conditions of a run, a sentence each, price caps first: whether a cap binds, at what discount, and
/// who keeps what; who of a group gives and receives what, and the change in welfare that is the same for all. Empty
/// where the scenario has no conditions.
std::vector<std::string> condition_sentences(const RunResults& run);

/// The same in numbers: dimensions `price_cap` and `condition`, variables cap_limit, cap_price, cap_discount, cap_rent,
/// cap_state; burden_transfer and burden_transfer_share by country; condition_outcome, the sentences. Nothing where the
/// run has no conditions. Dimension `country` is declared.
void write_conditions(const RunResults& run, DatasetSink& sink);

}  // namespace entrepot
