#include "import/header_arrays.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <unordered_set>

#include "import/csv_stream.hpp"

namespace entrepot {

namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

/// "basedata_vxsb.csv.gz" is VXSB.
std::string header_name(const std::filesystem::path& file) {
  std::string name = file.filename().string();
  name = name.substr(0, name.find('.'));
  const std::size_t bar = name.find_last_of("_-");
  return upper(bar == std::string::npos ? name : name.substr(bar + 1));
}

bool is_table(const std::filesystem::path& file) {
  const std::string name = upper(file.filename().string());
  const auto ends = [&](const std::string& end) {
    return name.size() > end.size() && name.compare(name.size() - end.size(), end.size(), end) == 0;
  };
  return ends(".CSV") || ends(".CSV.GZ");
}

}  // namespace

HeaderArrays::HeaderArrays(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& known) {
  std::vector<std::filesystem::path> tables;
  std::error_code ignored;
  for (const std::filesystem::path& file : files) {
    if (!std::filesystem::is_directory(file, ignored)) {
      tables.push_back(file);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    for (const auto& entry : std::filesystem::directory_iterator(file))
      if (is_table(entry.path())) inside.push_back(entry.path());
    if (inside.empty()) throw InputError({file.string(), 0, 0}, "", "this folder holds no .csv file");
    std::sort(inside.begin(), inside.end());
    tables.insert(tables.end(), inside.begin(), inside.end());
  }
  place_ = files.empty() ? "" : files.front().string();
  Problems problems;
  for (const std::filesystem::path& file : tables) {
    const std::string name = header_name(file);
    seen_.push_back(name);
    if (std::find(known.begin(), known.end(), name) == known.end()) continue;
    if (const auto twice = arrays_.find(name); twice != arrays_.end()) {
      problems.add({file.string(), 0, 0}, name, "this header is also in " + twice->second.file);
      continue;
    }
    try {
      read(file, name);
    } catch (const InputError& error) {
      problems.add(error.problems());
    }
  }
  problems.throw_if_any();
}

void HeaderArrays::read(const std::filesystem::path& file, const std::string& name) {
  CsvStream in(file);
  HeaderArray array{name, in.file(), in.columns(), {}, {}, {}, {}};
  if (upper(array.sets.back()) != "VALUE")
    throw InputError(in.header(), array.sets.back(),
                     "the last column of a header array is 'Value', after a column for each of its sets");
  array.sets.pop_back();
  const std::size_t dimensions = array.sets.size();
  array.elements.assign(dimensions, CodeList(CodeList::Case::kIgnored));
  std::unordered_set<std::uint64_t> seen;
  while (in.next()) {
    std::uint64_t key = 0;
    std::vector<Index> place;
    for (std::size_t d = 0; d < dimensions; ++d) {
      place.push_back(array.elements[d].add(std::string(in.text(d))));
      key = (key << 16U) + static_cast<std::uint64_t>(place.back());  // sets have fewer than 65,536 elements
    }
    const double value = in.number(dimensions);
    const auto entry = [&] {
      std::vector<std::string_view> names;
      for (std::size_t d = 0; d < dimensions; ++d) names.push_back(in.text(d));
      return fmt::format("{}({})", name, fmt::join(names, ", "));
    };
    if (!seen.insert(key).second) in.problem(in.where(), "", "the entry " + entry() + " is listed twice");
    if (value < 0.0) negative_.add(value, entry());
    if (!(value > 0.0)) continue;
    array.places.insert(array.places.end(), place.begin(), place.end());
    array.values.push_back(value);
    array.lines.push_back(in.where().line);
  }
  in.throw_if_any();
  arrays_.emplace(name, std::move(array));
}

std::size_t HeaderArrays::dimensions(const std::string& name) const {
  const auto found = arrays_.find(name);
  return found == arrays_.end() ? 0 : found->second.sets.size();
}

const HeaderArray* HeaderArrays::find_optional(const std::string& name, const std::string& older, std::size_t sets,
                                               Problems& problems) const {
  const auto newer_entry = arrays_.find(name), older_entry = arrays_.find(older);
  if (newer_entry != arrays_.end() && older_entry != arrays_.end() && name != older)
    problems.add({older_entry->second.file, 0, 0}, older,
                 "this is the older name of " + name + ", which is also given; one of them is expected");
  const auto found = newer_entry != arrays_.end() ? newer_entry : older_entry;
  if (found == arrays_.end()) return nullptr;
  const HeaderArray& array = found->second;
  if (array.sets.size() == sets) return &array;
  problems.add({array.file, 1, 0}, array.name,
               fmt::format("this header has {} sets; {} are expected before Value", array.sets.size(), sets));
  return nullptr;
}

const HeaderArray* HeaderArrays::find(const std::string& name, const std::string& older, std::size_t sets,
                                      Problems& problems) const {
  const bool given = has(name) || has(older);
  if (!given)
    problems.add({place_, 0, 0}, name,
                 fmt::format("the header {} is missing: no file is named {}.csv{}{}", name, name,
                             older.empty() || older == name ? "" : " or, as older versions have it, " + older + ".csv",
                             nearest_name(name, seen_).empty()
                                 ? ""
                                 : "; did you mean " + nearest_name(name, seen_) + ", which is there?"));
  return find_optional(name, older, sets, problems);
}

bool places_of(const HeaderArray& array, std::size_t row, const std::vector<const CodeList*>& sets,
               std::vector<Index>& places, Problems& problems) {
  places.clear();
  bool all = true;
  for (std::size_t d = 0; d < sets.size(); ++d) {
    const std::string& name = array.element(row, d);
    places.push_back(sets[d]->find(name));
    if (places.back() >= 0) continue;
    all = false;
    constexpr std::size_t kMost = 10;
    if (problems.all().size() < kMost)
      problems.add(array.where(row), array.sets[d],
                   fmt::format("{} has no '{}' elsewhere{}", array.sets[d], name, suggestion(name, sets[d]->codes())));
  }
  return all;
}

}  // namespace entrepot
