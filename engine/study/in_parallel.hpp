#pragma once

#include <cstddef>
#include <exception>

namespace entrepot {

/// Does work(0) … work(count − 1) side by side (OpenMP), unless told not to, and throws again what one of them threw,
/// once all have ended.
template <class Work>
void in_parallel(std::size_t count, const Work& work, bool side_by_side = true) {
  std::exception_ptr failed;
#pragma omp parallel for schedule(dynamic, 1) if (side_by_side)
  for (std::size_t k = 0; k < count; ++k) {
    try {
      work(k);
    } catch (...) {
#pragma omp critical(in_parallel_failed)
      failed = std::current_exception();
    }
  }
  if (failed) std::rethrow_exception(failed);
}

}  // namespace entrepot
