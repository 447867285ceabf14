// The Api over HTTP, by libcurl: one connection, no redirects, no proxies, every wait bounded.
#include <curl/curl.h>

#include <array>
#include <chrono>

#include "base/check.h"
#include "base/handle.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/console.h"
#include "cli/transport.h"

namespace ringbook {
namespace {

template <class Value>
void set(CURL* curl, CURLoption option, Value value) {
  check(curl_easy_setopt(curl, option, value) == CURLE_OK, "libcurl knows its options");
}

long milliseconds(std::chrono::milliseconds time) {
  return static_cast<long>(time.count());
}

struct Received {
  Answer answer;
  std::size_t head_bytes = 0;  // Bounded as that of a request.
  bool has_challenge = false;  // WWW-Authenticate: the token was not accepted.
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* received) {
  auto& body = static_cast<Received*>(received)->answer.body;
  if (body.size() + count > limits::client_answer_bytes) {
    return 0;
  }
  body.append(bytes, count);
  return count;
}

std::size_t take_field(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& received = *static_cast<Received*>(to);
  received.head_bytes += count;
  if (received.head_bytes > limits::head_bytes) {
    return 0;
  }
  const std::string_view line(bytes, count);
  const std::size_t colon = std::min(line.find(':'), line.size());
  const std::string_view name = line.substr(0, colon);
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
  if (equals_ignoring_ascii_case(name, "ETag")) {
    received.answer.etag = value;
  } else if (equals_ignoring_ascii_case(name, "Ringbook-Version")) {
    received.answer.ringbook_version = value;
  } else if (equals_ignoring_ascii_case(name, "WWW-Authenticate")) {
    received.has_challenge = true;
  }
  return count;
}

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
      : access_(std::move(access)), curl_(curl_easy_init()) {
    check(curl_ != nullptr, "libcurl starts");
  }

  Result<Answer> ask(const Question& question) override {
    CURL* curl = curl_.get();
    // Forgets the last question's options and keeps its connection.
    curl_easy_reset(curl);
    Received received;
    std::string url = access_.url + question.path;
    if (!question.query.empty()) {
      url += "?" + question.query;
    }
    const std::string method(name_of(question.method));
    const auto fields = fields_of(question);
    set(curl, CURLOPT_URL, url.c_str());
    set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    set(curl, CURLOPT_PROXY, "");
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(curl, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(limits::client_connect_time));
    set(curl, CURLOPT_TIMEOUT_MS, milliseconds(limits::client_exchange_time));
    set(curl, CURLOPT_HTTPHEADER, fields.get());
    set(curl, CURLOPT_WRITEFUNCTION, &take_body);
    set(curl, CURLOPT_WRITEDATA, static_cast<void*>(&received));
    set(curl, CURLOPT_HEADERFUNCTION, &take_field);
    set(curl, CURLOPT_HEADERDATA, static_cast<void*>(&received));
    if (question.body) {
      set(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(question.body->size()));
      set(curl, CURLOPT_POSTFIELDS, question.body->c_str());
    }
    set(curl, CURLOPT_CUSTOMREQUEST, method.c_str());
    set_trust();
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
      return failure(code);
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (received.has_challenge) {
      return fail(Errc::unauthenticated,
                  access_.url + " does not accept the token: " + access_.token_hint);
    }
    received.answer.status = static_cast<std::uint16_t>(status);
    return std::move(received.answer);
  }

 private:
  void set_trust() {
    CURL* curl = curl_.get();
    set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(curl, CURLOPT_ERRORBUFFER, problem_.data());
    if (!access_.key_pin.empty()) {
      // Whoever has the key is the server, whatever names and authorities say.
      set(curl, CURLOPT_PINNEDPUBLICKEY, access_.key_pin.c_str());
      set(curl, CURLOPT_SSL_VERIFYPEER, 0L);
      set(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    } else if (access_.ca_file) {
      set(curl, CURLOPT_CAINFO, access_.ca_file->c_str());
      set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
    }
  }

  std::unexpected<Error> failure(CURLcode code) const {
    const std::string& url = access_.url;
    const std::string why = problem_.front() == '\0' ? curl_easy_strerror(code) : problem_.data();
    long verdict = 0;
    switch (code) {
      case CURLE_PEER_FAILED_VERIFICATION:
        curl_easy_getinfo(curl_.get(), CURLINFO_SSL_VERIFYRESULT, &verdict);
        return fail(Errc::unavailable, url + " does not prove who it is, so nothing was sent: " +
                                           why + "; " + std::string(advice_about(verdict)));
      case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return fail(Errc::unavailable,
                    "what answers at " + url +
                        " is not the server that holds the data folder, so nothing was sent; if "
                        "its certificate was renewed this moment, try again");
      case CURLE_SSL_CACERT_BADFILE:
        return fail(Errc::usage, "--ca-file " + access_.ca_file.value_or("").string() +
                                     ": cannot be read as certificates in PEM form");
      case CURLE_SSL_CONNECT_ERROR:
        return fail(Errc::unavailable, url + " does not speak TLS with us: " + why +
                                           "; if it serves without TLS, give http://");
      case CURLE_GOT_NOTHING:
        return fail(Errc::unavailable,
                    url + " did not answer: " + why +
                        (url.starts_with("http://") ? "; if it serves TLS, give https://" : ""));
      case CURLE_WRITE_ERROR:    // What take_body and take_field refuse.
      case CURLE_OUT_OF_MEMORY:  // So libcurl calls a line of a head that is longer than it takes.
        return fail(Errc::unavailable,
                    url + " sent more than a command takes of one answer (" +
                        with_thousands(limits::client_answer_bytes) + " bytes below a head of " +
                        with_thousands(limits::head_bytes) +
                        "), as no Ringbook does: see whether --server names one, and what stands "
                        "between" +
                        (code == CURLE_OUT_OF_MEMORY ? "; or no memory is left here" : ""));
      default: return fail(Errc::unavailable, url + " did not answer: " + why);
    }
  }

  using Fields = Handle<curl_slist, curl_slist_free_all>;

  Fields fields_of(const Question& question) const {
    Fields fields;
    const auto add = [&](const std::string& line) {
      curl_slist* longer = curl_slist_append(fields.get(), line.c_str());
      check(longer != nullptr, "libcurl has memory");
      (void)fields.release();
      fields.reset(longer);
    };
    add("Authorization: Bearer " + access_.token);
    add("Accept: application/json");
    // A small body needs no leave to be sent.
    add("Expect:");
    if (question.body) {
      add("Content-Type: application/json");
    }
    if (!question.if_match.empty()) {
      add("If-Match: " + question.if_match);
    }
    if (!question.if_none_match.empty()) {
      add("If-None-Match: " + question.if_none_match);
    }
    return fields;
  }

  ServerAccess access_;
  Handle<CURL, curl_easy_cleanup> curl_;
  std::array<char, CURL_ERROR_SIZE> problem_{};  // libcurl's words for it.
};

}  // namespace

std::unique_ptr<Transport> open_http_transport(ServerAccess access) {
  return std::make_unique<HttpTransport>(std::move(access));
}

}  // namespace ringbook
