#include "auth/web_client.h"

#include <utility>

namespace ringbook {

WebClient::WebClient(WebBounds bounds)
    : bytes_(bounds.bytes),
      client_({.connect_time = bounds.connect_time,
               .time = bounds.time,
               .bytes = bounds.bytes,
               .ca_file = std::move(bounds.ca_file),
               .keeps_connection = false}) {}

Result<std::string> WebClient::get(const Url& url) {
  auto response = client_.ask({.url = url.text});
  if (!response && response.error().kind == HttpFailure::Kind::too_large) {
    return fail(Errc::invalid,
                url.shown() + " sends more than " + std::to_string(bytes_) + " bytes");
  }
  if (!response) {
    return fail(Errc::unavailable, url.shown() + " did not answer: " + response.error().why);
  }
  if (response->status != 200) {
    return fail(Errc::invalid,
                url.shown() + " answers with status " + std::to_string(response->status) +
                    (response->status / 100 == 3 ? "; redirects are not followed" : ""));
  }
  return std::move(response->body);
}

}  // namespace ringbook
