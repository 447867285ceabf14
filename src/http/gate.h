// The request gate: decides about a request head from its raw bytes, before anything else believes
// them. Pure; it knows no socket and no parser. What it passes is what the Api gets to see.
//
// Invariants: 1. The verdict depends on the bytes alone, never on how they were split. 2. Every
// byte is looked at a bounded number of times, however they drip in. 3. Of several faults the first
// one answers: request line, fields in order, Host, framing, Expect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "http/last_fields.h"
#include "http/passed_head.h"

namespace ringbook {

// Why a message is refused without asking the Api, as the status that says so.
enum class Fault : std::uint16_t {
  bad_request = 400,
  timeout = 408,
  content_too_large = 413,
  target_too_long = 414,
  expectation_failed = 417,
  head_too_large = 431,
  not_implemented = 501,
  version_not_supported = 505,
};
// A stable name, for metrics.
std::string_view name_of(Fault fault);

// Which rule of docs/http.md was broken, in one word of those that stand there; a literal.
using Rule = std::string_view;

struct Breach {
  Fault fault = Fault::bad_request;
  Rule rule;
  bool operator==(const Breach&) const = default;
};

struct RefusedHead {
  Breach why;
  std::string_view request_id;  // As in PassedHead, when the gate got so far.
};

class Gate {
 public:
  // Nothing while more bytes are needed.
  using Verdict = std::expected<std::optional<PassedHead>, RefusedHead>;

  // `bytes` is everything received of this message so far: what the last call got, and more. After
  // a verdict a new message needs a new gate. Needs at most limits::head_bytes + 2 octets to
  // decide. With `last`, fields that stand there are not read once more; the verdict is the same.
  Verdict read(std::string_view bytes, const LastFields* last = nullptr);

  // Whether a request line has begun in the bytes of the last call.
  bool has_begun() const { return has_begun_; }
  // Whether the method is HEAD, so that a refusal has no content either.
  bool is_head() const { return is_head_; }

 private:
  enum class Scan { more, complete, broken, too_large };
  Scan scan(std::string_view head);
  Verdict read_line_alone(std::string_view head, const LastFields& last) const;

  std::size_t skipped_ = 0;     // Octets of the empty line before the request line.
  std::size_t scanned_ = 0;     // Octets after them that hold no undecided line ending.
  std::size_t line_begin_ = 0;  // Where the first incomplete line begins.
  bool has_begun_ = false;
  bool is_head_ = false;
};

}  // namespace ringbook
