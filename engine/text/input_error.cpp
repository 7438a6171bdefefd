#include "input_error.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <numeric>

namespace entrepot {

namespace {

std::string all_sentences(const std::vector<Problem>& problems) {
  constexpr std::size_t kMostShown = 20;
  std::string text;
  for (std::size_t k = 0; k < std::min(problems.size(), kMostShown); ++k) {
    if (k > 0) text += '\n';
    text += format_problem(problems[k]);
  }
  if (problems.size() > kMostShown) text += "\nand " + std::to_string(problems.size() - kMostShown) + " more";
  return text;
}

/// A line of a file; empty where it can't be read again, as from a pipe.
std::string line_of(const SourceLocation& where) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(where.file, ignored)) return {};
  std::ifstream file(where.file);
  std::string line;
  for (std::size_t k = 0; k < where.line; ++k) {
    if (!std::getline(file, line)) return {};
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

std::string folded(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return lower;
}

/// Letters changed, added, left out or swapped with their neighbour (each counts 1) to make one word of the other.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> second_above(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, above[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], second_above[j - 2] + 1);
    }
    std::swap(second_above, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

InputError::InputError(std::vector<Problem> problems)
    : std::runtime_error(all_sentences(problems)), problems_(std::move(problems)) {}

InputError::InputError(SourceLocation where, std::string key, std::string sentence)
    : InputError(std::vector<Problem>{{std::move(where), std::move(key), std::move(sentence)}}) {}

void Problems::add(SourceLocation where, std::string key, std::string sentence) {
  problems_.push_back({std::move(where), std::move(key), std::move(sentence)});
}

void Problems::throw_if_any() {
  if (!problems_.empty()) throw InputError(std::move(problems_));
}

std::string format_problem(const Problem& problem) {
  const SourceLocation& where = problem.where;
  std::string text = where.file;
  if (where.line > 0) text.append(":").append(std::to_string(where.line));
  if (where.line > 0 && where.column > 0) text.append(":").append(std::to_string(where.column));
  if (!text.empty()) text += ": ";
  if (!problem.key.empty()) text += problem.key + ": ";
  text += problem.sentence;
  if (where.line == 0 || where.file.empty()) return text;
  constexpr std::size_t kLongestShown = 160;
  const std::string line = line_of(where);
  if (line.empty() || line.size() > kLongestShown) return text;
  text += "\n    " + line;
  if (where.column > 0 && where.column <= line.size() + 1) {
    text += "\n    ";
    for (std::size_t k = 0; k + 1 < where.column; ++k) text += line[k] == '\t' ? '\t' : ' ';
    text += '^';
  }
  return text;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string wanted = folded(name);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 2) + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(wanted, folded(candidate));
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string near = nearest_name(name, candidates);
  if (!near.empty()) return "; did you mean '" + near + "'?";
  constexpr std::size_t kShortList = 12;
  if (candidates.empty() || candidates.size() > kShortList) return {};
  std::string list = "; expected one of ";
  for (std::size_t k = 0; k < candidates.size(); ++k) list += (k ? ", '" : "'") + candidates[k] + "'";
  return list;
}

}  // namespace entrepot
