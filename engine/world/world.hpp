#pragma once

#include <limits>
#include <string>
#include <vector>

#include "arrays.hpp"

namespace entrepot {

/// An income account with a labour pool and a government. `members` lists the ISO 3166 codes behind a region that
/// stands for several countries; it is empty for a country that stands for itself.
struct Country {
  std::string code;
  std::string name;
  std::vector<std::string> members;
};

/// A place that produces and buys. By default one per country; a special economic zone is one more.
struct Location {
  std::string code;
  Index country = 0;
};

/// A special economic zone: a location split off another of the same country (split_zone.hpp).
struct Zone {
  Index location = 0;  ///< its own
  Index host = 0;      ///< the location it was split off
  Vector share;        ///< z, sector, of the host's producers before any split, fraction; 0 where it makes nothing
};

enum class SectorKind { kUnmarked, kGoods, kServices };

struct Sector {
  std::string code;
  std::string name;
  SectorKind kind = SectorKind::kUnmarked;
};

/// Trade elasticities of another source than the base year's own.
struct ThetaSet {
  std::string name;  ///< by which a scenario chooses it
  Vector theta;      ///< sector, > 0
};

/// The base year: levels in million USD and the elasticities that go with them.
///
/// A market m = use · locations + location buys for one use. With one use every purchase is alike; with two, use 0 is
/// intermediate and use 1 is final (AC18). Bilateral arrays are market × origin location × sector.
struct World {
  std::string name;
  int year = 0;
  std::vector<Country> countries;
  std::vector<Location> locations;
  std::vector<Sector> sectors;
  std::vector<Zone> zones;
  Index uses = 1;

  Bilateral expenditure;      ///< X, spending at purchasers' prices, million USD, ≥ 0
  Bilateral tariff;           ///< τ, ad valorem, fraction; empty: none anywhere
  Bilateral export_tax;       ///< e, ad valorem, fraction; empty: none anywhere
  std::vector<Matrix> input;  ///< Z, one matrix per location: input sector k × using sector j, million USD, ≥ 0
  Matrix value_added;         ///< V, location × sector, million USD, ≥ 0
  Matrix final_use;           ///< F, location × sector, million USD, ≥ 0
  Vector deficit;             ///< D, country, transfer received, million USD; sums to zero

  Vector theta;                      ///< θ, sector, trade elasticity, > 0
  std::vector<ThetaSet> theta_sets;  ///< alternatives to it
  Vector value_added_elasticity;  ///< σ^V, sector, between value added and the input bundle, ≥ 0; 1 is Cobb–Douglas
  Vector input_elasticity;        ///< σ^M, sector, between inputs, ≥ 0; 1 is Cobb–Douglas
  Vector labour_mobility;         ///< ν, country, > 1; infinity is mobile labour (GRY23)

  Index country_count() const noexcept { return static_cast<Index>(countries.size()); }
  Index location_count() const noexcept { return static_cast<Index>(locations.size()); }
  Index sector_count() const noexcept { return static_cast<Index>(sectors.size()); }
  Index market_count() const noexcept { return uses * location_count(); }
  Index market(Index use, Index location) const noexcept { return use * location_count() + location; }
  Index location_of_market(Index market) const noexcept { return market % location_count(); }
  Index country_of_market(Index market) const noexcept {
    return locations[static_cast<std::size_t>(location_of_market(market))].country;
  }
  Index country_of_location(Index location) const noexcept {
    return locations[static_cast<std::size_t>(location)].country;
  }
  /// The use that producers buy for, and the one that households and governments buy for.
  Index intermediate_use() const noexcept { return 0; }
  Index final_demand_use() const noexcept { return uses - 1; }

  double tariff_at(Index m, Index i, Index j) const noexcept { return tariff.empty() ? 0.0 : tariff(m, i, j); }
  double export_tax_at(Index m, Index i, Index j) const noexcept {
    return export_tax.empty() ? 0.0 : export_tax(m, i, j);
  }
  /// Value of a flow at the border, before the importer's duty, million USD: X / (1+τ).
  double before_duty(Index m, Index i, Index j) const noexcept {
    return expenditure(m, i, j) / (1.0 + tariff_at(m, i, j));
  }
  /// Producer receipts of a flow, million USD: X / ((1+τ)(1+e)).
  double receipts_at(Index m, Index i, Index j) const noexcept {
    return expenditure(m, i, j) / ((1.0 + tariff_at(m, i, j)) * (1.0 + export_tax_at(m, i, j)));
  }

  /// A world of this shape with all flows zero, Cobb–Douglas nests, mobile labour, θ = 5 and one location a country.
  static World of_shape(std::vector<Country> countries, std::vector<Sector> sectors, Index uses = 1);
};

/// The first location of each country, its own where the others are zones.
std::vector<Index> home_locations(const World& world);
/// Output Y_lj, location × sector, million USD: producer receipts from all markets (model eq. 4 at the base).
Matrix output(const World& world);
/// Factor income by country, million USD: Σ V over its locations and sectors.
Vector factor_income(const World& world);
/// Tariff revenue by importing country, million USD.
Vector tariff_revenue(const World& world);
/// Export-tax revenue by exporting country, million USD.
Vector export_tax_revenue(const World& world);
/// I = V + tariff and export-tax revenue + D, country, million USD (model eq. 5 at the base).
Vector income(const World& world);

}  // namespace entrepot
