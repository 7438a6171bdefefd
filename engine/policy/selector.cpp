#include "selector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <numeric>

#include "name_hint.hpp"
#include "world/split_zone.hpp"

namespace entrepot {

namespace {

constexpr const char *kAll = "all", *kGoods = "goods", *kServices = "services";

std::vector<Index> sectors_of(const World& world, SectorKind kind) {
  std::vector<Index> members;
  for (Index j = 0; j < world.sector_count(); ++j)
    if (world.sectors[at(j)].kind == kind) members.push_back(j);
  return members;
}

std::vector<Index> first_indices(Index count) {
  std::vector<Index> indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), Index{0});
  return indices;
}

void merge(std::vector<Index>& into, const std::vector<Index>& more) {
  std::vector<Index> both;
  std::set_union(into.begin(), into.end(), more.begin(), more.end(), std::back_inserter(both));
  into = std::move(both);
}

/// The region that holds an ISO code among its members, or nullptr.
const Country* region_with(const World& world, const std::string& code) {
  for (const Country& country : world.countries)
    if (std::find(country.members.begin(), country.members.end(), code) != country.members.end()) return &country;
  return nullptr;
}

using Resolve = std::function<Selection(const LocatedText&, const std::string&, Problems&)>;

/// A list of names less a list of exclusions; that nothing is left is a problem unless a name was one already.
Selection resolved(const Arguments& arguments, const std::string& parameter, const std::string& exclude,
                   const std::vector<LocatedText>& names, const Resolve& resolve, Problems& problems) {
  Selection selection;
  Problems found;
  for (const LocatedText& name : names) {
    const Selection one = resolve(name, arguments.key(parameter), found);
    merge(selection.members, one.members);
    selection.notes.insert(selection.notes.end(), one.notes.begin(), one.notes.end());
    selection.may_be_empty = selection.may_be_empty || one.may_be_empty;
  }
  const bool named = !selection.members.empty();
  for (const LocatedText& name : arguments.list(exclude)) {
    std::vector<Index> left;
    const Selection out = resolve(name, arguments.key(exclude), found);
    std::set_difference(selection.members.begin(), selection.members.end(), out.members.begin(), out.members.end(),
                        std::back_inserter(left));
    selection.members = std::move(left);
  }
  if (selection.members.empty() && found.empty() && !selection.may_be_empty) {
    found.add(arguments.where(parameter), arguments.key(parameter),
              named ? fmt::format("nothing is left once '{}' is applied", exclude) : "this selects nothing");
  }
  problems.add(found.all());
  return selection;
}

}  // namespace

Selection Selector::countries(const Arguments& arguments, const std::string& parameter, const std::string& exclude,
                              Problems& problems) const {
  const auto resolve = [this](const LocatedText& name, const std::string& key, Problems& found) {
    return countries_named(name, key, found);
  };
  return resolved(arguments, parameter, exclude, arguments.list(parameter), resolve, problems);
}

Selection Selector::sectors(const Arguments& arguments, const std::string& parameter, const std::string& exclude,
                            Problems& problems) const {
  const auto resolve = [this](const LocatedText& name, const std::string& key, Problems& found) {
    return sectors_named(name, key, found);
  };
  std::vector<LocatedText> names = arguments.list(parameter);
  if (!arguments.has(parameter))
    names = {{sectors_of(world_, SectorKind::kGoods).empty() ? kAll : kGoods, arguments.where()}};
  return resolved(arguments, parameter, exclude, names, resolve, problems);
}

Selection Selector::countries_named(const LocatedText& name, const std::string& key, Problems& problems) const {
  const Index country = position_of(world_.countries, name.text);
  if (country >= 0) return {{country}, {}};
  if (name.text == kAll) return {first_indices(world_.country_count()), {}};
  if (blocs_.has(name.text)) return bloc_members(name, key, problems);
  if (const Country* region = region_with(world_, name.text)) {
    problems.add(name.where, key,
                 fmt::format("{0} is part of {1} in this baseline; name {1}, or use a baseline that keeps {0} apart",
                             name.text, region->code));
    return {};
  }
  if (const Zone* zone = find_zone(world_, name.text)) {
    problems.add(name.where, key,
                 fmt::format("'{0}' is a zone of {1}; policies are on countries, and those on {1} reach its zones too; "
                             "name {1}",
                             name.text, world_.locations[at(zone->host)].code));
    return {};
  }
  std::vector<std::string> known = codes_of(world_.countries);
  const std::vector<std::string> blocs = blocs_.names();
  known.insert(known.end(), blocs.begin(), blocs.end());
  known.push_back(kAll);
  problems.add(name.where, key,
               fmt::format("there is no country or bloc '{}' in this baseline{}", name.text,
                           name_hint(name.text, world_.countries, known)));
  return {};
}

Selection Selector::bloc_members(const LocatedText& bloc, const std::string& key, Problems& problems) const {
  const std::vector<std::string> members = blocs_.members(bloc.text, date_);
  Selection selection;
  selection.may_be_empty = blocs_.is_added(bloc.text);
  if (members.empty() && selection.may_be_empty) {
    selection.notes.push_back(fmt::format("{} has no members", bloc.text));
    return selection;
  }
  std::string absent;
  for (Index n = 0; n < world_.country_count(); ++n) {
    if (all_in(world_.countries[static_cast<std::size_t>(n)], members)) selection.members.push_back(n);
  }
  for (const std::string& member : members) {
    const Country* region = region_with(world_, member);
    if (region == nullptr ? position_of(world_.countries, member) >= 0 : all_in(*region, members)) continue;
    absent += absent.empty() ? "" : ", ";
    absent += region == nullptr        ? member
              : region->code == member ? fmt::format("{} (together with others)", member)
                                       : fmt::format("{} (part of {})", member, region->code);
  }
  if (selection.members.empty()) {
    std::string sentence =
        fmt::format("no member of {} is in this baseline as a country of its own: {}", bloc.text, absent);
    if (members.empty()) {
      sentence = date_.empty()
                     ? fmt::format("{} has no members any more; give the scenario a date when it had", bloc.text)
                     : fmt::format("{} has no members on {}", bloc.text, date_);
    }
    problems.add(bloc.where, key, sentence);
  } else if (!absent.empty()) {
    selection.notes.push_back(fmt::format("{} without {}, not in this baseline apart", bloc.text, absent));
  }
  return selection;
}

Selection Selector::sectors_named(const LocatedText& name, const std::string& key, Problems& problems) const {
  const Index sector = position_of(world_.sectors, name.text);
  if (sector >= 0) return {{sector}, {}};
  if (name.text == kAll) return {first_indices(world_.sector_count()), {}};
  if (is_sector_group(name.text)) {
    Selection group{sectors_of(world_, name.text == kGoods ? SectorKind::kGoods : SectorKind::kServices), {}};
    if (group.members.empty())
      problems.add(
          name.where, key,
          fmt::format("no sector of this baseline is marked as {} (column kind of its sectors.csv)", name.text));
    return group;
  }
  std::vector<std::string> known = codes_of(world_.sectors);
  known.push_back(kAll);
  if (!sectors_of(world_, SectorKind::kGoods).empty()) known.push_back(kGoods);
  if (!sectors_of(world_, SectorKind::kServices).empty()) known.push_back(kServices);
  problems.add(name.where, key,
               fmt::format("there is no sector '{}' in this baseline{}", name.text,
                           name_hint(name.text, world_.sectors, known)));
  return {};
}

bool Selector::is_sector_group(const std::string& name) const {
  return (name == kGoods || name == kServices) && position_of(world_.sectors, name) < 0;
}

}  // namespace entrepot
