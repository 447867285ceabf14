// URLs of HTTP, read strictly, so that what was checked is what is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ringbook {

// Made by `parse` alone.
struct Url {
  std::string text;  // As written.
  std::string host;  // In lower case, an IPv6 address without brackets.
  std::uint16_t port = 0;
  bool is_https = false;

  // "http://HOST[:PORT][/PATH][?QUERY]", or with https, the scheme in lower case. Nothing for user
  // information, for a fragment, and for characters that readers of URLs disagree about. Pure: no
  // name is looked up.
  static std::optional<Url> parse(std::string_view text);

  // Path and query; "" when the authority is all.
  std::string_view target() const;
  // For logs: without the query, which may hold a key of the provider's.
  std::string shown() const { return text.substr(0, text.find('?')); }
};

// `text`, which may be a URL of any scheme, without what may be a secret in it: user information
// ("mongodb://user:password@host" gives "mongodb://host"), the query and the fragment
// ("https://host/path?key" gives "https://host/path?…"). Without a scheme "user:password@host"
// gives "…@host". Where it is not clear which is which, all but the scheme is left out.
std::string without_secrets(std::string_view text);
// Whether `text`, as above, holds a password; in doubt it does.
bool has_password(std::string_view text);

}  // namespace ringbook
