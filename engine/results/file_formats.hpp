#pragma once

namespace entrepot {

// What a file of this program calls itself, in its attribute `format`.
inline constexpr const char* kResultsFormat = "entrepot results";     ///< one run
inline constexpr const char* kSweepFormat = "entrepot sweep";         ///< the draws of a study and their statistics
inline constexpr const char* kShardFormat = "entrepot sweep shard";   ///< some of these draws
inline constexpr const char* kGradientFormat = "entrepot gradients";  ///< derivatives of measures of one run

}  // namespace entrepot
