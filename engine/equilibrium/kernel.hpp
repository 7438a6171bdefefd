#pragma once

#include <string>
#include <vector>

#include "policy/shock.hpp"
#include "world/world.hpp"

namespace entrepot {

/// A flow of which someone else than the importer's government gets a part: an export tax, a rent or a hub's margin. A
/// flow has one of these for each who gets it.
struct TaxedFlow {
  Index market = 0, origin = 0, sector = 0;
  double export_tax = 0.0;  ///< e', paid to the exporter's government on producer receipts
  double rent = 0.0;        ///< r(1+τ')(1+e'), or the hub's margin, of producer receipts, paid to `beneficiary`
  Index beneficiary = 0;    ///< country
};

/// A set of countries that still trade with each other, directly or through others. Wages are comparable only within.
struct Component {
  std::vector<Index> countries;
};

/// D'_n for given factor incomes Φ̂V (`now`; V is `base`), country, million USD (model eq. 8). Sums to zero within each
/// component.
Vector deficits(const World& world, const Shock& shock, const std::vector<Component>& components, const Vector& base,
                const Vector& now);

/// Its derivative, ∂D'_n/∂(Φ̂V)_k, country × country.
Matrix deficit_response(const World& world, const Shock& shock, const std::vector<Component>& components,
                        const Vector& base, const Vector& now);

/// Everything in the model's equations that stays constant while one scenario is solved (docs/solver.md).
/// Shares are of the base year; bilateral arrays are market × origin × sector.
class Kernel {
 public:
  Kernel(const World& world, const Shock& shock);

  const World& world;
  const Shock& shock;
  Index locations, markets, sectors, countries;

  Bilateral weight;      ///< π·s·κ̂^−θ / exp(log_scale), ≥ 0
  Bilateral net_weight;  ///< the same × (1−g)/((1+τ')(1+r')(1+e')), g hubs' margins: what reaches the producer
  Matrix log_scale;  ///< market × sector: ln of the scale taken out of each row, so that no row under- or overflows
  std::vector<bool> traded;    ///< sector: whether any market buys from a place other than its own
  std::vector<bool> tariffed;  ///< sector: whether any flow pays a tariff
  std::vector<TaxedFlow> taxed_flows;

  std::vector<Matrix> input_share;               ///< γ, location: input k × user j, of cost
  Matrix value_added_share;                      ///< γ^V, sector × location, of cost
  Matrix final_share;                            ///< α, sector × location, of the country's final spending
  Matrix log_productivity;                       ///< ln Â, sector × location
  Vector factor_income;                          ///< V, country, million USD
  std::vector<std::vector<Index>> locations_of;  ///< country
  bool cobb_douglas = true;                      ///< every nest has elasticity 1

  /// Producers that can produce, sector × location: base output, no indispensable input lost, some customer left.
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> alive;
  /// Markets with a source and a demand, sector × market.
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> supplied;
  /// Markets that can't do without a sector of which no source is left; empty for a solvable scenario.
  struct Unsupplied {
    Index market, sector;
  };
  std::vector<Unsupplied> unsupplied;
  std::vector<Component> components;
  std::vector<Index> component_of;  ///< country

  bool mobile(Index country) const noexcept { return !(world.labour_mobility(country) < kMobile); }
  /// ν from here on is indistinguishable from mobile labour at double precision of the shares.
  static constexpr double kMobile = 1e9;

  /// D'_n for given factor incomes Φ̂V, country, million USD.
  Vector deficit(const Vector& factor_income_now) const {
    return deficits(world, shock, components, factor_income, factor_income_now);
  }
  /// Income if every flow, rate and factor price were as in the base year, country, million USD: where to start from.
  Vector base_income() const { return income(world) - world.deficit + deficit(factor_income); }

 private:
  void weights();
  void margins();
  void shares();
  void find_supply();
  std::vector<Unsupplied> markets_without_source() const;
  void find_components();
};

}  // namespace entrepot
