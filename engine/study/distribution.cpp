#include "distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace entrepot {

namespace {

double standard_normal(double p) { return boost::math::quantile(boost::math::normal_distribution<>(), p); }

}  // namespace

double Distribution::quantile(double p) const {
  switch (kind) {
    case Kind::kUniform:
      return low + (high - low) * p;
    case Kind::kNormal:
      return mean + sd * standard_normal(p);
    case Kind::kLognormal:
      return median * std::exp(sd * standard_normal(p));
    case Kind::kTriangular: {
      const double width = high - low, rise = (mode - low) / width;
      return p < rise ? low + std::sqrt(p * width * (mode - low)) : high - std::sqrt((1.0 - p) * width * (high - mode));
    }
    case Kind::kChoice:
      return std::min(std::floor(p * choices), static_cast<double>(choices - 1));
  }
  return 0.0;
}

std::string Distribution::check() const {
  switch (kind) {
    case Kind::kUniform:
      if (!(low < high)) return fmt::format("low must be below high; they are {} and {}", low, high);
      break;
    case Kind::kNormal:
    case Kind::kLognormal:
      if (!(sd > 0.0)) return fmt::format("sd must be above 0; it is {}", sd);
      if (kind == Kind::kLognormal && !(median > 0.0)) return fmt::format("median must be above 0; it is {}", median);
      break;
    case Kind::kTriangular:
      if (!(low < high)) return fmt::format("low must be below high; they are {} and {}", low, high);
      if (!(mode >= low && mode <= high))
        return fmt::format("mode must lie between low and high; it is {}, not from {} to {}", mode, low, high);
      break;
    case Kind::kChoice:
      if (choices < 1) return "at least one value is expected";
      break;
  }
  return {};
}

}  // namespace entrepot
