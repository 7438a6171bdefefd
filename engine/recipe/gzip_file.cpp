#include "recipe/gzip_file.hpp"

#include <zlib.h>

#include <memory>

#include "text/input_error.hpp"

namespace entrepot {

std::string read_gzip(const std::filesystem::path& file) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> stream(gzopen(file.string().c_str(), "rb"), gzclose);
  if (!stream) throw InputError({file.string(), 0, 0}, "", "this file can't be read");
  std::string text;
  char buffer[1 << 16];
  int count = 0;
  while ((count = gzread(stream.get(), buffer, sizeof buffer)) > 0)
    text.append(buffer, static_cast<std::size_t>(count));
  int status = Z_OK;
  const char* message = gzerror(stream.get(), &status);
  if (count < 0 || (status != Z_OK && status != Z_STREAM_END)) {
    throw InputError({file.string(), 0, 0}, "", std::string("this file is not sound gzip: ") + message);
  }
  return text;
}

}  // namespace entrepot
