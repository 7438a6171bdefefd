#include "checksum.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>

namespace entrepot {

namespace {

constexpr std::size_t kTailSize = 24;
constexpr std::size_t kBlockSize = std::size_t{1} << 20;

/// The last bytes of a file whose other bytes have this checksum.
std::string tail(unsigned long checksum) { return fmt::format("\nentrepot CRC {:08x}\n\n", checksum); }

bool is_tail(const std::string& bytes) { return bytes.starts_with(tail(0).substr(0, kTailSize - 10)); }

}  // namespace

void append_checksum(std::vector<std::byte>& bytes) {
  const std::string end = tail(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  std::ranges::transform(end, std::back_inserter(bytes), [](char c) { return static_cast<std::byte>(c); });
}

bool append_checksum(const std::filesystem::path& path) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  unsigned long checksum = 0;
  std::vector<char> block(kBlockSize);
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0)
    checksum = crc32_z(checksum, reinterpret_cast<const Bytef*>(block.data()), static_cast<std::size_t>(file.gcount()));
  if (!file.eof()) return false;
  file.clear();
  file.seekp(0, std::ios::end);
  file << tail(checksum);
  file.close();
  return !file.fail();
}

bool fits_checksum(std::istream& file) {
  file.clear();
  file.seekg(0, std::ios::end);
  const auto size = static_cast<std::size_t>(file.tellg());
  if (size < kTailSize) return true;
  std::string end(kTailSize, '\0');
  file.seekg(static_cast<std::streamoff>(size - kTailSize));
  file.read(end.data(), kTailSize);
  if (!is_tail(end)) return true;
  file.seekg(0);
  unsigned long checksum = 0;
  std::vector<char> block(kBlockSize);
  for (std::size_t rest = size - kTailSize; rest > 0;) {
    const std::size_t length = std::min(rest, block.size());
    if (!file.read(block.data(), static_cast<std::streamsize>(length))) return false;
    checksum = crc32_z(checksum, reinterpret_cast<const Bytef*>(block.data()), length);
    rest -= length;
  }
  return end == tail(checksum);
}

}  // namespace entrepot
