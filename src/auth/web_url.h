// URLs that keys may be fetched from: checked before use, so that what is written is what is asked.
#pragma once

#include <optional>
#include <string_view>

#include "net/url.h"

namespace ringbook {

// What parse_web_url takes, for messages.
inline constexpr std::string_view allowed_web_urls =
    "https://HOST[:PORT][/PATH] without user information and fragment; http:// only for this "
    "machine "
    "(localhost, 127.0.0.1, [::1])";

// And parse_issuer.
inline constexpr std::string_view allowed_issuers =
    "https://HOST[:PORT][/PATH] without user information, query and fragment; http:// only for "
    "this "
    "machine (localhost, 127.0.0.1, [::1])";

// The URL; nothing when it is not as above, longer than limits::key_url_chars, or holds characters
// that readers of URLs disagree about. Pure: no name is looked up.
std::optional<Url> parse_web_url(std::string_view text);
// The same without a query, as the identifier of an issuer must be. See: OpenID Connect Core 1.0
// §2.
std::optional<Url> parse_issuer(std::string_view text);

}  // namespace ringbook
