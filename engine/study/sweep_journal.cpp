#include "sweep_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "text/file_error.hpp"

namespace entrepot {

namespace {

constexpr char kMagic[] = "ENTSWEEP";
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kMagicSize = 8, kFingerprintSize = 64;
constexpr std::size_t kHeadSize = kMagicSize + 4 + 4 + 8 + 8 + kFingerprintSize;
constexpr std::size_t kChunkHeadSize = 8 + 8 + 4 + 4 + 4;

template <class Number>
void put(std::string& bytes, Number number) {
  char raw[sizeof(Number)];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

/// Takes numbers from the front of bytes; `sound` turns false where they end too soon.
struct Taker {
  std::string_view bytes;
  bool sound = true;
  template <class Number>
  Number take() {
    Number number{};
    if (bytes.size() < sizeof number) {
      sound = false;
      return number;
    }
    std::memcpy(&number, bytes.data(), sizeof number);
    bytes.remove_prefix(sizeof number);
    return number;
  }
  std::string text(std::size_t length) {
    if (bytes.size() < length) {
      sound = false;
      return {};
    }
    std::string result(bytes.substr(0, length));
    bytes.remove_prefix(length);
    return result;
  }
};

std::string head_of(const SweepJournal::Kind& kind) {
  std::string head(kMagic, kMagicSize);
  put(head, kFormat);
  put(head, static_cast<std::uint32_t>(kind.chunk));
  put(head, static_cast<std::uint64_t>(kind.rows));
  put(head, static_cast<std::uint64_t>(kind.values));
  std::string fingerprint = kind.fingerprint;
  fingerprint.resize(kFingerprintSize, ' ');
  return head + fingerprint;
}

std::string read_at(int descriptor, std::uint64_t offset, std::size_t length, const std::filesystem::path& file) {
  std::string bytes(length, '\0');
  std::size_t done = 0;
  while (done < length) {
    const ssize_t got = ::pread(descriptor, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw FileError(file, fmt::format("this journal can't be read: {}", reason_of(errno)));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

std::uint32_t checksum(std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// What stands before the rows of a chunk.
struct ChunkHead {
  std::uint64_t number = 0, length = 0;
  std::uint32_t failed = 0, checksum = 0;

  /// With a checksum of its own: a flipped bit in the number would make other rows of these.
  std::string bytes() const {
    std::string result;
    put(result, number);
    put(result, length);
    put(result, failed);
    put(result, checksum);
    put(result, entrepot::checksum(result));
    return result;
  }
  static std::optional<ChunkHead> of(std::string_view bytes) {
    Taker at{bytes};
    ChunkHead head;
    head.number = at.take<std::uint64_t>();
    head.length = at.take<std::uint64_t>();
    head.failed = at.take<std::uint32_t>();
    head.checksum = at.take<std::uint32_t>();
    return at.sound && head.bytes() == bytes ? std::optional(head) : std::nullopt;
  }
};

}  // namespace

SweepJournal::SweepJournal(std::filesystem::path file, const Kind& kind, Access access)
    : file_(std::move(file)), kind_(kind) {
  const bool append = access == Access::kAppend;
  descriptor_ = ::open(file_.c_str(), (append ? O_RDWR | O_CREAT : O_RDONLY) | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    throw FileError(file_, fmt::format("this journal can't be {}: {}", append ? "written" : "read", reason_of(errno)));
  try {
    const std::string wanted = head_of(kind_);
    const std::string head = read_at(descriptor_, 0, kHeadSize, file_);
    end_ = kHeadSize;
    if (head.size() < kHeadSize) {
      // New, or ended before its head was written.
      if (!append) return;
      if (::ftruncate(descriptor_, 0) != 0 ||
          ::pwrite(descriptor_, wanted.data(), wanted.size(), 0) != static_cast<ssize_t>(wanted.size()) ||
          ::fsync(descriptor_) != 0)
        throw FileError(file_, fmt::format("this journal can't be written: {}", reason_of(errno)));
      return;
    }
    if (!head.starts_with(std::string_view(kMagic, kMagicSize)))
      throw FileError(file_, "this is no journal of a sweep");
    if (head != wanted)
      throw FileError(file_,
                      "this journal is of another study, scenario, base year or version of the program; give another "
                      "output, or --restart to begin anew");
    find_chunks();
    // What follows the last sound head was never finished.
    if (append && ::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0)
      throw FileError(file_, fmt::format("this journal can't be written: {}", reason_of(errno)));
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

void SweepJournal::find_chunks() {
  struct stat status {};
  ::fstat(descriptor_, &status);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  while (true) {
    const auto head = ChunkHead::of(read_at(descriptor_, end_, kChunkHeadSize, file_));
    const std::uint64_t begin = end_ + kChunkHeadSize;
    if (!head || head->number >= static_cast<std::uint64_t>(kind_.chunks()) || begin > size ||
        head->length > size - begin)
      return;
    // A chunk that was damaged counts as not done; those behind it are as good as ever.
    if (checksum(read_at(descriptor_, begin, head->length, file_)) == head->checksum)
      place_[static_cast<Index>(head->number)] = {begin, head->length, static_cast<Index>(head->failed),
                                                  head->checksum};
    end_ = begin + head->length;
  }
}

std::optional<Index> SweepJournal::chunk_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string head(kHeadSize, '\0');
  stream.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (stream.gcount() < static_cast<std::streamsize>(kHeadSize) || !head.starts_with(kMagic)) return std::nullopt;
  Taker at{std::string_view(head).substr(kMagicSize + 4)};
  const auto chunk = at.take<std::uint32_t>();
  return chunk > 0 ? std::optional<Index>(chunk) : std::nullopt;
}

SweepJournal::~SweepJournal() { ::close(descriptor_); }

void SweepJournal::append(Index chunk, std::span<const RowResult> rows) {
  std::string body;
  ChunkHead head;
  for (const RowResult& row : rows) {
    put(body, static_cast<std::uint8_t>(row.status));
    put(body, static_cast<std::uint32_t>(row.sentence.size()));
    body += row.sentence;
    head.failed += row.status != SolveStatus::kSolved;
    assert(row.values.size() == (row.status == SolveStatus::kSolved ? kind_.values : 0));
    if (row.status == SolveStatus::kSolved)
      body.append(reinterpret_cast<const char*>(row.values.data()), row.values.size() * sizeof(double));
  }
  head.number = static_cast<std::uint64_t>(chunk);
  head.length = body.size();
  head.checksum = checksum(body);
  const std::string record = head.bytes() + body;
  std::size_t done = 0;
  while (done < record.size()) {
    const ssize_t put_now =
        ::pwrite(descriptor_, record.data() + done, record.size() - done, static_cast<off_t>(end_ + done));
    if (put_now < 0 && errno == EINTR) continue;
    if (put_now < 0) {
      const std::string why = reason_of(errno);
      // A torn end that can't be cut now is cut when it is opened.
      [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(end_));
      throw FileError(file_, why);
    }
    done += static_cast<std::size_t>(put_now);
  }
  if (::fdatasync(descriptor_) != 0) throw FileError(file_, reason_of(errno));
  place_[chunk] = {end_ + kChunkHeadSize, body.size(), static_cast<Index>(head.failed), head.checksum};
  end_ += record.size();
}

std::vector<RowResult> SweepJournal::read(Index chunk) const {
  const Place place = place_.at(chunk);
  const std::string body = read_at(descriptor_, place.offset, place.length, file_);
  Taker at{body};
  at.sound = checksum(body) == place.checksum;
  std::vector<RowResult> rows(static_cast<std::size_t>(kind_.rows_of(chunk)));
  for (RowResult& row : rows) {
    if (!at.sound) break;
    row.status = static_cast<SolveStatus>(at.take<std::uint8_t>());
    row.sentence = at.text(at.take<std::uint32_t>());
    if (row.status != SolveStatus::kSolved) continue;
    row.values.resize(kind_.values);
    for (double& value : row.values) value = at.take<double>();
  }
  if (!at.sound || !at.bytes.empty())
    throw FileError(file_, "this journal was changed since it was opened; --resume does again what is lost");
  return rows;
}

}  // namespace entrepot
