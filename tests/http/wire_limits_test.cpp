// Every bound of a message over real sockets, one below it, at it and one above it. What follows
// each message tells whether the server kept its place.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "http/http_world.h"

namespace ringbook::test {
namespace {

struct Bound {
  std::string name;
  std::size_t limit;
  int over;  // The status above it.
  std::function<std::string(std::size_t)> message;
};

// A GET whose head has `octets` octets.
std::string head_of(std::size_t octets) {
  const std::size_t frame = get("/healthz", "X: \r\n").size();
  return get("/healthz", "X: " + std::string(octets - frame, 'x') + "\r\n");
}

std::string padded_body(std::size_t octets) {
  std::string body = put_body("1234");
  return body + std::string(octets - body.size(), ' ');
}

// A chunked PUT whose extensions have `extension` octets and whose trailers `trailer`.
std::string with_overhead(std::size_t extension, std::size_t trailer) {
  const std::string body = put_body("1234");
  // All of a trailer counts, and of an extension what stands before the end of the line.
  const std::string ext = extension == 0 ? "" : ";" + std::string(extension - 1, 'e');
  const std::string trail = trailer == 0 ? "" : "X:" + std::string(trailer - 4, 't') + "\r\n";
  return put_head("Transfer-Encoding: chunked\r\n") +
         fmt::format("{:x}{}\r\n{}\r\n0\r\n{}\r\n", body.size(), ext, body, trail);
}

std::vector<Bound> bounds() {
  constexpr std::size_t half = limits::chunk_overhead_bytes / 2;
  return {{"head", limits::head_bytes, 431, head_of},
          {"head after an empty line", limits::head_bytes, 431,
           [](std::size_t n) { return "\r\n" + head_of(n); }},
          {"fields", limits::head_fields, 431,
           [](std::size_t n) {
             std::string fields;
             for (std::size_t i = 1; i < n; ++i) {
               fields += "X: y\r\n";
             }
             return get("/healthz", fields);
           }},
          {"target", limits::target_bytes, 414,
           [](std::size_t n) { return get("/healthz?" + std::string(n - 9, 'q')); }},
          {"announced body", limits::body_bytes, 413,
           [](std::size_t n) {
             return put_head(fmt::format("Content-Length: {}\r\n", n)) + padded_body(n);
           }},
          {"body in chunks", limits::body_bytes, 413,
           [](std::size_t n) {
             return put_head("Transfer-Encoding: chunked\r\n") + chunked(padded_body(n), 1000);
           }},
          {"body in one chunk", limits::body_bytes, 413,
           [](std::size_t n) {
             return put_head("Transfer-Encoding: chunked\r\n") + chunked(padded_body(n), n);
           }},
          {"extensions", limits::chunk_overhead_bytes, 413,
           [](std::size_t n) { return with_overhead(n, 0); }},
          {"trailers", limits::chunk_overhead_bytes, 413,
           [](std::size_t n) { return with_overhead(0, n); }},
          {"extensions and trailers", limits::chunk_overhead_bytes, 413,
           [](std::size_t n) { return with_overhead(half, n - half); }},
          {"digits of a chunk's size", limits::chunk_size_digits, 400,
           [](std::size_t n) {
             const std::string body = put_body("1234");
             return put_head("Transfer-Encoding: chunked\r\n") +
                    fmt::format("{:0>{}x}\r\n{}\r\n0\r\n\r\n", body.size(), n, body);
           }},
          {"digits of a length", limits::content_length_digits, 400,
           [](std::size_t n) {
             const std::string body = put_body("1234");
             return put_head(fmt::format("Content-Length: {:0>{}}\r\n", body.size(), n)) + body;
           }},
          {"open containers", limits::json_depth, 400, [](std::size_t n) {
             // The object of the body is the first.
             const std::string body =
                 fmt::format(R"({{"x":{}{},{})", std::string(n - 1, '['), std::string(n - 1, ']'),
                             put_body("1234").substr(1));
             return put_head(fmt::format("Content-Length: {}\r\n", body.size())) + body;
           }}};
}

TEST(WireLimits, AreExact) {  // [HTTP-5] [HTTP-11] [PUT-9]
  HttpWorld world;
  for (const Bound& bound : bounds()) {
    for (const std::size_t size : {bound.limit - 1, bound.limit}) {
      Client client = world.connect();
      client.send(bound.message(size) + get("/nowhere"));
      const Answer answer = client.read().value_or(Answer{});
      EXPECT_EQ(answer.status, 200) << bound.name << ' ' << size << ' ' << answer.body;
      EXPECT_EQ(client.read().value_or(Answer{}).status, 404) << bound.name << ' ' << size;
    }
    Client client = world.connect();
    client.send(bound.message(bound.limit + 1) + get("/nowhere"));
    const Answer answer = client.read().value_or(Answer{});
    EXPECT_EQ(answer.status, bound.over) << bound.name << ' ' << answer.body;
    if (answer.closes()) {
      EXPECT_TRUE(client.is_closed()) << bound.name;
    } else {
      // Too deep is the Api's refusal, of a message that is complete.
      EXPECT_EQ(bound.name, "open containers");
      EXPECT_EQ(client.read().value_or(Answer{}).status, 404);
    }
  }
}

TEST(WireLimits, AreExactByteByByte) {  // [HTTP-11]
  HttpWorld world;
  Client witness = world.connect();
  const auto drip = [&](const std::string& bytes, std::size_t drops) {
    Client client = world.connect();
    // The bulk at once; around the bound each byte is seen alone.
    client.send(std::string_view(bytes).substr(0, bytes.size() - drops));
    for (std::size_t at = bytes.size() - drops; at < bytes.size(); ++at) {
      EXPECT_EQ(witness.ask(get("/healthz")).status, 200);
      client.send(std::string_view(bytes).substr(at, 1));
    }
    return client.read().value_or(Answer{}).status;
  };
  for (const Bound& bound : bounds()) {
    EXPECT_EQ(drip(bound.message(bound.limit), 8), 200) << bound.name;
    EXPECT_EQ(drip(bound.message(bound.limit + 1), 8), bound.over) << bound.name;
  }
}

TEST(WireLimits, AreToldBeforeTheRestComes) {  // [HTTP-5] [HTTP-7] [HTTP-11]
  HttpWorld world;
  const std::string chunked_head = put_head("Transfer-Encoding: chunked\r\n");
  const std::pair<std::string, int> unfinished[] = {
      {put_head("Content-Length: 65537\r\n"), 413},
      {put_head("Content-Length: 9999999999999999999\r\n"), 413},
      {put_head("Content-Length: 65537\r\nExpect: 100-continue\r\n"), 413},
      {chunked_head + "10001\r\n", 413},
      {chunked_head + "ffffffffffffffff\r\n", 413},
      {chunked_head + "0000000000010001\r\n", 413},
      {chunked_head + "00000000000000000", 400},
      {chunked_head + "1\r\nx\r\n10000\r\n", 413},
      {chunked_head + "1;" + std::string(limits::chunk_overhead_bytes, 'e'), 413},
      {chunked_head + "0\r\nX:" + std::string(limits::chunk_overhead_bytes - 1, 't'), 413},
      {head_of(limits::head_bytes + 1).substr(0, limits::head_bytes), 431},
      {"GET /" + std::string(limits::head_bytes, 'x'), 414},
      {std::string(limits::head_bytes, 'G'), 431}};
  for (const auto& [bytes, status] : unfinished) {
    Client client = world.connect();
    client.send(bytes);
    const auto answer = client.read();
    ASSERT_TRUE(answer) << bytes.substr(0, 300);
    EXPECT_EQ(answer->status, status) << bytes.substr(0, 300);
    EXPECT_TRUE(answer->closes());
    EXPECT_TRUE(client.is_closed());
  }
}

TEST(WireLimits, OfATargetComeBeforeThoseOfAHead) {  // [HTTP-11]
  HttpWorld world;
  const auto status_of = [&world](const std::string& bytes) {
    Client client = world.connect();
    return client.ask(bytes).status;
  };
  const std::string long_target = "/" + std::string(limits::target_bytes, 'x');
  const std::string long_field = "X: " + std::string(limits::head_bytes, 'x') + "\r\n";
  std::string many_fields;
  for (std::size_t i = 0; i <= limits::head_fields; ++i) {
    many_fields += "X: y\r\n";
  }
  EXPECT_EQ(status_of(get(long_target, long_field)), 414);
  EXPECT_EQ(status_of(get(long_target, many_fields)), 414);
  EXPECT_EQ(status_of(get(long_target.substr(1, 1), many_fields)), 400) << "no target at all";
  EXPECT_EQ(status_of(get("/", many_fields)), 431);
  EXPECT_EQ(status_of(get("/", many_fields + long_field)), 431);
  EXPECT_EQ(status_of("PUT " + long_target + " HTTP/1.1\r\nContent-Length: 99999\r\n\r\n"), 414);
  // And before the method is known to exist nothing else is said.
  EXPECT_EQ(status_of("BREW " + long_target + " HTTP/1.1\r\n\r\n"), 501);
}

TEST(WireLimits, OfARequestIdMakeANewOne) {  // [HTTP-14]
  HttpWorld world;
  Client client = world.connect();
  for (const std::size_t size : {limits::request_id_chars - 1, limits::request_id_chars}) {
    const std::string id(size, 'i');
    EXPECT_EQ(client.ask(get("/healthz", "X-Request-Id: " + id + "\r\n")).field("x-request-id"),
              id);
  }
  const std::string longer(limits::request_id_chars + 1, 'i');
  const Answer answer = client.ask(get("/healthz", "X-Request-Id: " + longer + "\r\n"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.field("x-request-id").contains("iii"));
}

TEST(WireLimits, LeaveNoTraceInTheNextMessage) {  // [HTTP-17]
  HttpWorld world;
  Client client = world.connect();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.ask(head_of(limits::head_bytes)).status, 200);
    EXPECT_EQ(client
                  .ask(put_head("Transfer-Encoding: chunked\r\n") +
                       chunked(padded_body(limits::body_bytes), 999))
                  .status,
              200);
    EXPECT_EQ(client.ask(with_overhead(limits::chunk_overhead_bytes, 0)).status, 200);
  }
}

}  // namespace
}  // namespace ringbook::test
