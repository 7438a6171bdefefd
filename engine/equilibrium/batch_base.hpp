#pragma once

#include <memory>
#include <vector>

#include "kernel.hpp"
#include "lanes.hpp"
#include "solve.hpp"

namespace entrepot {

/// A flow of one sector.
struct SectorFlow {
  Index market = 0, origin = 0;
  friend auto operator<=>(const SectorFlow&, const SectorFlow&) = default;
};

using TouchedMarkets = Eigen::Array<bool, Eigen::Dynamic, 1>;

/// Whether a shock changes what stands between producer and buyer on any flow of a sector.
bool touches_sector(const World& world, const Shock& shock, Index j);

/// Of an origin's flows of one sector those where a shock changes what stands between producer and buyer, market by
/// market; answers whether there are any.
bool find_touched(const World& world, const Shock& shock, Index i, Index j, TouchedMarkets& touched);

/// Where the iteration of a lane starts.
struct BatchStart {
  BatchStart() = default;
  /// At a solved scenario.
  explicit BatchStart(const Equilibrium& at);

  Matrix log_cost;  ///< sector × location
  Matrix spending;  ///< sector × market, million USD
  Vector income;    ///< country, million USD
  Vector log_wage;  ///< country
};

/// What all scenarios of a batch share: base-year shares as matrices for products with the lanes, and the linear maps
/// that make a step, taken at the centre (docs/solver.md, "Many scenarios at once"). Matrices have padded rows.
struct BatchBase {
  /// centre: a solved scenario, or nullptr for the base year itself.
  BatchBase(const World& world, const Shock& shock, const Vector& theta, const Equilibrium* centre);

  const World& world;
  std::unique_ptr<Shock> no_change;  ///< what `kernel` refers to
  Kernel kernel;                     ///< of the base year

  // By sector; empty where nothing crosses a border. Flows that the centre touches are left out: each lane has its own.
  std::vector<Matrix> weight;      ///< π, market × origin
  std::vector<Matrix> net_weight;  ///< π/((1+τ)(1+e)), market × origin; empty where all of it reaches producers
  std::vector<Matrix> receipts;    ///< the same for every sector, origin × market
  std::vector<std::vector<SectorFlow>> touched;  ///< by the centre, rising
  std::vector<bool> leaks;        ///< sector: whether part of what is spent does not reach producers, in base or centre
  std::vector<bool> origin_pays;  ///< sector · locations + location: whether any of its flows pays an export tax

  // By location, with D = its own share in its purchases (for inputs), Γ and α its cost and final shares.
  std::vector<Matrix> cost_of_prices;       ///< (I − ΓᵀD)^−1 Γᵀ: ln ĉ of ln P̂ − D ln ĉ
  std::vector<Matrix> cost_of_labour;       ///< (I − ΓᵀD)^−1, user × user
  Matrix cost_of_wage;                      ///< (I − ΓᵀD)^−1 γ^V, sector × location
  std::vector<Matrix> spending_of_foreign;  ///< (I − ΓD)^−1 Γ: spending on inputs of receipts from abroad
  Matrix spending_of_income;  ///< spending in the inputs' market of one unit of income, sector × location
  Matrix output;              ///< of the base year, location × sector, million USD
  Matrix own_share;           ///< D, sector × location, of what producers buy
  Matrix own_final_share;     ///< the same of what households buy; zero with one use

  BatchStart start;    ///< at the centre
  double floor = 0.0;  ///< million USD below which an account's residual is measured against this

  // Found by moving each country's wage, prices and spending settled; empty until then.
  Matrix wage_step;                       ///< ln ŵ of gaps, country × country, padded
  std::vector<Matrix> cost_response;      ///< sector: ln ĉ of ln ŵ, location × country
  std::vector<Matrix> spending_response;  ///< sector: ln X of ln ŵ, market × country

  bool taxed_origin(Index i, Index j) const { return origin_pays[at(j * kernel.locations + i)]; }
  /// Whether the block knows this world's kind: Cobb–Douglas and mobile labour.
  static bool suits(const World& world);
};

}  // namespace entrepot
