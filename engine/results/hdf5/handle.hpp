#pragma once

#include <hdf5.h>
#include <hdf5_hl.h>

#include <filesystem>
#include <string>
#include <utility>

// Private to the files that speak to HDF5; no public header includes it.
namespace entrepot::hdf5 {

/// An HDF5 identifier that closes itself.
class Handle {
 public:
  using Close = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Close close) noexcept : id_(id), close_(close) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (id_ >= 0) close_(id_);
  }
  hid_t get() const noexcept { return id_; }
  /// The identifier, which the caller closes from now on.
  hid_t release() noexcept { return std::exchange(id_, -1); }

 private:
  hid_t id_ = -1;
  Close close_ = nullptr;
};

/// Stops HDF5 from printing its errors: they are raised instead.
void silence();

/// Throws FileError(file, "sentence (HDF5's own innermost words)").
[[noreturn]] void fail(const std::filesystem::path& file, const std::string& sentence);

/// `id` itself, or fails where it is negative.
hid_t checked(hid_t id, const std::filesystem::path& file, const std::string& sentence);
void check(herr_t status, const std::filesystem::path& file, const std::string& sentence);

/// Text of any length, UTF-8.
Handle text_type();

}  // namespace entrepot::hdf5
