#include "sweep_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "results/file_lock.hpp"
#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr std::string_view kEnding = ".journal";

/// The part that a name is of: START + "shard-2-of-3" + ENDING.
std::optional<SweepPart> part_of(const std::string& name, const std::string& start, std::string_view ending) {
  SweepPart part;
  const char* end = name.data() + name.size();
  constexpr std::string_view kShard = "shard-", kMiddle = "-of-";
  const std::string front = start + std::string(kShard);
  if (!name.starts_with(front) || !name.ends_with(ending)) return std::nullopt;
  const auto number = std::from_chars(name.data() + front.size(), end, part.number);
  if (number.ec != std::errc() || !std::string_view(number.ptr, end).starts_with(kMiddle)) return std::nullopt;
  const auto of = std::from_chars(number.ptr + kMiddle.size(), end, part.of);
  return of.ec == std::errc() && name == start + part.name() + std::string(ending) ? std::optional(part) : std::nullopt;
}

struct Journal {
  std::filesystem::path file;
  SweepPart part;
};

/// In the order of their names, so that the same folder is always read the same way.
std::vector<Journal> journals_in(const std::filesystem::path& folder) {
  std::vector<Journal> result;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (const auto part = part_of(entry.path().filename().string(), "", kEnding))
      result.push_back({entry.path(), *part});
  std::ranges::sort(result, {}, &Journal::file);
  return result;
}

/// Another part of the same division, at work at the same time or later: no business of this one.
bool is_sibling(const SweepPart& other, const SweepPart& part) {
  return other.of == part.of && other.number != part.number;
}

}  // namespace

std::string SweepPart::name() const { return fmt::format("shard-{}-of-{}", number, of); }

std::filesystem::path part_file(const std::filesystem::path& output, const SweepPart& part) {
  return std::filesystem::path(output).replace_extension("." + part.name() + output.extension().string());
}

std::vector<std::pair<std::filesystem::path, SweepPart>> part_files(const std::filesystem::path& output) {
  std::vector<std::pair<std::filesystem::path, SweepPart>> result;
  const std::filesystem::path folder = output.has_parent_path() ? output.parent_path() : ".";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (const auto part =
            part_of(entry.path().filename().string(), output.stem().string() + ".", output.extension().string()))
      result.emplace_back(part_file(output, *part), *part);
  std::ranges::sort(result, {}, [](const auto& one) { return std::pair(one.second.of, one.second.number); });
  return result;
}

std::filesystem::path parts_folder(const std::filesystem::path& output) {
  return std::filesystem::path(output).replace_extension(".parts");
}

std::filesystem::path part_journal(const std::filesystem::path& folder, const SweepPart& part) {
  return folder / (part.name() + std::string(kEnding));
}

bool has_unfinished_rows(const std::filesystem::path& folder, const SweepPart& part) {
  return std::ranges::any_of(journals_in(folder), [&](const Journal& journal) {
    return !is_sibling(journal.part, part) && SweepJournal::chunk_of(journal.file).has_value();
  });
}

void remove_unfinished_rows(const std::filesystem::path& folder, const SweepPart& part) {
  expect_nobody_else(folder, part);
  std::error_code ignored;
  for (const Journal& journal : journals_in(folder))
    if (!is_sibling(journal.part, part)) std::filesystem::remove(journal.file, ignored);
}

void expect_nobody_else(const std::filesystem::path& folder, const SweepPart& part) {
  for (const Journal& journal : journals_in(folder))
    if (!is_sibling(journal.part, part))
      if (const auto holder = FileLock::holder(journal.file))
        throw FileError(journal.file, fmt::format("another run is at work on this part of the sweep ({}); wait for it "
                                                  "to end or write to another name",
                                                  *holder));
}

SweepRows::SweepRows(const std::filesystem::path& folder, const SweepJournal::Kind& kind, bool others) : kind_(kind) {
  for (const Journal& journal : journals_in(folder)) {
    try {
      journals_.push_back(std::make_unique<SweepJournal>(journal.file, kind, SweepJournal::Access::kRead));
    } catch (const FileError&) {
      if (!others) throw;
    }
  }
}

const SweepJournal* SweepRows::journal_of(Index chunk) const {
  for (const auto& journal : journals_)
    if (journal->has(chunk)) return journal.get();
  return nullptr;
}

SweepPart SweepRows::part_with(Index chunk) const {
  return part_of(journal_of(chunk)->file().filename().string(), "", kEnding).value();
}

void SweepRows::read(Index first, std::span<RowResult> results) const {
  for (std::size_t k = 0; k < results.size(); ++k) {
    const Index row = first + static_cast<Index>(k), chunk = row / kind_.chunk;
    if (chunk != cached_) {
      cached_ = -1;
      cache_ = journal_of(chunk)->read(chunk);
      cached_ = chunk;
    }
    results[k] = cache_[static_cast<std::size_t>(row % kind_.chunk)];
  }
}

Index chunk_in(const std::filesystem::path& folder, Index otherwise) {
  for (const Journal& journal : journals_in(folder))
    if (const auto chunk = SweepJournal::chunk_of(journal.file)) return *chunk;
  return otherwise;
}

}  // namespace entrepot
