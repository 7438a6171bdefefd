#include "handle.hpp"

#include "text/file_error.hpp"

namespace entrepot::hdf5 {

namespace {

/// Keeps the description of the call that failed first.
herr_t keep_innermost(unsigned depth, const H5E_error2_t* error, void* words) {
  if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(words) = error->desc;
  return 0;
}

}  // namespace

void silence() { H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); }

void fail(const std::filesystem::path& file, const std::string& sentence) {
  std::string words;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_innermost, &words);
  H5Eclear2(H5E_DEFAULT);
  throw FileError(file, words.empty() ? sentence : sentence + " (HDF5: " + words + ")");
}

hid_t checked(hid_t id, const std::filesystem::path& file, const std::string& sentence) {
  if (id < 0) fail(file, sentence);
  return id;
}

void check(herr_t status, const std::filesystem::path& file, const std::string& sentence) {
  if (status < 0) fail(file, sentence);
}

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  return type;
}

}  // namespace entrepot::hdf5
