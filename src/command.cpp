#include "command.hpp"

#include <fmt/format.h>
#include <omp.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

void print_help(const Command& self, const options::options_description& visible) {
  std::ostringstream text;
  text << visible;
  fmt::print("{}\n\nUsage: entrepot {} {}\n\n{}\nExample: {}\n", self.summary, self.name, self.arguments, text.str(),
             self.example);
}

std::vector<std::string> option_names(const options::options_description& visible) {
  std::vector<std::string> names;
  for (const auto& option : visible.options()) names.push_back("--" + option->long_name());
  return names;
}

}  // namespace

std::span<const Command* const> commands() {
  static constexpr std::array kAll{&kRun,   &kSweep,    &kSlurm,     &kMerge,    &kShow,  &kCompare,  &kReport,
                                   &kServe, &kGradient, &kAttribute, &kOptimise, &kCheck, &kBaseline, &kManual};
  return kAll;
}

std::string exit_statuses() {
  return "  0   solved or done\n  1   anything else than what follows\n  2   wrong input\n  3   no equilibrium found\n"
         "  75  stopped before the end\n";
}

bool parse(const Command& self, const std::vector<std::string>& arguments, const options::options_description& visible,
           const std::vector<std::string>& positional, options::variables_map& values) {
  options::options_description all(visible), hidden;
  options::positional_options_description places;
  for (std::size_t k = 0; k < positional.size(); ++k) {
    const bool rest = positional[k].size() > 3 && positional[k].substr(positional[k].size() - 3) == "...";
    const std::string name = rest ? positional[k].substr(0, positional[k].size() - 3) : positional[k];
    if (rest)
      hidden.add_options()(name.c_str(), options::value<std::vector<std::string>>());
    else
      hidden.add_options()(name.c_str(), options::value<std::string>());
    places.add(name.c_str(), rest ? -1 : 1);
  }
  all.add(hidden);
  try {
    // No guessing: "--countr" is a mistake, not "--country".
    const int style = options::command_line_style::default_style & ~options::command_line_style::allow_guessing;
    options::store(options::command_line_parser(arguments).options(all).positional(places).style(style).run(), values);
    options::notify(values);
  } catch (const options::unknown_option& error) {
    throw InputError({}, "entrepot " + std::string(self.name),
                     "there is no option '" + error.get_option_name() + "'" +
                         suggestion(error.get_option_name(), option_names(visible)));
  } catch (const options::too_many_positional_options_error&) {
    throw InputError({}, "entrepot " + std::string(self.name),
                     fmt::format("too many arguments; usage: entrepot {} {}", self.name, self.arguments));
  } catch (const options::error& error) {
    throw InputError({}, "entrepot " + std::string(self.name), error.what());
  }
  if (values.count("help") > 0) {
    print_help(self, visible);
    return false;
  }
  for (const std::string& name : positional) {
    const std::string plain = name.substr(0, name.find("..."));
    if (name.front() != '[' && values.count(plain) == 0 && name != "variable")
      throw InputError({}, "entrepot " + std::string(self.name),
                       fmt::format("{} is missing; usage: entrepot {} {}", plain, self.name, self.arguments));
  }
  return true;
}

const std::atomic<bool>& stop_on_signal() {
  static std::atomic<bool> soon{false};
  const auto stop = [](int signal) {
    soon = true;
    std::signal(signal, SIG_DFL);
  };
  for (const int signal : {SIGINT, SIGTERM, SIGUSR1, SIGXCPU}) std::signal(signal, stop);
  return soon;
}

void read_results(const std::function<void()>& work) {
  try {
    work();
  } catch (const FileError& error) {
    throw InputError({error.file().string(), 0, 0}, "", error.sentence());
  }
}

std::filesystem::path data_folder() {
  if (const char* named = std::getenv("ENTREPOT_DATA"); named != nullptr && *named != '\0') return named;
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored),
                              installed = program.parent_path() / ENTREPOT_DATA_INSTALLED;
  if (std::filesystem::is_directory(installed, ignored)) return installed.lexically_normal();
  return ENTREPOT_DATA_FOLDER;
}

int chosen_threads(const options::variables_map& values) {
  if (values.count("threads") == 0) return omp_get_max_threads();
  const int threads = values["threads"].as<int>();
  constexpr int kMostThreads = 1024;  // more than any machine has for one run; far more break the OpenMP library
  if (threads < 1 || threads > kMostThreads)
    throw InputError({}, "--threads",
                     fmt::format("{} threads can't work; 1 to {} are expected", threads, kMostThreads));
  return threads;
}

std::filesystem::path output_file(const options::variables_map& values, const std::filesystem::path& input) {
  if (values.count("output") > 0) return values["output"].as<std::string>();
  const std::filesystem::path folder = "outputs";
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  return folder / input.stem().concat(".h5");
}

}  // namespace entrepot::program
