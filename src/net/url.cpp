#include "net/url.h"

#include <curl/curl.h>

#include <algorithm>

#include "base/check.h"
#include "base/handle.h"
#include "base/text.h"
#include "net/address.h"
#include "net/authority.h"

namespace ringbook {
namespace {

constexpr std::string_view scheme_end = "://";
constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;
// Visible, but in no URL (RFC 3986 §2), or the start of a fragment.
constexpr std::string_view foreign_characters = "\"#<>\\^`{|}";

bool is_clean(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c > ' ' && c <= '~' && foreign_characters.find(c) == foreign_characters.npos;
  });
}

using Reader = Handle<CURLU, curl_url_cleanup>;

std::string part(const Reader& reader, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(reader.get(), which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) {
    return "";
  }
  return Handle<char, curl_free>(text).get();
}

// Whether libcurl, which is to ask there, reads the same host and port; an address may be spelled
// in any way that it knows ("127.1"). Its parser cannot be the only one: it puts right what it can
// ("https:/a", "http://a:/"), and what it takes differs from version to version.
bool is_read_alike(const Url& url) {
  const Reader reader(curl_url());
  check(reader != nullptr, "libcurl has memory");
  if (curl_url_set(reader.get(), CURLUPART_URL, url.text.c_str(), CURLU_DISALLOW_USER) !=
      CURLUE_OK) {
    return false;
  }
  const std::string host = part(reader, CURLUPART_HOST);
  // Addresses it spells in its own way.
  const bool is_same_host = equals_ignoring_ascii_case(host, bracketed(url.host)) ||
                            host.starts_with('[') || Address::parse(host);
  return is_same_host && parse_port(part(reader, CURLUPART_PORT)) == url.port;
}

}  // namespace

std::optional<Url> Url::parse(std::string_view text) {
  Url url{.text = std::string(text), .host = {}, .is_https = text.starts_with("https://")};
  if (!is_clean(text) || (!url.is_https && !text.starts_with("http://"))) {
    return std::nullopt;
  }
  text.remove_prefix(text.find(scheme_end) + scheme_end.size());
  text.remove_suffix(url.target().size());
  const auto authority = Authority::split(text);
  if (!authority || (authority->is_bracketed &&
                     (!authority->host.contains(':') || !Address::parse(authority->host)))) {
    return std::nullopt;
  }
  const auto port = authority->port ? parse_port(*authority->port)
                                    : std::optional(url.is_https ? https_port : http_port);
  if (!port) {
    return std::nullopt;
  }
  url.host = ascii_lower(authority->host);
  url.port = *port;
  return is_read_alike(url) ? std::optional(std::move(url)) : std::nullopt;
}

std::string_view Url::target() const {
  const std::size_t authority = text.find(scheme_end) + scheme_end.size();
  return std::string_view(text).substr(std::min(text.find_first_of("/?", authority), text.size()));
}

std::string without_secrets(std::string_view text) {
  const std::size_t scheme = text.find(scheme_end);
  if (scheme == std::string_view::npos) {
    // A colon before a path ends a scheme; any other may end the name of a user.
    const bool is_path = text.substr(std::min(text.find(':'), text.size())).starts_with(":/");
    if (is_path || !has_password(text)) {
      return std::string(text);
    }
    return "…" + std::string(text.substr(std::min(text.rfind('@'), text.size())));
  }
  std::string out(text.substr(0, scheme + scheme_end.size()));
  text.remove_prefix(out.size());
  const std::size_t at = text.rfind('@');
  const std::size_t query = text.find_first_of("?#");
  if (at != std::string_view::npos && query < at) {
    return out + "…";
  }
  if (query != std::string_view::npos) {
    text = text.substr(0, query + 1);
  }
  out += text.substr(at == std::string_view::npos ? 0 : at + 1);
  return query == std::string_view::npos ? out : out + "…";
}

bool has_password(std::string_view text) {
  const std::size_t scheme = text.find(scheme_end);
  const std::size_t begin = scheme == std::string_view::npos ? 0 : scheme + scheme_end.size();
  const std::size_t at = text.rfind('@');
  const bool has_user =
      at != std::string_view::npos && text.substr(0, at).find(':', begin) != std::string_view::npos;
  // The options of a database's URL that are secrets.
  const std::string options = ascii_lower(text);
  return has_user || options.contains("keyfilepassword=") || options.contains("session_token:");
}

}  // namespace ringbook
