#pragma once

#include <functional>
#include <memory>

#include "command.hpp"
#include "study/run_study.hpp"

namespace entrepot::program {

/// The options of every command that solves a study.
void add_sweep_options(options::options_description& visible);

/// Solves a study, shows how far it is, writes its file and prints what came of it. input: what the default output is
/// named for; study_of: the study with the overrides of --set. Signals end it so that --resume goes on.
int run_sweep(
    Ranks& ranks, const options::variables_map& values, const std::filesystem::path& input,
    const std::function<std::unique_ptr<const StudyAtHand>(const std::vector<std::string>& overrides)>& study_of);

/// Parses and runs on all ranks. needed: the argument that names the file.
int on_all_ranks(const Command& self, const std::vector<std::string>& arguments,
                 const options::options_description& visible, const char* needed,
                 const std::function<int(Ranks&, const options::variables_map&)>& work);

}  // namespace entrepot::program
