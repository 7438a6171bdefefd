#pragma once

#include <algorithm>
#include <vector>

#include "world/world.hpp"

namespace entrepot {

/// A set of international flows: importing country × exporting country × sector. A country's trade with itself is
/// never in it, so no policy taxes or bans it.
class FlowSet {
 public:
  FlowSet() = default;
  explicit FlowSet(const World& world)
      : countries_(world.country_count()),
        sectors_(world.sector_count()),
        inside_(static_cast<std::size_t>(countries_ * countries_ * sectors_), 0),
        exports_(static_cast<std::size_t>(countries_ * sectors_), 0) {}

  void add(Index importer, Index exporter, Index sector) {
    if (importer == exporter) return;
    inside_[at(importer, exporter, sector)] = 1;
    exports_[at(exporter, sector)] = 1;
  }
  void add(const std::vector<Index>& importers, const std::vector<Index>& exporters,
           const std::vector<Index>& sectors) {
    for (const Index n : importers)
      for (const Index i : exporters)
        for (const Index j : sectors) add(n, i, j);
  }
  void add_both_ways(const std::vector<Index>& here, const std::vector<Index>& there,
                     const std::vector<Index>& sectors) {
    add(here, there, sectors);
    add(there, here, sectors);
  }
  void remove_sector(Index sector) {
    const auto first = inside_.begin() + static_cast<std::ptrdiff_t>(at(0, 0, sector));
    std::fill(first, first + static_cast<std::ptrdiff_t>(countries_ * countries_), char{0});
    std::fill_n(exports_.begin() + sector * countries_, countries_, char{0});
  }
  bool has(Index importer, Index exporter, Index sector) const { return inside_[at(importer, exporter, sector)] != 0; }
  bool operator==(const FlowSet&) const = default;
  bool empty() const {
    for (const char inside : inside_)
      if (inside != 0) return false;
    return true;
  }

  /// Calls visit(market, origin, sector) once for every flow between a market and an origin whose countries are in the
  /// set: each use of a purchase and each location of a country.
  template <class Visit>
  void for_each(const World& world, Visit visit) const {
    if (inside_.empty()) return;
    for (Index j = 0; j < world.sector_count(); ++j)
      for (Index i = 0; i < world.location_count(); ++i) {
        const Index exporter = world.country_of_location(i);
        if (exports_[at(exporter, j)] == 0) continue;
        for (Index m = 0; m < world.market_count(); ++m)
          if (has(world.country_of_market(m), exporter, j)) visit(m, i, j);
      }
  }

 private:
  std::size_t at(Index importer, Index exporter, Index sector) const {
    return static_cast<std::size_t>((sector * countries_ + exporter) * countries_ + importer);
  }
  std::size_t at(Index exporter, Index sector) const {
    return static_cast<std::size_t>(sector * countries_ + exporter);
  }
  Index countries_ = 0, sectors_ = 0;
  std::vector<char> inside_;
  std::vector<char> exports_;  ///< exporter × sector: whether any of its flows is in the set
};

}  // namespace entrepot
