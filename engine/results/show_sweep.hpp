#pragma once

#include "dataset.hpp"
#include "show.hpp"

namespace entrepot {

/// Whether a file holds the draws of a study and not one run.
bool is_sweep(const DatasetSource& reader);

/// What the share of draws above 0 (per cent) says of the sign, of draws with this mean and standard deviation: "sure
/// gain", "likely loss", "open" …; kVerdictMeaning says when.
std::string sign_verdict(double mean, double sd, double positive);
inline constexpr const char* kVerdictMeaning = "A sign is sure where 99 % of the draws have it, likely where 90 % do.";

/// A study's results as text: what was asked and drawn, how many draws have no answer and why, and for one variable
/// (the first by country, where none is named) by place the mean, quantiles, how often it is above 0 in words, and the
/// two factors that it depends on most. Throws InputError for an unknown variable or country, with the nearest name.
std::string show_sweep(const DatasetSource& reader, const ShowOptions& options);

}  // namespace entrepot
