#include "results/memory_dataset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <stdexcept>

#include "results/netcdf_file.hpp"
#include "results/result_reader.hpp"
#include "small_runs.hpp"
#include "support/temporary_folder.hpp"
#include "text/file_error.hpp"

namespace entrepot::test {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// What is put into memory is what a file gives back: variables with all that is said of them, values, attributes.
void expect_as_in_a_file(const RunResults& run) {
  const TemporaryFolder folder;
  write_results(run, folder.path() / "run.h5");
  const NetcdfReader file(folder.path() / "run.h5");
  MemoryDataset memory(folder.path() / "run.h5");
  write_results(run, memory);
  ASSERT_EQ(memory.variables().size(), file.variables().size());
  for (std::size_t k = 0; k < file.variables().size(); ++k) {
    const StoredVariable &ours = memory.variables()[k], &theirs = file.variables()[k];
    EXPECT_EQ(ours.info.name, theirs.info.name);
    EXPECT_EQ(ours.info.dimensions, theirs.info.dimensions) << ours.info.name;
    EXPECT_EQ(ours.info.units, theirs.info.units) << ours.info.name;
    EXPECT_EQ(ours.info.long_name, theirs.info.long_name) << ours.info.name;
    EXPECT_EQ(ours.info.description, theirs.info.description) << ours.info.name;
    EXPECT_EQ(ours.shape, theirs.shape) << ours.info.name;
    ASSERT_EQ(ours.is_text, theirs.is_text) << ours.info.name;
    if (ours.is_text)
      EXPECT_EQ(memory.texts(ours.info.name), file.texts(ours.info.name));
    else
      EXPECT_EQ(memory.numbers(ours.info.name), file.numbers(ours.info.name));
  }
  for (const char* name : {"title", "question", "scenario", "status", "git_commit"})
    EXPECT_EQ(memory.text_attribute(name), file.text_attribute(name)) << name;
  for (const char* name : {"format_version", "residual", "iterations"})
    EXPECT_EQ(memory.number_attribute(name), file.number_attribute(name)) << name;
  EXPECT_FALSE(memory.text_attribute("residual"));
  EXPECT_FALSE(memory.number_attribute("title"));
  EXPECT_FALSE(memory.text_attribute("none"));
}

TEST(MemoryDataset, GivesWhatAFileGives) {
  expect_as_in_a_file(full_run());
  expect_as_in_a_file(run_with_a_zone());
  expect_as_in_a_file(run_without_equilibrium());
}

TEST(MemoryDataset, IsReadLikeAFile) {
  const RunResults run = full_run();
  auto memory = std::make_unique<MemoryDataset>("run.h5");
  write_results(run, *memory);
  const ResultReader reader(std::move(memory));
  EXPECT_EQ(reader.file(), "run.h5");
  EXPECT_EQ(reader.description().title, run.description.title);
  EXPECT_EQ(reader.read("trade").values,
            std::vector<double>(run.measures.trade.values().begin(), run.measures.trade.values().end()));
}

TEST(MemoryDataset, RefusesWhatAFileRefuses) {
  MemoryDataset memory("somewhere");
  const std::vector<std::string> labels{"a", "b"};
  memory.dimension("place", labels, "place");
  const std::vector<double> bad{1.0, std::numeric_limits<double>::quiet_NaN()}, three{1.0, 2.0, 3.0}, two{1.0, 2.0};
  const auto put = [&](const char* name, const char* dimension, const std::vector<double>& values) {
    memory.variable({name, {dimension}, "1", "", ""}, values);
  };
  EXPECT_THAT([&] { put("x", "place", bad); }, ThrowsMessage<FileError>(HasSubstr("'x' is not a finite number")));
  EXPECT_THROW(put("x", "place", three), std::logic_error);
  EXPECT_THROW(put("x", "time", two), std::logic_error);
  put("x", "place", two);
  EXPECT_THROW(put("x", "place", two), std::logic_error);
  EXPECT_THROW(memory.dimension("place", labels, "again"), std::logic_error);
  EXPECT_EQ(memory.numbers("x"), two);
  EXPECT_THAT([&] { memory.texts("x"); }, ThrowsMessage<FileError>(HasSubstr("'x' should hold text")));
  EXPECT_THAT([&] { memory.numbers("y"); }, ThrowsMessage<FileError>(HasSubstr("no variable 'y'")));
}

}  // namespace
}  // namespace entrepot::test
