// Reads small documents over HTTP from peers that may be slow, broken or hostile.
//
// No redirect is followed, no proxy and no stored credential is used, certificates are checked, and
// nothing but the scheme of the URL is spoken.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "auth/web_url.h"
#include "base/error.h"
#include "base/limits.h"

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
  ~WebClient();
  WebClient(const WebClient&) = delete;
  WebClient& operator=(const WebClient&) = delete;

  // The body of a 200. Errors: unavailable (not reached, not trusted, or not done in time), invalid
  // (another status, or too large); the detail names the URL and says which.
  // Threads: any, one at a time.
  Result<std::string> get(const WebUrl& url);

  // Ends a `get` that is under way at once, and every later one. Threads: any.
  void cancel();

 private:
  struct Impl;
  const WebBounds bounds_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ringbook
