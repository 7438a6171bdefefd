#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "result_reader.hpp"

namespace entrepot {

/// Positions of `values`, largest first, so that gainers stand before losers; missing ones last. top > 0 keeps those
/// that are largest in absolute value.
std::vector<std::size_t> ranking(std::span<const std::optional<double>> values, std::size_t top);

/// after/before − 1 in per cent; nothing where there was nothing, or a deficit, before.
std::optional<double> change_in_percent(double after, double before);

/// The code of a country or sector given by code or name, letter case aside. dimension: "country" or "sector".
/// Throws InputError with the nearest valid one.
std::string find_code(const ResultReader& reader, const std::string& dimension, const std::string& wanted);

/// A measure with one value per country: such a variable or a component of the exact decomposition, or, where there is
/// none, of the first-order one. Throws InputError with the nearest name.
ResultVariable country_measure(const ResultReader& reader, const std::string& name);

/// The components of `decomposition_exact` or, without it, `decomposition_first_order`; empty where there is neither.
std::vector<std::string> welfare_components(const ResultReader& reader);

/// "terms_of_trade" as a heading: "terms of trade".
std::string spelt(std::string name);

}  // namespace entrepot
