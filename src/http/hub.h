// What the connections of one server share, and the set of those that are open.
//
// Threads: the loop. Lifetime: outlives every open connection; a closed one never comes back to it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "api/api.h"
#include "base/clock.h"
#include "base/line_limit.h"
#include "http/cors.h"
#include "http/http_metrics.h"
#include "http/server.h"

namespace ringbook {

class ClientConnection;

// The id of one request, in place.
class RequestId {
 public:
  std::string_view view() const { return {text_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }
  // Needs at most limits::request_id_chars characters.
  void assign(std::string_view text);

 private:
  std::array<char, limits::request_id_chars> text_;
  std::uint8_t size_ = 0;
};

class Hub {
 public:
  Hub(const HttpSettings& http_settings, Api& the_api, const Clock& the_clock, Metrics& all_metrics,
      Log& the_log);

  const HttpSettings& settings;
  Api& api;
  const Clock& clock;
  Log& log;
  HttpMetrics metrics;
  LineLimit disagreement_lines;
  LineLimit refusal_lines;
  const Cors cors;
  // Whether answers should end their connections.
  bool is_draining = false;
  // Called when a connection has left the set.
  std::move_only_function<void()> on_removed;
  // Where one answer at a time is put together.
  std::string scratch;

  // The value of a Date field, now. Lifetime: until the next call.
  std::string_view date();
  // An id that no other request of this process has.
  void make_id(RequestId& id);

  void add(std::shared_ptr<ClientConnection> connection);
  void remove(ClientConnection& connection);
  std::size_t size() const { return open_.size(); }
  // Ends those whose deadline has passed.
  void check_deadlines();
  // Ends those that wait for a request and have received nothing of it.
  void close_idle();
  void close_all();
  // Whether any still owes an answer or waits for the rest of a request.
  bool has_unfinished() const;

 private:
  template <class Do>
  void each(Do act);

  std::vector<std::shared_ptr<ClientConnection>> open_;
  std::string date_;
  std::int64_t date_second_ = -1;
  std::string id_prefix_;
  std::uint64_t ids_made_ = 0;
};

}  // namespace ringbook
