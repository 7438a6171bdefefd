#include "lanes.hpp"

#include <cassert>

namespace entrepot {

namespace {

#ifdef __AVX512F__
constexpr Index kPacket = 8;
constexpr Index kRows = 8;  ///< 24 accumulators of 32 registers
#else
constexpr Index kPacket = 4;
constexpr Index kRows = 4;  ///< 12 accumulators of 16 registers
#endif
constexpr Index kPackets = 3;
constexpr Index kAhead = 8;  ///< steps before they are needed that rows and columns are fetched
static_assert(kLaneGroup % (kPackets * kPacket) == 0);

// Vectors of the compiler's own: their arithmetic is element by element.
typedef double Packet __attribute__((vector_size(kPacket * sizeof(double))));
typedef double PacketInMemory
    __attribute__((vector_size(kPacket * sizeof(double)), aligned(sizeof(double)), may_alias));

/// Rows × kPackets packets of the answer, kept in registers while `inner` is run through.
template <Index Rows>
inline void tile(const double* matrix, Index stride, Index inner, const double* in, Index in_stride, double* out,
                 Index out_stride) {
  Packet sum[Rows][kPackets];
  for (Index r = 0; r < Rows; ++r)
    for (Index p = 0; p < kPackets; ++p) sum[r][p] = Packet{};
  for (Index k = 0; k < inner; ++k) {
    Packet value[kPackets];
    for (Index p = 0; p < kPackets; ++p) __builtin_prefetch(in + (k + kAhead) * in_stride + p * kPacket);
    __builtin_prefetch(matrix + (k + kAhead) * stride);
    for (Index p = 0; p < kPackets; ++p)
      value[p] = *reinterpret_cast<const PacketInMemory*>(in + k * in_stride + p * kPacket);
    for (Index r = 0; r < Rows; ++r) {
      const Packet factor = matrix[k * stride + r] - Packet{};
      for (Index p = 0; p < kPackets; ++p) sum[r][p] += factor * value[p];
    }
  }
  for (Index r = 0; r < Rows; ++r)
    for (Index p = 0; p < kPackets; ++p)
      *reinterpret_cast<PacketInMemory*>(out + r * out_stride + p * kPacket) = sum[r][p];
}

}  // namespace

Matrix padded(const Matrix& matrix) {
  Matrix result = Matrix::Zero(padded(matrix.rows()), matrix.cols());
  result.topRows(matrix.rows()) = matrix;
  return result;
}

void lane_product(const Matrix& matrix, const double* in, Index in_stride, double* out, Index out_stride, Index lanes) {
  assert(matrix.rows() % 4 == 0 && lanes % kLaneGroup == 0);
  const Index rows = matrix.rows(), inner = matrix.cols();
  for (Index lane = 0; lane < lanes; lane += kPackets * kPacket) {
    Index row = 0;
    for (; row + kRows <= rows; row += kRows)
      tile<kRows>(matrix.data() + row, rows, inner, in + lane, in_stride, out + row * out_stride + lane, out_stride);
    for (; row < rows; row += 4)
      tile<4>(matrix.data() + row, rows, inner, in + lane, in_stride, out + row * out_stride + lane, out_stride);
  }
}

}  // namespace entrepot
