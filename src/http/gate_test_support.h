// Puts heads before the gate, for its tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "http/gate.h"

namespace ringbook::test {

// The status of a refusal, 200 when the head passed, 0 while more is needed.
inline int verdict_of(const Gate::Verdict& verdict) {
  if (!verdict) {
    return static_cast<int>(verdict.error().why.fault);
  }
  return *verdict ? 200 : 0;
}

inline int judge(std::string_view bytes) {
  return verdict_of(Gate().read(bytes));
}

// Byte by byte: the verdict, and after how many bytes it fell.
struct Dripped {
  int verdict = 0;
  std::size_t octets = 0;
};
inline Dripped drip(std::string_view bytes) {
  Gate gate;
  for (std::size_t n = 1; n <= bytes.size(); ++n) {
    if (const int verdict = verdict_of(gate.read(bytes.substr(0, n))); verdict != 0) {
      return {verdict, n};
    }
  }
  return {0, bytes.size()};
}

inline std::string with_field(std::string_view field, std::string_view version = "HTTP/1.1") {
  return fmt::format("GET / {}\r\nHost: a\r\n{}\r\n\r\n", version, field);
}
struct Case {
  std::string bytes;
  int expected;
};

inline void expect_all(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    EXPECT_EQ(judge(c.bytes), c.expected) << c.bytes;
    EXPECT_EQ(drip(c.bytes).verdict, c.expected) << "byte by byte: " << c.bytes;
  }
}

}  // namespace ringbook::test
