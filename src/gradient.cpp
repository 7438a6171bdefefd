#include <fmt/format.h>

#include "command.hpp"
#include "results/netcdf_file.hpp"
#include "results/output_file.hpp"
#include "study/scenario_gradient.hpp"
#include "study/show_gradients.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

int gradient(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()(
      "of", options::value<std::vector<std::string>>()->value_name("MEASURE")->composing(),
      "what is looked at, such as welfare[IRN], 'output[IRN; food]' or 'trade[IRN; food; RUS]'; may be "
      "repeated")("output,o", options::value<std::string>()->value_name("FILE.h5"), "all derivatives, as a file")(
      "top,n", options::value<int>()->value_name("N")->default_value(10), "how many flows and sectors are shown")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the scenario; may be repeated")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.toml"}, values)) return kSuccess;
  const auto texts = [&](const char* name) {
    return values.count(name) > 0 ? values[name].as<std::vector<std::string>>() : std::vector<std::string>{};
  };
  const int top = values["top"].as<int>();
  if (top < 1) throw InputError({}, "--top", fmt::format("{} rows are no table; 1 or more are expected", top));
  std::vector<LocatedText> measures;
  for (const std::string& measure : texts("of")) measures.push_back({measure, {"--of", 0, 0}});
  if (measures.empty()) throw InputError({}, "--of", "say of which measure, for example --of 'welfare[IRN]'");
  const Scenario scenario = read_scenario(values["FILE.toml"].as<std::string>(), texts("set"));
  std::optional<ResultFileLock> lock;
  if (values.count("output") > 0) lock.emplace(std::filesystem::path(values["output"].as<std::string>()));
  const ScenarioGradients gradients =
      scenario_gradients(scenario, measures, read_baseline(find_baseline_folder(scenario, data_folder())),
                         BlocTable::read(data_folder() / "blocs.csv"));
  if (lock) {
    NetcdfWriter writer(lock->file());
    write_gradients(gradients, writer);
    lock->replace(writer.finish());
  }
  fmt::print("{}", show_gradients(gradients, static_cast<std::size_t>(top)));
  if (lock) fmt::print("\nAll of it is in {}.\n", lock->file().string());
  if (gradients.report.solved()) return kSuccess;
  std::fputs((gradients.report.sentence + "\n").c_str(), stderr);
  return kNoEquilibrium;
}

}  // namespace

const Command kGradient{"gradient", "FILE.toml --of MEASURE [options]",
                        "Say what a result hangs on most: derivatives by every flow, sector and number.",
                        "entrepot gradient scenarios/minsk-2025.toml --of 'welfare_usd[IRN]'", gradient};

}  // namespace entrepot::program
