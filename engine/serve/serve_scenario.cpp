#include "serve_scenario.hpp"

#include "text/file_error.hpp"
#include "text/input_error.hpp"

namespace entrepot {

namespace {

using Json = nlohmann::ordered_json;

HttpAnswer json(int status, const Json& data) {
  return {
      .status = status, .type = "application/json", .body = data.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

/// The mistakes without their places: in the browser there is no file.
Json mistakes(const InputError& error) {
  std::string text;
  for (const Problem& problem : error.problems())
    text += (text.empty() ? "" : "\n") + problem.key + ": " + problem.sentence;
  return {{"error", text}};
}

HttpAnswer answer(const LiveScenario& scenario, const HttpRequest& request) {
  if (request.path == "/") return {.type = "text/html; charset=utf-8", .body = scenario.page(request.unwanted)};
  if (request.path == "/answer") return json(200, scenario.answer(request.query, request.unwanted));
  if (request.path == "/scenario.toml")
    return {.type = "application/toml",
            .body = scenario.scenario_text(request.query),
            .file_name = scenario.name() + ".toml"};
  if (request.path == "/results.h5")
    return {.type = "application/x-hdf5",
            .body = scenario.result_file(request.query, request.unwanted),
            .file_name = scenario.name() + ".h5"};
  return {.status = 404, .body = "There is nothing here; the page is at /.\n"};
}

}  // namespace

HttpServer::Handler serving(const LiveScenario& scenario) {
  return [&scenario](const HttpRequest& request) {
    try {
      return answer(scenario, request);
    } catch (const InputError& error) {
      return json(400, mistakes(error));
    } catch (const LiveScenario::TooSlow& error) {
      return json(503, {{"error", error.what()}});
    } catch (const LiveScenario::Unwanted& error) {
      return json(503, {{"error", error.what()}});
    }
  };
}

}  // namespace entrepot
