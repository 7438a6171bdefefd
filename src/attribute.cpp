#include "run_sweep.hpp"
#include "study/attribution.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

int attribute(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()(
      "of", options::value<std::vector<std::string>>()->value_name("MEASURE")->composing(),
      "what is shared out, such as welfare_usd, 'exports[IRN]' or 'output[IRN; food]'; welfare_usd by "
      "default; may be repeated");
  visible.add_options()("over", options::value<std::string>()->value_name("STUDY.toml"),
                        "do so for every draw of this study, made of the scenario in place of its own")(
      "draws", options::value<Index>()->value_name("N"), "draws of it, in place of the study's");
  add_sweep_options(visible);
  return on_all_ranks(self, arguments, visible, "FILE.toml", [](Ranks& ranks, const options::variables_map& values) {
    const std::filesystem::path file = values["FILE.toml"].as<std::string>();
    const std::vector<std::string> measures =
        values.count("of") > 0 ? values["of"].as<std::vector<std::string>>() : std::vector<std::string>{"welfare_usd"};
    AttributionOver over;
    if (values.count("over") > 0) over.study = values["over"].as<std::string>();
    if (values.count("draws") > 0) over.draws = values["draws"].as<Index>();
    if (over.draws && over.study.empty())
      throw InputError({}, "--draws", "this goes with --over, whose draws it counts");
    if (over.draws && *over.draws < 1) throw InputError({}, "--draws", "a whole number above 0 is expected");
    std::filesystem::path named = file;
    named.replace_filename(file.stem().string() + "-attribution.toml");
    return run_sweep(ranks, values, named, [&](const std::vector<std::string>& overrides) {
      return std::make_unique<const StudyAtHand>(attribution_study(file, overrides, measures, over), data_folder());
    });
  });
}

}  // namespace

const Command kAttribute{"attribute", "FILE.toml [options]",
                         "Share a scenario's effect out among its policies (Shapley values).",
                         "entrepot attribute scenarios/iran-snapback-2025.toml --of 'welfare_usd[IRN]'", attribute};

}  // namespace entrepot::program
