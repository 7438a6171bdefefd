#include "study/solve_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

namespace entrepot::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const std::string kFingerprint(64, 'a');

PolicyPoint point(double value) {
  PolicyPoint result;
  for (const double draw : {value, 1.0 / 3.0 * value})
    result.draws.push_back({{draw, -0.0}, Matrix{{1e-300, draw, 3.0}, {0.1, 0.2, 1e300}}, {draw, 5.0, draw}});
  result.mean = mean_of(result.draws);
  return result;
}

void expect_same(const PolicyPoint* one, const PolicyPoint& other) {
  ASSERT_NE(one, nullptr);
  ASSERT_EQ(one->draws.size(), other.draws.size());
  for (std::size_t d = 0; d < one->draws.size(); ++d) {
    EXPECT_EQ(one->draws[d].values, other.draws[d].values);
    EXPECT_EQ(one->draws[d].measures, other.draws[d].measures);
    EXPECT_EQ(one->draws[d].slopes, other.draws[d].slopes);
  }
  EXPECT_EQ(one->mean.values, other.mean.values);
}

TEST(SolveRecord, KeepsEveryBit) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "best.toml.solved";
  {
    SolveRecord record(file, kFingerprint);
    EXPECT_EQ(record.find({0.1, 0.2}), nullptr);
    record.add({0.1, 0.2}, point(0.7));
    record.add({0.1, 0.3}, PolicyPoint{"no equilibrium", {}, {}});
    expect_same(record.find({0.1, 0.2}), point(0.7));
  }
  const SolveRecord again(file, kFingerprint);
  EXPECT_EQ(again.points(), 2u);
  expect_same(again.find({0.1, 0.2}), point(0.7));
  ASSERT_NE(again.find({0.1, 0.3}), nullptr);
  EXPECT_FALSE(again.find({0.1, 0.3})->solved());
  EXPECT_EQ(again.find({0.1, 0.2 + 1e-16 * 4}), nullptr);
}

TEST(SolveRecord, WhatIsTornOrDamagedIsSolvedAnew) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "record";
  for (int k = 0; k < 3; ++k) {
    SolveRecord record(file, kFingerprint);
    record.add({static_cast<double>(k)}, point(k));
  }
  const auto size = std::filesystem::file_size(file);
  std::filesystem::resize_file(file, size - 5);
  EXPECT_EQ(SolveRecord(file, kFingerprint).points(), 2u);
  SolveRecord(file, kFingerprint).add({2.0}, point(2));
  EXPECT_EQ(std::filesystem::file_size(file), size) << "the torn line was cut off";
  {
    std::fstream damaged(file, std::ios::in | std::ios::out);
    damaged.seekp(static_cast<std::streamoff>(size) - 60);
    damaged.put('7');
  }
  EXPECT_EQ(SolveRecord(file, kFingerprint).points(), 2u);
  std::filesystem::resize_file(file, 10);
  EXPECT_EQ(SolveRecord(file, kFingerprint).points(), 0u);
}

TEST(SolveRecord, OfAnotherSearchIsLeftAsItIs) {
  const test::TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / "record", other = folder.path() / "notes.txt";
  SolveRecord(file, kFingerprint).add({1.0}, point(1));
  const auto size = std::filesystem::file_size(file);
  EXPECT_THAT([&] { SolveRecord(file, std::string(64, 'b')); }, ThrowsMessage<FileError>(HasSubstr("another search")));
  EXPECT_EQ(std::filesystem::file_size(file), size);
  std::ofstream(other) << "what is written here is no record, and stays";
  EXPECT_THAT([&] { SolveRecord(other, kFingerprint); }, ThrowsMessage<FileError>(HasSubstr("no record of a search")));
  EXPECT_THAT([&] { SolveRecord::forget(other); }, ThrowsMessage<FileError>(HasSubstr("no record of a search")));
  EXPECT_THAT([&] { SolveRecord::forget(folder.path()); }, ThrowsMessage<FileError>(HasSubstr("left as it is")));
  EXPECT_EQ(std::filesystem::file_size(other), 44u);
  SolveRecord::forget(file);
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace entrepot::testing
