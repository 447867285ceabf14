// The bounds of a head, each one below, at and above it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "http/gate_test_support.h"

namespace ringbook::test {
namespace {

std::string head_of_size(std::size_t octets) {
  std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  const std::string_view end = "\r\n\r\n";
  // Several fields, so that none is long by itself.
  while (octets - head.size() > 3000) {
    head += "X: " + std::string(1000, 'x') + "\r\n";
  }
  head += "Y: ";
  head += std::string(octets - head.size() - end.size(), 'y');
  return head.append(end);
}

TEST(Limits, BoundTheHead) {  // [HTTP-11]
  for (const std::string empty_line : {"", "\r\n"}) {
    EXPECT_EQ(judge(empty_line + head_of_size(limits::head_bytes - 1)), 200);
    EXPECT_EQ(judge(empty_line + head_of_size(limits::head_bytes)), 200);
    EXPECT_EQ(judge(empty_line + head_of_size(limits::head_bytes + 1)), 431);
  }
  const Dripped over = drip(head_of_size(limits::head_bytes + 1));
  EXPECT_EQ(over.verdict, 431);
  EXPECT_EQ(over.octets, limits::head_bytes);
  EXPECT_EQ(judge(std::string(limits::head_bytes, 'G')), 431);
}

TEST(Limits, BoundTheFields) {  // [HTTP-11]
  const auto with_fields = [](std::size_t count) {
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (std::size_t i = 1; i < count; ++i) {
      head += "X: y\r\n";
    }
    return head + "\r\n";
  };
  expect_all({{with_fields(limits::head_fields - 1), 200},
              {with_fields(limits::head_fields), 200},
              {with_fields(limits::head_fields + 1), 431}});
}

TEST(Limits, BoundTheTarget) {  // [HTTP-11]
  const auto with_target = [](std::size_t octets, std::string_view fields) {
    return fmt::format("GET /{} HTTP/1.1\r\nHost: a\r\n{}\r\n", std::string(octets - 1, 'x'),
                       fields);
  };
  expect_all({{with_target(limits::target_bytes - 1, ""), 200},
              {with_target(limits::target_bytes, ""), 200},
              {with_target(limits::target_bytes + 1, ""), 414}});
  // When the head is too large as well, the target is named.
  const std::string filler = "X: " + std::string(limits::head_bytes, 'x') + "\r\n";
  expect_all({{with_target(limits::target_bytes, filler), 431},
              {with_target(limits::target_bytes + 1, filler), 414},
              {with_target(limits::head_bytes, ""), 414},
              {"BREW /" + std::string(limits::head_bytes, 'x'), 501}});
}

TEST(Limits, BoundTheAnnouncedBody) {  // [HTTP-11]
  const auto with_length = [](std::size_t octets) {
    return with_field(fmt::format("Content-Length: {}", octets));
  };
  expect_all({{with_length(limits::body_bytes - 1), 200},
              {with_length(limits::body_bytes), 200},
              {with_length(limits::body_bytes + 1), 413}});
}

TEST(HeadMethod, IsKnownToRefusals) {  // [HTTP-12]
  Gate gate;
  EXPECT_EQ(verdict_of(gate.read("HEAD / HTTP/1.1\r\n\r\n")), 400);
  EXPECT_TRUE(gate.is_head());
}

}  // namespace
}  // namespace ringbook::test
