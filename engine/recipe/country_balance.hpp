#pragma once

#include "recipe/structure.hpp"

namespace entrepot {

/// What one country's accounts must meet: its trade with other countries and two totals. Million USD.
struct CountryTargets {
  Vector exports;            ///< E, receipts from abroad, sector
  Matrix imports;            ///< M, at purchasers' prices (tariff included), sector × use (World::uses)
  double value_added = 0.0;  ///< ΣV
  /// ΣF = ΣV + ΣM − ΣE, which is value added + tariff revenue + deficit.
  double final_use() const { return value_added + imports.sum() - exports.sum(); }
};

/// One country's accounts. Million USD.
struct CountryAccounts {
  Matrix input;        ///< Z, input sector × using sector
  Vector value_added;  ///< V, sector
  Vector final_use;    ///< F, sector
  Matrix home;         ///< sales to itself, sector × use
};

/// Accounts with the given cost and final shares that would meet the targets if they could: final use spread by its
/// shares, output from the Leontief inverse of final use + exports − imports, home sales what is left of output after
/// exports but at least `least_home_share` of the sector's use. A sector's re-exports (fraction of its exports; goods
/// that leave as they came) are kept out of that and enter as the sector's own input. One use.
CountryAccounts first_accounts(const CostStructure& cost, const CountryTargets& targets, const Vector& re_export_share,
                               double least_home_share);

struct CountryBalance {
  CountryAccounts accounts;
  double residual = 0.0;  ///< largest relative gap of the identities
  int sweeps = 0;
};

/// The accounts nearest to `first` in relative entropy (Σ x ln(x/x⁰) − x + x⁰) that balance: home + E = inputs + V in
/// each sector, inputs + F = home + M for each good (with two uses inputs = home + M and F = home + M, each with its
/// own), and both totals. Solved by exact coordinate steps on the multipliers (a generalised RAS; Schneider and Zenios
/// 1990, Operations Research 38:439): each equation has one positive root. What is zero in `first` stays zero.
CountryBalance balance_accounts(const CountryAccounts& first, const CountryTargets& targets);

}  // namespace entrepot
