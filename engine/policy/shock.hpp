#pragma once

#include "world/world.hpp"

namespace entrepot {

/// How deficits D' follow the world (model eq. 8).
enum class Closure {
  kFixed,         ///< D' = D in units of world GDP (the numeraire)
  kBalanced,      ///< D' = 0
  kProportional,  ///< D'_n = (D_n/V_n − shift)·ŵ_n V_n, the shift common to all countries so that ΣD' = 0
};

/// Outlawed varieties of one flow that reach their buyer through a third country (model, evasion).
struct Detour {
  Index market = 0, origin = 0, sector = 0;
  Index hub = 0;        ///< country
  double share = 0.0;   ///< e_h, of the flow's value at purchasers' prices, fraction, in [0, 1]
  double margin = 0.0;  ///< what the hub keeps as a rent, of the value that passes through it, fraction, in [0, 1)
};

/// A highest price that some markets let an exporter have for one sector's goods (model, price cap): a condition, for
/// which settle() finds the rent that these markets keep.
struct PriceCap {
  Index origin = 0, sector = 0;  ///< origin: a location
  double limit = 1.0;  ///< ĉ(1+e')/(1+e) may not exceed it: price at the origin's border, ratio to the base, > 0
  std::vector<Index> markets;  ///< who caps, rising; none in two caps on one origin and sector
};

/// What a scenario changes, flow by flow: the one thing every instrument compiles to. An empty array means "as in the
/// base world" (tariff, export tax) or "no change" (all others), so that a shock costs memory only for what it uses.
struct Shock {
  Bilateral tariff;      ///< τ', fraction, > −1
  Bilateral export_tax;  ///< e', fraction, > −1
  Bilateral iceberg;     ///< d̂, ratio, > 0: what is shipped for one unit to arrive, against the base
  Bilateral open_share;  ///< s = 1 − b, share of varieties still allowed, in [0, 1]
  Bilateral rent;        ///< r, fraction of the price after tariff, > −1
  std::vector<Index>
      rent_beneficiary;  ///< country that receives each flow's rent, as Bilateral::values(); −1: importer
  /// Detours and, for each flow, the part of its value that its hubs keep: Σ share · margin, fraction, in [0, 1). What
  /// the detours do to prices is in open_share.
  std::vector<Detour> detours;
  Bilateral hub_margin;
  Matrix productivity;    ///< Â, location × sector, ratio, > 0, of value added (model eq. 1)
  Vector transfer;        ///< added to D', country, million USD at base-year world GDP; sums to zero
  Vector closed_deficit;  ///< share of D that the country can no longer run, country, in [0, 1]; the others take it
                          ///< over in proportion to base factor income
  Closure closure = Closure::kFixed;
  // Conditions, which solve() takes no notice of: settle() turns them into rents and transfers.
  std::vector<PriceCap> price_caps;
  /// Groups of countries, two or more in each and none in two, whose welfare (equivalent variation, %) is to change
  /// alike: transfers within the group, which sum to zero, see to that (CHKW24).
  std::vector<std::vector<Index>> burden_groups;
};

/// What stands between producer and buyer on one flow under a shock.
struct Wedges {
  double tariff, export_tax, rent;  ///< τ', e', r, fractions
  double iceberg, open_share;       ///< d̂ and s, ratios
  double hub_margin;                ///< part of the value at purchasers' prices that hubs keep, fraction
  /// What a variety costs its buyer for each unit of its producer's price: (1+τ')(1+e')(1+r).
  double paid() const noexcept { return (1.0 + tariff) * (1.0 + export_tax) * (1.0 + rent); }
  /// What reaches the producer of each unit of money that the buyers spend on the flow.
  double received() const noexcept { return (1.0 - hub_margin) / paid(); }
};

inline Wedges wedges_at(const World& world, const Shock& shock, Index m, Index i, Index j) noexcept {
  const auto value = [=](const Bilateral& array, double otherwise) {
    return array.empty() ? otherwise : array(m, i, j);
  };
  return {shock.tariff.empty() ? world.tariff_at(m, i, j) : shock.tariff(m, i, j),
          shock.export_tax.empty() ? world.export_tax_at(m, i, j) : shock.export_tax(m, i, j),
          value(shock.rent, 0.0),
          value(shock.iceberg, 1.0),
          value(shock.open_share, 1.0),
          value(shock.hub_margin, 0.0)};
}

/// κ̂: how much dearer a flow gets at an unchanged producer price, ratio.
inline double wedge_change(const World& world, const Wedges& now, Index m, Index i, Index j) noexcept {
  return now.iceberg * (now.paid() / ((1.0 + world.tariff_at(m, i, j)) * (1.0 + world.export_tax_at(m, i, j))));
}

/// The country that receives a flow's rent.
inline Index rent_receiver(const World& world, const Shock& shock, Index m, Index i, Index j) noexcept {
  const auto place = static_cast<std::size_t>((j * world.location_count() + i) * world.market_count() + m);
  const Index named = shock.rent_beneficiary.empty() ? -1 : shock.rent_beneficiary[place];
  return named < 0 ? world.country_of_market(m) : named;
}

/// The shock a fraction t of the way from the base world (t = 0) to `shock` (t = 1): rates, shares and transfers move
/// linearly, iceberg costs and productivity in logs. Used as a path for the exact decomposition and for continuation.
Shock part_way(const World& world, const Shock& shock, double t);

/// Problems that make a shock impossible (shapes, rates ≤ −1, shares outside [0,1], transfers that do not sum to zero,
/// margins that are not those of the detours, caps and groups that overlap).
std::vector<std::string> check_values(const World& world, const Shock& shock);

}  // namespace entrepot
