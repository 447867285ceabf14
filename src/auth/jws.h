// The strict layer over RFC 7515: what a token says of itself, before any key is asked.
//
// Only the compact form exists here, with the payload inside. Header members that would lead to
// keys
// (`jku`, `jwk`, `x5u`, `x5c`) are not even looked at.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "auth/algorithm.h"
#include "auth/refusal_reason.h"
#include "base/json.h"

namespace ringbook {

// A token whose form is right. Nothing of it is believed yet: the signature was not checked.
// Lifetime: views into the token and into the reader that made it, until its next `read`.
struct Jws {
  Algorithm algorithm{};
  std::optional<std::string_view> kid;
  std::string_view signing_input;  // The token up to its second dot.
  std::string_view payload;        // Decoded.
  std::string_view signature;      // Decoded.
};

// Reads tokens one after another, reusing its memory. Threads: one at a time.
class JwsReader {
 public:
  explicit JwsReader(AlgorithmSet allowed) : allowed_(allowed) {}

  // Cost: the length is checked before anything else, and bounds all other work.
  std::expected<Jws, RefusalReason> read(std::string_view token);

 private:
  std::optional<RefusalReason> read_header(Jws& jws);

  AlgorithmSet allowed_;
  std::string header_;
  std::string payload_;
  std::string signature_;
  JsonDocument document_;
};

}  // namespace ringbook
