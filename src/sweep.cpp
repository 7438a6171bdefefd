#include "run_sweep.hpp"

namespace entrepot::program {

namespace {

int sweep(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  add_sweep_options(visible);
  return on_all_ranks(self, arguments, visible, "STUDY.toml", [](Ranks& ranks, const options::variables_map& values) {
    const std::filesystem::path file = values["STUDY.toml"].as<std::string>();
    return run_sweep(ranks, values, file, [&](const std::vector<std::string>& overrides) {
      return std::make_unique<const StudyAtHand>(file, overrides, data_folder());
    });
  });
}

}  // namespace

const Command kSweep{"sweep", "STUDY.toml [options]", "Solve a scenario thousands of times over what is uncertain.",
                     "entrepot sweep scenarios/studies/minsk-uncertainty.toml --set sample.draws=100", sweep};

}  // namespace entrepot::program
