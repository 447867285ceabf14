// Decodes message bodies, and is the second opinion about where a message ends: a parser that reads
// the same bytes as the gate. It is the only part that knows which parser that is.
//
// Invariants: 1. Every message that is parsed gets a fresh parser; no state of one reaches the
// next. 2. Extensions and trailers are read here and never reach the parser, so no trailer can pass
// for a header field.
// 3. When the two readings differ, `agrees` says so for the rest of the message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "http/gate.h"

namespace ringbook {

class MessageParser {
 public:
  enum class Kind : std::uint8_t { more, complete, refused };
  struct Progress {
    Kind kind = Kind::more;
    std::size_t taken = 0;             // Octets of this message; the rest is the next one's.
    Fault fault = Fault::bad_request;  // Of kind refused.
  };

  MessageParser();
  ~MessageParser();

  // Begins a message. `octets` is its whole head, from the request line to the empty line.
  void head(std::string_view octets, const Framing& framing);
  // Begins a message whose head frames it as one did that both read alike. It is not chunked.
  void head_again(const Framing& framing);

  // Reads on in the body of a message that has one and is not complete; appends its decoded octets
  // to `into`, or drops them when that is null.
  Progress body(std::string_view bytes, std::string* into);

  // Whether the parser reads the message as the gate does, so far. When not: believe neither.
  bool agrees() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ringbook
