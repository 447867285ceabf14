#include "auth/jws.h"

#include <cstddef>

#include "auth/base64url.h"
#include "auth/json_members.h"
#include "base/limits.h"
#include "base/text.h"

namespace ringbook {
namespace {

using Value = JsonDocument::Value;

// RFC 7515 §4.1.9 lets the media type's prefix be left out; RFC 9068 §2.1 names the second type.
bool is_type_of_access_token(std::string_view typ) {
  constexpr std::string_view prefix = "application/";
  if (equals_ignoring_ascii_case(typ.substr(0, prefix.size()), prefix)) {
    typ.remove_prefix(prefix.size());
  }
  return equals_ignoring_ascii_case(typ, "JWT") || equals_ignoring_ascii_case(typ, "at+jwt");
}

}  // namespace

std::expected<Jws, RefusalReason> JwsReader::read(std::string_view token) {
  if (token.size() > limits::token_bytes) {
    return std::unexpected(RefusalReason::too_long);
  }
  const std::size_t first = token.find('.');
  const std::size_t second = first == token.npos ? token.npos : token.find('.', first + 1);
  if (second == token.npos) {
    return std::unexpected(RefusalReason::malformed);
  }
  // A third dot is no character of the alphabet, so a fourth segment is refused by decoding.
  // Nothing signs with an empty signature. An empty payload may be signed, but is no claims; where
  // it stands for a detached one, the signature is not its own.
  if (!decode_base64url(token.substr(0, first), header_) ||
      !decode_base64url(token.substr(first + 1, second - first - 1), payload_) ||
      !decode_base64url(token.substr(second + 1), signature_) || header_.empty() ||
      signature_.empty()) {
    return std::unexpected(RefusalReason::malformed);
  }
  Jws jws;
  jws.signing_input = token.substr(0, second);
  jws.payload = payload_;
  jws.signature = signature_;
  if (const auto refused = read_header(jws)) {
    return std::unexpected(*refused);
  }
  return jws;
}

std::optional<RefusalReason> JwsReader::read_header(Jws& jws) {
  const auto root = parse_strict_object(document_, header_);
  if (!root) {
    return RefusalReason::bad_header;
  }
  const Value& header = *root;
  // Both ask for an extension to be understood, whatever their values are, and none is.
  if (header.find("crit") || header.find("b64")) {
    return RefusalReason::critical_header;
  }
  if (const auto typ = header.find("typ")) {
    if (!typ->is(JsonType::string) || !is_type_of_access_token(typ->string())) {
      return RefusalReason::wrong_type;
    }
  }
  if (const auto kid = header.find("kid")) {
    if (!kid->is(JsonType::string)) {
      return RefusalReason::bad_header;
    }
    jws.kid = kid->string();
  }
  const auto alg = string_in(header, "alg");
  if (!alg) {
    return RefusalReason::bad_header;
  }
  const auto algorithm = parse_algorithm(*alg);
  if (!algorithm || !allowed_.contains(*algorithm)) {
    return RefusalReason::algorithm_not_allowed;
  }
  jws.algorithm = *algorithm;
  return std::nullopt;
}

}  // namespace ringbook
