#include <fmt/format.h>

#include <csignal>

#include "command.hpp"
#include "serve/serve_scenario.hpp"
#include "text/input_error.hpp"

namespace entrepot::program {

namespace {

constexpr int kUsualPort = 8650;

int serve(const Command& self, const std::vector<std::string>& arguments) {
  options::options_description visible("Options");
  visible.add_options()("port,p", options::value<int>()->value_name("PORT")->default_value(kUsualPort),
                        "port of this machine, from which alone the page can be opened; 0 takes any that is free")(
      "set,s", options::value<std::vector<std::string>>()->value_name("KEY=VALUE")->composing(),
      "override a value of the scenario before it is shown; may be repeated")("help,h", "this text");
  options::variables_map values;
  if (!parse(self, arguments, visible, {"FILE.toml"}, values)) return kSuccess;
  const int port = values["port"].as<int>();
  if (port < 0 || port > 65535) throw InputError({}, "--port", fmt::format("{} is no port; 0 to 65535 are", port));
  const std::filesystem::path file = values["FILE.toml"].as<std::string>();
  const LiveScenario scenario(
      file, values.count("set") > 0 ? values["set"].as<std::vector<std::string>>() : std::vector<std::string>{},
      data_folder());
  // Every thread made from here on leaves these to this one, which waits for them.
  sigset_t ending;
  sigemptyset(&ending);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&ending, signal);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  const HttpServer server(static_cast<std::uint16_t>(port), serving(scenario));
  fmt::print("{} is at http://127.0.0.1:{}/, for a browser on this machine. Ctrl-C ends.\n", file.string(),
             server.port());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ending, &signal);
  return kSuccess;
}

}  // namespace

const Command kServe{"serve", "FILE.toml [options]", "Change a scenario with sliders in the browser and see at once.",
                     "entrepot serve scenarios/minsk-2025.toml", serve};

}  // namespace entrepot::program
