#include <gtest/gtest.h>

#include <set>

#include "directory/extension.h"
#include "directory/packed_profile.h"
#include "directory/principal.h"
#include "directory/user.h"
#include "directory/user_id.h"

namespace ringbook {
namespace {

// [PUT-7]
TEST(Extension, IsTwoToTenDigitsWithLeadingZerosKept) {
  for (const char* text : {"00", "01", "99", "1234", "0012", "0000000000", "9999999999"}) {
    const auto extension = Extension::parse(text);
    ASSERT_TRUE(extension) << text;
    EXPECT_EQ(extension->text(), text);
    EXPECT_EQ(Extension::from_packed(extension->packed()), extension);
  }
  EXPECT_NE(Extension::parse("12"), Extension::parse("012"));
}

// [PUT-7]
TEST(Extension, RefusesEverythingElse) {
  for (const char* text :
       {"", "1", "12345678901", "12a", " 12", "12 ", "+12", "-12", "1.2", "0x12", "12\n",
        "\xEF\xBC\x91\xEF\xBC\x92",  // full-width digits
        "\xD9\xA1\xD9\xA2"}) {       // Arabic-Indic digits
    EXPECT_FALSE(Extension::parse(text)) << text;
  }
  EXPECT_FALSE(Extension::parse(std::string_view("12\0", 3)));
}

TEST(Extension, FollowsUpwardWithinItsLength) {
  EXPECT_EQ(Extension::parse("0099")->next(), Extension::parse("0100"));
  EXPECT_EQ(Extension::parse("99")->next(), std::nullopt);
  EXPECT_EQ(Extension::parse("9999999999")->next(), std::nullopt);
}

TEST(Extension, RefusesIntegersThatNoExtensionHas) {
  for (const std::uint64_t packed :
       {0ULL, 1ULL, 19ULL, 99ULL, 200ULL, 999ULL, 20'000'000'000ULL, ~0ULL}) {
    EXPECT_FALSE(Extension::from_packed(packed)) << packed;
  }
}

// [PUT-8]
TEST(UserId, IsTwentyFourHexadecimalDigitsInEitherCase) {
  const auto lower = UserId::parse("64b7f1a2e4b0a5d3f9c12345");
  ASSERT_TRUE(lower);
  EXPECT_EQ(UserId::parse("64B7F1A2E4B0A5D3F9C12345"), lower);
  EXPECT_EQ(lower->text(), "64b7f1a2e4b0a5d3f9c12345");
  for (const char* text : {"", "64b7f1a2e4b0a5d3f9c1234", "64b7f1a2e4b0a5d3f9c123456",
                           "64b7f1a2e4b0a5d3f9c1234g", " 4b7f1a2e4b0a5d3f9c12345"}) {
    EXPECT_FALSE(UserId::parse(text)) << text;
  }
}

TEST(UserId, IsMadeWithTheTimeAndNeverTwice) {
  std::set<UserId> made;
  for (int i = 0; i < 1000; ++i) {
    made.insert(UserId::make(Instant{0x64B7F1A2LL * 1000}));
  }
  EXPECT_EQ(made.size(), 1000U);
  EXPECT_TRUE(made.begin()->text().starts_with("64b7f1a2"));
}

TEST(PackedProfile, GivesBackWhatItWasMadeOf) {
  for (const Profile& profile :
       {Profile{}, Profile{"Ada", std::nullopt, std::nullopt, "admin", false},
        Profile{std::nullopt, "a@b", std::nullopt, "user", true},
        Profile{std::string(800, 'n'), std::string(1016, 'e'), std::string(400, 'd'),
                std::string(400, 'r'), true}}) {
    const PackedProfile packed(profile);
    EXPECT_EQ(packed.unpack(), profile);
    const PackedProfile copy = packed;
    EXPECT_EQ(copy, packed);
    const auto read = PackedProfile::from_bytes(packed.bytes());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->unpack(), profile);
  }
  EXPECT_FALSE(PackedProfile(Profile{}) == PackedProfile());
}

TEST(PackedProfile, TakesAnEmptyTextForNone) {
  const PackedProfile packed(Profile{"", "", "", "x", true});
  EXPECT_EQ(packed.unpack(), (Profile{std::nullopt, std::nullopt, std::nullopt, "x", true}));
}

TEST(PackedProfile, RefusesBytesThatAreNone) {
  const PackedProfile packed(Profile{"Ada", "ada@example.com", "Support", "user", true});
  const std::string bytes(packed.bytes());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(PackedProfile::from_bytes(std::string_view(bytes).substr(0, length))) << length;
  }
  EXPECT_FALSE(PackedProfile::from_bytes(bytes + "x"));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = '\xFF';
    // Whatever it says, reading it stays inside; the sanitisers watch.
    if (const auto read = PackedProfile::from_bytes(changed)) {
      EXPECT_LE(read->unpack().role.size(), bytes.size());
    }
  }
}

TEST(Profile, TextsHaveLimitsInCodePoints) {
  EXPECT_FALSE(problem_of_name(std::string(200, 'a')));
  EXPECT_TRUE(problem_of_name(std::string(201, 'a')));
  std::string umlauts;
  for (int i = 0; i < 200; ++i) {
    umlauts += "\xC3\xA4";
  }
  EXPECT_FALSE(problem_of_name(umlauts));
  EXPECT_TRUE(problem_of_name(umlauts + "a"));
  EXPECT_TRUE(problem_of_name("a\tb"));
  EXPECT_TRUE(problem_of_name("a\x7F"));
  EXPECT_TRUE(problem_of_name("a\xFF"));
  EXPECT_FALSE(problem_of_department(std::string(100, 'a')));
  EXPECT_TRUE(problem_of_department(std::string(101, 'a')));
  EXPECT_FALSE(problem_of_email("a@" + std::string(252, 'b')));
  EXPECT_TRUE(problem_of_email("a@" + std::string(253, 'b')));
  EXPECT_TRUE(problem_of_role(""));
}

// [PUT-1]
TEST(Authorise, GivesTheProofOnlyToAdministrators) {
  EXPECT_TRUE(authorise(Principal{"i", "s", true}));
  const auto refused = authorise(Principal{"i", "s", false});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::not_permitted);
}

}  // namespace
}  // namespace ringbook
