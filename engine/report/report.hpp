#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace entrepot {

/// How every page of report() begins.
inline constexpr std::string_view kPageStart = "<!doctype html>";

/// Names of countries by their codes, for files that have none.
using CountryNames = std::map<std::string, std::string>;

/// One page of HTML that needs nothing beside itself: for each of these files of runs and sweeps its question, its
/// policies in words, who gains and loses, charts, and where it all comes from. Throws FileError for a file that is
/// none of ours and InputError for a shard of a sweep.
std::string report(std::span<const std::filesystem::path> files, const CountryNames& names);

}  // namespace entrepot
