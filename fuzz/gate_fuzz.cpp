// Request heads before the gate: the verdict depends on the bytes alone, however they arrive, and
// what passes is what the gate says it is, counted here in a second way.
#include "http/gate.h"

#include <algorithm>
#include <string>
#include <tuple>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "fuzz/target.h"

namespace ringbook::fuzz {
namespace {

bool is_same(const PassedHead& a, const PassedHead& b) {
  const auto tied = [](const PassedHead& p) {
    const Head& h = p.head;
    return std::tie(p.framing, p.is_http_1_0, p.keep_alive, p.expects_continue, p.begin, p.end,
                    h.method, h.path, h.query, h.request_id, h.accept, h.authorization,
                    h.content_type, h.content_encoding, h.content_range, h.if_match,
                    h.if_none_match);
  };
  return tied(a) == tied(b);
}

bool is_same(const Gate::Verdict& a, const Gate::Verdict& b) {
  if (!a || !b) {
    return !a && !b && a.error().why == b.error().why &&
           a.error().request_id == b.error().request_id;
  }
  return a->has_value() == b->has_value() && (!*a || is_same(**a, **b));
}

// The first verdict when the bytes come one by one.
Gate::Verdict drip(std::string_view bytes) {
  Gate gate;
  for (std::size_t n = 1; n <= bytes.size(); ++n) {
    if (auto verdict = gate.read(bytes.substr(0, n)); !verdict || *verdict) {
      return verdict;
    }
  }
  return std::nullopt;
}

Gate::Verdict in_two(std::string_view bytes, std::size_t at) {
  Gate gate;
  auto first = gate.read(bytes.substr(0, at));
  return !first || *first ? first : gate.read(bytes);
}

// Fields that are remembered come to the same, behind the same request line and behind others.
void check_remembered(std::string_view bytes, const PassedHead& passed) {
  const std::string_view head = bytes.substr(passed.begin, passed.end - passed.begin);
  LastFields last;
  last.remember(head, passed);
  for (const std::string_view line :
       {head.substr(0, head.find('\r')), std::string_view("GET /v1/users?limit=1 HTTP/1.1"),
        std::string_view("OPTIONS * HTTP/1.0"), std::string_view("PUT http://a/ HTTP/1.1"),
        std::string_view("HEAD  HTTP/1.1"), std::string_view("GET /\n HTTP/1.1"),
        std::string_view("BREW / HTTP/1.1"), std::string_view("GET / HTTP/2.0")}) {
    const std::string again =
        std::string(line).append(bytes.substr(head.find('\r') + passed.begin));
    Gate::Verdict known = Gate().read(again, &last);
    if (known && *known) {
      (*known)->are_fields_known = false;
    }
    check(is_same(known, Gate().read(again)), "fields that are known come to the same");
  }
}

// How many lines of `head` begin with `name` and a colon.
std::size_t count_fields(std::string_view head, std::string_view name) {
  std::size_t count = 0;
  for (std::size_t end = head.find("\r\n"); end + 2 < head.size(); end = head.find("\r\n")) {
    head.remove_prefix(end + 2);
    const std::string_view line = head.substr(0, head.find("\r\n"));
    count += equals_ignoring_ascii_case(line.substr(0, line.find(':')), name) ? 1U : 0U;
  }
  return count;
}

void check_passed(std::string_view bytes, const PassedHead& passed) {
  check(passed.begin == 0 || (passed.begin == 2 && bytes.starts_with("\r\n")),
        "at most one empty line is skipped");
  const std::string_view head = bytes.substr(passed.begin, passed.end - passed.begin);
  check(head.size() <= limits::head_bytes, "a head keeps to its bound");
  check(head.find("\r\n\r\n") == head.size() - 4, "a head ends at its first empty line");
  check(std::ranges::count(head, '\n') == std::ranges::count(head, '\r'), "no bare CR or LF");
  check(std::ranges::count(head, '\n') <= static_cast<long>(limits::head_fields) + 2,
        "a head has few fields");
  check(passed.head.path.starts_with('/') || passed.head.path == "*", "a path is one");

  const std::size_t lengths = count_fields(head, "content-length");
  const std::size_t codings = count_fields(head, "transfer-encoding");
  const std::size_t hosts = count_fields(head, "host");
  check(lengths + codings <= 1, "one field frames a message");
  check((codings == 1) == (passed.framing.kind == Framing::Kind::chunked), "chunked is seen");
  check((lengths == 1) == (passed.framing.kind == Framing::Kind::length), "a length is seen");
  check(codings == 0 || !passed.is_http_1_0, "HTTP/1.0 has no chunks");
  check(hosts == 1 || (hosts == 0 && passed.is_http_1_0), "HTTP/1.1 names its host once");
  check(passed.framing.length <= limits::body_bytes, "a body keeps to its bound");
  for (const auto* single : {"authorization", "content-type", "content-encoding", "expect",
                             "if-match", "if-none-match"}) {
    check(count_fields(head, single) <= 1, "what is read occurs once");
  }
  check((count_fields(head, "authorization") == 1) == passed.head.authorization.has_value(),
        "an authorization is shown");
}

void run(std::string_view bytes) {
  const Gate::Verdict whole = Gate().read(bytes);
  check(is_same(drip(bytes), whole), "byte by byte comes to the same");
  for (const std::size_t at : {bytes.size() / 3, bytes.size() / 2, bytes.size()}) {
    check(is_same(in_two(bytes, at), whole), "in two comes to the same");
  }
  if (!whole) {
    return;
  }
  if (*whole) {
    check_passed(bytes, **whole);
    check_remembered(bytes, **whole);
  } else {
    check(bytes.size() < limits::head_bytes + 2, "a head is decided within its bound");
  }
}

const Target target("gate", run);

}  // namespace
}  // namespace ringbook::fuzz
