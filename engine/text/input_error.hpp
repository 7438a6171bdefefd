#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace entrepot {

/// Where a value was written. Lines and columns count from 1; 0 means "not known" (the whole file).
struct SourceLocation {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;
};

/// One mistake in what the user wrote: where, under which key, and a sentence that says what was expected.
struct Problem {
  SourceLocation where;
  std::string key;
  std::string sentence;
};

/// Wrong input or wrong use. Carries every problem found, so that a user mends a file in one go.
class InputError : public std::runtime_error {
 public:
  explicit InputError(std::vector<Problem> problems);
  InputError(SourceLocation where, std::string key, std::string sentence);
  const std::vector<Problem>& problems() const noexcept { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// Collects problems while a file is read; `throw_if_any` ends the reading.
class Problems {
 public:
  void add(SourceLocation where, std::string key, std::string sentence);
  void add(const std::vector<Problem>& more) { problems_.insert(problems_.end(), more.begin(), more.end()); }
  const std::vector<Problem>& all() const noexcept { return problems_; }
  bool empty() const noexcept { return problems_.empty(); }
  void throw_if_any();

 private:
  std::vector<Problem> problems_;
};

/// "file:line:column: key: sentence", with the offending line and a caret under it where the file can be read.
std::string format_problem(const Problem& problem);

/// The candidate nearest to `name` by edit distance (case folded; swapped neighbours are one mistake), or "" where none
/// is near.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'X'?" or, where nothing is near and the list is short, "; expected one of ...". May be empty.
std::string suggestion(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace entrepot
