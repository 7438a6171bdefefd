#pragma once

#include <string>
#include <string_view>

namespace entrepot {

/// SHA-256 of everything added, in order.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void add(std::string_view bytes);
  /// The digest in hexadecimal; nothing can be added afterwards.
  std::string hexadecimal();

 private:
  void* context_;
};

}  // namespace entrepot
