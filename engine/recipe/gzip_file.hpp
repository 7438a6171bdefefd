#pragma once

#include <filesystem>
#include <string>

namespace entrepot {

/// The whole text of a gzip-compressed file. Throws InputError where it can't be read or is damaged.
std::string read_gzip(const std::filesystem::path& file);

}  // namespace entrepot
