#pragma once

#include "world/arrays.hpp"

namespace entrepot {

// Scenarios side by side. A row holds one number of every scenario, each in its lane; all scenarios of a row are
// contiguous, so that the same operation on every scenario runs through whole vector registers, and a lane's result
// does not depend on what the others hold or on how many there are.

/// Row-major: quantities × lanes.
using Lanes = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using LaneRow = Eigen::Map<Eigen::Array<double, 1, Eigen::Dynamic>, Eigen::AlignedMax>;
using ConstLaneRow = Eigen::Map<const Eigen::Array<double, 1, Eigen::Dynamic>, Eigen::AlignedMax>;

/// The number of lanes is a multiple of this.
constexpr Index kLaneGroup = 24;

inline LaneRow lane_row(Lanes& lanes, Index row) { return {lanes.row(row).data(), lanes.cols()}; }
inline ConstLaneRow lane_row(const Lanes& lanes, Index row) { return {lanes.row(row).data(), lanes.cols()}; }

/// rows rounded up so that products with them need no special case at the end.
constexpr Index padded(Index rows) noexcept { return (rows + 3) / 4 * 4; }
/// A matrix with rows of zeros added up to padded(rows).
Matrix padded(const Matrix& matrix);

/// out = matrix · in for all lanes. matrix: padded rows × inner. in: `inner` rows, of which `in_stride` doubles lie
/// between one and the next; out: padded rows likewise. Sums run over `inner` in order, whatever the lanes.
/// For these shapes (a few dozen rows, lanes contiguous) it beats general products, which would copy both factors
/// first.
void lane_product(const Matrix& matrix, const double* in, Index in_stride, double* out, Index out_stride, Index lanes);

/// out = exp(of) and ln(of), number by number; out may be of. With a count that is a multiple of kLaneGroup a number's
/// result does not depend on where it stands; else the last ones are found in another way.
void lane_exp(const double* of, double* out, Index count);
void lane_log(const double* of, double* out, Index count);

}  // namespace entrepot
