#include <fmt/format.h>

#include "command.hpp"
#include "results/contents.hpp"
#include "results/file_formats.hpp"
#include "results/netcdf_file.hpp"
#include "results/show_sweep.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

std::string text_of(const options::variables_map& values, const char* name) {
  return values.count(name) > 0 ? values[name].as<std::string>() : std::string{};
}

int show_file(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("by", options::value<std::string>()->value_name("sector|partner|factor"),
                        "add up over everything else; of a sweep, what each factor does")(
      "country,c", options::value<std::string>()->value_name("ISO"), "one country")(
      "sector", options::value<std::string>()->value_name("SECTOR"), "one sector")(
      "top,n", options::value<int>()->value_name("N"), "the N largest changes")(
      "sort", options::value<std::string>()->value_name("percent|usd"),
      "order of the table by country; percent by default")("list", "the variables of the file")(
      "csv", "CSV in full precision")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.h5", "variable"}, values)) return kSuccess;
  ShowOptions chosen;
  chosen.variable = text_of(values, "variable");
  chosen.by = text_of(values, "by");
  chosen.country = text_of(values, "country");
  chosen.sector = text_of(values, "sector");
  if (values.count("sort") > 0) chosen.sort = values["sort"].as<std::string>();
  if (values.count("top") > 0) {
    const int top = values["top"].as<int>();
    if (top < 1) throw InputError({}, "--top", fmt::format("{} rows are no table; 1 or more are expected", top));
    chosen.top = static_cast<std::size_t>(top);
  }
  chosen.csv = values.count("csv") > 0;
  read_results([&] {
    const std::string file = values["FILE.h5"].as<std::string>();
    const NetcdfReader reader(file);
    const bool gradients = reader.text_attribute("format") == kGradientFormat;
    if (gradients && !chosen.variable.empty())
      throw InputError({}, file, "derivatives are shown by `entrepot gradient`; h5py, xarray and R read them here");
    if (values.count("list") > 0 || gradients)
      fmt::print("{}", show_contents(reader, chosen.csv));
    else if (has_texts(reader, chosen.variable))
      fmt::print("{}", show_texts(reader, chosen));
    else
      fmt::print("{}", is_sweep(reader) ? show_sweep(reader, chosen) : show(ResultReader(file), chosen));
  });
  return kSuccess;
}

}  // namespace

const Command kShow{"show", "FILE.h5 [VARIABLE] [options]", "Show a result file as tables.",
                    "entrepot show outputs/minsk-2025.h5 trade --by partner --country IRN --top 10", show_file};

}  // namespace entrepot::program
