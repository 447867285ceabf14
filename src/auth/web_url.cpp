#include "auth/web_url.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>

#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyz0123456789-._";  // Of a host in lower case.
// Visible, but in no URL (RFC 3986 §2), or the start of a fragment.
constexpr std::string_view foreign_characters = "\"#<>\\^`{|}";

bool is_clean(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c > ' ' && c <= '~' && foreign_characters.find(c) == foreign_characters.npos;
  });
}

struct Authority {
  std::string host;
  std::string_view port;  // With its colon; empty when there is none.
  bool is_address6 = false;
};

std::optional<Authority> split(std::string_view authority) {
  Authority parts;
  parts.is_address6 = authority.starts_with('[');
  const std::size_t end = parts.is_address6 ? authority.find(']') : authority.find(':');
  if (parts.is_address6 && end == authority.npos) {
    return std::nullopt;
  }
  parts.host =
      ascii_lower(authority.substr(parts.is_address6 ? 1 : 0, parts.is_address6 ? end - 1 : end));
  if (end != authority.npos) {
    parts.port = authority.substr(parts.is_address6 ? end + 1 : end);
  }
  return parts;
}

std::optional<std::uint16_t> parse_port(std::string_view port, bool is_https) {
  if (port.empty()) {
    return is_https ? 443 : 80;
  }
  std::uint16_t number = 0;
  const std::string_view written = port.substr(1);
  const auto [end, error] =
      std::from_chars(written.data(), written.data() + written.size(), number);
  const bool is_number = port.front() == ':' && !written.empty() &&
                         written.find_first_not_of(digits) == written.npos &&
                         error == std::errc() && number != 0;
  return is_number ? std::optional(number) : std::nullopt;
}

bool is_loopback(const Authority& authority) {
  in6_addr address6{};
  in_addr address4{};
  if (authority.is_address6) {
    return inet_pton(AF_INET6, authority.host.c_str(), &address6) == 1 &&
           IN6_IS_ADDR_LOOPBACK(&address6);
  }
  return authority.host == "localhost" ||
         (inet_pton(AF_INET, authority.host.c_str(), &address4) == 1 &&
          ntohl(address4.s_addr) >> 24U == IN_LOOPBACKNET);
}

bool is_host(const Authority& authority) {
  in6_addr address6{};
  return authority.is_address6
             ? inet_pton(AF_INET6, authority.host.c_str(), &address6) == 1
             : !authority.host.empty() &&
                   authority.host.find_first_not_of(name_characters) == std::string::npos;
}

}  // namespace

std::optional<WebUrl> parse_web_url(std::string_view text) {
  constexpr std::string_view https = "https://";
  constexpr std::string_view http = "http://";
  WebUrl url{.text = std::string(text), .host = {}, .is_https = text.starts_with(https)};
  if (text.size() > limits::key_url_chars || !is_clean(text) ||
      (!url.is_https && !text.starts_with(http))) {
    return std::nullopt;
  }
  text.remove_prefix(url.is_https ? https.size() : http.size());
  auto authority = split(text.substr(0, text.find_first_of("/?")));
  if (!authority || !is_host(*authority) || (!url.is_https && !is_loopback(*authority))) {
    return std::nullopt;
  }
  const auto port = parse_port(authority->port, url.is_https);
  if (!port) {
    return std::nullopt;
  }
  url.port = *port;
  url.host = std::move(authority->host);
  return url;
}

std::optional<WebUrl> parse_issuer(std::string_view text) {
  return text.find('?') == text.npos ? parse_web_url(text) : std::nullopt;
}

}  // namespace ringbook
