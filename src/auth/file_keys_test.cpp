#include "auth/file_keys.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "auth/test_keys.h"
#include "base/limits.h"
#include "support/temporary_folder.h"

namespace ringbook {
namespace {

namespace fs = std::filesystem;
using test::jwk_set;
using test::oct_jwk;
using test::p256_key;
using test::rsa_key;

class JwksFile : public testing::Test {
 protected:
  Result<std::unique_ptr<KeySource>> open(const fs::path& path,
                                          AlgorithmSet allowed = every_algorithm()) {
    return open_jwks_file_source(
        path, allowed, [this](const KeyWarning& warning) { warnings_.push_back(warning.text); });
  }

  std::string refusal_of(const fs::path& path) {
    const auto source = open(path);
    EXPECT_FALSE(source);
    if (source) {
      return {};
    }
    EXPECT_EQ(source.error().code, Errc::usage);
    EXPECT_NE(source.error().detail.find(path.string()), std::string::npos);
    return source.error().detail;
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> warnings_;
};

// [KEY-1]
TEST_F(JwksFile, GivesTheKeysOfItsSet) {
  const auto source = open(folder_.write("jwks", jwk_set({p256_key().jwk(), rsa_key().jwk()})));
  ASSERT_TRUE(source) << source.error().detail;
  EXPECT_EQ((*source)->keys().size(), 2U);
  EXPECT_TRUE((*source)->is_shared());
  EXPECT_EQ((*source)->not_ready(), "");
  EXPECT_FALSE((*source)->may_have_newer_keys());
  EXPECT_TRUE(warnings_.empty());
}

// [KEY-1]
TEST_F(JwksFile, WithPublicKeysMayBeReadByAnyone) {
  EXPECT_TRUE(open(folder_.write("jwks", jwk_set({p256_key().jwk()}), fs::perms(0644))));
}

// [KEY-1]
TEST_F(JwksFile, WithSecretsIsRefusedWhenOthersMayReadIt) {
  const std::string text = jwk_set({oct_jwk(std::string(64, 'k'))});
  for (const unsigned mode : {0640U, 0604U, 0644U, 0660U, 0602U}) {
    const fs::path path = folder_.write("open", text, fs::perms(mode));
    EXPECT_NE(refusal_of(path).find("chmod 600 '" + path.string() + "'"), std::string::npos);
  }
  EXPECT_TRUE(open(folder_.write("own", text, fs::perms(0600))));
}

// [JWS-4]
TEST_F(JwksFile, WarnsOfKeysThatAreLeftOut) {
  const fs::path path =
      folder_.write("jwks", jwk_set({p256_key().jwk(), test::SigningKey::rsa(1024).jwk()}));
  ASSERT_TRUE(open(path));
  ASSERT_EQ(warnings_.size(), 1U);
  EXPECT_NE(warnings_[0].find(path.string() + ": key 2 is left out: RSA of 1024 bits"),
            std::string::npos)
      << warnings_[0];
}

// [JWS-4]
TEST_F(JwksFile, IsRefusedWithAllThatRefusesItsSet) {
  EXPECT_NE(refusal_of(folder_.write("none", jwk_set({}))).find("no key"), std::string::npos);
  EXPECT_NE(refusal_of(folder_.write("text", "x")).find("no JSON"), std::string::npos);
  EXPECT_NE(refusal_of(folder_.write("large", std::string(limits::key_set_bytes + 1, ' ')))
                .find("larger"),
            std::string::npos);
  refusal_of(folder_.path() / "missing");
  refusal_of(folder_.path());
  const fs::path pipe = folder_.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(refusal_of(pipe).find("regular"), std::string::npos);
  EXPECT_TRUE(warnings_.empty());
}

// [KEY-1] [JWS-4]
TEST_F(JwksFile, KeepsTheLastGoodSetWhenItReloads) {
  const fs::path path = folder_.write("jwks", jwk_set({p256_key().jwk()}));
  const auto source = open(path);
  ASSERT_TRUE(source);
  const std::uint64_t version = (*source)->version();
  folder_.write("jwks", "{");
  EXPECT_EQ((*source)->reload().error().code, Errc::usage);
  EXPECT_EQ((*source)->version(), version);
  EXPECT_EQ((*source)->keys().size(), 1U);
  folder_.write("jwks", jwk_set({p256_key().jwk(), rsa_key().jwk()}));
  ASSERT_EQ((*source)->reload(), Reload::done);
  EXPECT_GT((*source)->version(), version);
  EXPECT_EQ((*source)->keys().size(), 2U);
}

// [KEY-1]
TEST(SecretSource, IsForMacsOnlyAndNotShared) {
  test::TemporaryFolder folder;
  const fs::path path = folder.write("secret", test::good_secret);
  const auto source = open_secret_source(path, every_algorithm());
  ASSERT_TRUE(source);
  EXPECT_FALSE((*source)->is_shared());
  for (const Algorithm algorithm : all_algorithms) {
    Candidates candidates;
    (*source)->keys().select(algorithm, "any", candidates);
    EXPECT_EQ(!candidates.keys().empty(), mac_algorithms.contains(algorithm));
  }
  const auto unfit = open_secret_source(path, {Algorithm::rs256});
  ASSERT_FALSE(unfit);
  EXPECT_NE(unfit.error().detail.find(path.string()), std::string::npos);
}

}  // namespace
}  // namespace ringbook
