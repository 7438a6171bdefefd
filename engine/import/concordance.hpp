#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "world/world.hpp"

namespace entrepot {

/// Where a code of published trade data belongs in a baseline; kLeftOut where the user's table leaves the cell empty.
constexpr Index kLeftOut = -1;

/// Country codes of BACI to countries of a baseline: a CSV with columns code,country, or BACI's own table
/// (country_code, country_iso3, …). A country is named by its code in the baseline or by that of a member of a region;
/// `rest` (a code, or empty) takes all others. Throws InputError: unknown countries with the nearest, codes
/// that are no number, listed twice.
std::map<int, Index> read_country_codes(const std::filesystem::path& file, const World& world, const std::string& rest);

/// Products of the Harmonized System to sectors of a baseline: a CSV with columns product,sector (others are not
/// read); a product is a chapter (2 digits), a heading (4) or a subheading (6), the longest that fits counts. Throws
/// InputError: unknown sectors with the nearest, products of another length or listed twice.
class ProductCodes {
 public:
  ProductCodes(const std::filesystem::path& file, const World& world);
  /// The sector of an HS6 code, or kLeftOut; `found` says whether any row fits.
  Index sector(std::string_view product, bool& found) const;
  /// Which sectors have a product.
  const std::vector<bool>& covered() const noexcept { return covered_; }

 private:
  std::unordered_map<std::string, Index> sector_;
  std::vector<bool> covered_;
};

}  // namespace entrepot
