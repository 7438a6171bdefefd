#include "import/csv_stream.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace entrepot {

namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20;
constexpr std::size_t kMostProblems = 10;

/// Packed by its name: its lines are not those of the file, and are not shown in messages.
bool is_packed(const std::filesystem::path& file) { return file.extension() == ".gz"; }

}  // namespace

CsvStream::CsvStream(const std::filesystem::path& file)
    : stream_(nullptr, gzclose), name_(file.string() + (is_packed(file) ? " (unpacked)" : "")), buffer_(kBuffer) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) throw InputError({name_, 0, 0}, "", "this is a folder, not a file");
  stream_.reset(gzopen(file.string().c_str(), "rb"));
  if (!stream_) throw InputError({name_, 0, 0}, "", "this file can't be read");
  gzbuffer(stream_.get(), static_cast<unsigned>(kBuffer / 4));
  while (next_line()) {
    if (line_ == 1 && line_text_.compare(0, 3, "\xEF\xBB\xBF") == 0) line_text_.erase(0, 3);
    if (!line_text_.empty()) break;
  }
  if (line_text_.empty())
    throw InputError({name_, 0, 0}, "", "this file is empty: the first line must name the columns");
  header_line_ = line_;
  split();
  for (const std::string_view cell : cells_) columns_.emplace_back(cell);
  for (const auto& [separator, name] : {std::pair{';', "';'"}, {'\t', "tabulators"}})
    if (columns_.size() == 1 && columns_[0].find(separator) != std::string::npos)
      throw InputError(header(), "", std::string("the columns are separated by ") + name + "; ',' is expected");
}

bool CsvStream::next_line() {
  line_text_.clear();
  for (;;) {
    if (begin_ == end_ && !at_end_) {
      const int count = gzread(stream_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
      int status = Z_OK;
      const char* message = gzerror(stream_.get(), &status);
      if (count < 0 || (status != Z_OK && status != Z_STREAM_END))
        throw InputError({name_, 0, 0}, "", std::string("this file can't be read to its end: ") + message);
      begin_ = 0;
      end_ = static_cast<std::size_t>(count);
      at_end_ = count == 0;
    }
    if (at_end_ && begin_ == end_) {
      if (line_text_.empty()) return false;
      break;
    }
    const char* from = buffer_.data() + begin_;
    const char* found = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
    const std::size_t length = found ? static_cast<std::size_t>(found - from) : end_ - begin_;
    line_text_.append(from, length);
    begin_ += length + (found ? 1 : 0);
    if (found) break;
  }
  ++line_;
  while (!line_text_.empty() && (line_text_.back() == '\r' || line_text_.back() == ' ')) line_text_.pop_back();
  return true;
}

void CsvStream::split() {
  cells_.clear();
  char* text = line_text_.data();
  const std::size_t size = line_text_.size();
  std::size_t place = 0;
  for (;;) {
    while (place < size && text[place] == ' ') ++place;
    if (place < size && text[place] == '"') {
      std::size_t to = ++place;  // "" becomes " in place
      const std::size_t from = place;
      while (place < size && (text[place] != '"' || (place + 1 < size && text[place + 1] == '"'))) {
        if (text[place] == '"') ++place;
        text[to++] = text[place++];
      }
      if (place >= size) problem(where(), "", "a quoted cell never ends on this line");
      cells_.emplace_back(text + from, to - from);
      while (place < size && text[place] != ',') ++place;
    } else {
      const char* comma = static_cast<const char*>(std::memchr(text + place, ',', size - place));
      std::size_t end = comma ? static_cast<std::size_t>(comma - text) : size;
      const std::size_t next = end;
      while (end > place && text[end - 1] == ' ') --end;
      cells_.emplace_back(text + place, end - place);
      place = next;
    }
    if (place >= size) return;
    ++place;  // the comma
    if (place == size) {
      cells_.emplace_back();
      return;
    }
  }
}

bool CsvStream::next() {
  while (next_line()) {
    if (line_text_.empty()) continue;
    split();
    if (cells_.size() == columns_.size()) {
      ++rows_;
      return true;
    }
    problem(where(), "",
            "this row has " + std::to_string(cells_.size()) + " cells, the header has " +
                std::to_string(columns_.size()) + "; is the file cut off here?");
  }
  return false;
}

double CsvStream::number(std::size_t column) {
  const std::string_view cell = cells_[column];
  double value = 0.0;
  const char* first = cell.data() + (cell.size() > 1 && cell.front() == '+' ? 1 : 0);
  const auto [end, status] = std::from_chars(first, cell.data() + cell.size(), value);
  if (status == std::errc{} && end == cell.data() + cell.size() && std::isfinite(value)) return value;
  if (cell.empty())
    problem(where(), columns_[column], "this cell is empty; a number is expected");
  else
    problem(where(), columns_[column], "'" + std::string(cell) + "' is not a finite number");
  return 0.0;
}

void CsvStream::problem(SourceLocation where, std::string key, std::string sentence) {
  problems_.add(std::move(where), std::move(key), std::move(sentence));
  if (problems_.all().size() >= kMostProblems) problems_.throw_if_any();
}

std::vector<std::size_t> columns_of(const CsvStream& stream, const std::vector<std::string>& names,
                                    const std::string& format) {
  std::vector<std::size_t> places;
  Problems problems;
  const std::vector<std::string>& columns = stream.columns();
  for (const std::string& name : names) {
    const auto found = std::find(columns.begin(), columns.end(), name);
    if (found == columns.end())
      problems.add(stream.header(), name, "this column of " + format + " is missing" + suggestion(name, columns));
    else if (std::find(found + 1, columns.end(), name) != columns.end())
      problems.add(stream.header(), name, "this column is named twice");
    places.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  problems.throw_if_any();
  return places;
}

}  // namespace entrepot
