// What an OpenID provider says about itself, and where it keeps its keys. Pure: text in, URL out.
// See: OpenID Connect Discovery 1.0 §4.
#pragma once

#include <string_view>

#include "auth/web_url.h"
#include "base/error.h"

namespace ringbook {

// Where the document of `issuer` lies. Needs an issuer as parse_issuer gives it.
Url discovery_document_of(const Url& issuer);

// The URL of the keys: https on any host, or on the issuer's own scheme, host and port, which are
// then this machine's. Errors: invalid (no strict JSON, more than limits::key_set_bytes, an
// `issuer` that is not exactly the configured one, or no such URL); the detail says which.
Result<Url> read_discovery(std::string_view text, const Url& issuer);

}  // namespace ringbook
