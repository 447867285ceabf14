#include "auth/discovery.h"

#include <optional>
#include <string>

#include "auth/json_members.h"
#include "base/limits.h"

namespace ringbook {
namespace {

std::unexpected<Error> document_refused(std::string why) {
  return fail(Errc::invalid, "the discovery document is refused: " + std::move(why));
}

bool have_one_origin(const Url& a, const Url& b) {
  return a.is_https == b.is_https && a.host == b.host && a.port == b.port;
}

}  // namespace

Url discovery_document_of(const Url& issuer) {
  Url document = issuer;
  if (document.text.ends_with('/')) {
    document.text.pop_back();
  }
  document.text += "/.well-known/openid-configuration";
  return document;
}

Result<Url> read_discovery(std::string_view text, const Url& issuer) {
  if (text.size() > limits::key_set_bytes) {
    return document_refused("it is larger than " + std::to_string(limits::key_set_bytes) +
                            " bytes");
  }
  JsonDocument document;
  const auto root = parse_strict_object(document, text);
  if (!root) {
    return document_refused(root.error());
  }
  // Whoever answers for another issuer must not choose the keys of this one.
  if (const auto own = string_in(*root, "issuer"); own != issuer.text) {
    return document_refused(own ? "its issuer is \"" +
                                      std::string(own->substr(0, limits::key_url_chars)) +
                                      "\", not exactly \"" + issuer.text + "\""
                                : "it names no issuer");
  }
  const auto place = string_in(*root, "jwks_uri");
  auto url = place ? parse_web_url(*place) : std::nullopt;
  if (!url || (!url->is_https && !have_one_origin(*url, issuer))) {
    return document_refused("its jwks_uri is no https URL");
  }
  return *std::move(url);
}

}  // namespace ringbook
