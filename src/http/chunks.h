// Reads the chunked transfer coding (RFC 9112 §7.1) and says what each stretch of bytes is. It
// bounds what the decoder behind it does not: size digits, extensions and trailers.
//
// Invariants: 1. What it says depends on the bytes alone, never on how they were split. 2. It holds
// no bytes: extensions and trailers are looked at, counted and forgotten.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/gate.h"

namespace ringbook {

class ChunkReader {
 public:
  struct Step {
    enum class Kind : std::uint8_t {
      more,     // Everything was taken and more is needed.
      chunk,    // A chunk of `size` octets (never 0) begins.
      data,     // The `taken` octets are data.
      end,      // The message is over.
      refused,  // `fault`: malformed, or over a bound.
    };
    Kind kind = Kind::more;
    std::size_t taken = 0;
    std::uint64_t size = 0;
    Fault fault = Fault::bad_request;
  };

  // What `bytes` begins with. The next call gets what was not taken.
  Step next(std::string_view bytes);

 private:
  enum class State : std::uint8_t {
    size,
    line_feed,  // The LF of a chunk's first line.
    // Extensions: *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )
    before_semicolon,
    name_begin,
    name,
    after_name,  // White space behind it.
    value_begin,
    value,
    quoted,
    escaped,
    after_value,  // Right behind a quoted string.
    data,
    data_return,
    data_feed,
    trailer_begin,  // The first octet of a trailer field or of the last line.
    trailer_name,
    trailer_value,
    trailer_feed,
    last_feed,
  };
  // What one octet of framing leads to.
  enum class Move : std::uint8_t { on, chunk, end, malformed, too_large };

  Move take(char c);
  Move take_size(char c);
  Move take_extension(char c);
  Move take_trailer(char c);
  Move go(State state) {
    state_ = state;
    return Move::on;
  }
  // Counts one octet of an extension or a trailer; false over the bound.
  bool count();

  State state_ = State::size;
  std::uint8_t digits_ = 0;
  std::uint64_t size_ = 0;       // Of the chunk being read: announced, then still to come.
  std::uint64_t announced_ = 0;  // By all chunks so far.
  std::size_t overhead_ = 0;     // Octets of extensions and trailers so far.
};

}  // namespace ringbook
