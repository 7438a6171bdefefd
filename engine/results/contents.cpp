#include "contents.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "table.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

std::string dimensions_of(const StoredVariable& variable) {
  std::string text;
  for (std::size_t d = 0; d < variable.shape.size(); ++d)
    text += fmt::format("{}{} ({})", d == 0 ? "" : " × ", variable.info.dimensions[d], variable.shape[d]);
  return text;
}

std::vector<std::string> labels_of(const DatasetSource& reader, const std::string& dimension, std::size_t size) {
  const StoredVariable* labels = reader.find(dimension);
  if (labels != nullptr && labels->shape == std::vector<std::size_t>{size}) {
    if (labels->is_text) return reader.texts(dimension);
    std::vector<std::string> numbers;
    for (const double number : reader.numbers(dimension)) numbers.push_back(fmt::format("{:g}", number));
    return numbers;
  }
  std::vector<std::string> places;
  for (std::size_t k = 0; k < size; ++k) places.push_back(std::to_string(k));
  return places;
}

}  // namespace

std::string show_contents(const DatasetSource& reader, bool csv) {
  Table table({{"variable", ""}, {"units", ""}, {"dimensions", ""}, {"what it is", ""}});
  for (const StoredVariable& variable : reader.variables())
    table.add_row({variable.info.name, variable.is_text ? "text" : variable.info.units, dimensions_of(variable),
                   variable.info.long_name});
  return csv ? table.csv() : table.text();
}

bool has_texts(const DatasetSource& reader, const std::string& name) {
  const StoredVariable* variable = reader.find(name);
  return variable != nullptr && variable->is_text;
}

std::string show_texts(const DatasetSource& reader, const ShowOptions& options) {
  const StoredVariable& variable = *reader.find(options.variable);
  const std::vector<std::string> texts = reader.texts(options.variable);
  std::vector<Table::Column> columns;
  std::vector<std::vector<std::string>> labels;
  for (std::size_t d = 0; d < variable.shape.size(); ++d) {
    const std::string& dimension = variable.info.dimensions[d];
    labels.push_back(labels_of(reader, dimension, variable.shape[d]));
    if (dimension != options.variable) columns.push_back({dimension, ""});
  }
  columns.push_back({variable.info.long_name.empty() ? options.variable : variable.info.long_name, ""});
  const std::size_t own = columns.size() - 1;
  Table table(columns);
  std::vector<std::string> known;
  for (std::size_t k = 0; k < texts.size(); ++k) {
    std::vector<std::string> places(labels.size());
    std::size_t rest = k;
    for (std::size_t d = labels.size(); d-- > 0; rest /= labels[d].size())
      places[d] = labels[d][rest % labels[d].size()];
    bool wanted = options.top == 0 || table.rows() < options.top;
    for (const std::string* filter : {&options.country, &options.sector})
      wanted = wanted && (filter->empty() || std::ranges::find(places, *filter) != places.end());
    known.insert(known.end(), places.begin(), places.end());
    if (!wanted) continue;
    std::vector<Cell> row;
    if (own > 0) row.assign(places.begin(), places.end());
    row.emplace_back(texts[k]);
    table.add_row(std::move(row));
  }
  if (table.rows() == 0) {
    const std::string& filter = options.country.empty() ? options.sector : options.country;
    throw InputError({reader.file().string(), 0, 0}, options.variable,
                     fmt::format("there is no '{}' here{}", filter, suggestion(filter, known)));
  }
  if (options.csv) return table.csv();
  return fmt::format("{}\n\n{}", variable.info.description, table.text());
}

}  // namespace entrepot
