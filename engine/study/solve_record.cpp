#include "solve_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string_view>

#include "results/version.hpp"
#include "study_scenarios.hpp"
#include "text/file_error.hpp"
#include "text/read_file.hpp"
#include "text/sha256.hpp"

namespace entrepot {

namespace {

constexpr std::string_view kStart = "entrepot optimise, points solved, format 1, of ";

/// Numbers in hexadecimal, which keeps every bit, and their checksum.
std::string line_of(const std::vector<double>& numbers) {
  std::string line;
  for (const double number : numbers) fmt::format_to(std::back_inserter(line), "{:a} ", number);
  const uLong sum = crc32_z(0, reinterpret_cast<const Bytef*>(line.data()), line.size());
  return line + fmt::format("{:08x}\n", sum);
}

/// None where the line is damaged.
std::optional<std::vector<double>> numbers_of(const std::string& line) {
  std::vector<double> numbers;
  const char* at = line.c_str();
  for (char* end = nullptr; std::strchr(at, ' ') != nullptr; at = end + 1) {
    numbers.push_back(std::strtod(at, &end));
    if (end == at || *end != ' ') return std::nullopt;
  }
  return line_of(numbers) == line + "\n" ? std::optional(numbers) : std::nullopt;
}

void put(std::vector<double>& numbers, const std::vector<double>& some) {
  numbers.push_back(static_cast<double>(some.size()));
  numbers.insert(numbers.end(), some.begin(), some.end());
}

std::vector<double> flat(const std::vector<double>& key, const PolicyPoint& point) {
  std::vector<double> numbers;
  put(numbers, key);
  numbers.push_back(static_cast<double>(point.draws.size()));
  for (const PolicyPoint::Draw& draw : point.draws) {
    put(numbers, draw.values);
    put(numbers, draw.measures);
    numbers.push_back(static_cast<double>(draw.slopes.cols()));
    numbers.insert(numbers.end(), draw.slopes.reshaped().begin(), draw.slopes.reshaped().end());
  }
  return numbers;
}

/// Takes numbers from the front of a line that was written by flat().
class Taker {
 public:
  explicit Taker(const std::vector<double>& numbers) : numbers_(numbers) {}
  std::size_t count() { return static_cast<std::size_t>(numbers_.at(at_++)); }
  std::vector<double> some(std::size_t count) {
    const auto from = numbers_.begin() + static_cast<std::ptrdiff_t>(at_);
    at_ += count;
    return {from, from + static_cast<std::ptrdiff_t>(count)};
  }
  std::vector<double> some() { return some(count()); }

 private:
  const std::vector<double>& numbers_;
  std::size_t at_ = 0;
};

std::pair<std::vector<double>, PolicyPoint> point_of(const std::vector<double>& numbers) {
  Taker take(numbers);
  std::vector<double> key = take.some();
  PolicyPoint point;
  point.draws.resize(take.count());
  for (PolicyPoint::Draw& draw : point.draws) {
    draw.values = take.some();
    draw.measures = take.some();
    const std::size_t choices = take.count();
    const std::vector<double> slopes = take.some(choices * draw.values.size());
    draw.slopes = Matrix::Map(slopes.data(), std::ssize(draw.values), static_cast<Index>(choices));
  }
  if (point.solved()) point.mean = mean_of(point.draws);
  return {std::move(key), std::move(point)};
}

}  // namespace

SolveRecord::SolveRecord(std::filesystem::path file, const std::string& fingerprint) : file_(std::move(file)) {
  descriptor_ = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor_ < 0) throw FileError(file_, fmt::format("this record can't be written: {}", reason_of(errno)));
  try {
    read(fmt::format("{}{}\n", kStart, fingerprint));
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

void SolveRecord::forget(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return;
  const std::string text = std::filesystem::is_regular_file(file) ? read_file(file) : "a folder";
  if (!text.starts_with(kStart) && !kStart.starts_with(text))  // which may have ended before its head was written
    throw FileError(file, "this is no record of a search, and left as it is");
  std::filesystem::remove(file);
}

SolveRecord::~SolveRecord() { ::close(descriptor_); }

void SolveRecord::read(const std::string& head) {
  const std::string text = read_file(file_);
  if (!text.empty() && !head.starts_with(text.substr(0, head.size())))
    throw FileError(
        file_,
        text.starts_with(kStart)
            ? "this is the record of another search, or of this one before something changed; --restart forgets it"
            : "this is no record of a search");
  if (text.size() < head.size()) {
    if (::ftruncate(descriptor_, 0) != 0 ||
        ::pwrite(descriptor_, head.data(), head.size(), 0) != static_cast<ssize_t>(head.size()))
      throw FileError(file_, fmt::format("this record can't be written: {}", reason_of(errno)));
    end_ = head.size();
    return;
  }
  end_ = head.size();
  while (end_ < text.size()) {
    const std::size_t stop = text.find('\n', end_);
    if (stop == std::string::npos) break;
    const std::optional<std::vector<double>> numbers = numbers_of(text.substr(end_, stop - end_));
    if (!numbers) break;
    points_.insert(point_of(*numbers));
    end_ = stop + 1;
  }
  if (::ftruncate(descriptor_, static_cast<off_t>(end_)) != 0)
    throw FileError(file_, fmt::format("this record can't be written: {}", reason_of(errno)));
}

const PolicyPoint* SolveRecord::find(const std::vector<double>& key) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = points_.find(key);
  return found == points_.end() ? nullptr : &found->second;
}

void SolveRecord::add(const std::vector<double>& key, const PolicyPoint& point) {
  const std::string line = line_of(flat(key, point));
  const std::lock_guard<std::mutex> lock(mutex_);
  const ssize_t written = ::pwrite(descriptor_, line.data(), line.size(), static_cast<off_t>(end_));
  if (written != static_cast<ssize_t>(line.size())) {
    const int error = written < 0 ? errno : ENOSPC;
    [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(end_));
    throw FileError(file_, fmt::format("this record can't be written: {}", reason_of(error)));
  }
  end_ += line.size();
  points_.emplace(key, point);
}

std::string fingerprint(const OptimumStudy& study, const Baseline& baseline, const BlocTable& blocs) {
  Sha256 sha;
  const Scenario plain = make_scenario(study.scenario, study.scenario_file);
  for (const std::string& part : {study.resolved, to_toml(study.scenario), baseline.sha256,
                                  std::string(program_version()), std::string(git_commit())}) {
    sha.add(part);
    sha.add("\n");
  }
  const auto add_files = [&](const std::vector<TableFile>& files) {
    for (const TableFile& file : files) sha.add(file.name + "\n" + file.text + "\n");
  };
  add_files(plain.table_files);
  sha.add(blocs.text(plain.date));
  if (study.uncertainty) {
    const StudyScenarios scenarios(*study.uncertainty, baseline.world, blocs);
    sha.add(study.uncertainty->resolved);
    add_files(study.uncertainty->table_files);
    add_files(scenarios.table_files());
    for (const std::string& date : study.uncertainty->drawn_dates()) sha.add(blocs.text(date));
  }
  return sha.hexadecimal();
}

}  // namespace entrepot
