// The Api over HTTP: one connection, every wait bounded.
#include "base/limits.h"
#include "cli/console.h"
#include "cli/transport.h"
#include "net/http_client.h"

namespace ringbook {
namespace {

// What to do about a certificate that was not accepted. `result` is OpenSSL's verdict about it, as
// X509_V_… numbers them.
std::string_view advice_about(long result) {
  constexpr long unspecified = 1;  // What libcurl says when it is the name that is wrong.
  constexpr long not_yet_valid = 9;
  constexpr long has_expired = 10;
  switch (result) {
    case unspecified: return "give --server a name that stands in the certificate";
    case not_yet_valid: return "check the clocks, or get a certificate that is valid already";
    case has_expired: return "have the server's certificate renewed, or check this clock";
    default:
      return "give --ca-file FILE with the certificate of the authority that signed the server's";
  }
}

class HttpTransport final : public Transport {
 public:
  explicit HttpTransport(ServerAccess access)
      : access_(std::move(access)),
        client_({.connect_time = limits::client_connect_time,
                 .time = limits::client_exchange_time,
                 .head_bytes = limits::head_bytes,
                 .body_bytes = limits::client_answer_bytes,
                 .ca_file = access_.ca_file,
                 .key_pin = access_.key_pin}) {}

  Result<Answer> ask(const Question& question) override {
    std::string url = access_.url + question.path;
    if (!question.query.empty()) {
      url += "?" + question.query;
    }
    auto response = client_.ask({.method = std::string(name_of(question.method)),
                                 .url = std::move(url),
                                 .fields = fields_of(question),
                                 .body = question.body});
    if (!response) {
      return failure(response.error());
    }
    if (response->find("WWW-Authenticate") != nullptr) {
      return fail(Errc::unauthenticated,
                  access_.url + " does not accept the token: " + access_.token_hint);
    }
    const auto value_of = [&](std::string_view name) {
      const std::string* value = response->find(name);
      return value != nullptr ? *value : std::string();
    };
    return Answer{.status = static_cast<std::uint16_t>(response->status),
                  .body = std::move(response->body),
                  .etag = value_of("ETag"),
                  .ringbook_version = value_of("Ringbook-Version")};
  }

 private:
  std::unexpected<Error> failure(const HttpFailure& failed) const {
    using enum HttpFailure::Kind;
    const std::string& url = access_.url;
    const std::string& why = failed.why;
    switch (failed.kind) {
      case unproven:
        return fail(Errc::unavailable,
                    url + " does not prove who it is, so nothing was sent: " + why + "; " +
                        std::string(advice_about(failed.certificate)));
      case wrong_key:
        return fail(Errc::unavailable,
                    "what answers at " + url +
                        " is not the server that holds the data folder, so nothing was sent; if "
                        "its certificate was renewed this moment, try again");
      case bad_ca_file:
        return fail(Errc::usage, "--ca-file " + access_.ca_file.value_or("").string() +
                                     ": cannot be read as certificates in PEM form");
      case no_tls:
        return fail(Errc::unavailable, url + " does not speak TLS with us: " + why +
                                           "; if it serves without TLS, give http://");
      case no_answer:
        return fail(Errc::unavailable,
                    url + " did not answer: " + why +
                        (url.starts_with("http://") ? "; if it serves TLS, give https://" : ""));
      case too_large:
      case no_memory:
        return fail(Errc::unavailable,
                    url + " sent more than a command takes of one answer (" +
                        with_thousands(limits::client_answer_bytes) + " bytes below a head of " +
                        with_thousands(limits::head_bytes) +
                        "), as no Ringbook does: see whether --server names one, and what stands "
                        "between" +
                        (failed.kind == no_memory ? "; or no memory is left here" : ""));
      case cancelled:
      case other: break;
    }
    return fail(Errc::unavailable, url + " did not answer: " + why);
  }

  std::vector<std::string> fields_of(const Question& question) const {
    std::vector<std::string> fields{"Authorization: Bearer " + access_.token,
                                    "Accept: application/json",
                                    // A small body needs no leave to be sent.
                                    "Expect:"};
    if (question.body) {
      fields.emplace_back("Content-Type: application/json");
    }
    if (!question.if_match.empty()) {
      fields.push_back("If-Match: " + question.if_match);
    }
    if (!question.if_none_match.empty()) {
      fields.push_back("If-None-Match: " + question.if_none_match);
    }
    return fields;
  }

  const ServerAccess access_;
  HttpClient client_;
};

}  // namespace

std::unique_ptr<Transport> open_http_transport(ServerAccess access) {
  return std::make_unique<HttpTransport>(std::move(access));
}

}  // namespace ringbook
