#include "read_file.hpp"

#include <fstream>
#include <iterator>

#include "input_error.hpp"

namespace entrepot {

std::string read_file(const std::filesystem::path& path) {
  const std::string name = path.string();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw InputError({name, 0, 0}, "", "this is a folder, not a file");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError({name, 0, 0}, "", "this file can't be read");
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

}  // namespace entrepot
