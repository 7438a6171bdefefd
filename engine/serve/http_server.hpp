#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace entrepot {

struct HttpRequest {
  std::string path;                                        ///< "/answer", decoded
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in their order
  /// Whether who asked has gone or the server is about to end; may be called in any thread.
  std::function<bool()> unwanted = [] { return false; };
};

struct HttpAnswer {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body = {};
  std::string file_name = {};  ///< to save it under; empty: to be shown
};

/// Answers GET requests on this machine's loopback address, each in a thread of its own. Refuses what comes from other
/// machines, from pages of other sites and with a body; connections that take too long are cut.
class HttpServer {
 public:
  /// Called by any number of threads at once. What it throws becomes status 500.
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  /// port: 0 takes any that is free. Throws std::runtime_error where it is taken.
  HttpServer(std::uint16_t port, Handler handler);
  /// Waits for the answers in hand, which are `unwanted` from here on.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const noexcept;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace entrepot
