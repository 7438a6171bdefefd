#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "world/arrays.hpp"

namespace entrepot {

enum class SampleMethod { kGrid, kLatinHypercube, kSobol, kMonteCarlo };

/// What a study varies, as far as sampling goes. A factor is one [[vary]] of the study: it may have many dimensions
/// (θ of every sector), which sensitivity treats as one.
struct DesignFactor {
  Index dimensions = 1;  ///< numbers in (0, 1) that one draw of it needs
  Index points = 0;      ///< for a grid: values along it (each of its dimensions takes the same point); ≥ 1
};

struct DesignOptions {
  SampleMethod method = SampleMethod::kSobol;
  Index draws = 1000;          ///< of the base sample; a grid's number follows from its points
  std::uint64_t seed = 1;      ///< the same seed, the same numbers, on every machine
  bool sobol_indices = false;  ///< adds the draws that first-order and total indices need (Saltelli et al. 2010)
  Index sharers = 0;           ///< the last factors, of two points each and crossed: results are shared out among them
  /// So many of the last factors have all combinations of their points solved for every draw of the others: the last
  /// factor runs fastest. Not together with Sobol indices or a tornado (asserted).
  Index crossed = 0;
  bool tornado = true;  ///< adds each factor low and high with all others at their middle
  double tornado_low = 0.05, tornado_high = 0.95;
  /// Correlation of the standard normals behind the dimensions (a Gaussian copula), dimension × dimension over all
  /// factors in order; empty: independent.
  Matrix correlation = {};
};

/// The rows of a study in order: with Sobol indices, for each base draw n the rows A_n, B_n, AB_n^1 … AB_n^g (A with
/// factor f from B); without, the base draws; then, with a tornado, the middle row and each factor's low and high.
struct RowOrder {
  Index draws = 1;    ///< base draws
  Index factors = 0;  ///< those varied
  bool sobol_indices = false, tornado = true;
  double tornado_low = 0.05, tornado_high = 0.95;  ///< quantiles
  Index sharers = 0;  ///< the last factors, of which all combinations are solved for every draw of the others

  enum class Part { kSample, kMixed, kMiddle, kLow, kHigh };
  /// What a row is for. kSample rows (A and B, or all base draws) are draws of the joint distribution and the only ones
  /// that means and quantiles are taken over; kMixed are the AB of the indices.
  struct Role {
    Part part = Part::kSample;
    Index base = 0;       ///< base draw, of kSample and kMixed
    Index factor = -1;    ///< of kMixed, kLow and kHigh
    bool second = false;  ///< a B row
  };

  Index rows() const noexcept;                                         ///< all, tornado included
  Index combinations() const noexcept { return Index{1} << sharers; }  ///< of sharers
  Index sample_rows() const noexcept;                                  ///< without the tornado's
  Role role(Index row) const;
  friend bool operator==(const RowOrder&, const RowOrder&) = default;
};

/// The rows of numbers in (0, 1) that a study evaluates, each made from its index alone, so that any shard can make its
/// own: no memory grows with the number of draws. Immutable and safe for any number of threads.
class SampleDesign {
 public:
  /// Asserts draws ≥ 1 and a correlation that check_correlation() finds no fault with.
  SampleDesign(std::vector<DesignFactor> factors, DesignOptions options);

  using Part = RowOrder::Part;
  using Role = RowOrder::Role;
  RowOrder order() const noexcept;
  Index rows() const noexcept { return order().rows(); }
  Index sample_rows() const noexcept { return order().sample_rows(); }
  Role role(Index row) const { return order().role(row); }
  Index dimensions() const noexcept { return dimensions_; }
  Index factor_count() const noexcept { return static_cast<Index>(factors_.size()); }
  /// Dimensions that a design can have; twice those of its factors with Sobol indices.
  static Index most_dimensions() noexcept;
  /// The row's numbers, each in (0, 1). out: dimensions() long. In a grid point p of n becomes (p + ½)/n.
  void row(Index row, std::span<double> out) const;
  const DesignOptions& options() const noexcept { return options_; }
  const std::vector<DesignFactor>& factors() const noexcept { return factors_; }

 private:
  struct Points;
  void base_point(Index draw, std::span<double> out) const;
  void correlate(std::span<double> values) const;
  void put_combination(Index number, Index factors, std::span<double> out) const;

  std::vector<DesignFactor> factors_;
  DesignOptions options_;
  Index dimensions_ = 0;
  Index combinations_ = 1;  ///< of the crossed factors, unless all are of a grid
  std::shared_ptr<Points> points_;
};

/// What is wrong with a correlation matrix (shape, symmetry, diagonal, not positive definite), as a sentence; empty:
/// nothing.
std::string check_correlation(const Matrix& correlation, Index dimensions);

}  // namespace entrepot
