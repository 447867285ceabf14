// That secrets do not stay behind in memory that is given back. The allocation functions of this
// program are its own, so that what is freed can be looked at.
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>
#include <new>
#include <string>
#include <string_view>

#include "auth/file_keys.h"
#include "auth/jwk_set.h"
#include "auth/test_support.h"
#include "base/json.h"
#include "support/temporary_folder.h"

namespace {

// What must not be in freed memory, and how often it was; nothing while nobody looks.
std::string_view& guarded() {
  thread_local std::string_view text;
  return text;
}
int& left_behind() {
  thread_local int count = 0;
  return count;
}

void look_and_free(void* memory) noexcept {
  if (memory != nullptr && !guarded().empty()) {
    const std::string_view bytes(static_cast<const char*>(memory), ::malloc_usable_size(memory));
    left_behind() += bytes.find(guarded()) == bytes.npos ? 0 : 1;
  }
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* const memory = std::malloc(size)) {
    return memory;
  }
  std::abort();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void operator delete(void* memory) noexcept {
  look_and_free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  look_and_free(memory);
}
void operator delete[](void* memory) noexcept {
  look_and_free(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
  look_and_free(memory);
}

namespace ringbook {
namespace {

// How often `text` was in memory that `act` gave back.
template <class Act>
int left_behind_of(std::string_view text, Act act) {
  left_behind() = 0;
  guarded() = text;
  act();
  guarded() = {};
  return left_behind();
}

// 64 octets, and a part of them as the set spells them: enough that nothing else is alike.
const std::string raw = std::string(24, 'r') + std::string(24, 'a') + std::string(16, 'w');
const std::string spelled = test::base64url(raw);
const std::string_view part_of_spelled = std::string_view(spelled).substr(8, 24);

std::string set_with(std::string_view k) {
  return R"({"keys":[{"kty":"oct","kid":"one","k":")" + std::string(k) + R"("}]})";
}

TEST(FreedMemory, IsLookedAt) {
  EXPECT_GT(left_behind_of(part_of_spelled, [] { const std::string copy = set_with(spelled); }), 0);
  const std::string text = set_with(spelled);
  EXPECT_GT(left_behind_of(part_of_spelled,
                           [&] {
                             JsonDocument document;
                             EXPECT_TRUE(document.parse(text));
                           }),
            0)
      << "a document that is not asked to wipe does not";
}

TEST(FreedMemory, HoldsNothingOfADocumentThatWipesItself) {
  const std::string text = set_with(spelled);
  const std::string broken = text.substr(0, text.size() - 1);
  EXPECT_EQ(left_behind_of(part_of_spelled,
                           [&] {
                             JsonDocument document(JsonDocument::Memory::wiped);
                             EXPECT_TRUE(document.parse(text));
                             EXPECT_FALSE(document.parse(broken));
                             EXPECT_TRUE(document.parse(text));
                             JsonDocument moved = std::move(document);
                             EXPECT_TRUE(moved.parse("[" + std::string(1000, ' ') + "]"));
                           }),
            0);
}

// [LOG-1]
TEST(FreedMemory, HoldsNoSecretOfAJwkFile) {
  const test::TemporaryFolder folder;
  const auto good = folder.write("good", set_with(spelled));
  const auto padded = folder.write("padded", set_with(spelled + "="));
  for (const std::string_view part : {part_of_spelled, std::string_view(raw).substr(12, 24)}) {
    EXPECT_EQ(left_behind_of(part,
                             [&] {
                               EXPECT_TRUE(open_jwks_file_source(good, mac_algorithms, {}));
                               EXPECT_FALSE(open_jwks_file_source(padded, mac_algorithms, {}));
                             }),
              0);
  }
}

}  // namespace
}  // namespace ringbook
