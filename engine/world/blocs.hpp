#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "text/input_error.hpp"
#include "world.hpp"

namespace entrepot {

/// Named sets of countries and who was in them when.
class BlocTable {
 public:
  /// Reads CSV with the columns bloc,country,from,until,source: a country (ISO 3166 alpha-3) is a member from the day
  /// `from`; `until` is the first day on which it no longer is, or empty. Throws InputError listing every bad date,
  /// empty name, membership that ends before it starts, and overlapping memberships.
  static BlocTable read(const std::filesystem::path& path);

  /// All blocs, in alphabetical order.
  std::vector<std::string> names() const;
  bool has(std::string_view bloc) const;
  /// Members on a day YYYY-MM-DD, in alphabetical order; an empty `date` means the latest membership known.
  std::vector<std::string> members(std::string_view bloc, std::string_view date) const;
  /// All blocs and their members on a day, a line each: what results depend on.
  std::string text(std::string_view date) const;
  /// Makes a bloc without members, under a name that no other has (asserted).
  void add(const std::string& bloc);
  /// Whether a bloc was made by add(): such a one may have no members.
  bool is_added(std::string_view bloc) const;
  /// Puts a country into a bloc, or takes it out, on every day.
  void set_member(const std::string& bloc, const std::string& country, bool member);

 private:
  struct Membership {
    std::string bloc, country, from, until;
    SourceLocation where;
  };
  std::vector<Membership> memberships_;
  std::set<std::string, std::less<>> added_;
};

/// The ISO codes a country of a baseline stands for: its members, or its own code where it has none.
std::vector<std::string> stands_for(const Country& country);

/// Whether all that a country stands for is in the (sorted) list: a region partly in a bloc is not in it.
bool all_in(const Country& country, const std::vector<std::string>& members);

}  // namespace entrepot
