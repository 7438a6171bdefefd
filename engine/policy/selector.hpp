#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "text/schema.hpp"
#include "world/blocs.hpp"
#include "world/codes.hpp"
#include "world/world.hpp"

namespace entrepot {

/// What a list of names stands for: indices of countries or sectors in rising order, none twice.
struct Selection {
  std::vector<Index> members;
  std::vector<std::string> notes;  ///< who of a bloc was left out and why, one sentence each
  bool may_be_empty = false;       ///< a bloc of the scenario's own is among the names
};

/// Whether a selection's members, or another rising list, hold this one.
inline bool holds(const std::vector<Index>& rising, Index one) {
  return std::binary_search(rising.begin(), rising.end(), one);
}

/// Resolves names against one world and the blocs of one day. The world and the table must outlive it.
class Selector {
 public:
  /// date: YYYY-MM-DD, or empty for the latest membership.
  Selector(const World& world, const BlocTable& blocs, std::string date)
      : world_(world), blocs_(blocs), date_(std::move(date)) {}

  /// Countries by code, bloc or "all", without those named in `exclude`. Members of a bloc that are not apart in this
  /// world are left out, with a note. Unknown names, codes that are inside a region, a bloc of which no one is there
  /// and an empty answer are added to `problems` with their place.
  Selection countries(const Arguments& arguments, const std::string& parameter, const std::string& exclude,
                      Problems& problems) const;
  /// Sectors by code, "goods", "services" or "all", without those named in `exclude`. Where the parameter is absent:
  /// goods if the baseline marks any, else all.
  Selection sectors(const Arguments& arguments, const std::string& parameter, const std::string& exclude,
                    Problems& problems) const;

  /// One name of a country, bloc or "all"; empty, and a problem added, where it is none.
  Selection countries_named(const LocatedText& name, const std::string& key, Problems& problems) const;
  Selection sectors_named(const LocatedText& name, const std::string& key, Problems& problems) const;

  /// Whether a name is a bloc that the scenario made itself, which may have no members.
  bool is_own_bloc(const std::string& name) const { return blocs_.is_added(name); }

  /// Whether a name is "goods" or "services" and no sector's code.
  bool is_sector_group(const std::string& name) const;

  const std::string& date() const { return date_; }

 private:
  Selection bloc_members(const LocatedText& bloc, const std::string& key, Problems& problems) const;
  const World& world_;
  const BlocTable& blocs_;
  std::string date_;
};

}  // namespace entrepot
