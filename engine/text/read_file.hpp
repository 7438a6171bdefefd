#pragma once

#include <filesystem>
#include <string>

namespace entrepot {

/// A whole file as bytes. Throws InputError where it is a folder or can't be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace entrepot
