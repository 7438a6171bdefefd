#include "http_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace entrepot {

namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned kMostConnections = 256;
constexpr unsigned kSilence = 10;              ///< seconds without a byte after which a connection is cut
constexpr std::chrono::seconds kLifetime{20};  ///< for a request to arrive, and again for its answer to be taken
constexpr std::size_t kMostOfRequest = std::size_t{64} << 10;

std::string_view header(MHD_Connection* connection, const char* name) {
  const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
  return value != nullptr ? value : "";
}

/// A page of another site may have its own name point to this machine; its requests still bear that name.
bool is_this_machine(std::string_view host) {
  for (const std::string_view name : {"127.0.0.1", "localhost", "[::1]"})
    if (host.starts_with(name) && (host.size() == name.size() || host[name.size()] == ':')) return true;
  return false;
}

/// Whether the other side has closed: nothing more can be read.
bool has_closed(int socket) {
  char next = 0;
  return ::recv(socket, &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

HttpAnswer sentence(int status, std::string text) { return {.status = status, .body = std::move(text) + "\n"}; }

/// Why a request is not answered at all.
std::optional<HttpAnswer> refusal(MHD_Connection* connection, std::string_view method, std::string_view path,
                                  bool sound) {
  if (!is_this_machine(header(connection, "Host")))
    return sentence(403, "This answers to 127.0.0.1 and localhost alone.");
  if (method != "GET" && method != "HEAD") return sentence(405, "Only GET is answered here.");
  if (!sound) return sentence(400, "An address has no characters of value 0.");
  const std::string_view length = header(connection, "Content-Length");
  if ((!length.empty() && length != "0") || !header(connection, "Transfer-Encoding").empty())
    return sentence(413, "A request with a body is not answered here.");
  if (header(connection, "Sec-Fetch-Site") == "cross-site" && path != "/")
    return sentence(403, "Pages of other sites get no answers.");
  return {};
}

MHD_Result keep_argument(void* query, MHD_ValueKind /*kind*/, const char* key, std::size_t key_size, const char* value,
                         std::size_t value_size) {
  static_cast<HttpRequest*>(query)->query.emplace_back(
      std::string(key, key_size), value != nullptr ? std::string(value, value_size) : std::string());
  return MHD_YES;
}

MHD_Result send(MHD_Connection* connection, const HttpAnswer& answer) {
  MHD_Response* response =
      MHD_create_response_from_buffer(answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  if (response == nullptr) return MHD_NO;
  const auto say = [&](const char* name, const std::string& value) {
    MHD_add_response_header(response, name, value.c_str());
  };
  say("Content-Type", answer.type);
  say("Connection", "close");
  say("Cache-Control", "no-store");
  say("X-Content-Type-Options", "nosniff");
  say("Referrer-Policy", "no-referrer");
  say("Cross-Origin-Resource-Policy", "same-origin");
  say("Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; "
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  if (answer.status == 405) say("Allow", "GET, HEAD");
  if (!answer.file_name.empty()) say("Content-Disposition", "attachment; filename=\"" + answer.file_name + "\"");
  const MHD_Result result = MHD_queue_response(connection, static_cast<unsigned>(answer.status), response);
  MHD_destroy_response(response);
  return result;
}

/// Open connections and since when; those that are too old are shut, so that clients that send or read a byte now and
/// then do not keep others out.
class Lifetimes {
 public:
  Lifetimes() : reaper_([this](const std::stop_token& ended) { reap(ended); }) {}

  void begin(int socket) {
    const std::lock_guard lock(mutex_);
    since_[socket] = Clock::now();
  }
  void end(int socket) {
    const std::lock_guard lock(mutex_);
    since_.erase(socket);
  }

 private:
  void reap(const std::stop_token& ended) {
    std::unique_lock lock(mutex_);
    while (!ended.stop_requested()) {
      never_.wait_for(lock, ended, std::chrono::seconds(1), [] { return false; });
      for (const auto& [socket, since] : since_)
        if (Clock::now() - since > kLifetime) ::shutdown(socket, SHUT_RDWR);
    }
  }

  std::mutex mutex_;
  std::condition_variable_any never_;
  std::map<int, Clock::time_point> since_;
  std::jthread reaper_;
};

}  // namespace

struct HttpServer::Implementation {
  Handler handler;
  Lifetimes lifetimes;
  MHD_Daemon* daemon = nullptr;
  std::atomic<bool> ending{false};

  /// The time that an answer takes is not the client's.
  HttpAnswer answer(MHD_Connection* connection, const char* url) {
    const int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    HttpRequest request{url, {}, [this, socket] { return ending.load() || has_closed(socket); }};
    MHD_get_connection_values_n(connection, MHD_GET_ARGUMENT_KIND, keep_argument, &request);
    lifetimes.end(socket);
    HttpAnswer result;
    try {
      result = handler(request);
    } catch (const std::exception& error) {
      result = sentence(500, error.what());
    }
    lifetimes.begin(socket);
    return result;
  }

  static MHD_Result receive(void* self, MHD_Connection* connection, const char* url, const char* method,
                            const char* /*version*/, const char* /*data*/, std::size_t* /*size*/, void** state) {
    // The first call has the whole head; answering at once ends a connection that would go on with a body.
    try {
      const std::optional<HttpAnswer> refused = refusal(connection, method, url, *state == nullptr);
      return send(connection, refused ? *refused : static_cast<Implementation*>(self)->answer(connection, url));
    } catch (const std::bad_alloc&) {
      return MHD_NO;
    }
  }

  /// A path would end at a character of value 0; marks the request that has one.
  static void* look_at_address(void* self, const char* address, MHD_Connection* /*connection*/) {
    const std::string_view text(address);
    return text.substr(0, text.find('?')).find("%00") != text.npos ? self : nullptr;
  }

  static void notify(void* self, MHD_Connection* connection, void** /*state*/, MHD_ConnectionNotificationCode code) {
    const MHD_ConnectionInfo* info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == nullptr) return;
    Lifetimes& lifetimes = static_cast<Implementation*>(self)->lifetimes;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
      lifetimes.begin(info->connect_fd);
    else
      lifetimes.end(info->connect_fd);
  }
};

HttpServer::HttpServer(std::uint16_t port, Handler handler) : implementation_(std::make_unique<Implementation>()) {
  Implementation& self = *implementation_;
  self.handler = std::move(handler);
  sockaddr_in loopback{};
  loopback.sin_family = AF_INET;
  loopback.sin_port = htons(port);
  loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  self.daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, port,
                                 nullptr, nullptr, &Implementation::receive, &self, MHD_OPTION_SOCK_ADDR,
                                 reinterpret_cast<sockaddr*>(&loopback), MHD_OPTION_CONNECTION_LIMIT, kMostConnections,
                                 MHD_OPTION_CONNECTION_TIMEOUT, kSilence, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                                 kMostOfRequest, MHD_OPTION_NOTIFY_CONNECTION, &Implementation::notify, &self,
                                 MHD_OPTION_URI_LOG_CALLBACK, &Implementation::look_at_address, &self, MHD_OPTION_END);
  if (self.daemon == nullptr)
    throw std::runtime_error(fmt::format("port {} of this machine can't be taken: {}", port, std::strerror(errno)));
}

HttpServer::~HttpServer() {
  implementation_->ending = true;
  MHD_stop_daemon(implementation_->daemon);
}

std::uint16_t HttpServer::port() const noexcept {
  return MHD_get_daemon_info(implementation_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

}  // namespace entrepot
