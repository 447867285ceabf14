// Asks servers that may be slow, broken or hostile, by libcurl.
//
// Invariants: 1. Nothing but HTTP and HTTPS is spoken, no redirect is followed, no proxy and no
// stored credential is used, and every request says `User-Agent: ringbook/VERSION`. 2. With TLS
// nothing is sent before the server has proved who it is.
// 3. Every wait has a bound, and what is received those that its access names.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ringbook {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::string> fields = {};  // "Name: value", or "Name:" to leave out what is usual.
  std::optional<std::string> body = {};
};

struct HttpResponse {
  int status = 0;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> fields = {};  // Name and value, as they came.

  // The value of the last field of this name, in any case; nothing when there is none.
  const std::string* find(std::string_view name) const;
};

struct HttpFailure {
  enum class Kind : std::uint8_t {
    cancelled,
    too_large,    // More came than the bounds allow.
    no_memory,    // Also what libcurl calls a line of a head that is longer than it takes.
    unproven,     // The certificate is not accepted.
    wrong_key,    // The key is not the one that is pinned.
    bad_ca_file,  // It cannot be read as certificates.
    no_tls,       // The peer does not speak it.
    no_answer,    // The connection ended without a byte.
    other,
  };
  Kind kind = Kind::other;
  std::string why;       // libcurl's words for it.
  long certificate = 0;  // OpenSSL's verdict, as X509_V_… numbers them, for `unproven`.
};

struct HttpAccess {
  std::chrono::milliseconds connect_time;  // With the handshake.
  std::chrono::milliseconds time;          // All of it, however slowly it drips.
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();
  std::size_t head_bytes = unbounded;
  std::size_t body_bytes = unbounded;
  std::size_t bytes = unbounded;  // Of head and body together.
  // How a server with TLS proves who it is: by a certificate that these authorities signed instead
  // of the machine's own, or, whatever names and authorities say, by the one key that it must have.
  std::optional<std::filesystem::path> ca_file = {};
  std::string key_pin = {};  // "sha256//…"; "" for none.
  bool keeps_connection = true;
};

class HttpClient {
 public:
  explicit HttpClient(HttpAccess access);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Threads: any, one at a time.
  std::expected<HttpResponse, HttpFailure> ask(const HttpRequest& request);

  // Ends an `ask` that is under way at once, and every later one. Threads: any.
  void cancel();

 private:
  struct Impl;
  const HttpAccess access_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ringbook
