#include "http/grammar.h"

#include <gtest/gtest.h>

#include <string>

namespace ringbook {
namespace {

// [HTTP-2]
TEST(Grammar, KnowsWhatAValueHoldsWhereverItStands) {
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (int octet = 0; octet < 256; ++octet) {
        std::string text(size, 'v');
        text[at] = static_cast<char>(octet);
        const bool is_control = octet < 0x20 || octet == 0x7F;
        ASSERT_EQ(grammar::is_value(text), !is_control || octet == '\t')
            << octet << " at " << at << " of " << size;
      }
    }
  }
  EXPECT_TRUE(grammar::is_value(""));
  EXPECT_TRUE(grammar::is_value("\t\xff\t\xff\t\xff\t\xff"));
  EXPECT_FALSE(grammar::is_value("\t\t\t\t\t\t\t\x7f"));
}

}  // namespace
}  // namespace ringbook
