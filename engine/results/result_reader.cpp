#include "result_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "file_formats.hpp"
#include "netcdf_file.hpp"
#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

/// A number read back as a whole one; the writer stored it so.
int whole(const DatasetSource& reader, const std::string& name) {
  return static_cast<int>(reader.number_attribute(name).value_or(0.0));
}

void expect_results(const DatasetSource& reader) {
  if (reader.text_attribute("format") != kResultsFormat) {
    throw FileError(reader.file(), "this netCDF file was not written by entrepot, so it holds no results");
  }
  const int version = whole(reader, "format_version");
  if (version > kResultFormatVersion) {
    throw FileError(reader.file(),
                    fmt::format("this file has format {}, newer than the {} this program knows; it was "
                                "written by entrepot {}",
                                version, kResultFormatVersion,
                                reader.text_attribute("program_version").value_or("of a later version")));
  }
}

/// What goes with a dimension must be as long as it.
void expect_equal_length(const DatasetSource& reader, const std::string& dimension, const std::string& companion) {
  const StoredVariable *codes = reader.find(dimension), *others = reader.find(companion);
  if (codes != nullptr && others != nullptr && codes->shape != others->shape) {
    throw FileError(reader.file(),
                    fmt::format("'{}' and '{}' have different sizes: the file is damaged", dimension, companion));
  }
}

}  // namespace

std::size_t ResultVariable::dimension(const std::string& name) const {
  const auto found = std::ranges::find(info.dimensions, name);
  if (found == info.dimensions.end()) throw std::out_of_range("no dimension " + name + " in " + info.name);
  return static_cast<std::size_t>(found - info.dimensions.begin());
}

bool ResultVariable::has_dimension(const std::string& name) const noexcept {
  return std::ranges::find(info.dimensions, name) != info.dimensions.end();
}

bool ResultVariable::is_flow() const {
  return info.dimensions == std::vector<std::string>{"sector", "exporter", "importer"};
}

ResultReader::ResultReader(std::filesystem::path file)
    : ResultReader(std::make_unique<const NetcdfReader>(std::move(file))) {}

ResultReader::ResultReader(std::unique_ptr<const DatasetSource> source) : source_(std::move(source)) {
  expect_results(*source_);
  expect_equal_length(*source_, "country", "country_name");
  expect_equal_length(*source_, "sector", "sector_name");
  expect_equal_length(*source_, "location", "location_country");
  expect_equal_length(*source_, "exporter", source_->find("location") != nullptr ? "location" : "country");
  expect_equal_length(*source_, "exporter", "importer");
  const auto text = [this](const char* name) { return source_->text_attribute(name).value_or(""); };
  description_.title = text("title");
  description_.question = text("question");
  description_.scenario = text("scenario");
  description_.baseline = text("baseline");
  description_.baseline_sha256 = text("baseline_sha256");
  description_.policy_notes = text("policy_notes");
  description_.start_time = text("start_time");
  description_.program = text("program_version");
  description_.commit = text("git_commit");
  end_ = {text("status"), text("status_sentence"), source_->number_attribute("residual").value_or(0.0),
          whole(*source_, "iterations")};
}

std::vector<VariableInfo> ResultReader::variables() const {
  std::vector<VariableInfo> measures;
  for (const StoredVariable& variable : source_->variables()) {
    if (!variable.is_text) measures.push_back(variable.info);
  }
  return measures;
}

bool ResultReader::has(const std::string& name) const noexcept {
  const StoredVariable* variable = source_->find(name);
  return variable != nullptr && !variable->is_text;
}

ResultVariable ResultReader::read(const std::string& name) const {
  if (!has(name)) {
    std::vector<std::string> names;
    for (const VariableInfo& variable : variables()) names.push_back(variable.name);
    const std::string why = solved() ? "" : fmt::format(" (the run has no equilibrium: {})", end_.sentence);
    throw InputError({file().string(), 0, 0}, "variable",
                     fmt::format("there is no '{}' in this file{}{}", name, why, suggestion(name, names)));
  }
  ResultVariable variable{source_->find(name)->info, {}, source_->numbers(name)};
  std::size_t cells = 1;
  for (const std::string& dimension : variable.info.dimensions) {
    if (dimension.empty()) throw FileError(file(), fmt::format("a dimension of '{}' has no labels", name));
    variable.labels.push_back(labels(dimension));
    cells *= variable.labels.back().size();
  }
  if (cells != variable.values.size())
    throw FileError(file(), fmt::format("the labels of '{}' do not fit its values: the file is damaged", name));
  return variable;
}

std::vector<std::string> ResultReader::outcomes() const {
  return source_->find("condition_outcome") != nullptr ? labels("condition_outcome") : std::vector<std::string>();
}

std::vector<std::string> ResultReader::country_of_location() const {
  return labels(source_->find("location_country") != nullptr ? "location_country" : "country");
}

}  // namespace entrepot
