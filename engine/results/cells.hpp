#pragma once

#include <optional>
#include <string>
#include <vector>

#include "result_reader.hpp"
#include "show.hpp"

namespace entrepot {

/// Cells of a variable added up over everything but some dimensions (the query's keys).
struct CellSum {
  std::size_t key = 0;  ///< which values of the keys: see key_labels
  double value = 0.0;
  std::optional<double> base;  ///< the same in the base, where the file has it
};

/// Whose side of a bilateral flow is asked for.
enum class Side { kEither, kExporter, kImporter };

/// A variable with what is asked of it, checked: codes in place of names.
struct CellQuery {
  ResultVariable variable;
  std::vector<double> base;       ///< of "<name>_base", as variable.values; empty where the file has none
  std::string country, sector;    ///< codes; empty: all
  std::vector<std::string> keys;  ///< dimensions kept; "partner" is the other side of a flow
  Side side = Side::kEither;      ///< where `country` stands
};

/// Reads the variable and checks the options against it. Throws InputError (see show). keys and side are left alone.
CellQuery query_of(const ResultReader& reader, const ShowOptions& options);

/// The sums that have any cell, ordered by key. Sales of a country to itself are left out of flows. Throws InputError
/// where changes in per cent would have to be added up. Cost: one pass over the cells.
std::vector<CellSum> sums(const ResultReader& reader, const CellQuery& query);

/// The label of each of the query's keys.
std::vector<std::string> key_labels(const CellQuery& query, std::size_t key);

}  // namespace entrepot
