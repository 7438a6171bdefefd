#pragma once

#include <map>

#include "import/import_report.hpp"

namespace entrepot {

/// Codes in the order in which they are first met, and the place of each.
class CodeList {
 public:
  enum class Case { kMatters, kIgnored };  ///< ignored: "usa" is "USA", spelt as it was first met
  explicit CodeList(Case letters = Case::kMatters) : case_(letters) {}
  Index add(const std::string& code);         ///< its place, new or old
  Index find(const std::string& code) const;  ///< −1 where it is not
  const std::vector<std::string>& codes() const noexcept { return codes_; }
  Index size() const noexcept { return static_cast<Index>(codes_.size()); }

 private:
  std::string key(std::string code) const;

  Case case_;
  std::vector<std::string> codes_;
  std::map<std::string, Index> place_;
};

/// An inter-country input–output table in basic prices, summed while it is read to what a baseline holds: flows by
/// origin for intermediate and for final use, inputs by country, value added. All in million USD.
class IoTable {
 public:
  IoTable(std::vector<Country> countries, std::vector<Sector> sectors);

  /// z: what sector j of country n buys of sector k of country i. A negative entry counts as zero and is reported.
  void intermediate(Index i, Index k, Index n, Index j, double z);
  /// f: one category of final demand of country n for sector k of country i, any sign; categories add up.
  void final_demand(Index i, Index k, Index n, double f);
  /// One part of what sector j of country n pays beside inputs: value added, taxes less subsidies, margins; any sign.
  void value_added(Index n, Index j, double v);
  /// The table's own total of a sector, to compare with.
  void stated_output(Index n, Index j, double y);

  /// The world with two uses, and in the report how the table's totals compare with its entries. Final flows
  /// and value added may be negative.
  World finish(ImportReport& report);

 private:
  World world_;
  Matrix stated_;
  bool any_stated_ = false;
  Adjustment negative_{"negative intermediate flows, set to zero"};
};

/// The kind of a sector by its ISIC Rev. 4 code ("A01", "C10T12", "01T02", "10T12", "D35", "R_S"): goods are
/// agriculture, mining and manufacturing (divisions 01 to 33; "C01T05AGR" and the like are Rev. 3, to 37); kUnmarked
/// for a code that is no ISIC division.
SectorKind isic_kind(const std::string& code);

}  // namespace entrepot
