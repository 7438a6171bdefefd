#pragma once

#include <string>

#include "result_reader.hpp"

namespace entrepot {

/// What became of each zone of a solved run, a paragraph each: what it makes and sells, what its privileges cost and
/// what a firm saves by moving in. Empty where there is no zone.
std::string zone_summary(const ResultReader& reader);

}  // namespace entrepot
