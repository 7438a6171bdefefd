#pragma once

#include "import/header_arrays.hpp"

namespace entrepot {

struct GtapSets {
  CodeList commodities{CodeList::Case::kIgnored}, regions{CodeList::Case::kIgnored};
};

/// The headers of a GTAP data base as a world's accounts (gtap.hpp says how).
class GtapAccounts {
 public:
  /// Finds and places all headers; what is missing or wrong goes to `problems`, and then the rest must not be used.
  GtapAccounts(const HeaderArrays& headers, Problems& problems);

  const GtapSets& sets() const noexcept { return sets_; }
  const Matrix& imports() const noexcept { return imports_; }  ///< region × commodity, basic prices
  World world(std::vector<Country> countries, std::vector<Sector> sectors, ImportReport& report) const;

 private:
  using Cube = std::vector<Matrix>;  // commodity: exporter × importer
  Cube trade(const HeaderArray* array, Problems& problems) const;
  void firms(const HeaderArray* array, std::vector<Matrix>& inputs, Matrix& investment, Problems& problems) const;
  void demand(const HeaderArray* array, Matrix& into, Problems& problems) const;
  void margins(const HeaderArray* supply, const HeaderArray* use, Problems& problems);

  GtapSets sets_;
  Cube exports_, fob_, cif_, imported_;     // VXSB, VFOB, VCIF, VMSB
  std::vector<Matrix> domestic_, foreign_;  // region: commodity × activity
  Matrix domestic_final_, foreign_final_;   // commodity × region
  Matrix imports_;
  Matrix transport_;                   // VST: margin commodity × region
  std::vector<Matrix> transport_use_;  // region: margin commodity × exporting sector
  double factors_ = 0.0;
};

}  // namespace entrepot
