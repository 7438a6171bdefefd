#pragma once

#include "http_server.hpp"
#include "live_scenario.hpp"

namespace entrepot {

/// Answers for a scenario, which must outlive it. Changes are in the query, PATH=VALUE each:
///   /              the page
///   /answer        what it draws, as JSON; {"error": …} with status 400 for changes that don't fit and 503 for a
///                  solve that takes too long
///   /scenario.toml, /results.h5   to be saved
HttpServer::Handler serving(const LiveScenario& scenario);

}  // namespace entrepot
