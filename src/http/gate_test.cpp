#include "http/gate.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/limits.h"
#include "http/gate_test_support.h"

namespace ringbook::test {
namespace {

PassedHead pass(std::string_view bytes) {
  const Gate::Verdict verdict = Gate().read(bytes);
  EXPECT_EQ(verdict_of(verdict), 200) << bytes;
  return verdict && *verdict ? **verdict : PassedHead{};
}

std::string with_line(std::string_view line) {
  return fmt::format("{}\r\nHost: a\r\n\r\n", line);
}
std::string with_host(std::string_view host, std::string_view version = "HTTP/1.1") {
  return fmt::format("GET / {}\r\nHost: {}\r\n\r\n", version, host);
}

TEST(Refusal, NamesTheRuleThatWasBroken) {  // [LOG-4]
  const auto rule_of = [](const std::string& bytes) {
    const Gate::Verdict verdict = Gate().read(bytes);
    return verdict ? std::string("none") : std::string(verdict.error().why.rule);
  };
  const std::pair<std::string, std::string> cases[] = {
      {with_line("GET /"), "request_line"},
      {with_line("GET /a b HTTP/1.1"), "request_line"},
      {with_line("G@T / HTTP/1.1"), "method"},
      {with_line("BREW / HTTP/1.1"), "method"},
      {with_line("GET /%zz HTTP/1.1"), "target"},
      {with_line("GET /" + std::string(limits::target_bytes, 'x') + " HTTP/1.1"), "target_size"},
      {with_line("GET / HTTP/2.0"), "version"},
      {"GET / HTTP/1.1\nHost: a\r\n\r\n", "line_end"},
      {with_field("X : y"), "field"},
      {with_field("X: y\r\n folded"), "field"},
      {with_field("Host: b"), "field_repeated"},
      {with_field("Connection: @"), "connection"},
      {with_host("a b"), "host"},
      {"GET / HTTP/1.1\r\n\r\n", "host"},
      {with_field("Content-Length: 1, 1"), "framing"},
      {with_field("Content-Length: 1\r\nTransfer-Encoding: chunked"), "framing"},
      {with_field("Transfer-Encoding: gzip"), "framing"},
      {with_field("Content-Length: 65537"), "body_size"},
      {with_field("Expect: more"), "expect"},
      {with_field("X: " + std::string(limits::head_bytes, 'x')), "head_size"},
      {std::string(limits::head_bytes, 'G'), "head_size"}};
  for (const auto& [bytes, rule] : cases) {
    EXPECT_EQ(rule_of(bytes), rule) << bytes.substr(0, 80);
  }
  std::string many;
  for (std::size_t i = 0; i < limits::head_fields; ++i) {
    many += "X: y\r\n";
  }
  EXPECT_EQ(rule_of(with_field(many + "X: y")), "field_count");
}

TEST(RequestLine, TakesKnownMethodsAndRefusesOthersOnAnyTarget) {  // [HTTP-1]
  std::vector<Case> cases;
  for (const auto* method : {"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"}) {
    cases.push_back({with_line(fmt::format("{} /x HTTP/1.1", method)), 200});
  }
  for (const auto* method : {"TRACE", "CONNECT", "get", "GETS", "PRI", "M-SEARCH", "!"}) {
    for (const auto* target : {"/", "*", "host:443", "http://a/", "%%%"}) {
      cases.push_back({with_line(fmt::format("{} {} HTTP/1.1", method, target)), 501});
    }
  }
  expect_all(cases);
}

TEST(RequestLine, TakesTwoVersions) {  // [HTTP-1]
  expect_all({{with_line("GET / HTTP/1.1"), 200},
              {with_line("GET / HTTP/1.0"), 200},
              {with_line("GET / HTTP/1.2"), 505},
              {with_line("GET / HTTP/2.0"), 505},
              {with_line("GET / HTTP/0.9"), 505},
              {with_line("GET / HTTP/9.9"), 505},
              {with_line("GET / HTTP/2"), 400},
              {with_line("GET / HTTP/1.10"), 400},
              {with_line("GET / HTTP/1.a"), 400},
              {with_line("GET / http/1.1"), 400},
              {with_line("GET / HTTPS/1.1"), 400},
              {with_line("GET / ICE/1.0"), 400},
              {with_line("GET /"), 400},
              {with_line("GET"), 400}});
}

TEST(RequestLine, HasSingleSpacesOnly) {  // [HTTP-1]
  expect_all({{with_line("GET  / HTTP/1.1"), 400},
              {with_line("GET /  HTTP/1.1"), 400},
              {with_line("GET / HTTP/1.1 "), 400},
              {with_line(" GET / HTTP/1.1"), 400},
              {with_line("GET\t/ HTTP/1.1"), 400},
              {with_line("GET /a b HTTP/1.1"), 400},
              {with_line("G@T / HTTP/1.1"), 400},
              {with_line(" / HTTP/1.1"), 400}});
}

TEST(RequestLine, TakesOriginAndAbsoluteForm) {  // [HTTP-1]
  expect_all({{with_line("GET /a/b?c=d HTTP/1.1"), 200},
              {with_line("GET //a HTTP/1.1"), 200},
              {with_line("GET /%41%c3%a9 HTTP/1.1"), 200},
              {with_line("GET http://a/b HTTP/1.1"), 200},
              {with_line("GET HTTPS://a:1 HTTP/1.1"), 200},
              {with_line("GET http://[::1]:80/ HTTP/1.1"), 200},
              {with_line("GET http://a?q HTTP/1.1"), 200},
              {with_line("GET a HTTP/1.1"), 400},
              {with_line("GET a:80 HTTP/1.1"), 400},
              {with_line("GET ftp://a/ HTTP/1.1"), 400},
              {with_line("GET http:/a HTTP/1.1"), 400},
              {with_line("GET http:///a HTTP/1.1"), 400},
              {with_line("GET http://u@a/ HTTP/1.1"), 400},
              {with_line("GET http://u:p@a/ HTTP/1.1"), 400},
              {with_line("GET http://a:b/ HTTP/1.1"), 400},
              {with_line("GET /a#b HTTP/1.1"), 400},
              {with_line("GET /% HTTP/1.1"), 400},
              {with_line("GET /%4 HTTP/1.1"), 400},
              {with_line("GET /%4g HTTP/1.1"), 400},
              {with_line("GET /?%zz HTTP/1.1"), 400},
              {with_line("GET /\xC3\xA9 HTTP/1.1"), 400},
              {with_line("GET /\x01 HTTP/1.1"), 400},
              {with_line("GET /\x7F HTTP/1.1"), 400}});
}

TEST(RequestLine, TakesTheAsteriskForOptionsOnly) {  // [HTTP-1]
  expect_all({{with_line("OPTIONS * HTTP/1.1"), 200},
              {with_line("GET * HTTP/1.1"), 400},
              {with_line("OPTIONS ** HTTP/1.1"), 400}});
  EXPECT_EQ(pass(with_line("OPTIONS * HTTP/1.1")).head.path, "*");
  EXPECT_EQ(pass(with_line("OPTIONS http://a HTTP/1.1")).head.path, "*");
}

TEST(RequestLine, IsSplitIntoPathAndQuery) {  // [HTTP-1] [PUT-17]
  const auto expect = [](std::string_view target, std::string_view path, std::string_view query) {
    const std::string bytes = with_line(fmt::format("GET {} HTTP/1.1", target));
    const PassedHead passed = pass(bytes);
    EXPECT_EQ(passed.head.path, path) << target;
    EXPECT_EQ(passed.head.query, query) << target;
  };
  expect("/a", "/a", "");
  expect("/a?", "/a", "");
  expect("/a?b?c", "/a", "b?c");
  expect("http://h:1/a?b", "/a", "b");
  expect("http://h", "/", "");
  expect("http://h?b", "/", "b");
  expect("/%7Ea", "/%7Ea", "");
}

TEST(Lines, EndInBothCharacters) {  // [HTTP-2]
  expect_all({{"GET / HTTP/1.1\nHost: a\n\n", 400},
              {"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
              {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400},
              {"GET / HTTP/1.1\r\nHost: a\r\n\rX", 400},
              {"GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
              {"\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
              {"\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400}});
}

TEST(Lines, AreRefusedAtTheBareCharacter) {  // [HTTP-2]
  EXPECT_EQ(drip("GET / HTTP/1.1\nHost: a").octets, 15U);
  EXPECT_EQ(drip("GET / HTTP/1.1\r\nX: \nHost: a").octets, 20U);
  // A CR is bare only when something else than LF follows.
  EXPECT_EQ(drip("GET / HTTP/1.1\r\nX: \rHost: a").octets, 21U);
}

TEST(Lines, OneEmptyOneIsSkippedBeforeARequest) {  // [HTTP-2]
  expect_all({{"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 200},
              {"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
              {"\r\n", 0},
              {"\r", 0},
              {"", 0}});
  const PassedHead passed = pass("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nrest");
  EXPECT_EQ(passed.begin, 2U);
  EXPECT_EQ(passed.end, 29U);
}

TEST(Lines, AreNoRequestWhileEmpty) {  // [HTTP-10]
  Gate gate;
  EXPECT_EQ(verdict_of(gate.read("\r")), 0);
  EXPECT_FALSE(gate.has_begun());
  EXPECT_EQ(verdict_of(gate.read("\r\n")), 0);
  EXPECT_FALSE(gate.has_begun());
  EXPECT_EQ(verdict_of(gate.read("\r\nG")), 0);
  EXPECT_TRUE(gate.has_begun());
}

TEST(Fields, HaveTokensAsNamesAndNoControlBytes) {  // [HTTP-2]
  expect_all({{with_field("X: y"), 200},
              {with_field("X:"), 200},
              {with_field("X:\t y \t"), 200},
              {with_field("X: \xC3\xA9"), 200},
              {with_field("!#$%&'*+-.^_`|~0aZ: y"), 200},
              {with_field("X"), 400},
              {with_field(": y"), 400},
              {with_field("X : y"), 400},
              {with_field("X\t: y"), 400},
              {with_field("X@: y"), 400},
              {with_field("\xC3\xA9: y"), 400},
              {with_field(" folded"), 400},
              {with_field("X: y\r\n folded"), 400},
              {with_field("X: y\r\n\tfolded"), 400},
              {with_field(std::string("X: a\0b", 6)), 400},
              {with_field("X: a\x01"), 400},
              {with_field("X: a\x7F"), 400},
              {with_field("X: a\x0C"), 400}});
}

TEST(Fields, ThatMustBeUniqueAre) {  // [HTTP-6]
  const std::vector<std::pair<std::string, std::string>> unique{
      {"Authorization", "Bearer x"},   {"Content-Type", "a/b"},
      {"Content-Length", "0"},         {"Host", "a"},
      {"Expect", "100-continue"},      {"If-Match", "*"},
      {"If-None-Match", "*"},          {"Content-Encoding", "gzip"},
      {"Transfer-Encoding", "chunked"}};
  for (const auto& [name, value] : unique) {
    const std::string line = fmt::format("{}: {}\r\n", name, value);
    const std::string host = name == "Host" ? "" : "Host: a\r\n";
    const auto bytes = [&](std::string_view fields) {
      return fmt::format("PUT / HTTP/1.1\r\n{}{}\r\n", host, fields);
    };
    std::string other_case = line;
    other_case[0] = static_cast<char>(other_case[0] | 0x20);
    expect_all({{bytes(line), 200}, {bytes(line + line), 400}, {bytes(line + other_case), 400}});
  }
  expect_all({{with_field("Accept: a\r\nAccept: b"), 200},
              {with_field("Content-Range: a\r\nContent-Range: b"), 200}});
}

TEST(Fields, GiveConnectionAListOfTokens) {  // [HTTP-6]
  expect_all({{with_field("Connection: a, b"), 200},
              {with_field("Connection: close,"), 200},
              {with_field("Connection: , ,close"), 200},
              {with_field("Connection:"), 200},
              {with_field("Connection: a b"), 400},
              {with_field("Connection: \"close\""), 400},
              {with_field("Connection: close;x"), 400},
              {with_field("Connection: a\r\nConnection: @"), 400}});
}

TEST(Fields, ReachTheHead) {  // [HTTP-6]
  const std::string bytes = with_field(
      "authorization: Bearer x\r\nCONTENT-TYPE:\ta/b \r\nContent-Encoding: gzip\r\n"
      "Content-Range: bytes 0-1/2\r\nIf-Match: \"1\"\r\nIf-None-Match: *\r\n"
      "Accept: text/csv\r\nAccept: text/html");
  const Head head = pass(bytes).head;
  EXPECT_EQ(head.authorization, "Bearer x");
  EXPECT_EQ(head.content_type, "a/b");
  EXPECT_EQ(head.content_encoding, "gzip");
  EXPECT_EQ(head.content_range, "bytes 0-1/2");
  EXPECT_EQ(head.if_match, "\"1\"");
  EXPECT_EQ(head.if_none_match, "*");
  EXPECT_EQ(head.accept, "text/csv") << "the first of several";
  EXPECT_FALSE(pass(with_field("X: y")).head.authorization.has_value());
}

TEST(RequestIds, AreTakenWhenAcceptable) {  // [HTTP-14]
  const auto id = [](const std::string& fields) {
    const std::string bytes = with_field(fields);
    return std::string(pass(bytes).head.request_id);
  };
  EXPECT_EQ(id("X-Request-Id: aZ09._-"), "aZ09._-");
  EXPECT_EQ(id("X-Request-Id: " + std::string(64, 'a')), std::string(64, 'a'));
  EXPECT_EQ(id("X-Request-Id: " + std::string(65, 'a')), "");
  EXPECT_EQ(id("X-Request-Id:"), "");
  EXPECT_EQ(id("X-Request-Id: a b"), "");
  EXPECT_EQ(id("X-Request-Id: a/b"), "");
  EXPECT_EQ(id("X-Request-Id: a\r\nX-Request-Id: b"), "");
  EXPECT_EQ(id("X: y"), "");
}

TEST(RequestIds, AreKnownToRefusals) {  // [HTTP-14]
  const std::string bytes = with_field("X-Request-Id: abc\r\nExpect: x");
  const Gate::Verdict verdict = Gate().read(bytes);
  ASSERT_EQ(verdict_of(verdict), 417);
  EXPECT_EQ(verdict.error().request_id, "abc");
}

TEST(Host, IsThereExactlyOnceAndValid) {  // [HTTP-3]
  std::vector<Case> cases{{"GET / HTTP/1.1\r\n\r\n", 400},
                          {"GET / HTTP/1.0\r\n\r\n", 200},
                          {"GET http://a/ HTTP/1.1\r\n\r\n", 400},
                          {"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400}};
  for (const auto* valid : {"a", "a.b:80", "a:", "127.0.0.1", "[::1]", "[::1]:2000", "[v1.a:b]",
                            "a%20b", "0.0.0.0=5000", "a_b", "a:65535"}) {
    cases.push_back({with_host(valid), 200});
    cases.push_back({with_host(valid, "HTTP/1.0"), 200});
  }
  for (const auto* invalid :
       {"",     "a b",   "u@a",       "a/b",      "a:b",     "a:1:2",    ":80",    "[::1",
        "::1",  "[::g]", "[1.2.3.4]", "[::1]a",   "[]",      "[v1.]",    "[vx.a]", "a%2",
        "a%zz", "a?",    "a#",        "\xC3\xA9", "a:65536", "a:123456", "a\\b"}) {
    cases.push_back({with_host(invalid), 400});
    cases.push_back({with_host(invalid, "HTTP/1.0"), 400});
    cases.push_back({fmt::format("GET http://a/ HTTP/1.1\r\nHost: {}\r\n\r\n", invalid), 400});
  }
  expect_all(cases);
}

TEST(FramingRule, TakesOneLengthOfDigits) {  // [HTTP-4] [HTTP-5]
  expect_all({{with_field("Content-Length: 0"), 200},
              {with_field("Content-Length: 003"), 200},
              {with_field("Content-Length:  42 "), 200},
              {with_field("Content-Length: 0000000000000000042"), 200},
              {with_field("Content-Length: 00000000000000000042"), 400},
              {with_field("Content-Length:"), 400},
              {with_field("Content-Length: +1"), 400},
              {with_field("Content-Length: -1"), 400},
              {with_field("Content-Length: 0x1"), 400},
              {with_field("Content-Length: 1, 1"), 400},
              {with_field("Content-Length: 1 1"), 400},
              {with_field("Content-Length: 1.0"), 400},
              {with_field("Content-Length: 99999999999999999999"), 400},
              {with_field("Content-Length: 9999999999999999999"), 413}});
  EXPECT_EQ(pass(with_field("Content-Length: 42")).framing, (Framing{Framing::Kind::length, 42}));
  EXPECT_FALSE(pass(with_field("Content-Length: 0")).framing.has_body());
  EXPECT_EQ(pass(with_field("X: y")).framing, Framing{});
}

TEST(FramingRule, TakesOneCodingThatIsExactlyChunked) {  // [HTTP-4]
  expect_all({{with_field("Transfer-Encoding: chunked"), 200},
              {with_field("Transfer-Encoding: \tCHUNKED "), 200},
              {with_field("Transfer-Encoding: gzip"), 501},
              {with_field("Transfer-Encoding: identity"), 501},
              {with_field("Transfer-Encoding: xchunked"), 501},
              {with_field("Transfer-Encoding: chunkedx"), 501},
              {with_field("Transfer-Encoding: gzip, chunked"), 501},
              {with_field("Transfer-Encoding: gzip;a=b, x;c=\"d,\\\"e\""), 501},
              {with_field("Transfer-Encoding:"), 400},
              {with_field("Transfer-Encoding: ,chunked"), 400},
              {with_field("Transfer-Encoding: chunked,"), 400},
              {with_field("Transfer-Encoding: gzip,,chunked"), 400},
              {with_field("Transfer-Encoding: chunked;a=b"), 400},
              {with_field("Transfer-Encoding: chunked, chunked"), 400},
              {with_field("Transfer-Encoding: chunked, gzip"), 400},
              {with_field("Transfer-Encoding: \"chunked\""), 400},
              {with_field("Transfer-Encoding: chunked x"), 400},
              {with_field("Transfer-Encoding: gzip;a"), 400},
              {with_field("Transfer-Encoding: gzip;a=\"b"), 400},
              {with_field("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"), 400},
              {with_field("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"), 400},
              {with_field("Transfer-Encoding: chunked", "HTTP/1.0"), 400},
              {with_field("Transfer-Encoding: gzip", "HTTP/1.0"), 400},
              {with_field("Transfer-Encoding: chunked\r\nContent-Length: 1"), 400},
              {with_field("Content-Length: 1\r\nTransfer-Encoding: gzip"), 400}});
}

TEST(Expectation, IsTheKnownOneOrNone) {  // [HTTP-8]
  expect_all({{with_field("Expect: 100-continue"), 200},
              {with_field("Expect: 100-Continue"), 200},
              {with_field("Expect:"), 417},
              {with_field("Expect: 100-continue, x"), 417},
              {with_field("Expect: 200-ok"), 417},
              {with_field("Expect: 200-ok", "HTTP/1.0"), 200}});
  EXPECT_TRUE(pass(with_field("Expect: 100-continue")).expects_continue);
  EXPECT_FALSE(pass(with_field("Expect: 100-continue", "HTTP/1.0")).expects_continue);
}

TEST(KeepAlive, FollowsVersionAndConnection) {  // [HTTP-13]
  const auto keeps = [](std::string_view field, std::string_view version) {
    return pass(with_field(field, version)).keep_alive;
  };
  EXPECT_TRUE(keeps("X: y", "HTTP/1.1"));
  EXPECT_FALSE(keeps("Connection: close", "HTTP/1.1"));
  EXPECT_FALSE(keeps("Connection: x, Close", "HTTP/1.1"));
  EXPECT_FALSE(keeps("Connection: keep-alive\r\nConnection: close", "HTTP/1.1"));
  EXPECT_TRUE(keeps("Connection: upgrade", "HTTP/1.1"));
  EXPECT_FALSE(keeps("X: y", "HTTP/1.0"));
  EXPECT_TRUE(keeps("Connection: Keep-Alive", "HTTP/1.0"));
  EXPECT_FALSE(keeps("Connection: keep-alive, close", "HTTP/1.0"));
}

TEST(Faults, AreAnsweredInTheirOrder) {  // [HTTP-1]
  expect_all({{"BREW / HTTP/1.1\r\nbad field\r\n\r\n", 501},
              {"GET / HTTP/2.0\r\nbad field\r\n\r\n", 505},
              {"GET / HTTP/2.0\r\nX: \n", 505},
              {"GET / HTTP/1.1\r\nContent-Length: 99999\r\n\r\n", 400},  // No Host.
              {with_field("Transfer-Encoding: gzip\r\nbad field"), 400},
              {with_field("Transfer-Encoding: gzip\r\nExpect: x"), 501},
              {with_field("Content-Length: 99999\r\nExpect: x"), 413}});
}

}  // namespace
}  // namespace ringbook::test
