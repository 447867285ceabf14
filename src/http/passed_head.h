// A request head that has passed the gate.
#pragma once

#include <cstddef>
#include <cstdint>

#include "api/message.h"

namespace ringbook {

// Where a message ends, RFC 9112 §6.
struct Framing {
  enum class Kind : std::uint8_t { none, length, chunked };
  Kind kind = Kind::none;
  std::uint64_t length = 0;  // Of kind length.
  bool has_body() const { return kind == Kind::chunked || length != 0; }
  bool operator==(const Framing&) const = default;
};

// Lifetime: `head` views the bytes given to the gate, or its fields those of LastFields.
struct PassedHead {
  Head head;  // Without `client`; `request_id` is "" when none acceptable was sent.
  Framing framing;
  bool is_http_1_0 = false;
  bool keep_alive = false;  // As the client wishes, RFC 9112 §9.3.
  bool expects_continue = false;
  bool are_fields_known = false;  // Its fields are those of the head before; see LastFields.
  std::size_t begin = 0;  // Where the request line begins: after an empty line, if one is skipped.
  std::size_t end = 0;    // One past the empty line.
};

}  // namespace ringbook
