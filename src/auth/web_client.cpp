#include "auth/web_client.h"

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/handle.h"

namespace ringbook {
namespace {

using Transfer = Handle<CURL, curl_easy_cleanup>;

// How long the wait for a socket is at most; libcurl's own deadlines and `cancel` end it earlier.
constexpr int poll_ms = 1000;

template <class Value>
void set(const Transfer& curl, CURLoption option, Value value) {
  check(curl_easy_setopt(curl.get(), option, value) == CURLE_OK, "libcurl knows its options");
}

long milliseconds(std::chrono::milliseconds time) {
  return static_cast<long>(time.count());
}

struct Received {
  std::size_t room = 0;  // Octets that may still come.
  bool is_too_large = false;
  std::string body{};
};

bool take(Received& received, std::size_t count) {
  received.is_too_large = count > received.room;
  received.room -= received.is_too_large ? 0 : count;
  return !received.is_too_large;
}

std::size_t take_head(char* /*bytes*/, std::size_t, std::size_t count, void* to) {
  return take(*static_cast<Received*>(to), count) ? count : 0;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) {
  auto& received = *static_cast<Received*>(to);
  if (!take(received, count)) {
    return 0;
  }
  received.body.append(bytes, count);
  return count;
}

void prepare(const Transfer& curl, const WebUrl& url, const WebBounds& bounds, Received& received) {
  set(curl, CURLOPT_URL, url.text.c_str());
  set(curl, CURLOPT_PROTOCOLS_STR, url.is_https ? "https" : "http");
  set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  set(curl, CURLOPT_PROXY, "");
  set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  set(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  set(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(curl, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(bounds.connect_time));
  set(curl, CURLOPT_TIMEOUT_MS, milliseconds(bounds.time));
  set(curl, CURLOPT_NOSIGNAL, 1L);
  // A name server that does not answer must not hold up the end of the process.
  set(curl, CURLOPT_QUICK_EXIT, 1L);
  set(curl, CURLOPT_FORBID_REUSE, 1L);
  set(curl, CURLOPT_HEADERFUNCTION, &take_head);
  set(curl, CURLOPT_HEADERDATA, static_cast<void*>(&received));
  set(curl, CURLOPT_WRITEFUNCTION, &take_body);
  set(curl, CURLOPT_WRITEDATA, static_cast<void*>(&received));
  if (bounds.ca_file) {
    set(curl, CURLOPT_CAINFO, bounds.ca_file->c_str());
    set(curl, CURLOPT_CAPATH, nullptr);
  }
}

void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  check(started == CURLE_OK, "libcurl starts");
}

}  // namespace

struct WebClient::Impl {
  // How the transfer ended; nothing when it was cancelled.
  std::optional<CURLcode> perform(const Transfer& transfer);

  const Handle<CURLM, curl_multi_cleanup> transfers{curl_multi_init()};
  std::atomic<bool> is_cancelled{false};
};

std::optional<CURLcode> WebClient::Impl::perform(const Transfer& transfer) {
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

WebClient::WebClient(WebBounds bounds) : bounds_(std::move(bounds)) {
  start_libcurl();
  impl_ = std::make_unique<Impl>();
  check(impl_->transfers != nullptr, "libcurl has memory");
}

WebClient::~WebClient() = default;

void WebClient::cancel() {
  impl_->is_cancelled = true;
  curl_multi_wakeup(impl_->transfers.get());
}

Result<std::string> WebClient::get(const WebUrl& url) {
  const Transfer curl(curl_easy_init());
  check(curl != nullptr, "libcurl has memory");
  Received received{.room = bounds_.bytes};
  std::array<char, CURL_ERROR_SIZE> error{};
  set(curl, CURLOPT_ERRORBUFFER, error.data());
  prepare(curl, url, bounds_, received);
  const std::optional<CURLcode> code = impl_->perform(curl);
  if (received.is_too_large) {
    return fail(Errc::invalid,
                url.shown() + " sends more than " + std::to_string(bounds_.bytes) + " bytes");
  }
  if (code != CURLE_OK) {
    const std::string_view why = !code              ? "the wait was ended"
                                 : error[0] != '\0' ? std::string_view(error.data())
                                                    : curl_easy_strerror(*code);
    return fail(Errc::unavailable, url.shown() + " did not answer: " + std::string(why));
  }
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return fail(Errc::invalid, url.shown() + " answers with status " + std::to_string(status) +
                                   (status / 100 == 3 ? "; redirects are not followed" : ""));
  }
  return std::move(received.body);
}

}  // namespace ringbook
