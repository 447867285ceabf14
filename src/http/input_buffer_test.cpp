#include "http/input_buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

void add(InputBuffer& buffer, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::span<char> space = buffer.space();
    ASSERT_FALSE(space.empty());
    const std::size_t octets = std::min(space.size(), bytes.size());
    std::copy_n(bytes.begin(), octets, space.begin());
    buffer.commit(octets);
    bytes.remove_prefix(octets);
  }
}

std::string counting(std::size_t octets) {
  std::string text(octets, '\0');
  for (std::size_t i = 0; i < octets; ++i) {
    text[i] = static_cast<char>(i % 251);
  }
  return text;
}

TEST(InputBuffer, HoldsTheLargestHeadInOnePiece) {  // [HTTP-11]
  InputBuffer buffer;
  const std::string head = counting(limits::head_bytes + 2);
  add(buffer, head);
  EXPECT_EQ(buffer.bytes(), head);
}

TEST(InputBuffer, KeepsWhatIsNotConsumed) {  // [HTTP-17]
  InputBuffer buffer;
  const std::string bytes = counting(100'000);
  std::string seen;
  for (std::size_t at = 0; at < bytes.size(); at += 1000) {
    add(buffer, std::string_view(bytes).substr(at, 1000));
    const std::string_view some = buffer.bytes().substr(0, 700 + at % 450);
    seen += some;
    buffer.consume(some.size());
  }
  seen += buffer.bytes();
  EXPECT_EQ(seen, bytes);
}

TEST(InputBuffer, GivesBackWhatAnIdleConnectionDoesNotNeed) {  // [HTTP-11]
  InputBuffer buffer;
  EXPECT_EQ(buffer.space().size(), limits::idle_buffer_bytes);
  add(buffer, counting(limits::head_bytes));
  buffer.consume(limits::head_bytes);
  EXPECT_GT(buffer.space().size(), limits::idle_buffer_bytes);
  buffer.shrink();
  EXPECT_EQ(buffer.space().size(), limits::idle_buffer_bytes);
}

}  // namespace
}  // namespace ringbook
