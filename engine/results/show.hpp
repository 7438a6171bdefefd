#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "result_reader.hpp"

namespace entrepot {

struct ShowOptions {
  std::string variable{};        ///< empty: the headline table, one row per country
  std::string by{};              ///< "sector" or "partner": adds up the rest; of a sweep "factor"; empty: single values
  std::string country{};         ///< code or name; empty: all
  std::string sector{};          ///< code or name; empty: all
  std::string sort = "percent";  ///< the headline table's order: welfare in "percent" or in "usd"
  std::size_t top = 0;           ///< rows kept, those with the largest absolute change; 0: all countries, 20 flows
  bool csv = false;              ///< CSV in full precision, without the heading
};

/// A result file as text for the terminal, gainers before losers. Throws InputError for an unknown variable, country,
/// sector or way of adding up, with the nearest valid name.
std::string show(const ResultReader& reader, const ShowOptions& options);

struct CompareOptions {
  std::vector<std::string> measures = {"welfare"};  ///< one value per country each: a variable or a welfare component
  std::string country{};                            ///< code or name; empty: all
  std::size_t top = 0;                              ///< rows kept, by the first measure of the first file; 0: all
  bool csv = false;
};

/// The same measures of several files side by side, countries matched by code, "–" where a file lacks one. Throws
/// InputError for a measure that no file has.
std::string compare(std::span<const ResultReader> readers, const CompareOptions& options);

/// Title, question, baseline, and how the run ended: the lines above a table.
std::string heading(const ResultReader& reader);

}  // namespace entrepot
