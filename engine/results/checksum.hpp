#pragma once

#include <cstddef>
#include <filesystem>
#include <istream>
#include <vector>

namespace entrepot {

// A damaged HDF5 file can crash the HDF5 library, so a file is checked before HDF5 sees it. The checksum (CRC-32) is
// 24 bytes after the end of the HDF5 data, which HDF5 and all that build on it ignore, and drop when they change a
// file.

/// Adds the checksum of `bytes` to their end.
void append_checksum(std::vector<std::byte>& bytes);

/// The same for a closed file on disk. False where it can't be read or written.
bool append_checksum(const std::filesystem::path& file);

/// Whether a file is as it was written: true also for a file that ends in no checksum, as others write them.
bool fits_checksum(std::istream& file);

}  // namespace entrepot
