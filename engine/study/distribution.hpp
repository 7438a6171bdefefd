#pragma once

#include <string>
#include <vector>

namespace entrepot {

/// What a number of a study is drawn from.
struct Distribution {
  enum class Kind {
    kUniform,     ///< from `low` to `high`
    kNormal,      ///< `mean`, standard deviation `sd`
    kLognormal,   ///< exp of a normal of mean ln `median` and standard deviation `sd`
    kTriangular,  ///< from `low` over `mode` to `high`
    kChoice,      ///< one of 0 … choices−1, all equally likely
  };
  Kind kind = Kind::kUniform;
  double low = 0.0, high = 1.0, mode = 0.5;
  double mean = 0.0, median = 1.0, sd = 1.0;
  int choices = 0;

  /// The value that a share p of all draws keep below. p: in (0, 1). Finite for parameters that check() finds no fault
  /// with; rising in p.
  double quantile(double p) const;
  /// What is wrong with the parameters, as a sentence; empty: nothing.
  std::string check() const;
};

}  // namespace entrepot
