#include "memory_dataset.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "text/file_error.hpp"

namespace entrepot {

void MemoryDataset::attribute(const Attribute& attribute) { attributes_[attribute.name] = attribute.value; }

void MemoryDataset::dimension(const std::string& name, std::span<const std::string> labels,
                              const std::string& long_name) {
  if (find(name) != nullptr) throw std::logic_error("there are two variables " + name);
  variables_.push_back({label_info(name, long_name), {labels.size()}, true});
  values_.emplace_back(std::vector<std::string>(labels.begin(), labels.end()));
}

void MemoryDataset::variable(const VariableInfo& info, std::span<const double> values) {
  for (std::size_t k = 0; k < values.size(); ++k)
    if (!std::isfinite(values[k]))
      throw FileError(file_, fmt::format("'{}' is not a finite number at place {}", info.name, k + 1));
  add(info, std::vector<double>(values.begin(), values.end()));
}

void MemoryDataset::variable(const VariableInfo& info, std::span<const std::string> values) {
  add(info, std::vector<std::string>(values.begin(), values.end()));
}

void MemoryDataset::add(const VariableInfo& info, Values values) {
  if (find(info.name) != nullptr) throw std::logic_error("there are two variables " + info.name);
  StoredVariable stored{info, {}, std::holds_alternative<std::vector<std::string>>(values)};
  std::size_t size = 1;
  for (const std::string& name : info.dimensions) {
    const StoredVariable* dimension = find(name);
    if (dimension == nullptr) throw std::logic_error("there is no dimension " + name + " for " + info.name);
    stored.shape.push_back(dimension->shape.front());
    size *= stored.shape.back();
  }
  if (size != std::visit([](const auto& all) { return all.size(); }, values))
    throw std::logic_error("the values of " + info.name + " do not fit its dimensions");
  variables_.push_back(std::move(stored));
  values_.push_back(std::move(values));
}

template <class Value>
const std::vector<Value>& MemoryDataset::values_of(const std::string& name, const char* kind) const {
  const StoredVariable* variable = find(name);
  if (variable == nullptr) throw FileError(file_, fmt::format("there is no variable '{}'", name));
  const Values& values = values_[static_cast<std::size_t>(variable - variables_.data())];
  if (!std::holds_alternative<std::vector<Value>>(values))
    throw FileError(file_, fmt::format("the variable '{}' should hold {}", name, kind));
  return std::get<std::vector<Value>>(values);
}

std::vector<double> MemoryDataset::numbers(const std::string& name) const { return values_of<double>(name, "numbers"); }

std::vector<std::string> MemoryDataset::texts(const std::string& name) const {
  return values_of<std::string>(name, "text");
}

std::optional<std::string> MemoryDataset::text_attribute(const std::string& name) const {
  const auto found = attributes_.find(name);
  if (found == attributes_.end() || !std::holds_alternative<std::string>(found->second)) return {};
  return std::get<std::string>(found->second);
}

std::optional<double> MemoryDataset::number_attribute(const std::string& name) const {
  const auto found = attributes_.find(name);
  if (found == attributes_.end()) return {};
  if (const int* whole = std::get_if<int>(&found->second)) return *whole;
  if (const double* number = std::get_if<double>(&found->second)) return *number;
  return {};
}

}  // namespace entrepot
