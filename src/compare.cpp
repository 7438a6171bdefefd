#include <fmt/format.h>

#include "command.hpp"
#include "results/show.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

int compare_files(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("measure,m", options::value<std::vector<std::string>>()->value_name("NAME")->composing(),
                        "a measure by country, or a component of welfare; welfare by default; may be repeated")(
      "country,c", options::value<std::string>()->value_name("ISO"), "one country")(
      "top,n", options::value<int>()->value_name("N"), "the N largest changes")("csv", "CSV in full precision")(
      "help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.h5..."}, values)) return kSuccess;
  CompareOptions chosen;
  if (values.count("measure") > 0) chosen.measures = values["measure"].as<std::vector<std::string>>();
  if (values.count("country") > 0) chosen.country = values["country"].as<std::string>();
  if (values.count("top") > 0) {
    const int top = values["top"].as<int>();
    if (top < 1) throw InputError({}, "--top", fmt::format("{} rows are no table; 1 or more are expected", top));
    chosen.top = static_cast<std::size_t>(top);
  }
  chosen.csv = values.count("csv") > 0;
  read_results([&] {
    std::vector<ResultReader> readers;
    for (const std::string& file : values["FILE.h5"].as<std::vector<std::string>>()) readers.emplace_back(file);
    fmt::print("{}", compare(readers, chosen));
  });
  return kSuccess;
}

}  // namespace

const Command kCompare{
    "compare", "FILE.h5 ... [options]", "Set the same measures of several result files side by side.",
    "entrepot compare outputs/half-embargo.h5 outputs/whole-embargo.h5 --measure welfare --measure exports",
    compare_files};

}  // namespace entrepot::program
