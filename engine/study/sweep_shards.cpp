#include "sweep_shards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <map>
#include <set>

#include "results/file_formats.hpp"
#include "text/file_error.hpp"

namespace entrepot {

namespace {

double number_of(const NetcdfReader& reader, const char* name) {
  const std::optional<double> value = reader.number_attribute(name);
  if (!value) throw FileError(reader.file(), fmt::format("this shard has no '{}': it is damaged", name));
  return *value;
}

std::string text_of(const NetcdfReader& reader, const char* name) {
  const std::optional<std::string> value = reader.text_attribute(name);
  if (!value) throw FileError(reader.file(), fmt::format("this shard has no '{}': it is damaged", name));
  return *value;
}

SweepDescription description_of(const NetcdfReader& reader) {
  SweepDescription result;
  result.title = text_of(reader, "title");
  result.question = text_of(reader, "question");
  result.study = text_of(reader, "study");
  result.scenario = text_of(reader, "scenario");
  result.baseline = text_of(reader, "baseline");
  result.baseline_sha256 = text_of(reader, "baseline_sha256");
  result.program_version = text_of(reader, "program_version");
  result.git_commit = text_of(reader, "git_commit");
  result.fingerprint = text_of(reader, "fingerprint");
  result.factors = reader.texts("factor");
  result.inputs = reader.texts("input");
  result.input_texts = reader.texts("input_texts");
  if (const std::optional<std::string> players = reader.text_attribute("players"))
    result.players = parse_players(*players, reader.file());
  if (reader.find("quantile") != nullptr)
    for (const std::string& quantile : reader.texts("quantile")) result.quantiles.push_back(std::stod(quantile));
  return result;
}

RowOrder order_of(const NetcdfReader& reader) {
  return {static_cast<Index>(number_of(reader, "base_draws")),
          static_cast<Index>(reader.texts("factor").size()),
          number_of(reader, "sobol_indices") != 0.0,
          number_of(reader, "tornado") != 0.0,
          number_of(reader, "tornado_low"),
          number_of(reader, "tornado_high"),
          static_cast<Index>(reader.number_attribute("sharers").value_or(0.0))};
}

/// Those of its variables that have a number for every draw, but for what is said of the draw itself.
std::vector<RowColumn> columns_in(const NetcdfReader& reader) {
  std::vector<RowColumn> result;
  std::size_t first = 0;
  for (const StoredVariable& variable : reader.variables()) {
    const VariableInfo& info = variable.info;
    if (info.dimensions.empty() || info.dimensions.front() != "draw") continue;
    if (info.name == "draw" || info.name == "drawn" || info.name == "status" || info.name == "role") continue;
    RowColumn column{info.name, info.units, info.long_name, info.description, {}, first, 1};
    for (std::size_t d = 1; d < info.dimensions.size(); ++d) {
      column.dimensions.push_back({info.dimensions[d], reader.texts(info.dimensions[d])});
      if (const std::string names = info.dimensions[d] + "_name"; reader.find(names) != nullptr)
        column.dimensions.back().names = reader.texts(names);
      column.count *= column.dimensions.back().labels.size();
    }
    first += column.count;
    result.push_back(std::move(column));
  }
  return result;
}

std::vector<RowRange> ranges_of(const std::vector<double>& draws) {
  std::vector<RowRange> result;
  for (const double draw : draws) {
    const auto row = static_cast<Index>(draw);
    if (!result.empty() && row == result.back().first + result.back().count)
      ++result.back().count;
    else
      result.push_back({row, 1});
  }
  return result;
}

}  // namespace

SweepShards::SweepShards(const std::vector<std::filesystem::path>& files) {
  for (const std::filesystem::path& file : files) {
    NetcdfReader reader(file);
    if (reader.text_attribute("format") != kShardFormat) throw FileError(file, "this is no shard of a sweep");
    if (number_of(reader, "format_version") != kSweepFormatVersion)
      throw FileError(file, "this shard is of another version of the program");
    if (readers_.empty()) {
      description_ = description_of(reader);
      order_ = order_of(reader);
      columns_ = columns_in(reader);
    } else if (text_of(reader, "fingerprint") != description_.fingerprint) {
      throw FileError(file, fmt::format("this shard is of another sweep than {}", files.front().string()));
    }
    const std::vector<double> draws = reader.numbers("draw");
    Shard shard{file, static_cast<Index>(draws.size()), ranges_of(draws)};
    Index place = 0;
    for (const RowRange& range : shard.ranges) {
      pieces_.push_back({range.first, range.count, shards_.size(), place});
      place += range.count;
    }
    if (reader.find("failed_draw") != nullptr) {
      const std::vector<double> rows = reader.numbers("failed_draw");
      const std::vector<std::string> reasons = reader.texts("failure_reason");
      for (std::size_t k = 0; k < std::min(rows.size(), reasons.size()); ++k)
        failures_.emplace_back(static_cast<Index>(rows[k]), reasons[k]);
    }
    shards_.push_back(std::move(shard));
    readers_.push_back(std::move(reader));
  }
  std::ranges::sort(pieces_, {}, &Piece::first);
  std::ranges::sort(failures_);
  Index next = 0;
  for (const Piece& piece : pieces_) {
    const std::filesystem::path& file = shards_[piece.shard].file;
    if (piece.first < 0 || piece.first + piece.count > order_.rows())
      throw FileError(file, "this shard has draws that the sweep does not: it is damaged");
    if (piece.first < next) throw FileError(file, fmt::format("draw {} stands in another shard too", piece.first));
    missing_ += piece.first - next;
    next = piece.first + piece.count;
  }
  missing_ += order_.rows() - next;
}

std::unique_ptr<SweepShards> SweepShards::beside(const std::filesystem::path& output, const std::string& fingerprint) {
  std::map<int, std::vector<std::filesystem::path>> divisions;
  for (const auto& [file, part] : part_files(output)) {
    if (!fingerprint.empty() && !is_file_of(file, fingerprint)) continue;
    divisions[part.of].push_back(file);
  }
  std::unique_ptr<SweepShards> best;
  for (const auto& [of, files] : divisions) {
    auto shards = std::make_unique<SweepShards>(files);
    if (!best || shards->missing() < best->missing()) best = std::move(shards);
  }
  return best;
}

template <class Visit>
void SweepShards::visit(Index first, Index count, const Visit& visit) const {
  auto piece = std::ranges::upper_bound(pieces_, first, {}, &Piece::first);
  if (piece != pieces_.begin()) --piece;
  for (; piece != pieces_.end() && piece->first < first + count; ++piece) {
    const Index from = std::max(first, piece->first), to = std::min(first + count, piece->first + piece->count);
    if (from < to) visit(piece->shard, static_cast<std::size_t>(piece->place + from - piece->first), from, to - from);
  }
}

void SweepShards::rows(Index first, std::span<RowResult> results) const {
  visit(first, static_cast<Index>(results.size()), [&](std::size_t shard, std::size_t place, Index from, Index count) {
    const NetcdfReader& reader = readers_[shard];
    const auto rows = static_cast<std::size_t>(count), start = static_cast<std::size_t>(from - first);
    const std::vector<double> states = reader.rows("status", place, rows);
    for (std::size_t k = 0; k < rows; ++k) {
      const double state = states[k];
      if (!(state >= 0.0 && state < static_cast<double>(kStatusInFile.size())))
        throw FileError(reader.file(), "a draw's status is none that is known: the file is damaged");
      results[start + k] = {kStatusInFile[static_cast<std::size_t>(state)], {}, {}};
    }
    for (const RowColumn& column : columns_) {
      const std::vector<double> values = reader.rows(column.name, place, rows);
      for (std::size_t k = 0; k < rows; ++k) {
        RowResult& row = results[start + k];
        const auto own = values.begin() + static_cast<std::ptrdiff_t>(k * column.count);
        if (row.status == SolveStatus::kSolved)
          row.values.insert(row.values.end(), own, own + static_cast<std::ptrdiff_t>(column.count));
      }
    }
    for (auto one = std::ranges::lower_bound(failures_, from, {}, &std::pair<Index, std::string>::first);
         one != failures_.end() && one->first < from + count; ++one)
      results[static_cast<std::size_t>(one->first - first)].sentence = one->second;
  });
}

std::vector<double> SweepShards::inputs(Index first, Index count) const {
  std::vector<double> result;
  visit(first, count, [&](std::size_t shard, std::size_t place, Index, Index rows) {
    const std::vector<double> drawn = readers_[shard].rows("drawn", place, static_cast<std::size_t>(rows));
    result.insert(result.end(), drawn.begin(), drawn.end());
  });
  return result;
}

SweepSource SweepShards::source() const {
  return {[this](Index first, std::span<RowResult> results) { rows(first, results); },
          [this](Index first, Index count) { return inputs(first, count); }};
}

std::vector<double> SweepShards::columns_of(const std::string& column, Index rows, std::size_t first,
                                            std::size_t count) const {
  std::vector<double> result(static_cast<std::size_t>(rows) * count, kMissing);
  for (std::size_t s = 0; s < shards_.size(); ++s) {
    const std::vector<double> own = readers_[s].columns(column, first, count);
    auto from = own.begin();
    for (const RowRange& range : shards_[s].ranges)
      for (Index row = range.first; row < range.first + range.count; ++row, from += static_cast<std::ptrdiff_t>(count))
        if (row < rows)
          std::copy_n(from, count, result.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(row) * count));
  }
  return result;
}

}  // namespace entrepot
