// Reads small documents over HTTP from peers that may be slow, broken or hostile.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/limits.h"
#include "net/http_client.h"
#include "net/url.h"

namespace ringbook {

// The bounds of limits.h, shortened by tests.
struct WebBounds {
  std::chrono::milliseconds connect_time = limits::key_connect_time;
  std::chrono::milliseconds time = limits::key_fetch_time;
  std::size_t bytes = limits::key_set_bytes;  // Of head and body together.
  // The certificates that are trusted instead of the machine's.
  std::optional<std::filesystem::path> ca_file{};
};

class WebClient {
 public:
  explicit WebClient(WebBounds bounds);

  // The body of a 200. Errors: unavailable (not reached, not trusted, or not done in time), invalid
  // (another status, or too large); the detail names the URL and says which.
  // Threads: any, one at a time.
  Result<std::string> get(const Url& url);

  // Ends a `get` that is under way at once, and every later one. Threads: any.
  void cancel() { client_.cancel(); }

 private:
  const std::size_t bytes_;
  HttpClient client_;
};

}  // namespace ringbook
