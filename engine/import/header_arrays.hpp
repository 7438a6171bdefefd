#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "import/import_report.hpp"
#include "import/io_table.hpp"
#include "text/input_error.hpp"

namespace entrepot {

/// A header array: real numbers over one set for each dimension, as the file lists them.
struct HeaderArray {
  std::string name;  ///< as its file is named, in capitals: "VXSB"
  std::string file;
  std::vector<std::string> sets;   ///< the columns' names
  std::vector<CodeList> elements;  ///< of each set
  std::vector<Index> places;       ///< row by row, the place of its element in each set
  std::vector<double> values;      ///< of the rows that are not zero
  std::vector<std::size_t> lines;

  const std::string& element(std::size_t row, std::size_t set) const {
    return elements[set].codes()[at(places[row * sets.size() + set])];
  }
  SourceLocation where(std::size_t row) const { return {file, lines[row], 0}; }
};

/// The header arrays of a GTAP data base exported one header a file, as HAR2CSV and most readers of header arrays
/// write them: a column for each of the header's sets (a set may stand twice: REG, REG), then Value. The file's name,
/// or what follows its last '_' or '-', is the header's ("VXSB.csv", "basedata_vxsb.csv.gz"). Entries below zero count
/// as zero and are reported.
class HeaderArrays {
 public:
  /// Files, or folders whose .csv and .csv.gz files are all taken; files of headers outside `known` are not read.
  /// Throws InputError with every mistake located.
  HeaderArrays(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& known);

  bool has(const std::string& name) const { return arrays_.count(name) > 0; }
  /// Number of its sets; 0 where it is missing.
  std::size_t dimensions(const std::string& name) const;
  /// The array by its newer or its older name; nullptr, with a problem that names both, where there is neither.
  /// `sets`: the number of dimensions it has. An empty older name: there is none.
  const HeaderArray* find(const std::string& name, const std::string& older, std::size_t sets,
                          Problems& problems) const;
  /// The same without a problem where it is missing.
  const HeaderArray* find_optional(const std::string& name, const std::string& older, std::size_t sets,
                                   Problems& problems) const;
  Adjustment& negative() noexcept { return negative_; }

 private:
  void read(const std::filesystem::path& file, const std::string& name);

  std::map<std::string, HeaderArray> arrays_;
  std::vector<std::string> seen_;  // names of all files
  std::string place_;
  Adjustment negative_{"negative entries of headers, set to zero"};
};

/// Places of a row's elements in the sets given; false, with a problem that names the nearest, where one is unknown.
bool places_of(const HeaderArray& array, std::size_t row, const std::vector<const CodeList*>& sets,
               std::vector<Index>& places, Problems& problems);

}  // namespace entrepot
