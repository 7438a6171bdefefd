#pragma once

#include <Eigen/Dense>
#include <cstddef>
#include <vector>

namespace entrepot {

using Index = Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// An index as the standard library's containers want it.
constexpr std::size_t at(Index k) noexcept { return static_cast<std::size_t>(k); }

/// A bilateral array: market × origin for each sector. Markets of a sector are contiguous (column-major matrices),
/// so that a product with all origins of one sector is one matrix-vector product. Empty means "nothing anywhere".
class Bilateral {
 public:
  Bilateral() = default;
  Bilateral(Index markets, Index origins, Index sectors, double fill = 0.0)
      : markets_(markets),
        origins_(origins),
        sectors_(sectors),
        values_(static_cast<std::size_t>(markets * origins * sectors), fill) {}

  bool empty() const noexcept { return values_.empty(); }
  Index markets() const noexcept { return markets_; }
  Index origins() const noexcept { return origins_; }
  Index sectors() const noexcept { return sectors_; }

  double& operator()(Index market, Index origin, Index sector) noexcept { return values_[at(market, origin, sector)]; }
  double operator()(Index market, Index origin, Index sector) const noexcept {
    return values_[at(market, origin, sector)];
  }
  /// One sector as a matrix, market × origin.
  Eigen::Map<Matrix> sector(Index j) noexcept { return {values_.data() + j * markets_ * origins_, markets_, origins_}; }
  Eigen::Map<const Matrix> sector(Index j) const noexcept {
    return {values_.data() + j * markets_ * origins_, markets_, origins_};
  }
  std::vector<double>& values() noexcept { return values_; }
  const std::vector<double>& values() const noexcept { return values_; }

 private:
  std::size_t at(Index market, Index origin, Index sector) const noexcept {
    return static_cast<std::size_t>((sector * origins_ + origin) * markets_ + market);
  }
  Index markets_ = 0, origins_ = 0, sectors_ = 0;
  std::vector<double> values_;
};

}  // namespace entrepot
