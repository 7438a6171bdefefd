#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace entrepot {

/// How every page of report() begins.
inline constexpr std::string_view kPageStart = "<!doctype html>";

/// One page of HTML that needs nothing beside itself: for each of these files of runs and sweeps its question, its
/// policies in words, who gains and loses, charts, and where it all comes from. Throws FileError for a file that is
/// none of ours and InputError for a shard of a sweep.
std::string report(std::span<const std::filesystem::path> files);

}  // namespace entrepot
