#include "net/http_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "base/check.h"
#include "base/handle.h"
#include "base/text.h"

namespace ringbook {
namespace {

// How long the wait for a socket is at most; libcurl's own deadlines and `cancel` end it earlier.
constexpr int poll_ms = 1000;

using Transfer = Handle<CURL, curl_easy_cleanup>;
using Fields = Handle<curl_slist, curl_slist_free_all>;

template <class Value>
void set(const Transfer& curl, CURLoption option, Value value) {
  check(curl_easy_setopt(curl.get(), option, value) == CURLE_OK, "libcurl knows its options");
}

long milliseconds(std::chrono::milliseconds time) {
  return static_cast<long>(time.count());
}

// What has come so far.
struct Received {
  const HttpAccess& access;
  HttpResponse response = {};
  std::size_t head_bytes = 0;
  bool is_too_large = false;

  bool has_room_for(std::size_t head, std::size_t body) {
    head_bytes += head;
    body += response.body.size();
    is_too_large = head_bytes > access.head_bytes || body > access.body_bytes ||
                   head_bytes + body > access.bytes;
    return !is_too_large;
  }
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& received = *static_cast<Received*>(to);
  if (!received.has_room_for(0, count)) {
    return 0;
  }
  received.response.body.append(bytes, count);
  return count;
}

// A line of the head, also of one that announces another, or of a trailer.
std::size_t take_line(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& received = *static_cast<Received*>(to);
  if (!received.has_room_for(count, 0)) {
    return 0;
  }
  const std::string_view line(bytes, count);
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
    received.response.fields.emplace_back(line.substr(0, colon), value);
  }
  return count;
}

Fields list_of(const std::vector<std::string>& lines) {
  Fields fields;
  for (const std::string& line : lines) {
    curl_slist* longer = curl_slist_append(fields.get(), line.c_str());
    check(longer != nullptr, "libcurl has memory");
    static_cast<void>(fields.release());
    fields.reset(longer);
  }
  return fields;
}

void set_bounds(const Transfer& curl, const HttpAccess& access) {
  set(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  set(curl, CURLOPT_PROXY, "");
  // What stands in front of some servers turns away who does not say a name.
  set(curl, CURLOPT_USERAGENT, RINGBOOK_USER_AGENT);
  set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(access.connect_time));
  set(curl, CURLOPT_TIMEOUT_MS, milliseconds(access.time));
  set(curl, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer must not hold up the end of the process.
  set(curl, CURLOPT_QUICK_EXIT, 1L);
  // A session that was resumed would not show its certificate again.
  set(curl, CURLOPT_SSL_SESSIONID_CACHE, access.keeps_connection ? 1L : 0L);
  set(curl, CURLOPT_FORBID_REUSE, access.keeps_connection ? 0L : 1L);
}

void set_trust(const Transfer& curl, const HttpAccess& access) {
  const long checks_certificate = access.key_pin.empty() ? 1 : 0;
  set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(curl, CURLOPT_SSL_VERIFYPEER, checks_certificate);
  set(curl, CURLOPT_SSL_VERIFYHOST, 2 * checks_certificate);
  if (!access.key_pin.empty()) {
    set(curl, CURLOPT_PINNEDPUBLICKEY, access.key_pin.c_str());
  } else if (access.ca_file) {
    set(curl, CURLOPT_CAINFO, access.ca_file->c_str());
    set(curl, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
}

HttpFailure::Kind kind_of(CURLcode code) {
  using enum HttpFailure::Kind;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION: return unproven;
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH: return wrong_key;
    case CURLE_SSL_CACERT_BADFILE: return bad_ca_file;
    case CURLE_SSL_CONNECT_ERROR: return no_tls;
    case CURLE_GOT_NOTHING: return no_answer;
    case CURLE_OUT_OF_MEMORY: return no_memory;
    default: return other;
  }
}

void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  check(started == CURLE_OK, "libcurl starts");
}

}  // namespace

const std::string* HttpResponse::find(std::string_view name) const {
  const auto found = std::find_if(fields.rbegin(), fields.rend(), [&](const auto& field) {
    return equals_ignoring_ascii_case(field.first, name);
  });
  return found == fields.rend() ? nullptr : &found->second;
}

struct HttpClient::Impl {
  // How the transfer ended; nothing when it was cancelled.
  std::optional<CURLcode> perform();

  // Keeps the connection.
  const Handle<CURLM, curl_multi_cleanup> transfers{curl_multi_init()};
  const Transfer transfer{curl_easy_init()};
  std::atomic<bool> is_cancelled{false};
};

std::optional<CURLcode> HttpClient::Impl::perform() {
  check(curl_multi_add_handle(transfers.get(), transfer.get()) == CURLM_OK,
        "libcurl takes a transfer");
  int running = 1;
  while (curl_multi_perform(transfers.get(), &running) == CURLM_OK && running != 0 &&
         !is_cancelled) {
    curl_multi_poll(transfers.get(), nullptr, 0, poll_ms, nullptr);
  }
  int left = 0;
  const CURLMsg* const end = curl_multi_info_read(transfers.get(), &left);
  const auto code = end == nullptr ? std::nullopt : std::optional(end->data.result);
  curl_multi_remove_handle(transfers.get(), transfer.get());
  return code;
}

HttpClient::HttpClient(HttpAccess access) : access_(std::move(access)) {
  start_libcurl();
  impl_ = std::make_unique<Impl>();
  check(impl_->transfers != nullptr && impl_->transfer != nullptr, "libcurl has memory");
}

HttpClient::~HttpClient() = default;

void HttpClient::cancel() {
  impl_->is_cancelled = true;
  curl_multi_wakeup(impl_->transfers.get());
}

std::expected<HttpResponse, HttpFailure> HttpClient::ask(const HttpRequest& request) {
  const Transfer& curl = impl_->transfer;
  // Forgets the last request's options and keeps its connection.
  curl_easy_reset(curl.get());
  Received received{.access = access_};
  std::array<char, CURL_ERROR_SIZE> words{};
  const Fields fields = list_of(request.fields);
  set(curl, CURLOPT_ERRORBUFFER, words.data());
  set_bounds(curl, access_);
  set_trust(curl, access_);
  set(curl, CURLOPT_URL, request.url.c_str());
  set(curl, CURLOPT_HTTPHEADER, fields.get());
  set(curl, CURLOPT_HEADERFUNCTION, &take_line);
  set(curl, CURLOPT_HEADERDATA, static_cast<void*>(&received));
  set(curl, CURLOPT_WRITEFUNCTION, &take_body);
  set(curl, CURLOPT_WRITEDATA, static_cast<void*>(&received));
  if (request.body) {
    set(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body->size()));
    set(curl, CURLOPT_POSTFIELDS, request.body->c_str());
  }
  set(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  const std::optional<CURLcode> code = impl_->perform();
  set(curl, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  if (code != CURLE_OK) {
    HttpFailure failure;
    failure.kind = received.is_too_large ? HttpFailure::Kind::too_large
                   : code                ? kind_of(*code)
                                         : HttpFailure::Kind::cancelled;
    failure.why = !code              ? "the wait was ended"
                  : words[0] != '\0' ? words.data()
                                     : curl_easy_strerror(*code);
    curl_easy_getinfo(curl.get(), CURLINFO_SSL_VERIFYRESULT, &failure.certificate);
    return std::unexpected(std::move(failure));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  received.response.status = static_cast<int>(status);
  return std::move(received.response);
}

}  // namespace ringbook
