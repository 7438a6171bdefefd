#include "blocs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "text/csv.hpp"
#include "text/iso_date.hpp"

namespace entrepot {

namespace {

constexpr std::string_view kEndOfTime = "9999-12-31";

}  // namespace

BlocTable BlocTable::read(const std::filesystem::path& path) {
  const CsvTable table = CsvTable::read(path);
  Problems problems;
  table.expect_only({"bloc", "country", "from", "until", "source"}, problems);
  const std::size_t bloc = table.column("bloc"), country = table.column("country"), from = table.column("from"),
                    until = table.column("until");
  BlocTable blocs;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    Membership next{table.text(row, bloc), table.text(row, country), table.text(row, from), table.text(row, until),
                    table.where(row)};
    const auto expect_date = [&](const std::string& text, const char* column) {
      if (!is_iso_date(text)) problems.add(next.where, column, fmt::format("'{}' is not a date YYYY-MM-DD", text));
    };
    if (next.bloc.empty()) problems.add(next.where, "bloc", "this cell is empty; a bloc's name is expected");
    if (next.country.empty()) problems.add(next.where, "country", "this cell is empty; an ISO code is expected");
    expect_date(next.from, "from");
    if (!next.until.empty()) expect_date(next.until, "until");
    if (next.until.empty()) next.until = kEndOfTime;
    if (next.until <= next.from) problems.add(next.where, "until", "this membership ends before it starts");
    for (const Membership& other : blocs.memberships_) {
      if (other.bloc == next.bloc && other.country == next.country && other.from < next.until &&
          next.from < other.until) {
        problems.add(
            next.where, "country",
            fmt::format("{} is already in {} at that time, by line {}", next.country, next.bloc, other.where.line));
      }
    }
    blocs.memberships_.push_back(std::move(next));
  }
  problems.throw_if_any();
  return blocs;
}

std::vector<std::string> BlocTable::names() const {
  std::set<std::string> names(added_.begin(), added_.end());
  for (const Membership& membership : memberships_) names.insert(membership.bloc);
  return {names.begin(), names.end()};
}

bool BlocTable::has(std::string_view bloc) const {
  return is_added(bloc) ||
         std::any_of(memberships_.begin(), memberships_.end(), [&](const Membership& m) { return m.bloc == bloc; });
}

std::vector<std::string> BlocTable::members(std::string_view bloc, std::string_view date) const {
  std::vector<std::string> members;
  for (const Membership& m : memberships_) {
    const bool member = date.empty() ? m.until == kEndOfTime : (m.from <= date && date < m.until);
    if (m.bloc == bloc && member) members.push_back(m.country);
  }
  std::sort(members.begin(), members.end());
  return members;
}

std::string BlocTable::text(std::string_view date) const {
  std::string result;
  for (const std::string& bloc : names())
    for (const std::string& member : members(bloc, date)) result += bloc + " " + member + "\n";
  return result;
}

void BlocTable::add(const std::string& bloc) {
  assert(!has(bloc));
  added_.insert(bloc);
}

bool BlocTable::is_added(std::string_view bloc) const { return added_.contains(bloc); }

void BlocTable::set_member(const std::string& bloc, const std::string& country, bool member) {
  std::erase_if(memberships_, [&](const Membership& m) { return m.bloc == bloc && m.country == country; });
  // One who is out on every day leaves a bloc without members known by its name.
  memberships_.push_back({bloc, country, "", member ? std::string(kEndOfTime) : "", {}});
}

std::vector<std::string> stands_for(const Country& country) {
  return country.members.empty() ? std::vector<std::string>{country.code} : country.members;
}

bool all_in(const Country& country, const std::vector<std::string>& members) {
  const std::vector<std::string> codes = stands_for(country);
  return std::all_of(codes.begin(), codes.end(),
                     [&](const std::string& code) { return std::binary_search(members.begin(), members.end(), code); });
}

}  // namespace entrepot
