// A whole server in this process: real sockets on a free port, the real Api, the memory engine, and
// tokens that are words. Its clock stands still until a test moves it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "api/api.h"
#include "directory/directory.h"
#include "http/client.h"
#include "http/server.h"

namespace ringbook::test {

// "Bearer admin" is an administrator; everything else is nobody. Remembers an administrator as long
// as the connection does.
class WordAuthenticator final : public Authenticator {
 public:
  void authenticate(std::optional<std::string_view> authorization, std::string_view client,
                    LastAuthorization& last, OnAuthentication answer) override;
  std::vector<std::string> not_ready() const override { return {}; }

  // Whether answers wait for `release`. Threads: the loop.
  bool is_deferred = false;
  // How many it has recognised that their connections did not remember.
  std::atomic<int> recognised = 0;
  void release();

 private:
  std::vector<std::move_only_function<void()>> kept_;
};

// The head of a PUT by nobody, with `fields` after its Host.
inline std::string stranger(std::string_view fields) {
  return "PUT /user/update-rcextension HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

class HttpWorld {
 public:
  explicit HttpWorld(HttpSettings settings = {}, const ListenAddress& address = {"127.0.0.1", 0});
  ~HttpWorld();  // Stops the server and waits for its end.
  HttpWorld(const HttpWorld&) = delete;
  HttpWorld& operator=(const HttpWorld&) = delete;

  Client connect() const { return Client(server_->port()); }
  std::uint16_t port() const { return server_->port(); }
  Server& server() { return *server_; }
  ManualClock& clock() { return clock_; }

  // Returns when the server has understood every byte that reached it before.
  void settle();
  // Runs `task` on the loop and waits for it.
  void on_loop(std::move_only_function<void()> task);
  // Answers to admitted requests that change something wait from now on, until told otherwise.
  void hold_turns(bool held) { holds_turns_ = held; }
  void defer_admissions();
  void release_admissions();
  // Waits until `run` has returned.
  void join();
  std::string metrics();
  // Waits until the server has `count` connections, one of which is `witness`.
  void wait_for_connections(Client& witness, int count);
  // How often the server has told of SIGHUP.
  int reloads() const { return reloads_; }
  int recognised() const { return authenticator_.recognised; }

  // A user that exists, without a number.
  static constexpr std::string_view user = "64b7f1a2e4b0a5d3f9c12345";

 private:
  ManualClock clock_;
  SystemClock log_clock_;
  Log log_;
  Metrics metrics_;
  EventLoop loop_;
  WordAuthenticator authenticator_;
  std::unique_ptr<Store> store_;
  Directory directory_;
  Api api_;
  std::atomic<bool> holds_turns_ = false;
  std::atomic<int> reloads_ = 0;
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

// --- requests ------------------------------------------------------------------------------------

// A complete PUT of the documented endpoint that gives `extension` to HttpWorld::user; `fields` are
// further field lines, each with its CRLF.
std::string put(std::string_view extension, std::string_view fields = {},
                std::string_view version = "HTTP/1.1");
// The body of it.
std::string put_body(std::string_view extension);
// A GET of `path` without a body.
std::string get(std::string_view path, std::string_view fields = {},
                std::string_view version = "HTTP/1.1");
// `body` in chunks of `chunk` octets, with `trailers`.
std::string chunked(std::string_view body, std::size_t chunk, std::string_view extension = {},
                    std::string_view trailers = {});
// The head of a PUT of the documented endpoint whose framing is `fields`.
std::string put_head(std::string_view fields);

}  // namespace ringbook::test
