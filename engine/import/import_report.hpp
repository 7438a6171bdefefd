#pragma once

#include <string>
#include <vector>

#include "recipe/block_change.hpp"
#include "world/balance.hpp"
#include "world/baseline_files.hpp"

namespace entrepot {

/// Entries of one kind that the model can't hold, and what was done with them.
struct Adjustment {
  std::string what;            ///< "negative final demand (inventories run down), set to zero"
  std::size_t count = 0;       ///< entries
  double value = 0.0;          ///< Σ|entry|, million USD
  std::string largest{};       ///< the largest, by name
  double largest_value = 0.0;  ///< million USD, with its sign

  void add(double entry, const std::string& name);
  std::string entries() const;  ///< "1 entry", "12 entries"
};

/// What was read, where the rest comes from and how far anything was moved.
struct ImportReport {
  std::string format;                   ///< "OECD ICIO"
  std::vector<std::string> taken;       ///< one line for each kind of figure: where it comes from
  std::vector<Adjustment> adjustments;  ///< those without entries are not listed
  std::vector<BlockChange> blocks;      ///< how far balancing moved each block
  BalanceReport before, after;          ///< the identities before and after balancing

  /// Lists an adjustment if it has entries.
  void list(Adjustment adjustment);
};

/// A base year as a format's reader gives it: two uses, not balanced, no elasticities; final flows and value added may
/// be negative. A reader that leaves `elasticities_given` false leaves world.theta to the importer.
struct Imported {
  World world;
  BaselineInfo info;
  ImportReport report;
  bool elasticities_given = false;
  bool tariffs_given = false;
};

/// The report for the terminal. `world`: the result.
std::string describe(const ImportReport& report, const World& world);

}  // namespace entrepot
