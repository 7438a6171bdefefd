#pragma once

#include <string>

#include "dataset.hpp"
#include "show.hpp"

namespace entrepot {

/// Every variable of a file with its units, dimensions and what it is, as a table.
std::string show_contents(const DatasetSource& reader, bool csv);

/// Whether a file has a variable of this name that holds text.
bool has_texts(const DatasetSource& reader, const std::string& name);

/// A variable that holds text, a row for each, beside the labels of its dimensions. Of the options, country and sector
/// keep the rows that bear such a label, top the first rows. Throws InputError where none is left.
std::string show_texts(const DatasetSource& reader, const ShowOptions& options);

}  // namespace entrepot
